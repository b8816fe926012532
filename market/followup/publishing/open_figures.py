"""The figures of a year that an authority may let everyone read: by month, by category, for the year; what must stay inside is left out.

Months are let out as they end. The year, and each category's year, come when the year is over, so that no day's answer less
the day before's tells of a single delivery. Shares are whole per cent, and each is let out only where those who make it up, and
those who make up the rest, could not be told apart from what else is out: see privacy. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from itertools import groupby
from types import MappingProxyType

from market.followup.figures import ADDED, FIGURES, PER_CENT, Sums, ratio
from market.followup.publishing.privacy import Cell, Ledger
from market.followup.rules import MONTHS_A_YEAR

Place = tuple[int, str]
Classes = tuple[Callable[[Sums], int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one producer delivered of a category in a month."""

    month: int
    category_key: str
    producer_id: int
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How figures divide what was delivered: into `classes`; they need the sums of the first `shown` of them, each and together."""

    key: str
    classes: Classes
    shown: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFigure:
    """`split` none: of everything delivered. `digits`: decimals."""

    key: str
    split: str | None
    digits: int
    of: Callable[[Sums], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """A month, a category's year, or the whole year (neither). Protected as a whole, or in the figures whose keys are named."""

    year: int
    month: int | None = None
    category_key: str | None = None
    is_protected: bool = False
    ore: int = 0
    grams: int = 0
    suppliers: int = 0
    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()


def _split(key: str, part: str, whole: str) -> Split:
    return Split(
        key=key, classes=(lambda s: getattr(s, part), lambda s: getattr(s, whole) - getattr(s, part))
    )


SPLITS: Mapping[str, Split] = MappingProxyType(
    {
        split.key: split
        for split in (
            _split("local", "local_ore", "ore"),
            _split("uncertain", "uncertain_ore", "ore"),
            _split("organic", "organic_ore", "ore"),
            _split("krav", "krav_ore", "ore"),
            _split("dis", "dis_ore", "ore"),
            _split("surplus", "surplus_ore", "ore"),
            _split("listed", "listed_ore", "ore"),
            _split("deviating", "deviations", "lines"),
            Split(
                key="small",
                classes=(
                    lambda s: s.small_ore,
                    lambda s: s.sized_ore - s.small_ore,
                    lambda s: s.ore - s.sized_ore,
                ),
                shown=2,
            ),
        )
    }
)


def _figure(key: str, split: str | None, digits: int = 0) -> OpenFigure:
    return OpenFigure(key=key, split=split, digits=digits, of=FIGURES[key].of)


def _of_spend(key: str, split: str, part: str) -> OpenFigure:
    return OpenFigure(
        key=key, split=split, digits=0, of=lambda s: ratio(getattr(s, part), s.ore, times=PER_CENT)
    )


OPEN_FIGURES = (
    _figure("share_local", "local"),
    _figure("share_local_weight", "local"),
    _figure("share_uncertain", "uncertain"),
    _figure("share_organic", "organic"),
    _figure("share_organic_weight", "organic"),
    _figure("share_krav", "krav"),
    _of_spend("share_dis", "dis", "dis_ore"),
    _of_spend("share_surplus", "surplus", "surplus_ore"),
    _figure("share_small", "small"),
    _figure("against_list", "listed", 1),
    _figure("deviations", "deviating", 1),
    _figure("lead_days", None, 1),
    _figure("food_km", None),
    _figure("co2e", None),
    _figure("co2e_per_kg", None),
)


def open_rows(parts: Sequence[Part], *, year: int, ended: Iterable[int], is_over: bool) -> list[OpenRow]:
    """One row for each month that has ended, for the year and for each of its categories once it is over."""
    months = [Key(month=month) for month in sorted(ended)]
    of_year = [Key(), *(Key(category_key=key) for key in sorted({part.category_key for part in parts}))]
    decided = Decisions(parts)
    steps = [months, of_year if is_over else []]
    for keys in steps:
        decided.take(keys)
    return [decided.row(key, year) for keys in steps for key in keys]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a row is of: a month as year * 100 + month, or a category, or all."""

    month: int | None = None
    category_key: str | None = None

    def holds(self, part: Part) -> bool:
        return self.month in (None, part.month) and self.category_key in (None, part.category_key)


class Decisions:
    """What has been let out so far, and what not: each split keeps its own books, and what is of everything must pass in all."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.books = {split.key: _Book(split, parts) for split in SPLITS.values()}
        self.whole: dict[Key, bool] = {}
        self.split: dict[tuple[Key, str], bool] = {}

    def take(self, keys: Iterable[Key]) -> None:
        """First the amounts, then the shares of those that may be told."""
        keys = list(keys)
        for key in keys:
            self.whole[key] = all(book.admits_all(key) for book in self.books.values())
        for key in keys:
            for split in SPLITS.values():
                self.split[key, split.key] = self.whole[key] and self.books[split.key].admits_shown(key)

    def row(self, key: Key, year: int) -> OpenRow:
        month = None if key.month is None else key.month % MONTHS_A_YEAR
        if not self.whole[key]:
            return OpenRow(year=year, month=month, category_key=key.category_key, is_protected=True)
        own = [part for part in self.parts if key.holds(part)]
        sums = added(part.sums for part in own)
        hidden = {one.key for one in OPEN_FIGURES if one.split is not None and not self.split[key, one.split]}
        return OpenRow(
            year=year,
            month=month,
            category_key=key.category_key,
            ore=sums.ore,
            grams=sums.grams,
            suppliers=len({part.producer_id for part in own}),
            values={one.key: rounded(one, sums) for one in OPEN_FIGURES if one.key not in hidden},
            protected=frozenset(hidden),
        )


class _Book:
    """One split's pieces: a month's of a category in a class, with those who delivered it."""

    def __init__(self, split: Split, parts: Sequence[Part]) -> None:
        self.split = split
        found = {
            (number, place): who
            for number, count in enumerate(split.classes)
            for place, who in _suppliers(parts, count)
            if who
        }
        self.places = list(found)
        self.ledger = Ledger(tuple(found.values()))

    def admits_all(self, key: Key) -> bool:
        return self.ledger.admits(self._cell(key, len(self.split.classes)))

    def admits_shown(self, key: Key) -> bool:
        return all(self.ledger.admits(self._cell(key, n)) for n in range(self.split.shown, 0, -1))

    def _cell(self, key: Key, classes: int) -> Cell:
        return frozenset(
            number
            for number, (of, (month, category_key)) in enumerate(self.places)
            if of < classes and key.month in (None, month) and key.category_key in (None, category_key)
        )


def _suppliers(parts: Sequence[Part], count: Callable[[Sums], int]) -> Iterator[tuple[Place, frozenset[int]]]:
    def place(part: Part) -> Place:
        return part.month, part.category_key

    for key, own in groupby(sorted(parts, key=place), key=place):
        yield key, frozenset(part.producer_id for part in own if count(part.sums))


def added(sums: Iterable[Sums]) -> Sums:
    """Column by column. What does not add up, the number of suppliers, is nought in parts."""
    return reduce(_plus, sums, Sums())


def _plus(one: Sums, other: Sums) -> Sums:
    return Sums(**{name: getattr(one, name) + getattr(other, name) for name in ADDED})


def rounded(figure: OpenFigure, sums: Sums) -> Decimal | None:
    value = figure.of(sums)
    return (
        None if value is None else value.quantize(Decimal(1).scaleb(-figure.digits), rounding=ROUND_HALF_UP)
    )
