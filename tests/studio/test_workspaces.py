"""One workspace at a time: which one, who may open it, and what a failed request leaves behind."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from processing.models import Memory
from supastate.studio.middleware import StudioScopeMiddleware
from supastate.workspaces.models import Membership, User, Visibility
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_memory

MEMORIES = address(Memory, "changelist")


def switch(client: Client, member: Member) -> HttpResponse:
    return client.post(reverse("admin:switch_workspace"), {"workspace": str(member.workspace.pk)})


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, ada: Member) -> None:
    answer = client.get(MEMORIES)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/studio/login/")


def test_somebody_who_is_not_staff_is_sent_to_the_sign_in_page(client: Client, ada: Member) -> None:
    client.force_login(ada.user)
    assert client.get(MEMORIES)["Location"].startswith("/studio/login/")


def test_signing_in_leads_to_the_dashboard(client: Client, ada: Member) -> None:
    ada.user.set_password("a long password")
    ada.user.is_staff = True
    ada.user.save()
    answer = client.post("/studio/login/", {"username": "ada", "password": "a long password"})
    assert answer["Location"] == "/studio/"
    assert client.get("/studio/").status_code == 200


def test_staff_without_permission_is_refused(ben: Member) -> None:
    assert sign_in(ben.user).get(MEMORIES).status_code == 403


def test_staff_with_permission_sees_and_does_not_change(ada: Member, ben: Member) -> None:
    memory = make_memory(ada, "Ada wrote this.")
    permit(ben.user, "processing.view_memory")
    client = sign_in(ben.user)
    assert "Ada wrote this." in client.get(MEMORIES).content.decode()
    changed = client.post(address(Memory, "change", memory.pk), {"content": "Ben wrote this."})
    assert changed.status_code == 403


def test_staff_without_a_workspace_is_told_so(db: None) -> None:
    lone = User.objects.create(username="lone")
    answer = sign_in(lone).get("/studio/")
    assert answer.status_code == 403
    assert "not a member of a workspace" in answer.content.decode()


def test_a_superuser_before_the_first_workspace_is_led_to_make_it(db: None) -> None:
    first = User.objects.create(username="first")
    client = sign_in(first, superuser=True)
    assert "There is no workspace yet." in client.get("/studio/").content.decode()
    assert client.get(MEMORIES).status_code == 200


def test_a_superuser_switches_to_any_workspace(studio: Client, ada: Member, cleo: Member) -> None:
    make_memory(ada, "of the north")
    make_memory(cleo, "of the south")
    assert "of the north" in studio.get(MEMORIES).content.decode()
    assert switch(studio, cleo).status_code == 302
    page = studio.get(MEMORIES).content.decode()
    assert "of the south" in page
    assert "of the north" not in page


def test_a_foreign_workspace_is_refused(ada: Member, ben: Member, cleo: Member) -> None:
    make_memory(cleo, "of the south")
    permit(ben.user, "processing.view_memory")
    client = sign_in(ben.user)
    assert switch(client, cleo).status_code == 404
    assert "of the south" not in client.get(MEMORIES).content.decode()


def test_a_malformed_workspace_is_not_found(studio: Client) -> None:
    assert studio.post(reverse("admin:switch_workspace"), {"workspace": "north"}).status_code == 404


def test_the_switch_is_not_a_link(studio: Client) -> None:
    assert studio.get(reverse("admin:switch_workspace")).status_code == 405


def test_a_lost_membership_closes_the_workspace_at_once(ben: Member, cleo: Member) -> None:
    make_memory(cleo, "of the south")
    permit(ben.user, "processing.view_memory")
    joined = Membership.objects.create(workspace=cleo.workspace, user=ben.user)
    client = sign_in(ben.user)
    switch(client, cleo)
    assert "of the south" in client.get(MEMORIES).content.decode()
    joined.delete()
    assert "of the south" not in client.get(MEMORIES).content.decode()


def test_the_switch_lists_only_what_may_be_opened(ben: Member, cleo: Member) -> None:
    permit(ben.user, "processing.view_memory")
    page = sign_in(ben.user).get(MEMORIES).content.decode()
    assert str(ben.workspace.pk) in page
    assert str(cleo.workspace.pk) not in page


def test_what_others_keep_private_is_invisible_even_to_a_superuser(
    studio: Client, ada: Member, ben: Member
) -> None:
    secret = make_memory(ben, "a private thought", visibility=Visibility.PRIVATE)
    assert "a private thought" not in studio.get(MEMORIES).content.decode()
    assert studio.get(address(Memory, "change", secret.pk)).status_code == 302


def test_members_see_the_users_of_their_workspace_only(ben: Member, cleo: Member) -> None:
    permit(ben.user, "workspaces.view_user")
    page = sign_in(ben.user).get(address(User, "changelist")).content.decode()
    assert address(User, "change", ben.user.pk) in page
    assert address(User, "change", cleo.user.pk) not in page


def test_change_permission_on_users_does_not_reach_superusers_passwords(ada: Member, ben: Member) -> None:
    permit(ben.user, "workspaces.view_user", "workspaces.change_user")
    client = sign_in(ben.user)
    link = reverse("admin:auth_user_password_change", args=[ada.user.pk])
    assert client.get(link).status_code == 403


def test_a_nul_in_a_filter_is_a_bad_request(studio: Client) -> None:
    assert studio.get(f"{MEMORIES}?role__exact=%00").status_code == 400


@pytest.fixture
def request_of_ada(ada: Member) -> HttpRequest:
    ada.user.is_staff = True
    request = RequestFactory().get("/studio/")
    request.user = ada.user
    request.session = {}  # type: ignore[assignment]
    return request


def test_templates_are_rendered_inside_the_scope(request_of_ada: HttpRequest, ada: Member) -> None:
    make_memory(ada, "rendered late")
    page = Template("{% for memory in memories %}{{ memory.content }}{% endfor %}")

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(page.render(Context({"memories": Memory.objects.all()})))

    assert b"rendered late" in StudioScopeMiddleware(view)(request_of_ada).content
    assert list(Memory.objects.all()) == []


@pytest.mark.parametrize("status", [400, 403, 500])
def test_an_answer_that_says_no_leaves_nothing_behind(
    request_of_ada: HttpRequest, ada: Member, status: int
) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        Memory.objects.create(workspace=ada.workspace, author=ada.user, content="half done")
        return HttpResponse(status=status)

    assert StudioScopeMiddleware(view)(request_of_ada).status_code == status
    with ada.scope():
        assert Memory.objects.count() == 0


def test_pages_outside_studio_get_no_scope(request_of_ada: HttpRequest, ada: Member) -> None:
    make_memory(ada, "inside")
    request_of_ada.path_info = "/api/memories"
    seen: list[int] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(Memory.objects.count())
        return HttpResponse()

    StudioScopeMiddleware(view)(request_of_ada)
    assert seen == [0]
