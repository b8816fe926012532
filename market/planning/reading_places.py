"""What the fleet's pages say of places: the days they are closed, how long the work takes, what a vehicle must have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from market.fleet.models import ClosedPeriod, StopDetail
from market.planning.naming import FERRY, TAIL_LIFT
from market.values import Week


@dataclass(frozen=True, slots=True)
class Days:
    """A week's closed periods."""

    week: Week
    periods: tuple[ClosedPeriod, ...]

    def at_kitchen(self, kitchen_id: int, authority_id: int) -> tuple[date, ...]:
        """Its own closed days, and those of all of its authority's kitchens."""
        return self._within(
            period
            for period in self.periods
            if period.kitchen_id == kitchen_id
            or (period.kitchen_id is None and period.site_id is None and period.authority_id == authority_id)
        )

    def at_site(self, site_id: int) -> tuple[date, ...]:
        return self._within(period for period in self.periods if period.site_id == site_id)

    def _within(self, periods: Iterator[ClosedPeriod]) -> tuple[date, ...]:
        closed = tuple(periods)
        return tuple(
            day for day in self.week.days if any(one.first_on <= day <= one.last_on for one in closed)
        )


def closed_days(session: Session, *, planned: Select[int], week: Week) -> Days:
    """The periods that touch the week: of the planned authorities, and of sites wherever they were written down."""
    query = (
        select(ClosedPeriod)
        .where(
            ClosedPeriod.first_on <= week.period.last,
            ClosedPeriod.last_on >= week.period.start,
            ClosedPeriod.authority_id.in_(planned),
        )
        .order_by(ClosedPeriod.id)
    )
    return Days(week, tuple(session.scalars(query)))


def work_at(
    session: Session, *, kitchen_ids: Collection[int] = (), site_ids: Collection[int] = ()
) -> Mapping[int, StopDetail]:
    """By the id of the kitchens, or of the sites."""
    query = select(StopDetail).where(
        or_(StopDetail.kitchen_id.in_(kitchen_ids), StopDetail.site_id.in_(site_ids))
    )
    return {detail.kitchen_id or detail.site_id or 0: detail for detail in session.scalars(query)}


class Work(TypedDict):
    """The part of a Place that a stop's detail decides."""

    stop_s: int | None
    seconds_per_crate: int | None
    needs: tuple[str, ...]


def stop_needs(detail: StopDetail | None) -> Work:
    if detail is None:
        return Work(stop_s=None, seconds_per_crate=None, needs=())
    asked = ((TAIL_LIFT, detail.needs_tail_lift), (FERRY, detail.needs_ferry))
    return Work(
        stop_s=detail.stop_s,
        seconds_per_crate=detail.seconds_per_crate,
        needs=tuple(name for name, is_needed in asked if is_needed),
    )
