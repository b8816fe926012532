"""Who orders what for which day, and how it went: drawn, but the same at every run.

Municipalities that plan together cook from one menu: a handful of offers a week, near ones first, of different
categories, that their kitchens share. That is what makes it worth while to carry for each other. Where the producers
drive themselves each comes on a day of its own; elsewhere a kitchen gets everything on one day of the week, as Tierp's
do, and a satellite's goods come on its hub's day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random

from geodata.distances import distance_m
from geodata.points import Point
from market.demo.authorities import AUTHORITIES
from market.demo.calendar import Calendar
from market.demo.farms import MEAT_FARM, VEGETABLE_GROWER
from market.demo.kitchens import KITCHENS, KitchenSpec
from market.demo.offers import OfferDraft
from market.demo.personas import HUB_KITCHEN, SCHOOL_KITCHEN
from market.demo.places import Place
from market.demo.receipts import Receipt, draw_receipt
from market.values import Quantity

REACH_M = 75_000
"""Farther away kitchens do not look."""
MENU = 5
"""How many offers a kitchen chooses from."""

WEEKLY: Mapping[str, tuple[int, int]] = {
    "2282": (3, 1),
    "2283": (3, 0),
    "2260": (3, 0),
    "0360": (2, 0),
    "0331": (1, 0),
    "0330": (1, 0),
    "0382": (1, 0),
    "0115": (3, 1),
    "0188": (4, 0),
}
"""How many orders a hub and a satellite place in the demo week, by municipality."""
PRODUCERS_OWN_DAY = frozenset({"0188"})
"""Where each producer has a day of its own, instead of each kitchen."""
STAYS_PROPOSED = 0.3
ORDERED_WITHIN_MINUTES = 120

HUBS_PER_DAY = 2
"""Two hubs that are listed one after the other, and lie on one way, share a day."""
PLANNED_BY = {spec.code: spec.planned_by or spec.code for spec in AUTHORITIES}

WISHES = frozenset(
    {
        (SCHOOL_KITCHEN, VEGETABLE_GROWER, "Morötter"),
        (SCHOOL_KITCHEN, VEGETABLE_GROWER, "Rödbetor"),
        ("Äldreboende i Norrtälje (demo)", VEGETABLE_GROWER, "Vitkål"),
        ("Skola i Örbyhus (demo)", MEAT_FARM, "Nötfärs"),
        ("Skola i Tierp (demo)", MEAT_FARM, "Grytbitar av nöt"),
    }
)
"""Orders that the personas' stories need: kitchen, farm and goods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order to place. `proposed_price` is set where the offer's price is by agreement; `receipt` once it has come."""

    number: int
    offer: OfferDraft
    kitchen: KitchenSpec
    quantity: Quantity
    deliver_on: date
    proposed_price: Decimal | None
    placed_at: datetime
    accepted_at: datetime | None
    received_at: datetime | None
    receipt: Receipt | None

    @property
    def request_key(self) -> str:
        return f"demo-order-{self.number}"


@dataclass(slots=True)
class OrderBook:
    """The orders so far, and what they leave of each offer. Offers are known by their number."""

    rng: Random
    calendar: Calendar
    offers: Sequence[OfferDraft]
    orders: list[OrderDraft] = field(default_factory=list)
    taken: Counter[int] = field(default_factory=Counter)
    menus: dict[tuple[str, int], list[OfferDraft]] = field(default_factory=dict)

    def order(self, kitchen: KitchenSpec, *, week: int, days: Sequence[date], orders: int) -> None:
        """Up to `orders` from the menu of `week`, wishes first; the next kitchen begins one further down."""
        menu = [offer for offer in self._menu(kitchen, week) if self._suits(offer, kitchen)][:MENU]
        first = _turn(kitchen) % max(len(menu), 1)
        chosen = sorted(menu[first:] + menu[:first], key=lambda offer: not _is_wish(kitchen, offer))
        for offer in chosen[:orders]:
            turn = menu.index(offer) if kitchen.code in PRODUCERS_OWN_DAY else _round(kitchen)
            self._take(offer, kitchen, days[turn % len(days)])

    def order_listed(self, kitchen: KitchenSpec, *, week: int, day: date) -> None:
        """One order at a listed price, so that it is agreed."""
        menu = self._menu(kitchen, week)
        listed = (o for o in menu if o.terms.price is not None and self._suits(o, kitchen))
        self._take(next(listed), kitchen, day)

    def _menu(self, kitchen: KitchenSpec, week: int) -> list[OfferDraft]:
        """All offers within reach of those who plan together, the most wanted first, categories taking turns."""
        key = (PLANNED_BY[kitchen.code], week)
        if key not in self.menus:
            self.menus[key] = _taking_turns(self._ranked(*key))
        return self.menus[key]

    def _ranked(self, group: str, week: int) -> list[OfferDraft]:
        """What the personas' stories need, then near before far with some chance in it."""
        centre = next(kitchen.place for kitchen in KITCHENS if kitchen.code == group)
        ranked = []
        for offer in (offer for offer in self.offers if offer.week == week):
            away = _apart_m(centre, offer.ware.farm.place)
            is_wanted = any(_is_wish(k, offer) for k in KITCHENS if PLANNED_BY[k.code] == group)
            score = 0.0 if is_wanted else away * self.rng.uniform(0.2, 1)
            if away <= REACH_M:
                ranked.append((score, offer.number, offer))
        return [offer for *_, offer in sorted(ranked, key=lambda entry: entry[:2])]

    def _suits(self, offer: OfferDraft, kitchen: KitchenSpec) -> bool:
        farm, goods = offer.ware.farm, offer.ware.goods
        left = offer.terms.quantity.steps - self.taken[offer.number]
        return farm.only_for in {None, kitchen.code} and left >= goods.ordered[0] * goods.package_size.steps

    def _take(self, offer: OfferDraft, kitchen: KitchenSpec, day: date) -> None:
        number, quantity = len(self.orders), self._amount(offer)
        minute = number % ORDERED_WITHIN_MINUTES
        has_come = day < self.calendar.latest_working_day
        is_answered = has_come or not self._stays_proposed(offer)
        self.taken[offer.number] += quantity.steps
        self.orders.append(
            OrderDraft(
                number=number,
                offer=offer,
                kitchen=kitchen,
                quantity=quantity,
                deliver_on=day,
                proposed_price=offer.ware.goods.price if offer.terms.price is None else None,
                placed_at=self._placed_at(offer, minute, is_answered=is_answered),
                accepted_at=self.calendar.answered_at(offer.week, minute) if is_answered else None,
                received_at=self.calendar.received_at(day, minute) if has_come else None,
                receipt=draw_receipt(number, quantity.steps, offer.ware.goods) if has_come else None,
            )
        )

    def _placed_at(self, offer: OfferDraft, minute: int, *, is_answered: bool) -> datetime:
        if is_answered or offer.terms.price is not None:
            return self.calendar.placed_at(offer.week, minute)
        return self.calendar.waiting_since(minute)

    def _amount(self, offer: OfferDraft) -> Quantity:
        """A usual order of these goods, or what is left: whole packages either way."""
        size = offer.ware.goods.package_size
        left = (offer.terms.quantity.steps - self.taken[offer.number]) // size.steps
        return Quantity(min(self.rng.randint(*offer.ware.goods.ordered), left) * size.steps, size.unit)

    def _stays_proposed(self, offer: OfferDraft) -> bool:
        """The persona among the growers answers for herself; of the others most have answered already."""
        return self.rng.random() < STAYS_PROPOSED or offer.ware.farm.title == VEGETABLE_GROWER


def draw_orders(rng: Random, *, calendar: Calendar, offers: Sequence[OfferDraft]) -> list[OrderDraft]:
    """Last week's, those waiting to be received, the demo week's, and the first of the week after."""
    book = OrderBook(rng=rng, calendar=calendar, offers=offers)
    today = calendar.latest_working_day
    this_week = 0 if today in calendar.week(0).period else -1
    for kitchen in (k for k in KITCHENS if k.name in {SCHOOL_KITCHEN, HUB_KITCHEN}):
        book.order_listed(kitchen, week=this_week, day=today)
    for week, days, share in (
        (-1, calendar.past_days(), 2),
        (0, calendar.coming_days(0), 1),
        (1, calendar.coming_days(1), 2),
    ):
        for kitchen in KITCHENS:
            book.order(kitchen, week=week, days=days, orders=_orders_of(kitchen) // share)
    return book.orders


def _orders_of(kitchen: KitchenSpec) -> int:
    of_hub, of_satellite = WEEKLY[kitchen.code]
    return of_hub if kitchen.hub is None else of_satellite


def _turn(kitchen: KitchenSpec) -> int:
    """Where the kitchen, or its hub, stands among the hubs of its municipality."""
    hubs = [k.name for k in KITCHENS if k.code == kitchen.code and k.hub is None]
    return hubs.index(kitchen.hub or kitchen.name)


def _round(kitchen: KitchenSpec) -> int:
    """The kitchen's place in the order of delivery days; municipalities begin on different days."""
    return _turn(kitchen) // HUBS_PER_DAY + list(PLANNED_BY).index(kitchen.code)


def _is_wish(kitchen: KitchenSpec, offer: OfferDraft) -> bool:
    return (kitchen.name, offer.ware.farm.title, offer.ware.goods.name) in WISHES


def _taking_turns(ranked: Sequence[OfferDraft]) -> list[OfferDraft]:
    """The best of each category, then the second best of each, and so on."""
    seen: Counter[str] = Counter()
    rounds = []
    for rank, offer in enumerate(ranked):
        category = offer.ware.goods.category
        rounds.append((seen[category], rank, offer))
        seen[category] += 1
    return [offer for *_, offer in sorted(rounds, key=lambda entry: entry[:2])]


def _apart_m(one: Place, other: Place) -> int:
    return distance_m(Point(lat=one.lat, lon=one.lon), Point(lat=other.lat, lon=other.lon))
