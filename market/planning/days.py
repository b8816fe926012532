"""Which day goods reach the receiving kitchen, and which day they are there at the earliest. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from market.planning.inputs import Goods, Place, Terms, WeekInputs


def earliest_day(goods: Goods, terms: Terms) -> date | None:
    """Not before the order's lead time has passed; None is no such bound."""
    if goods.placed_on is None or not terms.lead_days:
        return None
    return goods.placed_on + timedelta(days=terms.lead_days)


def days_in(inputs: WeekInputs) -> Mapping[int, date]:
    """By order id, the day on which the goods are collected and reach the receiving kitchen.

    It is the day that the kitchen asked for, unless all of a week's goods are gathered on an earlier day, or the producer is closed
    that day and chooses when goods are collected: then the latest day before it, so that goods lie as short a time as can be.
    """
    sites = {place.id: place for place in inputs.sites}
    kitchens = {place.id: place for place in inputs.kitchens}
    return {
        goods.order_id: _day_in(goods, sites[goods.site_id], kitchens[goods.kitchen_id], inputs)
        for goods in inputs.goods
    }


def _day_in(goods: Goods, site: Place, kitchen: Place, inputs: WeekInputs) -> date:
    terms = inputs.terms_of(goods.authority_id)
    earlier = [
        day
        for day in _before(goods, terms, inputs)
        if not site.is_closed_on(day) and not kitchen.is_closed_on(day)
    ]
    gathered = [day for day in earlier if day.isoweekday() == terms.gather_weekday]
    if gathered:
        return gathered[0]
    if terms.producers_choose_times and site.is_closed_on(goods.day) and earlier:
        return earlier[-1]
    return goods.day


def _before(goods: Goods, terms: Terms, inputs: WeekInputs) -> Iterator[date]:
    """The days of the week before the wanted one on which the goods can be had, in order."""
    bounds = (inputs.first_day, goods.available_from, earliest_day(goods, terms))
    first = max((bound for bound in bounds if bound is not None), default=inputs.week.monday)
    return (day for day in inputs.week.days if first <= day < goods.day)
