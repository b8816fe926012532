"""Ways to state a definition and to fill in the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from factories import AT, MONDAY, Cast
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, Rule, Step, WithinDistance
from market.locality.models import DefinitionVersion
from market.locality.operations import state_definition

NEAR_THE_SEAT = WithinDistance(km=40, by="crow", measured_from="seat")
State = Callable[..., DefinitionVersion]


@pytest.fixture
def state(session: Session, cast: Cast) -> State:
    """State a definition for Norrtälje: `state(rule, valid_from=..., based_on=1)`."""

    def do(
        rule: Rule = NEAR_THE_SEAT,
        *,
        steps: tuple[Step, ...] = tuple(Step),
        valid_from: date = MONDAY,
        based_on: int = 1,
        wording: str = "",
        kitchen_id: int | None = None,
        **options: Any,
    ) -> DefinitionVersion:
        return state_definition(
            session,
            authority=cast.authority,
            definition=LocalDefinition(rule=rule, steps=steps),
            own_wording=wording,
            valid_from=valid_from,
            kitchen_id=kitchen_id,
            based_on=based_on,
            user_id=cast.actor("procurement_officer").user_id,
            at=options.get("at", AT),
        )

    return do


@pytest.fixture
def form() -> Callable[..., dict[str, Any]]:
    """The form as the page sends it: one rule, 40 km from the seat, unless told otherwise."""

    def fill(**changes: Any) -> dict[str, Any]:
        return {
            "do": "save",
            "based_on": "1",
            "match": "any",
            "rules-0-kind": "distance",
            "rules-0-km": "40",
            "rules-0-by": "crow",
            "rules-0-measured_from": "seat",
            "steps": ["farm"],
            "valid_from": MONDAY.isoformat(),
            "own_wording": "",
        } | changes

    return fill
