"""The stops and shipments of a week: opening hours, closed days, handling times, ways in and ways onward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from market.fleet.rules import OwnDelivery
from market.planning.days import days_in, earliest_day
from market.planning.inputs import Goods, Place, Terms, WeekInputs
from market.planning.naming import DAY_S, carried_on_from, driven_by_itself, shipment_of
from market.planning.rules import Leg
from market.values import Week
from routing.problem import Shipment, Stop, Temperature, Window

NEVER = Window(7 * DAY_S, 7 * DAY_S)
"""For a place that is closed all week: no hours would mean that it is always open."""


def stops_of(inputs: WeekInputs, *, homes: set[str]) -> Iterator[Stop]:
    """The sites, the kitchens, and the homes that are used."""
    for kind, places in (("site", inputs.sites), ("kitchen", inputs.kitchens)):
        for place in places:
            yield _stop(kind, place, inputs)
    for van in inputs.vans:
        if f"home:{van.id}" in homes:
            yield Stop(f"home:{van.id}", van.home_name, (), 0, van.lat, van.lon)


def _stop(kind: str, place: Place, inputs: WeekInputs) -> Stop:
    terms = _terms_at(place, inputs)
    stop_s = _stop_s(place, terms)
    return Stop(
        id=f"{kind}:{place.id}",
        name=place.name,
        windows=tuple(_windows(place, inputs.week, stop_s)),
        stop_s=stop_s,
        lat=place.lat,
        lon=place.lon,
        needs=place.needs,
        visit_ore=terms.visit_ore if kind == "kitchen" else 0,
        transfer_s=terms.transfer_s if kind == "kitchen" else 0,
    )


def _terms_at(place: Place, inputs: WeekInputs) -> Terms:
    """The kitchen's authority's; at a production site the planning authority's."""
    return inputs.terms_of(place.authority_id) if place.authority_id else inputs.own_terms


def _stop_s(place: Place, terms: Terms) -> int:
    return terms.stop_s if place.stop_s is None else place.stop_s


def _windows(place: Place, week: Week, stop_s: int) -> Iterator[Window]:
    """When work may start: from opening until a stop's time before closing, or at opening where that is shorter."""
    if not place.closed_on and not place.hours:
        return
    open_days = [day for day in week.days if not place.is_closed_on(day)]
    if not open_days:
        yield NEVER
    for day in open_days:
        midnight = _midnight(day, week)
        own = [hours for hours in place.hours if hours.weekday == day.isoweekday()]
        if not place.hours:
            yield Window(midnight, midnight + DAY_S - 1)
        for hours in own:
            last = max(hours.opens_s, hours.closes_s - stop_s)
            yield Window(midnight + hours.opens_s, midnight + last)


def shipments_of(inputs: WeekInputs) -> Iterator[Shipment]:
    """Each order's way in, and after it its way onward where it has one."""
    days, places = days_in(inputs), _places(inputs)
    for goods in inputs.goods:
        yield _way_in(goods, days[goods.order_id], inputs, places)
        if goods.onward_id is not None:
            yield _way_onward(goods, goods.onward_id, inputs, places)


Places = Mapping[str, Place]


def _places(inputs: WeekInputs) -> Places:
    sites = {f"site:{place.id}": place for place in inputs.sites}
    return sites | {f"kitchen:{place.id}": place for place in inputs.kitchens}


def _way_in(goods: Goods, day: date, inputs: WeekInputs, places: Places) -> Shipment:
    """Collected and delivered on the same day: the vehicle has no cold store to sleep in."""
    terms = inputs.terms_of(goods.authority_id)
    earliest = earliest_day(goods, terms)
    drives_itself = terms.own_delivery is OwnDelivery.ALWAYS
    return _shipment(
        goods,
        Leg.IN,
        ends=(f"site:{goods.site_id}", f"kitchen:{goods.kitchen_id}"),
        day=day,
        needs=(driven_by_itself(goods.producer_id),) if drives_itself else (),
        ready_s=0 if earliest is None or earliest <= day else _midnight(earliest, inputs.week),
        inputs=inputs,
        places=places,
    )


def _way_onward(goods: Goods, satellite_id: int, inputs: WeekInputs, places: Places) -> Shipment:
    """From the hub, once it has received the goods, on the day that the satellite asked for."""
    return _shipment(
        goods,
        Leg.ONWARD,
        ends=(f"kitchen:{goods.kitchen_id}", f"kitchen:{satellite_id}"),
        day=goods.day,
        needs=(carried_on_from(goods.kitchen_id),),
        ready_s=0,
        inputs=inputs,
        places=places,
    )


def _shipment(
    goods: Goods,
    leg: Leg,
    *,
    ends: tuple[str, str],
    day: date,
    needs: tuple[str, ...],
    ready_s: int,
    inputs: WeekInputs,
    places: Places,
) -> Shipment:
    midnight = _midnight(day, inputs.week)
    that_day = (Window(midnight, midnight + DAY_S - 1),)
    pickup, delivery = ends
    return Shipment(
        id=shipment_of(goods.order_id, leg),
        pickup=pickup,
        delivery=delivery,
        grams=goods.grams,
        crates=goods.crates,
        pickup_s=_handling_s(goods, places[pickup], inputs),
        delivery_s=_handling_s(goods, places[delivery], inputs),
        pickup_windows=that_day,
        delivery_windows=that_day,
        owner=str(goods.producer_id),
        pallets=goods.pallets,
        needs=needs,
        temperature=Temperature(goods.temperature.value),
        ready_s=ready_s,
        after=(shipment_of(goods.order_id),) if leg is Leg.ONWARD else (),
    )


def _handling_s(goods: Goods, place: Place, inputs: WeekInputs) -> int:
    own = place.seconds_per_crate
    return goods.crates * (_terms_at(place, inputs).seconds_per_crate if own is None else own)


def _midnight(day: date, week: Week) -> int:
    return (day - week.monday).days * DAY_S
