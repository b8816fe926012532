"""Days when places are closed, what drivers need to know of a stop, and how an authority's goods travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.fleet.models import ClosedPeriod, StopDetail, TransportSettings
from market.fleet.queries import settings_of
from market.fleet.rules import (
    ClosedDays,
    OwnDelivery,
    SettingOutOfRange,
    StopTerms,
    check_fits_columns,
    check_service_times,
)
from market.register.models import Authority, Kitchen, ProductionSite


class SettingChanges(TypedDict, total=False):
    """Columns of TransportSettings; what is not named stays as it is."""

    stop_s: int
    seconds_per_crate: int
    gather_weekday: int | None
    lead_days: int
    producers_choose_times: bool
    own_delivery: OwnDelivery
    satellites_by_own_staff: bool
    transfer_s: int
    tolerance_s: int
    promise_ore: int
    visit_ore: int
    peak_ore_per_hour: int
    new_face_ore: int
    hour_ore: int
    km_ore: int
    kg_co2e_ore: int


RANGES = {
    "gather_weekday": (1, 7),
    "lead_days": (0, 60),
    "tolerance_s": (0, 14_400),
    "transfer_s": (0, 14_400),
}


def close_days(
    session: Session,
    *,
    authority: Authority,
    days: Sequence[ClosedDays],
    kitchen: Kitchen | None = None,
    site: ProductionSite | None = None,
    actor: Actor,
    at: datetime,
) -> list[ClosedPeriod]:
    """Periods when a kitchen, a site, or with neither all kitchens of the authority are closed; those that are new.

    The same days of the same place again are the ones there are.
    """
    made = []
    for one in days:
        closing = ClosedPeriod(
            authority_id=authority.id, kitchen_id=kitchen and kitchen.id, site_id=site and site.id,
            name=one.name.strip(), first_on=one.first_on, last_on=one.last_on,
        )  # fmt: skip
        if _is_known(session, closing):
            continue
        session.add(closing)
        session.flush()
        made.append(closing)
        _log(
            session, "closing.add", f"closing:{closing.id}", actor, at, authority=authority.id,
            kitchen=closing.kitchen_id, site=closing.site_id, first=str(one.first_on), last=str(one.last_on),
        )  # fmt: skip
    return made


def open_again(session: Session, *, closing: ClosedPeriod, actor: Actor, at: datetime) -> None:
    """The place takes in and gives out goods on those days after all."""
    subject = f"closing:{closing.id}"
    session.delete(closing)
    session.flush()
    _log(
        session, "closing.remove", subject, actor, at,
        first=str(closing.first_on), last=str(closing.last_on), kitchen=closing.kitchen_id, site=closing.site_id,
    )  # fmt: skip


def describe_stop(
    session: Session, *, place: Kitchen | ProductionSite, terms: StopTerms, actor: Actor, at: datetime
) -> StopDetail:
    """What a driver needs to know of a kitchen or a site. The log names the fields, never a code or a telephone."""
    column = StopDetail.kitchen_id if isinstance(place, Kitchen) else StopDetail.site_id
    detail = session.scalar(select(StopDetail).where(column == place.id))
    if detail is None:
        detail = StopDetail(**{column.key: place.id})
        session.add(detail)
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in asdict(terms).items()
    }
    changed = [name for name, value in values.items() if getattr(detail, name) != value]
    for name in changed:
        setattr(detail, name, values[name])
    session.flush()
    kind = "kitchen" if isinstance(place, Kitchen) else "site"
    _log(session, "stop.describe", f"{kind}:{place.id}", actor, at, fields=changed)
    return detail


def change_settings(
    session: Session, *, authority: Authority, actor: Actor, at: datetime, **changes: Unpack[SettingChanges]
) -> TransportSettings:
    """How an authority's goods travel; what is not named stays. Raises SettingOutOfRange, ServiceTimeOutOfRange, TooLarge."""
    check_service_times(changes.get("stop_s"), changes.get("seconds_per_crate"))
    _check_ranges(dict(changes))
    settings = settings_of(session, authority_id=authority.id)
    changed = sorted(name for name, value in changes.items() if getattr(settings, name) != value)
    for name in changed:
        setattr(settings, name, dict(changes)[name])
    settings.updated_at = at
    session.add(settings)
    session.flush()
    _log(session, "transport_settings.change", f"authority:{authority.id}", actor, at, fields=changed)
    return settings


def _check_ranges(changes: dict[str, object]) -> None:
    for name, value in changes.items():
        if not isinstance(value, int):
            continue
        least, most = RANGES.get(name, (0, None))
        if value < least or (most is not None and value > most):
            raise SettingOutOfRange
        check_fits_columns(value)


def _is_known(session: Session, closing: ClosedPeriod) -> bool:
    query = select(ClosedPeriod.id).where(
        ClosedPeriod.authority_id == closing.authority_id,
        ClosedPeriod.kitchen_id.is_not_distinct_from(closing.kitchen_id),
        ClosedPeriod.site_id.is_not_distinct_from(closing.site_id),
        ClosedPeriod.name == closing.name,
        ClosedPeriod.first_on == closing.first_on,
        ClosedPeriod.last_on == closing.last_on,
    )
    return session.scalar(query.limit(1)) is not None


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
