"""Everyone's part of a published plan, and what a new one changes of it. Pure.

A call is one order at one stop, as one party meets it: a producer when it is collected, a kitchen when it comes, a driver
everything on the own runs. `told` is what each was last told: a time that moved by less than the tolerance is not told, and the next
move is measured from the time that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from market.planning.rules import Leg, LoadKind
from market.values import Refused, local_date, msg


class PartyKind(StrEnum):
    PRODUCER = "producer"
    KITCHEN = "kitchen"
    DRIVER = "driver"


class Change(StrEnum):
    """What a new plan changes of a call."""

    NEW = "new"
    GONE = "gone"
    DAY = "day"
    TIME = "time"
    VEHICLE = "vehicle"
    PLACE = "place"
    AMOUNT = "amount"


class AnotherWasPublished(Refused):
    message = msg(
        "En annan plan för veckan har publicerats eller dragits tillbaka sedan sidan visades, så din plan publicerades inte. "
        "Se nedan vad som gäller nu, och publicera igen om din plan fortfarande ska ersätta den."
    )


class WeekIsBeingDriven(Refused):
    message = msg(
        "Veckan har börjat köras. Lägg in det nya i den publicerade planen (Nytt i planen), eller gör ett utkast av den."
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Party:
    """A producer, a kitchen or a driver, by its id."""

    kind: PartyKind
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Goods: so many steps of a unit (by its code) of a product."""

    product: str
    steps: int
    unit: str


Key = tuple[Party, int, LoadKind, Leg, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An order at a stop, for one party. `number` tells the loads of an order in several parts apart, `other` is whom it is from or for."""

    party: Party
    order_id: int
    kind: LoadKind
    leg: Leg
    number: int
    at: datetime
    place: str
    place_name: str
    other: str
    vehicle_id: int
    vehicle: str
    grams: int
    lines: tuple[Line, ...]

    @property
    def key(self) -> Key:
        return self.party, self.order_id, self.kind, self.leg, self.number

    @property
    def day(self) -> date:
        return local_date(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A call that is new, gone or changed; `was` is what the party was told before."""

    call: Call | None
    was: Call | None
    changes: frozenset[Change]

    @property
    def shown(self) -> Call:
        """As it is now, or as it was where it is gone."""
        call = self.call or self.was
        assert call is not None
        return call


def touched(
    before: Iterable[Call], after: Iterable[Call], *, tolerance_s: int, at: datetime
) -> dict[Party, tuple[Touched, ...]]:
    """What each party must be told when `after` replaces `before` at the instant `at`, by time. What is past by then is not told.

    Whom nothing has changed for is not among them.
    """
    old, new = _by_key(before), _by_key(after)
    found: dict[Party, list[Touched]] = {}
    for entry in _compared(old, new, tolerance_s):
        if entry.shown.at >= at or (entry.was is not None and entry.was.at >= at):
            found.setdefault(entry.shown.party, []).append(entry)
    return {party: tuple(sorted(found[party], key=_by_time)) for party in sorted(found)}


def last_told(before: Iterable[Call], after: Iterable[Call], *, tolerance_s: int) -> tuple[Call, ...]:
    """What everyone has been told once `after` is published: the earlier time where the move is too small to tell."""
    old = _by_key(before)
    return tuple(
        replace(call, at=was.at)
        if (was := old.get(call.key)) and not _changes(was, call, tolerance_s)
        else call
        for call in after
    )


def _by_key(calls: Iterable[Call]) -> dict[Key, Call]:
    return {call.key: call for call in calls}


def _compared(old: Mapping[Key, Call], new: Mapping[Key, Call], tolerance_s: int) -> Iterator[Touched]:
    for key in old.keys() | new.keys():
        was, call = old.get(key), new.get(key)
        changes = _changes(was, call, tolerance_s)
        if changes:
            yield Touched(call=call, was=was, changes=changes)


def _changes(was: Call | None, call: Call | None, tolerance_s: int) -> frozenset[Change]:
    if was is None or call is None:
        return frozenset({Change.GONE if call is None else Change.NEW})
    moved_s = abs((call.at - was.at).total_seconds())
    differences = {
        Change.DAY: call.day != was.day,
        Change.TIME: call.day == was.day and moved_s > tolerance_s,
        Change.VEHICLE: call.vehicle_id != was.vehicle_id,
        Change.PLACE: call.place != was.place,
        Change.AMOUNT: call.grams != was.grams,
    }
    return frozenset(change for change, differs in differences.items() if differs)


def _by_time(entry: Touched) -> tuple[datetime, str, int, str]:
    call = entry.shown
    return call.at, call.place_name, call.order_id, call.kind.value


def plain(calls: Iterable[Call]) -> list[dict[str, Any]]:
    """As JSON."""
    return [{**asdict(call), "at": call.at.isoformat()} for call in calls]


def calls_from(content: Sequence[Mapping[str, Any]]) -> tuple[Call, ...]:
    """What `plain` wrote."""
    return tuple(_call_from(entry) for entry in content)


def _call_from(entry: Mapping[str, Any]) -> Call:
    party = entry["party"]
    read = {
        "party": Party(kind=PartyKind(party["kind"]), id=party["id"]),
        "kind": LoadKind(entry["kind"]),
        "leg": Leg(entry["leg"]),
        "at": datetime.fromisoformat(entry["at"]),
        "lines": tuple(Line(**line) for line in entry["lines"]),
    }
    return Call(**{**entry, **read})
