"""What a change by hand makes of a problem and its plan: pure, the same for trying it and for keeping it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from market.planning.changes.asking import Asked, NotUnderstood, Scope, What
from market.planning.rules import RevisionKind
from market.values import Refused, msg
from routing.changes import Change, Kind, changed
from routing.insertion import trip_of
from routing.moving import (
    LEAVES_A_GAP,
    NO_WAY,
    SETTLED,
    CannotMove,
    Move,
    Moved,
    moved,
    put_back,
    taken_out,
)
from routing.plan import Plan, Route
from routing.problem import Apart, Ban, InvalidProblem, Lock, Problem, Rules
from routing.sequences import FixedRoute, FixedTask

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


class NothingCarried(Refused):
    message = msg("Fordonet kör inget då, så det finns inget att låsa.")


class NothingToAllow(Refused):
    message = msg("Det låset eller förbudet finns inte längre. Ladda om sidan.")


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
        return Moved(wider, _of(wider, plan), asked.changes)
    if asked.shift is None:
        return Moved(wider, put_back(wider, _of(wider, plan), asked.shipments), asked.changes)
    made = moved(wider, _of(wider, plan), Move(asked.shipments, asked.vehicle, asked.shift))
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


# -- locks ---------------------------------------------------------------------------------------------------------


def _lock(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    routes = _routes(plan, asked)
    if not routes:
        raise NothingCarried
    rules = problem.rules
    for route in routes:
        if asked.scope is Scope.ROUTE:
            rules = _with_fixed(rules, problem, route)
        else:
            chosen = _carried(route)
            wanted = asked.shipments if asked.scope is Scope.GOODS else chosen
            rules = _with_locks(rules, (name for name in chosen if name in wanted), route)
    return _decided(problem, plan, rules)


def _unlock(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    rules = problem.rules
    routes = _routes(plan, asked)
    turns = {(route.vehicle, route.shift) for route in routes}
    if asked.scope is Scope.ROUTE:
        kept = tuple(fixed for fixed in rules.fixed_routes if (fixed.vehicle, fixed.shift) not in turns)
        after = replace(rules, fixed_routes=kept)
    else:
        chosen = set(asked.shipments) or {name for route in routes for name in _carried(route)}
        after = replace(rules, locks=tuple(lock for lock in rules.locks if lock.shipment not in chosen))
    if after == rules:
        raise NothingToAllow
    return _decided(problem, plan, after)


def _routes(plan: Plan, asked: Asked) -> tuple[Route, ...]:
    """Those that the lock is about: of the vehicle named (in the shift named), or that carry the goods."""
    if asked.vehicle:
        own = (route for route in plan.routes if route.vehicle == asked.vehicle)
        return tuple(route for route in own if asked.shift in {None, route.shift})
    return tuple(route for route in plan.routes if not set(asked.shipments).isdisjoint(_carried(route)))


def _carried(route: Route) -> tuple[str, ...]:
    return tuple(name for visit in route.visits for name in visit.deliveries)


def _with_locks(rules: Rules, names: Iterable[str], route: Route) -> Rules:
    """Each of the goods held by this route's vehicle and shift, and by no older lock."""
    chosen = tuple(names)
    others = tuple(lock for lock in rules.locks if lock.shipment not in chosen)
    return replace(rules, locks=(*others, *(Lock(name, route.vehicle, route.shift) for name in chosen)))


def _with_fixed(rules: Rules, problem: Problem, route: Route) -> Rules:
    tasks = tuple(
        FixedTask(task.shipment.id, is_pickup=task.is_pickup) for task in trip_of(route, problem).tasks
    )
    key = (route.vehicle, route.shift)
    others = tuple(fixed for fixed in rules.fixed_routes if (fixed.vehicle, fixed.shift) != key)
    return replace(rules, fixed_routes=(*others, FixedRoute(route.vehicle, route.shift, tasks)))


# -- forbidden pairs -----------------------------------------------------------------------------------------------


def _forbid(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    """The goods leave the vehicle, or each other, and go where they then cost least."""
    if not asked.shipments or not (asked.vehicle or asked.apart):
        raise NotUnderstood
    leaving = tuple(name for name in asked.shipments if _is_against(plan, name, asked))
    lifted = tuple(_lifted(problem.rules, plan, leaving, asked))
    free = changed(problem, lifted) if lifted else problem
    decided = replace(free, rules=_with_pairs(free.rules, asked))
    if not leaving:
        return Moved(decided, _of(decided, plan), lifted)
    shorter = taken_out(free, plan, leaving)
    gone = tuple(sorted(plan.served - shorter.served, key=_order(problem)))
    return Moved(decided, put_back(decided, _of(decided, shorter), gone), lifted)


def _with_pairs(rules: Rules, asked: Asked) -> Rules:
    if asked.apart:
        pairs = (Apart(name, asked.apart) for name in asked.shipments if name != asked.apart)
        return replace(rules, apart=(*_other_pairs(rules, asked), *pairs))
    bans = (Ban(name, asked.vehicle) for name in asked.shipments)
    return replace(rules, bans=tuple(dict.fromkeys((*rules.bans, *bans))))


def _order(problem: Problem) -> Callable[[str], int]:
    """Goods before what waits for them: the planner's order of shipments has it so."""
    waits = {shipment.id: len(shipment.after) for shipment in problem.shipments}
    number = {shipment.id: n for n, shipment in enumerate(problem.shipments)}
    return lambda name: waits[name] * len(number) + number[name]


def _is_against(plan: Plan, name: str, asked: Asked) -> bool:
    routes = [route for route in plan.routes if name in _carried(route)]
    return any(
        asked.apart in _carried(route) if asked.apart else route.vehicle == asked.vehicle for route in routes
    )


def _lifted(rules: Rules, plan: Plan, leaving: tuple[str, ...], asked: Asked) -> Iterable[Change]:
    """Locks that would hold the goods to what is now forbidden."""
    for name in asked.shipments:
        if any(
            lock.shipment == name and (not asked.vehicle or lock.vehicle == asked.vehicle)
            for lock in rules.locks
        ):
            yield Change(Kind.LOCKS, name)
    turns = {(r.vehicle, r.shift) for r in plan.routes if not set(leaving).isdisjoint(_carried(r))}
    for fixed in rules.fixed_routes:
        if (fixed.vehicle, fixed.shift) in turns:
            yield Change(Kind.FIXED_ROUTE, fixed.vehicle, shift=fixed.shift)


def _allow(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    rules = problem.rules
    if asked.apart:
        after = replace(rules, apart=_other_pairs(rules, asked))
    else:
        bans = (
            ban for ban in rules.bans if ban.shipment not in asked.shipments or ban.vehicle != asked.vehicle
        )
        after = replace(rules, bans=tuple(bans))
    if after == rules:
        raise NothingToAllow
    return _decided(problem, plan, after)


def _other_pairs(rules: Rules, asked: Asked) -> tuple[Apart, ...]:
    named = [{name, asked.apart} for name in asked.shipments]
    return tuple(pair for pair in rules.apart if {pair.first, pair.second} not in named)


def _decided(problem: Problem, plan: Plan, rules: Rules) -> Moved:
    after = replace(problem, rules=rules)
    return Moved(after, _of(after, plan))


def _of(problem: Problem, plan: Plan) -> Plan:
    """The same routes as a plan of this problem."""
    return replace(plan, fingerprint=problem.fingerprint(), bound_ore=0)


_HOW: Mapping[What, Callable[[Problem, Plan, Asked], Moved]] = MappingProxyType(
    {
        What.MOVE: _move,
        What.LOCK: _lock,
        What.UNLOCK: _unlock,
        What.FORBID: _forbid,
        What.ALLOW: _allow,
        What.RELAX: _relax,
    }
)
