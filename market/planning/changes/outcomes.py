"""What a change by hand makes of a problem and its plan: pure, the same for trying it and for keeping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from market.planning.changes import deciding
from market.planning.changes.asking import Asked, NotUnderstood, What
from market.planning.changes.deciding import as_plan_of
from market.planning.rules import RevisionKind
from market.values import Refused, msg
from routing.changes import Change, Kind, changed
from routing.moving import (
    LEAVES_A_GAP,
    NO_WAY,
    SETTLED,
    CannotMove,
    Move,
    Moved,
    moved,
    put_back,
)
from routing.plan import Plan
from routing.problem import InvalidProblem, Problem

MOST_SECONDS = 86_400
MOST_AMOUNT = 10_000_000


class NoWay(Refused):
    message = msg(
        "Varorna får inte plats där, hur tiderna än ändras. Välj ett annat fordon, en annan dag eller plats."
    )


class AlreadyOnBoard(Refused):
    message = msg("Varorna är redan lastade, så de kan inte flyttas till ett annat fordon.")


class LeavesAGap(Refused):
    message = msg(
        "Resten av rutten går inte att köra utan det här stoppet. Flytta hela rutten, eller planera om den."
    )


REFUSALS: Mapping[str, type[Refused]] = MappingProxyType(
    {NO_WAY: NoWay, SETTLED: AlreadyOnBoard, LEAVES_A_GAP: LeavesAGap}
)
KINDS: Mapping[What, RevisionKind] = MappingProxyType(
    {
        What.MOVE: RevisionKind.MOVED,
        What.LOCK: RevisionKind.LOCKED,
        What.UNLOCK: RevisionKind.UNLOCKED,
        What.FORBID: RevisionKind.FORBIDDEN,
        What.ALLOW: RevisionKind.ALLOWED,
        What.RELAX: RevisionKind.RELAXED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The plan after a change, sound for `problem`; `changes` are what gives way, `left_out` and `taken_in` shipments."""

    problem: Problem
    plan: Plan
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    taken_in: tuple[str, ...]


def outcome_of(problem: Problem, plan: Plan, asked: Asked) -> Outcome:
    """Work the change out. Raises NotUnderstood, NoWay and the other refusals of this module."""
    _check_names(problem, asked)
    try:
        made = _HOW[asked.what](problem, plan, asked)
    except CannotMove as error:
        raise REFUSALS.get(error.code, NotUnderstood) from error
    except InvalidProblem as error:
        raise NotUnderstood from error
    return _told(problem, plan, asked, made)


def _told(problem: Problem, before: Plan, asked: Asked, made: Moved) -> Outcome:
    names = [shipment.id for shipment in problem.shipments]
    lost, won = before.served - made.plan.served, made.plan.served - before.served
    still_bound = not (made.changes or lost) and asked.what in _ONLY_BINDING
    return Outcome(
        problem=made.problem,
        plan=replace(made.plan, bound_ore=before.bound_ore if still_bound else 0),
        changes=made.changes,
        left_out=tuple(name for name in names if name in lost),
        taken_in=tuple(name for name in names if name in won),
    )


_ONLY_BINDING = frozenset({What.MOVE, What.LOCK, What.FORBID})
"""What allows nothing more than before: what no plan could cost less than, none can now."""


def _check_names(problem: Problem, asked: Asked) -> None:
    goods = {shipment.id for shipment in problem.shipments}
    shifts = {vehicle.id: len(vehicle.shifts) for vehicle in problem.vehicles}
    named = {*asked.shipments, asked.apart} - {""}
    is_known = named <= goods and (not asked.vehicle or asked.vehicle in shifts)
    if not is_known or (asked.shift is not None and not 0 <= asked.shift < shifts.get(asked.vehicle, 0)):
        raise NotUnderstood
    if asked.stop and asked.stop not in {stop.id for stop in problem.stops}:
        raise NotUnderstood


# -- moving, and rules that give way -----------------------------------------------------------------------------


def _move(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    if not asked.shipments or asked.shift is None:
        raise NotUnderstood
    return moved(problem, plan, Move(asked.shipments, asked.vehicle, asked.shift, asked.stop, asked.position))


def _relax(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    """The rules give way first; then the goods go where they were asked to, or where they cost least."""
    if not asked.changes or not all(_is_possible(problem, change) for change in asked.changes):
        raise NotUnderstood
    wider = changed(problem, asked.changes)
    if not asked.shipments:
        return Moved(wider, as_plan_of(wider, plan), asked.changes)
    if asked.shift is None:
        return Moved(wider, put_back(wider, as_plan_of(wider, plan), asked.shipments), asked.changes)
    made = moved(wider, as_plan_of(wider, plan), Move(asked.shipments, asked.vehicle, asked.shift))
    return replace(made, changes=(*asked.changes, *made.changes))


def _is_possible(problem: Problem, change: Change) -> bool:
    """Whether a change that came from outside names what is there, and by an amount that a person could mean."""
    if change.kind in _OF_STOPS:
        windows = {stop.id: len(stop.windows) for stop in problem.stops}
        known, parts = change.where in windows, windows.get(change.where, 0)
    elif change.kind in _OF_GOODS:
        known, parts = change.where in {shipment.id for shipment in problem.shipments}, 1
    else:
        shifts = {vehicle.id: len(vehicle.shifts) for vehicle in problem.vehicles}
        known, parts = change.where in shifts, shifts.get(change.where, 0)
    most = MOST_SECONDS if change.kind in _IN_SECONDS else MOST_AMOUNT
    is_part = change.shift is None or 0 <= change.shift < parts
    return known and is_part and 0 <= change.amount <= most and change.kind not in _NEVER_ALONE


_OF_STOPS = frozenset({Kind.STOP_OPENS_EARLIER, Kind.STOP_CLOSES_LATER})
_OF_GOODS = frozenset(
    {
        Kind.PICKUP_EARLIER,
        Kind.PICKUP_LATER,
        Kind.DELIVERY_EARLIER,
        Kind.DELIVERY_LATER,
        Kind.LOCKS,
        Kind.BAN,
        Kind.APART,
        Kind.PRICE,
        Kind.DAY,
    }
)
_IN_SECONDS = _OF_STOPS | {
    Kind.PICKUP_EARLIER,
    Kind.PICKUP_LATER,
    Kind.DELIVERY_EARLIER,
    Kind.DELIVERY_LATER,
    Kind.SHIFT_STARTS_EARLIER,
    Kind.SHIFT_ENDS_LATER,
    Kind.DRIVING,
}
_NEVER_ALONE = frozenset({Kind.DAY})
"""An agreed day only changes when the goods are moved to another."""


_HOW: Mapping[What, Callable[[Problem, Plan, Asked], Moved]] = MappingProxyType(
    {
        What.MOVE: _move,
        What.LOCK: deciding.lock,
        What.UNLOCK: deciding.unlock,
        What.FORBID: deciding.forbid,
        What.ALLOW: deciding.allow,
        What.RELAX: _relax,
    }
)
