"""Who is told what when a plan is published or withdrawn: messages in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_kitchen, people_of_producer
from market.fleet.models import Driver
from market.fleet.queries import settings_of
from market.outbox import tell
from market.planning.models import WeekPlan
from market.planning.publishing.calls import calls_of
from market.planning.publishing.replacing import drivers_of
from market.planning.publishing.rules import (
    Call,
    Change,
    Party,
    PartyKind,
    Touched,
    calls_from,
    last_told,
    plain,
    touched,
)
from market.planning.rules import LoadKind
from market.values import Week

PUBLISHED, CHANGED = "transports_published", "transports_changed"


def tell_of(
    session: Session, *, plan: WeekPlan, replaced: WeekPlan | None, at: datetime
) -> dict[Party, tuple[Touched, ...]]:
    """Tell everyone whom `plan` touches: their part when nothing was published before, else what is new. Returns whom and what.

    `replaced` is what was published until now. Keeps on the plan what everyone has been told by then.
    """
    tolerance_s = _tolerance_s(session, plan)
    before, after = told_of(replaced), calls_of(plan)
    plan.told = plain(last_told(before, after, tolerance_s=tolerance_s))
    return _tell(session, plan, touched(before, after, tolerance_s=tolerance_s, at=at), at=at)


def tell_withdrawn(session: Session, *, plan: WeekPlan, at: datetime) -> dict[Party, tuple[Touched, ...]]:
    """Tell everyone that the plan no longer holds, and that there is no other yet."""
    return _tell(session, plan, touched(told_of(plan), (), tolerance_s=0, at=at), at=at)


def preview(
    session: Session, *, plan: WeekPlan, replaced: WeekPlan | None, at: datetime
) -> dict[Party, tuple[Touched, ...]]:
    """Whom publishing the plan would tell, and what."""
    after = calls_of(plan, drivers=drivers_of(replaced))
    return touched(told_of(replaced), after, tolerance_s=_tolerance_s(session, plan), at=at)


def told_of(plan: WeekPlan | None) -> tuple[Call, ...]:
    """What everyone was told of a published plan; nothing without one."""
    if plan is None:
        return ()
    return calls_of(plan) if plan.told is None else calls_from(plan.told)


def _tolerance_s(session: Session, plan: WeekPlan) -> int:
    return settings_of(session, authority_id=plan.authority_id).tolerance_s


def _tell(
    session: Session, plan: WeekPlan, found: dict[Party, tuple[Touched, ...]], *, at: datetime
) -> dict[Party, tuple[Touched, ...]]:
    """One message for each party. The plan's latest step is in the key: publishing again later tells again."""
    for party, entries in found.items():
        changes = frozenset().union(*(entry.changes for entry in entries))
        tell(
            session,
            user_ids=_people(session, party),
            kind=PUBLISHED if changes == {Change.NEW} else CHANGED,
            key=f"plan:{plan.id}:{at.isoformat()}:{party.kind.value}:{party.id}",
            at=at,
            reader=party.kind.value,
            week=Week.containing(plan.monday).number,
            week_name=str(Week.containing(plan.monday)),
            authority=plan.authority.name,
            is_off=changes == {Change.GONE},
            stops=[_stop(group) for group in grouped(entries)],
        )
    return found


def _people(session: Session, party: Party) -> Sequence[int]:
    match party.kind:
        case PartyKind.PRODUCER:
            return people_of_producer(session, party.id)
        case PartyKind.KITCHEN:
            return people_of_kitchen(session, party.id)
        case PartyKind.DRIVER:
            driver = session.get(Driver, party.id)
            return [driver.user_id] if driver is not None and driver.removed_at is None else []


def grouped(entries: Iterable[Touched]) -> list[tuple[Touched, ...]]:
    """What happens at one stop and is changed alike, in the given order."""
    groups: dict[tuple[object, ...], list[Touched]] = {}
    for entry in entries:
        call, was = entry.shown, entry.was
        moved = (was.at, was.vehicle_id, was.place) if was else None
        key = (call.at, call.place, call.kind, call.vehicle_id, entry.changes, moved)
        groups.setdefault(key, []).append(entry)
    return [tuple(group) for group in groups.values()]


def _stop(group: Sequence[Touched]) -> dict[str, Any]:
    """One stop in a message, as plain values."""
    first = group[0]
    call = first.shown
    return {
        "at": call.at.isoformat(),
        "place": call.place_name,
        "is_pickup": call.kind is LoadKind.PICKUP,
        "vehicle": call.vehicle,
        "changes": sorted(change.value for change in first.changes),
        "was_at": first.was.at.isoformat() if first.was else "",
        "was_vehicle": first.was.vehicle if first.was else "",
        "goods": [
            {"product": line.product, "steps": line.steps, "unit": line.unit, "other": entry.shown.other}
            for entry in group
            for line in entry.shown.lines
        ],
    }
