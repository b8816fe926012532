"""What planners decide beside moving goods: locks on goods, vehicles and routes, and pairs that are forbidden. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from market.planning.changes.asking import Asked, NotUnderstood, Scope
from market.values import Refused, msg
from routing.changes import Change, Kind, changed
from routing.insertion import trip_of
from routing.moving import Moved, put_back, taken_out
from routing.plan import Plan, Route
from routing.problem import Apart, Ban, Lock, Problem, Rules
from routing.sequences import FixedRoute, FixedTask


class NothingCarried(Refused):
    message = msg("Fordonet kör inget då, så det finns inget att låsa.")


class NothingToAllow(Refused):
    message = msg("Det låset eller förbudet finns inte längre. Ladda om sidan.")


# -- locks ---------------------------------------------------------------------------------------------------------


def lock(problem: Problem, plan: Plan, asked: Asked) -> Moved:
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


def unlock(problem: Problem, plan: Plan, asked: Asked) -> Moved:
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


def forbid(problem: Problem, plan: Plan, asked: Asked) -> Moved:
    """The goods leave the vehicle, or each other, and go where they then cost least."""
    if not asked.shipments or not (asked.vehicle or asked.apart):
        raise NotUnderstood
    leaving = tuple(name for name in asked.shipments if _is_against(plan, name, asked))
    lifted = tuple(_lifted(problem.rules, plan, leaving, asked))
    free = changed(problem, lifted) if lifted else problem
    decided = replace(free, rules=_with_pairs(free.rules, asked))
    if not leaving:
        return Moved(decided, as_plan_of(decided, plan), lifted)
    shorter = taken_out(free, plan, leaving)
    gone = tuple(sorted(plan.served - shorter.served, key=_order(problem)))
    return Moved(decided, put_back(decided, as_plan_of(decided, shorter), gone), lifted)


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


def allow(problem: Problem, plan: Plan, asked: Asked) -> Moved:
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
    return Moved(after, as_plan_of(after, plan))


def as_plan_of(problem: Problem, plan: Plan) -> Plan:
    """The same routes as a plan of this problem."""
    return replace(plan, fingerprint=problem.fingerprint(), bound_ore=0)
