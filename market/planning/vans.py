"""The vehicles of a week: a shift on each day in service that has something to carry, what they hold, and what they may carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from market.planning import rules
from market.planning.inputs import Part, Van, WeekInputs
from market.planning.naming import DAY_S, carried_on_from, driven_by_itself
from market.values import Week
from routing.balance import NO_BALANCE, Balance, Guarantee
from routing.problem import Compartment, Temperature, Vehicle, Weights, Window


def vehicles_of(inputs: WeekInputs, *, days: Iterable[date]) -> Iterator[Vehicle]:
    """Those that work on any of the days."""
    for van in inputs.vans:
        shifts = tuple(_shift(van, day, inputs.week) for day in sorted(days) if van.is_at_work(day))
        if shifts:
            yield _vehicle(van, shifts, inputs)


def _shift(van: Van, day: date, week: Week) -> Window:
    midnight = (day - week.monday).days * DAY_S
    return Window(midnight + van.shift_starts_s, midnight + van.shift_ends_s)


def _vehicle(van: Van, shifts: tuple[Window, ...], inputs: WeekInputs) -> Vehicle:
    """Overtime costs at least an hour's price: it is the whole price of such an hour."""
    return Vehicle(
        id=str(van.id),
        name=van.name,
        owner=van.owner,
        start=f"home:{van.id}",
        end=f"home:{van.id}" if van.returns_home else None,
        capacity_grams=van.capacity_grams,
        capacity_crates=van.capacity_crates,
        shifts=shifts,
        fixed_ore_per_shift=van.fixed_ore_per_shift,
        ore_per_km=van.ore_per_km,
        ore_per_hour=van.ore_per_hour,
        co2e_g_per_km=van.co2e_g_per_km,
        max_drive_s=rules.MAX_DRIVE_S,
        capacity_pallets=van.capacity_pallets,
        skills=tuple(_skills(van)),
        forbidden_stops=() if van.collects else tuple(f"site:{place.id}" for place in inputs.sites),
        carries_for=tuple(str(producer_id) for producer_id in van.carries_for),
        compartments=tuple(_compartment(part) for part in van.parts),
        overtime_s=van.overtime_s,
        overtime_ore_per_hour=max(van.overtime_ore_per_hour, van.ore_per_hour) if van.overtime_s else 0,
    )


def _skills(van: Van) -> Iterator[str]:
    yield from van.skills
    if van.producer_id is not None:
        yield driven_by_itself(van.producer_id)
    yield from (carried_on_from(hub_id) for hub_id in van.hub_ids)


def _compartment(part: Part) -> Compartment:
    return Compartment(
        admits=tuple(Temperature(temperature.value) for temperature in part.temperatures),
        capacity_grams=part.capacity_grams,
        capacity_crates=part.capacity_crates,
        capacity_pallets=part.capacity_pallets,
    )


def is_free(vehicle: Vehicle) -> bool:
    """Whether the municipality pays nothing for it: the transport is paid with the goods."""
    return not (vehicle.fixed_ore_per_shift or vehicle.ore_per_km or vehicle.ore_per_hour)


def weights_of(inputs: WeekInputs, vehicles: Iterable[Vehicle]) -> Weights:
    """As the settings say; where some vehicle is free and nothing is set, driving weighs as if it were paid for, else any detour would do."""
    terms = inputs.own_terms
    told = (terms.hour_ore, terms.km_ore, terms.kg_co2e_ore)
    if not any(told) and any(is_free(vehicle) for vehicle in vehicles):
        return Weights(ore_per_hour=rules.UNPAID_HOUR_ORE, ore_per_km=rules.UNPAID_KM_ORE)
    return Weights(ore_per_hour=terms.hour_ore, ore_per_km=terms.km_ore, ore_per_kg_co2e=terms.kg_co2e_ore)


def balance_of(inputs: WeekInputs, vehicles: Iterable[Vehicle]) -> Balance:
    """What the plan as a whole costs. Raises SharesExceedAll. A carrier without a vehicle that week is promised nothing in it."""
    terms, owners = inputs.own_terms, {vehicle.owner for vehicle in vehicles}
    promised = [share for share in inputs.shares if share.owner in owners and share.percent]
    if sum(share.percent for share in promised) > rules.ALL_PERCENT:
        raise rules.SharesExceedAll
    guarantees = tuple(Guarantee(s.owner, s.percent, s.ore_per_kg) for s in promised)
    made = Balance(terms.peak_ore_per_hour, terms.new_face_ore, guarantees)
    return NO_BALANCE if made == NO_BALANCE else made
