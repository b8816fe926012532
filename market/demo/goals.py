"""What the demo's municipalities have decided to reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from market.demo.personas import Cast
from market.followup.operations import add_goal
from market.register.models import Authority
from market.values import local_date

GOALS: Mapping[str, tuple[tuple[str, str | None, int], ...]] = {
    "0360": (("share_local", None, 85), ("share_organic", None, 25), ("food_km", None, 100)),
    "0188": (("share_local", None, 70), ("share_organic", None, 20), ("suppliers", None, 25)),
    "2282": (("share_local", None, 90), ("share_small", None, 75)),
}
"""By municipality: figure, category, target."""


def add_goals(session: Session, *, authorities: Mapping[str, Authority], cast: Cast, at: datetime) -> None:
    """Goals from the beginning of the year before."""
    begins = date(local_date(at).year - 1, 1, 1)
    for code, goals in GOALS.items():
        for figure, category, target in goals:
            add_goal(
                session,
                authority=authorities[code],
                figure=figure,
                category_key=category,
                target=Decimal(target),
                valid_from=begins,
                last_day=None,
                decided="Kommunfullmäktige, måltidspolitiskt program (demo)",
                actor=cast.meal_manager(authorities[code]),
                at=at,
            )
