"""A ledger to try: purchases of Norrtälje's, written shortly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from factories import AT, MONDAY

from market.limits.models import LimitEntry
from market.limits.operations import commit_value

Buy = Callable[..., LimitEntry]


@pytest.fixture
def buy(session, cast) -> Buy:
    """`buy("order:1", 699_999.99)`: vegetables for so many kronor, today."""

    def commit(
        subject: str, kronor: float, *, category: str = "vegetables", on: date = MONDAY, at=AT, **more
    ) -> LimitEntry:
        return commit_value(
            session,
            authority_id=cast.authority.id,
            category_key=category,
            subject=subject,
            ore=round(kronor * 100),
            on=on,
            actor_user_id=cast.actor("kitchen").user_id,
            at=at,
            **more,
        )

    return commit
