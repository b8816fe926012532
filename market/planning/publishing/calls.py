"""From a stored plan to the calls of its producers, kitchens and drivers. Makes no query of its own where the plan is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType

from market.planning.models import Run, RunLoad, RunStop, WeekPlan
from market.planning.publishing.replacing import RunKey, key_of
from market.planning.publishing.rules import Call, Line, Party, PartyKind
from market.planning.rules import Leg, LoadKind

NOBODY: Mapping[RunKey, int] = MappingProxyType({})


def calls_of(plan: WeekPlan, *, drivers: Mapping[RunKey, int] = NOBODY) -> tuple[Call, ...]:
    """Everyone's part of the plan, in the order of its runs. `drivers` drive in place of those named in it."""
    onward = {(load.order_id, stop.kitchen_id) for _, stop, load in _loads(plan) if _takes_on(load)}
    seen: Counter[tuple[Party, int, LoadKind, Leg]] = Counter()
    calls = []
    for run, stop, load in _loads(plan):
        driver_id = drivers.get(key_of(run), run.driver_id)
        for party in _parties(stop, load, onward, driver_id):
            key = (party, load.order_id, load.kind, load.leg)
            seen[key] += 1
            calls.append(_call(run, stop, load, party=party, number=seen[key]))
    return tuple(calls)


def _loads(plan: WeekPlan) -> Iterator[tuple[Run, RunStop, RunLoad]]:
    for run in plan.runs:
        for stop in run.stops:
            for load in stop.loads:
                yield run, stop, load


def _takes_on(load: RunLoad) -> bool:
    """Whether it is goods that have come so far already: from a hub, or from where a vehicle stands."""
    return load.kind is LoadKind.PICKUP and load.leg is not Leg.IN


def _parties(
    stop: RunStop, load: RunLoad, onward: Container[tuple[int, int | None]], driver_id: int | None
) -> Iterator[Party]:
    if stop.kitchen_id is not None:
        yield Party(kind=PartyKind.KITCHEN, id=stop.kitchen_id)
        if waits_at_hub(stop, load, onward):
            yield Party(kind=PartyKind.KITCHEN, id=load.order.kitchen_id)
    elif stop.site is not None:
        handed = load.kind is LoadKind.DELIVERY or load.leg is Leg.RELAY
        yield Party(kind=PartyKind.PRODUCER, id=stop.site.producer_id if handed else load.order.producer_id)
    if driver_id is not None:
        yield Party(kind=PartyKind.DRIVER, id=driver_id)


def waits_at_hub(stop: RunStop, load: RunLoad, onward: Container[tuple[int, int | None]]) -> bool:
    """Whether another kitchen's goods come here and no run of the plan takes them on (`onward`: orders and whence one does)."""
    elsewhere = load.order.kitchen_id != stop.kitchen_id
    return load.kind is LoadKind.DELIVERY and elsewhere and (load.order_id, stop.kitchen_id) not in onward


def _call(run: Run, stop: RunStop, load: RunLoad, *, party: Party, number: int) -> Call:
    order = load.order
    return Call(
        party=party,
        order_id=load.order_id,
        kind=load.kind,
        leg=load.leg,
        number=number,
        at=stop.starts_at,
        place=f"kitchen:{stop.kitchen_id}" if stop.kitchen_id else f"site:{stop.site_id}",
        place_name=_place_name(stop),
        other=order.kitchen.name if load.kind is LoadKind.PICKUP else order.producer.name,
        vehicle_id=run.vehicle_id,
        vehicle=run.vehicle.name,
        grams=load.grams,
        lines=tuple(
            Line(product=line.product_name, steps=line.quantity.steps, unit=line.quantity.unit.value)
            for line in order.lines
        ),
    )


def _place_name(stop: RunStop) -> str:
    """The kitchen, or the producer's site."""
    if stop.kitchen is not None:
        return stop.kitchen.name
    return stop.site.name if stop.site is not None else ""
