"""Queue rows to work on: the real `link_queue`, whose rows carry nothing but an id."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from processing.models import LinkQueue
from tests.conftest import Member

MakeRows = Callable[..., list[LinkQueue]]


@pytest.fixture
def make_rows(ada: Member) -> MakeRows:
    """Make queue rows in Ada's workspace."""

    def make(count: int, **fields: object) -> list[LinkQueue]:
        with ada.scope():
            return LinkQueue.objects.bulk_create(
                LinkQueue(workspace=ada.workspace, memory_id=uuid4(), **fields) for _ in range(count)
            )

    return make
