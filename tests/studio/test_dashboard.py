"""The overview: real numbers of the open workspace, and no more than the person may look at."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from processing.models import Memory
from supastate.queueing.models import Status
from tests.conftest import Member
from tests.studio.conftest import permit, sign_in
from tests.studio.rows import make_memory, make_rows
from tests.studio.test_dead_letters import bury


def read_cards(page: str) -> dict[str, int]:
    found = re.findall(r'</span>([\w ]+)</div>\s*<div class="st-number-value">([\d,]+)</div>', page)
    return {title: int(number.replace(",", "")) for title, number in found}


def read_chart(page: str) -> list[int]:
    data = re.search(r'class="chart"[^>]*data-value="([^"]+)"', page)
    assert data is not None
    return list(json.loads(html.unescape(data[1]))["datasets"][0]["data"])


def test_the_numbers_are_those_of_the_workspace(studio: Client, ada: Member, cleo: Member) -> None:
    make_rows(ada)
    make_rows(cleo)
    bury(ada)
    cards = read_cards(studio.get("/studio/").content.decode())
    assert cards == {
        "Memories": 2,
        "Sessions": 1,
        "Files": 1,
        "Code objects": 1,
        "Patterns": 1,
        "To embed": 4,
        "Dead letters": 1,
    }


def test_the_chart_counts_memories_by_the_day_they_happened(studio: Client, ada: Member) -> None:
    now = timezone.now()
    make_memory(ada, "today")
    for content in ("then", "then too"):
        make_memory(ada, content, occurred_at=now - timedelta(days=29))
    make_memory(ada, "long ago", occurred_at=now - timedelta(days=30))
    bars = read_chart(studio.get("/studio/").content.decode())
    assert (len(bars), bars[0], bars[-1], sum(bars)) == (30, 2, 1, 3)


def test_a_person_sees_only_the_parts_they_may_look_at(ada: Member, ben: Member) -> None:
    make_rows(ada)
    permit(ben.user, "processing.view_memory")
    page = sign_in(ben.user).get("/studio/").content.decode()
    assert read_cards(page) == {"Memories": 2}
    assert "Slow claims" not in page
    assert "/studio/dead-letters/" not in page


def test_the_queue_table_links_to_rows_of_a_status(studio: Client, ada: Member) -> None:
    bury(ada)
    assert f"/studio/processing/embedqueue/?status__exact={Status.DEAD}" in studio.get("/studio/").content.decode()


def test_flower_is_linked_where_it_has_an_address(studio: Client, settings: Settings) -> None:
    assert "Flower" not in studio.get("/studio/").content.decode()
    settings.FLOWER_URL = "http://127.0.0.1:5555"
    assert 'href="http://127.0.0.1:5555"' in studio.get("/studio/").content.decode()


def test_the_memory_list_takes_as_many_queries_for_many_rows(
    studio: Client, ada: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_memory(ada, f"memory {number}")
    with django_assert_max_num_queries(30):
        page = studio.get("/studio/processing/memory/").content.decode()
    with ada.scope():
        assert page.count("/change/") >= Memory.objects.count() == 20
