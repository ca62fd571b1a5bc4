"""Project identity: every spelling of one git remote is one project."""

from __future__ import annotations

import pytest

from supastate.workspaces.models import Checkout
from supastate.workspaces.projects import (
    ProjectRef,
    ensure_checkout,
    ensure_project,
    find_projects,
    normalise_remote,
)
from tests.conftest import Member


@pytest.mark.parametrize(
    "remote",
    [
        "git@host.org:o/n.git",
        "https://host.org/o/n",
        "https://host.org/o/n.git",
        "https://user:token@HOST.org/o/n/",
        "ssh://git@host.org:2222/o/n.git",
        "git://host.org/o/n.git",
        "host.org:o/n",
    ],
)
def test_spellings_of_one_remote_are_one_identity(remote: str) -> None:
    assert normalise_remote(remote) == "host.org/o/n"


def test_different_repositories_stay_different() -> None:
    assert len({normalise_remote(text) for text in ("git@h:o/n", "git@h:o/m", "git@h:p/n", "git@i:o/n")}) == 4


def test_two_checkouts_of_one_repository_are_one_project(ada: Member) -> None:
    with ada.scope():
        projects = {
            ensure_project(workspace_id=ada.workspace.id, author_id=ada.user.id, ref=ref).id
            for ref in (
                ProjectRef(remote="git@host.org:o/n.git", path="/home/ada/n"),
                ProjectRef(remote="https://host.org/o/n", path="C:\\work\\n"),
            )
        }
    assert len(projects) == 1


def test_a_project_is_found_by_what_people_call_it(ada: Member, cleo: Member) -> None:
    with ada.scope():
        project = ensure_project(
            workspace_id=ada.workspace.id,
            author_id=ada.user.id,
            ref=ProjectRef(remote="git@host.org:o/shop.git", path="/home/ada/shop"),
        )
        for text in (str(project.id), "https://host.org/o/shop", "host.org/o/shop", "/home/ada/shop/", "shop"):
            assert find_projects(text) == [project.id]
        assert find_projects("unknown") == []
    with cleo.scope():
        assert find_projects(str(project.id)) == []


def test_a_checkout_keeps_its_identity_and_learns_its_branch(ada: Member) -> None:
    with ada.scope():
        project = ensure_project(workspace_id=ada.workspace.id, author_id=ada.user.id, ref=ProjectRef(path="/p"))
        first = ensure_checkout(project=project, key="laptop", ref=ProjectRef(path="/p", branch="main"))
        again = ensure_checkout(project=project, key="laptop", ref=ProjectRef(path="/p", branch="fix"))
        assert (again.id, again.branch) == (first.id, "fix")
        assert Checkout.objects.count() == 1
