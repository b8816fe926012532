"""Whom publishing a plan would tell, and what: shown before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.fleet.models import Driver
from market.planning.models import WeekPlan
from market.planning.operations import published_beside
from market.planning.publishing.replacing import refuse_if_driven
from market.planning.publishing.rules import Change, Party, PartyKind, Touched, WeekIsBeingDriven
from market.planning.publishing.telling import grouped, preview
from market.register.models import Kitchen, Producer
from market.values import Week

MOST_LINES = 6
"""So many changes of one party are written out; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A party and its news: each one stop. `more` are not shown."""

    name: str
    kind: PartyKind
    stops: tuple[Touched, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPage:
    """A plan about to be published, the one that it replaces, and who is told. `bypassed`: published since this draft was made.

    `refused`: why it can't be published.
    """

    plan: WeekPlan
    week: Week
    replaced: WeekPlan | None
    bypassed: bool
    refused: WeekIsBeingDriven | None
    told: tuple[Told, ...]
    is_first: bool

    @property
    def seen(self) -> int:
        """What the form sends along: the plan published now, 0 for none."""
        return self.replaced.id if self.replaced else 0


def publish_page(session: Session, *, plan: WeekPlan, at: datetime) -> PublishPage:
    """For a plan that the caller has found within its actor's reach."""
    replaced = published_beside(session, plan=plan)
    found = preview(session, plan=plan, replaced=replaced, at=at)
    names = _names(session, found)
    return PublishPage(
        plan=plan,
        week=Week.containing(plan.monday),
        replaced=replaced,
        bypassed=plan.based_on_id is not None and plan.based_on_id != (replaced.id if replaced else None),
        refused=_refused(plan, replaced, at),
        told=tuple(_told(party, entries, names) for party, entries in found.items()),
        is_first=all(entry.changes == {Change.NEW} for entries in found.values() for entry in entries),
    )


def _refused(plan: WeekPlan, replaced: WeekPlan | None, at: datetime) -> WeekIsBeingDriven | None:
    try:
        refuse_if_driven(plan=plan, replaced=replaced, at=at)
    except WeekIsBeingDriven as refusal:
        return refusal
    return None


def _told(party: Party, entries: Iterable[Touched], names: Mapping[Party, str]) -> Told:
    stops = tuple(group[0] for group in grouped(entries))
    shown = stops[:MOST_LINES]
    return Told(name=names.get(party, ""), kind=party.kind, stops=shown, more=len(stops) - len(shown))


def _names(session: Session, parties: Iterable[Party]) -> dict[Party, str]:
    """Three queries, however many."""
    queries = {
        PartyKind.PRODUCER: select(Producer.id, Producer.name),
        PartyKind.KITCHEN: select(Kitchen.id, Kitchen.name),
        PartyKind.DRIVER: select(Driver.id, User.name).join(User, Driver.user_id == User.id),
    }
    columns = {PartyKind.PRODUCER: Producer.id, PartyKind.KITCHEN: Kitchen.id, PartyKind.DRIVER: Driver.id}
    ids: dict[PartyKind, list[int]] = {}
    for party in parties:
        ids.setdefault(party.kind, []).append(party.id)
    return {
        Party(kind=kind, id=number): name
        for kind, wanted in ids.items()
        for number, name in session.execute(queries[kind].where(columns[kind].in_(wanted)))
    }
