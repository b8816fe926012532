"""Why a shipment was left out of a plan, and the smallest change that would let the plan take it in.

Everything else in the plan stays where it is: the shipment is put into each route, at every place there is for it,
while one rule after another gives way. A rule that alone makes room is a binding one, and bisection finds how little
of it is enough. Where no rule alone does, all give way at once and are put back one by one: those that cannot be put
back are a smallest set that binds together.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from routing.balancing import Whole
from routing.carrying import may_carry
from routing.changes import Change, Kind
from routing.handover import orphans, separated_by
from routing.insertion import Order, cheapest, metres_of, orders_with, trip_of
from routing.plan import Plan
from routing.problem import Problem, Shipment
from routing.relaxing import Case, Relaxation, relaxations
from routing.schedule import schedule
from routing.trips import Trip, Turn, places_of, tasks_of, turns_of

MOST_TURNS = 12
MOST_ORDERS = 100
"""So many turns, and orders in each, are looked at: those that lengthen the route least."""

KINDS = tuple(Kind)

FITS = "fits_as_it_is"
PRICE = "dearer_than_skipping"
WAITS = "waits_for_another"
NOTHING_HELPS = "nothing_helps"


@dataclass(frozen=True, slots=True)
class Option:
    """Changes that together let this turn take the shipment, and what its route, and the plan as a whole, then cost more."""

    changes: tuple[Change, ...]
    vehicle: str
    shift: int
    price_ore: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What binds an unserved shipment, and the ways out, the cheapest first.

    ``code``: the kind of the first option's change (``changes.Kind``), several joined by "+"; or fits_as_it_is (a
    longer search would have found room), dearer_than_skipping (there is room, at more than its price),
    waits_for_another (what it waits for is left out: see that one), or nothing_helps (no change that is known here would do; see the plan's own reason).
    """

    shipment: str
    code: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    """One turn with every order of its work and the shipment's, split by what hinders each order."""

    case: Case
    whole: Whole
    before_ore: int
    free: tuple[Order, ...]
    in_time: tuple[Order, ...]
    loadable: tuple[Order, ...]
    every: tuple[Order, ...]


def explain(
    problem: Problem,
    plan: Plan,
    *,
    only: Collection[str] | None = None,
    most_turns: int = MOST_TURNS,
    most_orders: int = MOST_ORDERS,
) -> tuple[Explanation, ...]:
    """One explanation for each shipment (ids; None: all) that the plan left out, in the plan's order.

    Looking at fewer turns and orders takes less time and may miss a way out.
    """
    size = (most_turns, most_orders)
    names = [entry.shipment for entry in plan.unserved if only is None or entry.shipment in only]
    whole = Whole(problem, plan.routes)
    return tuple(_explained(problem, plan, name, whole, size) for name in names)


def _explained(problem: Problem, plan: Plan, name: str, whole: Whole, size: tuple[int, int]) -> Explanation:
    """Goods that wait for others left out cannot be helped by any change to themselves."""
    if name in orphans(problem, plan.served | {name}):
        return Explanation(name, WAITS, ())
    around = separated_by(problem, plan.routes, shipment=name)
    shipment = next(entry for entry in around.shipments if entry.id == name)
    return _explanation(shipment, tuple(_trials(around, shipment, plan, whole, size)))


def _explanation(shipment: Shipment, trials: tuple[_Trial, ...]) -> Explanation:
    as_it_is = _cheapest_of(
        option for trial in trials if trial.free for option in _priced(trial, (), trial.free)
    )
    if as_it_is:
        return _about_price(shipment, as_it_is[0])
    options = _cheapest_of(option for trial in trials for option in _alone(trial))
    options = options or _cheapest_of(option for trial in trials for option in _together(trial))
    code = "+".join(change.kind for change in options[0].changes) if options else NOTHING_HELPS
    return Explanation(shipment.id, code, options)


def _about_price(shipment: Shipment, option: Option) -> Explanation:
    """There is room: then only its price, or a search that ended too soon, left it out."""
    missing_ore = 0 if shipment.skip_ore is None else option.price_ore - shipment.skip_ore + 1
    if missing_ore <= 0 or shipment.skip_ore is None:
        return Explanation(shipment.id, FITS, (option,))
    dearer = Change(Kind.PRICE, shipment.id, missing_ore)
    return Explanation(
        shipment.id, PRICE, (Option((dearer,), option.vehicle, option.shift, option.price_ore),)
    )


def _cheapest_of(options: Iterable[Option]) -> tuple[Option, ...]:
    """For each kind of change the option that changes least, then costs least; those in order of price."""
    best: dict[tuple[Kind, ...], Option] = {}
    for option in options:
        kinds = tuple(change.kind for change in option.changes)
        if kinds not in best or _size(option) < _size(best[kinds]):
            best[kinds] = option
    return tuple(sorted(best.values(), key=_rank))


def _rank(option: Option) -> tuple[int, ...]:
    """Few changes first, then cheap ones, then those that are easier to make: the order of the kinds."""
    ease = tuple(KINDS.index(change.kind) for change in option.changes)
    return (len(option.changes), option.price_ore, *ease)


def _size(option: Option) -> tuple[int, ...]:
    return (*(change.amount for change in option.changes), option.price_ore)


# -- what there is to try ---------------------------------------------------------------------------------


def _trials(
    problem: Problem, shipment: Shipment, plan: Plan, whole: Whole, size: tuple[int, int]
) -> Iterator[_Trial]:
    """The turns that would go least out of their way, each with its best orders; ``size``: how many of both."""
    driven = {(route.vehicle, route.shift): route for route in plan.routes}
    places = places_of(problem)
    found: list[tuple[int, int, Turn, tuple[Order, ...]]] = []
    for number, turn in enumerate(turns_of(problem)):
        route = driven.get(turn.key)
        tasks = trip_of(route, problem).tasks if route else ()
        known = metres_of(turn, tasks, places) if route else 0
        lengths = [
            (metres_of(turn, order, places), order)
            for order in orders_with(tasks, tasks_of(shipment, places))
        ]
        lengths.sort(key=lambda pair: pair[0])
        orders = tuple(order for _, order in lengths[: size[1]])
        found.append((lengths[0][0] - known, number, turn, orders))
    for _, _, turn, orders in sorted(found, key=lambda entry: entry[:2])[: size[0]]:
        before = driven[turn.key].cost_ore if turn.key in driven else 0
        yield _trial(Case.of(problem, shipment, turn, places), whole, before, orders)


def _trial(case: Case, whole: Whole, before_ore: int, orders: tuple[Order, ...]) -> _Trial:
    """Sorts the orders once, so that each relaxation only tries those that it alone can mend."""
    verdicts = [
        (may_carry(Trip(case.turn, order), case.places), case.is_in_time(order), order) for order in orders
    ]
    return _Trial(
        case,
        whole,
        before_ore,
        free=tuple(order for loads, in_time, order in verdicts if loads and in_time),
        in_time=tuple(order for loads, in_time, order in verdicts if in_time and not loads),
        loadable=tuple(order for loads, in_time, order in verdicts if loads and not in_time),
        every=orders,
    )


# -- rules that give way ------------------------------------------------------------------------------------


def _alone(trial: _Trial) -> Iterator[Option]:
    """Options of one change each."""
    for relaxation in relaxations(trial.case):
        orders = trial.loadable if relaxation.is_about_time else trial.in_time
        case = relaxation.at_most(trial.case)
        left = _possible(case, orders)
        if left:
            change, left = _least(trial.case, relaxation, left)
            yield from _priced(trial, (change,), left)


def _together(trial: _Trial) -> Iterator[Option]:
    """One option of several changes, none of which could be spared."""
    needed = list(relaxations(trial.case))
    left = _possible(_all_given(trial.case, needed), trial.every)
    if not left:
        return
    for relaxation in tuple(reversed(needed)):
        others = [other for other in needed if other is not relaxation]
        still = _possible(_all_given(trial.case, others), left)
        if still:
            needed, left = others, still
    changes: list[Change] = []
    for number, relaxation in enumerate(needed, start=1):
        case = _all_given(trial.case.after(changes), needed[number:])
        change, left = _least(case, relaxation, left)
        changes.append(change)
    yield from _priced(trial, tuple(changes), left)


def _all_given(case: Case, given: Iterable[Relaxation]) -> Case:
    for relaxation in given:
        case = relaxation.at_most(case)
    return case


def _least(case: Case, relaxation: Relaxation, orders: tuple[Order, ...]) -> tuple[Change, tuple[Order, ...]]:
    """The smallest amount, in the relaxation's steps, that leaves some order possible; and those orders."""
    too_little, enough = 0, relaxation.steps
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        left = _possible(case.after([relaxation.change(middle)]), orders)
        if left:
            enough, orders = middle, left
        else:
            too_little = middle
    return relaxation.change(enough), orders


def _possible(case: Case, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    return tuple(order for order in orders if schedule(Trip(case.turn, case.own(order)), places=case.places))


def _priced(trial: _Trial, changes: tuple[Change, ...], orders: tuple[Order, ...]) -> Iterator[Option]:
    case = trial.case.after(changes)
    route = cheapest(case.turn, (case.own(order) for order in orders), case.places, whole=trial.whole)
    if route is not None:
        added = route.cost_ore - trial.before_ore + trial.whole.added_ore(case.turn.vehicle, route)
        yield Option(changes, route.vehicle, route.shift, added)
