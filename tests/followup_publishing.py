"""An authority with deliveries of a finished year and of the year that runs, from few suppliers and from many."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from factories import AT, Cast
from followup_making import delivered, some_offer
from sqlalchemy.orm import Session

from market.followup.models import FollowupSettings
from market.register.models import Authority, Producer


def make_deliveries(session: Session, cast: Cast) -> list[Producer]:
    """Vegetables from four in October 2025 and 2026, meat from one in November 2025; what is organic comes from one."""
    offer = some_offer(session, cast)
    more = [
        Producer(name=f"Hemliga gården {n}", is_sole_trader=True, organisation_number=f"1964082{n}-3234", created_at=AT)
        for n in range(2)
    ]  # fmt: skip
    session.add_all(more)
    session.flush()
    growers = [cast.producer, cast.other_producer, *more]
    for day in (date(2025, 10, 14), date(2026, 10, 13)):
        for n, grower in enumerate(growers):
            delivered(
                session, cast, offer, day=day, producer=grower, kilograms=20 + 10 * n, price=Decimal(20),
                is_organic=n == 0,
            )  # fmt: skip
    delivered(session, cast, offer, day=date(2025, 11, 4), producer=growers[2], category="dairy")
    session.flush()
    return growers


def publish(session: Session, authority: Authority, *, is_open: bool = True) -> None:
    session.add(
        FollowupSettings(
            authority_id=authority.id, is_open=is_open, opened_on=date(2026, 1, 7), contact_name="Måltidsenheten",
            contact_email="mat@example.se", changed_at=AT,
        )
    )  # fmt: skip
    session.flush()
