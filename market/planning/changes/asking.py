"""What a planner asks to have changed, as the board, a form or a link sends it; pure, checked for shape only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from market.values import Refused, msg
from routing.changes import Change, Kind


class What(StrEnum):
    MOVE = "move"
    LOCK = "lock"
    UNLOCK = "unlock"
    FORBID = "forbid"
    ALLOW = "allow"
    RELAX = "relax"


class Scope(StrEnum):
    """What a lock holds: the goods named, all that a vehicle carries (in one shift, or all), or the route as it is."""

    GOODS = "goods"
    VEHICLE = "vehicle"
    ROUTE = "route"


class NotUnderstood(Refused):
    message = msg("Ändringen gick inte att tolka. Ladda om sidan och gör den igen.")


class Fields(Protocol):
    """A form as it was sent."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One change by hand of revision `seen`.

    `stop` is the block that is moved and `position` how many of the route's other stays come before it (None: where it costs
    least). `apart` is a shipment that `shipments` must not ride with. `changes` are rules to relax; `gives` is what the
    planner was shown as having to give way, and agrees to.
    """

    what: What
    seen: int
    shipments: tuple[str, ...] = ()
    vehicle: str = ""
    shift: int | None = None
    position: int | None = None
    stop: str | None = None
    scope: Scope = Scope.GOODS
    apart: str = ""
    changes: tuple[Change, ...] = ()
    gives: tuple[Change, ...] = ()


def asked_by(fields: Fields) -> Asked:
    """Read the fields `what`, `seen`, `shipments`, `vehicle`, `shift`, `position`, `stop`, `scope`, `apart`, `change`, `gives`.

    `turn` ("6:2") is a vehicle with its shift in one choice. Raises NotUnderstood.
    """
    vehicle, _, shift = fields.get("turn", "").partition(":")
    try:
        return Asked(
            what=What(fields.get("what", "")),
            seen=int(fields.get("seen", "")),
            shipments=tuple(dict.fromkeys(name for name in fields.getlist("shipments") if name)),
            vehicle=fields.get("vehicle", "") or vehicle,
            shift=_number(fields.get("shift", "") or shift),
            position=_number(fields.get("position", "")),
            stop=fields.get("stop", "") or None,
            scope=Scope(fields.get("scope", "") or Scope.GOODS),
            apart=fields.get("apart", ""),
            changes=decoded(fields.getlist("change")),
            gives=decoded(fields.getlist("gives")),
        )
    except ValueError:
        raise NotUnderstood from None


def _number(text: str) -> int | None:
    return int(text) if text.strip() else None


def encoded(change: Change) -> str:
    """A change as one form field: kind|where|amount|shift|names."""
    shift = "" if change.shift is None else str(change.shift)
    return "|".join((change.kind.value, change.where, str(change.amount), shift, ",".join(change.names)))


def decoded(texts: Iterable[str]) -> tuple[Change, ...]:
    """The changes that `encoded` wrote. Raises NotUnderstood."""
    return tuple(_decoded(text) for text in texts if text)


def _decoded(text: str) -> Change:
    try:
        kind, where, amount, shift, names = text.split("|")
        return Change(Kind(kind), where, int(amount), _number(shift), tuple(n for n in names.split(",") if n))
    except ValueError:
        raise NotUnderstood from None


def sent(asked: Asked, *, gives: Iterable[Change]) -> list[tuple[str, str]]:
    """The fields that ask for the same again, with what has to give way for it: what a form to keep it holds."""
    single = {
        "what": asked.what.value,
        "seen": str(asked.seen),
        "vehicle": asked.vehicle,
        "shift": "" if asked.shift is None else str(asked.shift),
        "position": "" if asked.position is None else str(asked.position),
        "stop": asked.stop or "",
        "scope": asked.scope.value,
        "apart": asked.apart,
    }
    fields = [(name, value) for name, value in single.items() if value]
    fields += [("shipments", name) for name in asked.shipments]
    fields += [("change", encoded(change)) for change in asked.changes]
    return fields + [("gives", encoded(change)) for change in gives]
