"""A draft of a DIS that lacks nothing, made by the operations themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from factories import AT, Cast
from sqlalchemy.orm import Session

from market.dis.rules import Regime
from market.dis.systems.draft_operations import draft_dis
from market.dis.systems.models import Dis
from market.dis.systems.operations import FirstRound
from market.dis.systems.rules import Basics
from market.dis.systems.starting_points import STARTING_POINTS

FIRST_ROUND = FirstRound(date(2026, 12, 28))
FORM = {
    "request_key": "k1",
    "name": "Livsmedel 2027",
    "description": "Grönsaker och ägg till skolköken, ungefär 20 ton om året.",
    "contact": "Upphandlingen, upphandling@example.se",
    "last_day": "2028-12-31",
    "value": "1 500 000",
    "regime": "national",
    "regime_reason": "Värdet är under förra periodens tröskelvärde.",
    "starting_point": "visits",
}
"""The same draft, as the form of the first step sends it."""


def basics(**changes: Any) -> Basics:
    said: dict[str, Any] = {
        "name": "Livsmedel 2027",
        "description": "Grönsaker och ägg till skolköken, ungefär 20 ton om året.",
        "contact": "Upphandlingen, upphandling@example.se",
        "last_day": date(2028, 12, 31),
        "value_ore": 150_000_000,
        "regime": Regime.DIRECTIVE,
        "regime_reason": "Tröskelvärdet är inte känt, så vi följer de strängare reglerna.",
    }
    return Basics(**(said | changes))


def make_draft(session: Session, cast: Cast, *, key: str = "draft", **changes: Any) -> Dis:
    """Norrtälje's own, from the way to begin with study visits."""
    return draft_dis(
        session,
        authority=cast.authority,
        basics=basics(**changes),
        starting_point=STARTING_POINTS["visits"],
        request_key=key,
        actor=cast.actor("procurement_officer"),
        at=AT,
    )
