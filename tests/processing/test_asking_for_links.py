"""Asking for links by vectors: who asks, who waits, and that neither overlooks what the other brings."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from processing.linking.asking import ask_for_memories, take_turns
from processing.linking.calibration import Calibration
from processing.linking.statements import SQL_DIR, read_statement
from processing.models import LinkQueue, Memory
from supastate.queueing.claims import claim_rows
from supastate.queueing.models import Status
from tests import pipeline
from tests.conftest import Member, make_member


def test_who_claims_a_row_that_waited_sees_the_vectors_it_waited_for(committed: None) -> None:
    """A row is not asked for twice; so it must not be claimed before the vectors that it would serve are there."""
    ada = make_member("north", "ada")
    pipeline.queue_code(ada, {"net.py": "def retry(send):\n    return send()\n"})
    pipeline.queue_chunk(ada, "How do we retry a request that failed?")
    pipeline.store(ada)
    with ada.scope():
        memory = Memory.objects.get()
    with ThreadPoolExecutor(1) as elsewhere:
        with ada.scope():
            ask_for_memories([memory.pk], workspace_id=ada.workspace.id)
            assert LinkQueue.objects.filter(status=Status.PENDING).count() == 1
            assert elsewhere.submit(count_claimed, ada).result() == 0
        assert elsewhere.submit(count_claimed, ada).result() == 1
    with ada.scope():
        ask_for_memories([memory.pk], workspace_id=ada.workspace.id)
        assert LinkQueue.objects.filter(status=Status.PENDING).count() == 1


def test_a_memory_and_code_embedded_at_once_do_not_overlook_each_other(committed: None) -> None:
    """The second waits for the first: its vectors are searched when they can be seen."""
    ada = make_member("north", "ada")
    with ThreadPoolExecutor(1) as elsewhere:
        with ada.scope():
            take_turns(ada.workspace.id)
            assert not elsewhere.submit(is_our_turn, ada).result()
        assert elsewhere.submit(is_our_turn, ada).result()


def is_our_turn(member: Member) -> bool:
    """Try on a connection of this thread's own, without patience."""
    try:
        with member.scope(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 100")
            take_turns(member.workspace.id)
    except OperationalError:
        return False
    finally:
        connection.close()
    return True


def count_claimed(member: Member) -> int:
    """Claim on a connection of this thread's own."""
    try:
        with member.scope():
            return len(claim_rows(LinkQueue, workspace_id=member.workspace.id, size=10).rows)
    finally:
        connection.close()


def test_confidence_is_half_of_the_measured_precision() -> None:
    calibration = Calibration(least=0.6, surer=0.8)
    sure = [round(calibration.confidence(similarity), 3) for similarity in (0.6, 0.7, 0.8, 1.0)]
    assert sure == [0.4, 0.425, 0.45, 0.45]


@pytest.mark.parametrize("name", sorted(path.stem for path in SQL_DIR.glob("*.sql")))
def test_every_statement_is_planned(ada: Member, name: str) -> None:
    text = read_statement(name)
    assert text.startswith("-- ")
    parameters = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", parameters)
        assert cursor.fetchall()
