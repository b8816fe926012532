"""Four years of a DIS, call-off by call-off, for all runs and scenes at once.

Each month each category may be called off. The suppliers of the category who are still in, have goods left this year and feel
like it tender; their price is their cost of the day, a margin that shrinks with the rivals they expect, and the way to the kitchens.
The lowest price after the deduction for study visits wins, unless it is above what the municipality accepts. Who has lost too
many times in a row gives up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from market.followup.simulation.draws import Assumptions, Bools, Floats, Market
from market.followup.simulation.parameters import CATEGORIES, MONTHS, SCENES, Handling, Size

Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What differs between the scenes, as [scene, run]: kronor a year for DIS, call-offs a month and category, and the rest."""

    volume: Floats
    rate: Floats
    answers: Floats
    delivery: Floats

    def value(self, spend: float) -> Floats:
        """What one call-off is worth at the wholesaler's price, of a category with this share of the spend."""
        worth: Floats = self.volume * np.float32(spend) / (12 * self.rate)
        return worth


def terms_of(assumed: Assumptions) -> Terms:
    sizes = [scene.size for scene in SCENES]
    volume = np.stack([assumed[f"budget_{size}"] * assumed["carve_out"] for size in sizes])
    more = [assumed["answers_more"] * (scene.handling is Handling.ELECTRONIC) for scene in SCENES]
    return Terms(
        volume=volume,
        rate=np.stack([np.minimum(assumed[f"calloffs_{size}"] / 12, 1) for size in sizes]),
        answers=np.minimum(assumed["answers"] + np.stack(more), 1),
        delivery=np.stack([_drops(assumed, size) for size in sizes]),
    )


def _drops(assumed: Assumptions, size: Size) -> Floats:
    """Kronor a year to bring one category to every kitchen."""
    cost: Floats = assumed["drop_cost"] * assumed["deliveries"] * assumed[f"points_{size}"]
    return cost


def _zeros(runs: int) -> Sums:
    return np.zeros((len(SCENES), runs))


@dataclass(slots=True, kw_only=True)
class Played:
    """What four years came to, as sums by [scene, run]; values in kronor at the wholesaler's price."""

    suppliers: int
    runs: int
    calloffs: Sums = field(init=False)
    tendered: Sums = field(init=False)
    competed: Sums = field(init=False)
    invited: Sums = field(init=False)
    tenders: Sums = field(init=False)
    wanted_value: Sums = field(init=False)
    awarded_value: Sums = field(init=False)
    paid: Sums = field(init=False)
    alone: Sums = field(init=False)
    covered: Sums = field(init=False)
    covered_first: Sums = field(init=False)
    supplier_months: Sums = field(init=False)
    never_won: Sums = field(init=False)
    left_first_year: Sums = field(init=False)
    left: Sums = field(init=False)

    def __post_init__(self) -> None:
        for name in self.__slots__[2:]:
            setattr(self, name, _zeros(self.runs))


@dataclass(slots=True, kw_only=True)
class State:
    """The suppliers as they are now, [scene, run, supplier]; `firsts` is where each scene's and run's suppliers begin, laid flat."""

    stays: Bools
    goods: Floats
    lost: Floats
    has_won: Bools
    firsts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The market with no more suppliers than take part, and what is the same at every call-off."""

    market: Market
    terms: Terms
    count: int
    is_in: Bools
    cost: Floats
    compared: Floats
    alone: Floats


def play(market: Market, terms: Terms, *, suppliers: int) -> Played:
    """The first so many suppliers of each run, in every scene."""
    runs = market.cost.shape[0]
    played = Played(suppliers=suppliers, runs=runs)
    state, seen = _start(runs, suppliers), _seen(market, terms, suppliers)
    for month in range(MONTHS):
        if month % 12 == 0:
            state.goods[:] = market.capacity[:, :suppliers]
        for number in range(len(CATEGORIES)):
            _call_off(seen, state, played, month=month, number=number)
        played.supplier_months += state.stays.sum(axis=-1)
        if month == 11:
            played.left_first_year += (~state.stays).sum(axis=-1)
    played.never_won += (~state.has_won).sum(axis=-1)
    played.left += (~state.stays).sum(axis=-1)
    return played


def _start(runs: int, suppliers: int) -> State:
    shape = (len(SCENES), runs, suppliers)
    return State(
        stays=np.ones(shape, dtype=bool),
        goods=np.zeros(shape, dtype=np.float32),
        lost=np.zeros(shape, dtype=np.float32),
        has_won=np.zeros(shape, dtype=bool),
        firsts=np.arange(len(SCENES) * runs) * suppliers,
    )


def _seen(market: Market, terms: Terms, count: int) -> Seen:
    assumed = market.assumptions
    return Seen(
        market=market,
        terms=terms,
        count=count,
        is_in=np.ascontiguousarray(market.is_in[:, :, :count]),
        cost=np.ascontiguousarray(market.cost[:, :count]),
        compared=1 - assumed["deduction"][:, None] * market.receives[:, :count],
        alone=assumed["alone_margin"],
    )


def _call_off(seen: Seen, state: State, played: Played, *, month: int, number: int) -> None:
    """One category in one month: who is invited, who tenders, who wins, and what it does to them."""
    category, step = CATEGORIES[number], month * len(CATEGORIES) + number
    terms, assumed = seen.terms, seen.market.assumptions
    reached = state.stays & seen.is_in[number]
    invited = reached.sum(axis=-1, dtype=np.float32)
    _cover(played, invited, is_first=month == 0)
    is_made = seen.market.wanted[step] < terms.rate
    value = terms.value(category.spend)
    in_season = month % 12 + 1 in category.season
    likely = terms.answers if in_season else terms.answers * assumed["off_season"]
    tenders = reached & (seen.market.answered[step][:, : seen.count] < (likely * is_made)[..., None])
    tenders &= state.goods >= value[..., None]
    number_of = tenders.sum(axis=-1, dtype=np.float32)
    way = terms.delivery / (terms.volume * np.float32(category.spend))
    cost = seen.cost * seen.market.noise[step][:, : seen.count]
    rivals = np.maximum(1 + (invited - 1) * likely, 1)
    price = cost * (1 + seen.alone / rivals)[..., None] + way[..., None]
    best = state.firsts + np.where(tenders, price * seen.compared, np.inf).argmin(axis=-1).ravel()
    best_price = price.ravel()[best].reshape(number_of.shape)
    is_awarded = (number_of > 0) & (best_price <= assumed["ceiling"])
    _count(played, is_made, invited, number_of)
    played.wanted_value += value * is_made
    won = value * is_awarded
    played.awarded_value += won
    played.paid += won * best_price
    mean_cost = (cost * tenders).sum(axis=-1) / np.maximum(number_of, 1)
    played.alone += won * (mean_cost * (1 + seen.alone) + way)
    _learn(state, tenders, best, won.ravel(), assumed["patience"])


def _cover(played: Played, invited: Floats, *, is_first: bool) -> None:
    has_some = invited > 0
    played.covered += has_some
    if is_first:
        played.covered_first += has_some


def _count(played: Played, is_made: Bools, invited: Floats, tenders: Floats) -> None:
    played.calloffs += is_made
    played.invited += invited * is_made
    played.tenders += tenders
    played.tendered += tenders > 0
    played.competed += tenders > 1


def _learn(state: State, tenders: Bools, best: NDArray[np.int64], won: Floats, patience: Floats) -> None:
    """The winner (who won something of value) has less left to sell; who has lost too often in a row tenders no more."""
    is_awarded = won > 0
    state.lost += tenders
    state.goods.ravel()[best] -= won
    state.lost.ravel()[best] *= ~is_awarded
    state.has_won.ravel()[best] |= is_awarded
    state.stays &= state.lost < patience[:, None]
