"""The figures of a year that an authority may let everyone read: by month, category and procedure, for the year; what must stay inside is left out.

Months are let out as they end. The year, and each category's and procedure's year, come when the year is over, so that no day's answer
less the day before's tells of a single delivery. Shares are whole per cent, and each is let out only where those who make it up, and
those who make up the rest, could not be told apart from what else is out: see privacy. Pure.

Only who brought something protects others: a supplier all of whose goods were sent back stands behind no krona and no kilo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from types import MappingProxyType

from market.followup.figures import ADDED, FIGURES, PER_CENT, Sums, ratio
from market.followup.publishing.privacy import Cell, Ledger, let_out
from market.followup.rules import MONTHS_A_YEAR, Route

Place = tuple[int, str, Route]
EVERY_COLUMN = attrgetter(*ADDED)
Classes = tuple[Callable[[Sums], int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one producer delivered of a category in a month by a procedure."""

    month: int
    category_key: str
    producer_id: int
    route: Route
    sums: Sums

    @property
    def place(self) -> Place:
        return self.month, self.category_key, self.route

    @property
    def brought(self) -> bool:
        """Something was accepted; it may have been free of charge."""
        return bool(self.sums.ore or self.sums.grams)


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
    """A month, a category's or a procedure's year, or the whole year (none of them). Protected as a whole, or in the figures whose keys are named."""

    year: int
    month: int | None = None
    category_key: str | None = None
    route: Route | None = None
    is_protected: bool = False
    ore: int = 0
    grams: int = 0
    suppliers: int = 0
    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()

    @property
    def is_whole_year(self) -> bool:
        return self.month is None and self.category_key is None and self.route is None


def _split(key: str, part: str, whole: str) -> Split:
    return Split(
        key=key, classes=(lambda s: getattr(s, part), lambda s: getattr(s, whole) - getattr(s, part))
    )


SPLITS: Mapping[str, Split] = MappingProxyType(
    {
        split.key: split
        for split in (
            _split("local", "local_ore", "ore"),
            _split("local_weight", "local_grams", "grams"),
            _split("uncertain", "uncertain_ore", "ore"),
            _split("organic", "organic_ore", "ore"),
            _split("organic_weight", "organic_grams", "grams"),
            _split("krav", "krav_ore", "ore"),
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


EVERYTHING = tuple(
    Split(key="", classes=(count,)) for count in (lambda s: s.ore, lambda s: s.grams, lambda s: s.lines)
)
"""No sum of money, no weight and no mean of lines may stand for fewer than three suppliers."""
BY_ROUTE = "route"
"""The split of what was delivered by procedure: it cuts the pieces of all other splits."""


def _divides(split: Split, parts: Sequence[Part]) -> bool:
    """Whether some of what was delivered is in one class and some in another."""
    return sum(any(count(part.sums) for part in parts) for count in split.classes) > 1


def _figure(key: str, split: str | None, digits: int = 0) -> OpenFigure:
    return OpenFigure(key=key, split=split, digits=digits, of=FIGURES[key].of)


def _of_spend(key: str, split: str, part: str) -> OpenFigure:
    return OpenFigure(
        key=key, split=split, digits=0, of=lambda s: ratio(getattr(s, part), s.ore, times=PER_CENT)
    )


OPEN_FIGURES = (
    _figure("share_local", "local"),
    _figure("share_local_weight", "local_weight"),
    _figure("share_uncertain", "uncertain"),
    _figure("share_organic", "organic"),
    _figure("share_organic_weight", "organic_weight"),
    _figure("share_krav", "krav"),
    _of_spend("share_dis", BY_ROUTE, "dis_ore"),
    _of_spend("share_surplus", "surplus", "surplus_ore"),
    _figure("share_small", "small"),
    _figure("against_list", "listed", 1),
    _figure("deviations", "deviating", 1),
    _figure("lead_days", None, 1),
    _figure("food_km", None),
    _figure("co2e", None),
    _figure("co2e_per_kg", None),
)


def open_rows(parts: Iterable[Part], *, year: int, ended: Iterable[int], is_over: bool) -> list[OpenRow]:
    """One row for each month that has ended, for the year and for each of its categories and procedures once it is over.

    A month that has not ended tells nothing, also not by how others are protected.
    """
    months = sorted(ended)
    own = [part for part in parts if part.month in months]
    decided = Decisions(own)
    steps = [[Key(month=month) for month in months]]
    if is_over:
        kinds = [Key(category_key=key) for key in sorted({part.category_key for part in own})]
        routes = [Key(route=route) for route in Route if any(part.route is route for part in own)]
        steps += [[Key(), *kinds], routes]
    for keys in steps:
        decided.take(keys)
    return [decided.row(key, year) for keys in steps for key in keys]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a row is of: a month as year * 100 + month, a category, a procedure, or all."""

    month: int | None = None
    category_key: str | None = None
    route: Route | None = None

    @property
    def place(self) -> tuple[int | None, str | None, Route | None]:
        return self.month, self.category_key, self.route

    def holds(self, part: Part) -> bool:
        return all(own in (None, of) for own, of in zip(self.place, part.place, strict=True))


class Decisions:
    """What has been let out so far, and what not: each split keeps its own books, and what is of everything must pass in all.

    So must what is told by procedure: it is exact, and cuts through every split.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        kept: dict[object, _Book] = {}
        splits = [split for split in SPLITS.values() if _divides(split, parts)]
        books = [_Book(split, parts) for split in (*EVERYTHING, *splits)]
        books = [kept.setdefault(book.mark, book) for book in books]  # the same pieces are the same book
        self.all = list(kept.values())
        self.books = {split.key: book for split, book in zip(splits, books[len(EVERYTHING) :], strict=True)}
        self.whole: dict[Key, bool] = {}
        self.split: dict[tuple[Key, str], bool] = {}

    def take(self, keys: Iterable[Key]) -> None:
        """First the amounts, then the shares of those that may be told."""
        keys = list(keys)
        self.whole |= self._let_out(keys)
        out = [key for key in keys if self.whole[key]]
        for split in SPLITS.values():
            book = self.books.get(split.key)  # all or nothing where it divides nothing
            shown = let_out([book.shown(key, split) for key in out]) if book else [True] * len(out)
            self._note(split.key, zip(out, shown, strict=True))
        by_route = self._let_out([replace(key, route=Route.DIS) for key in out if key.route is None])
        self._note(BY_ROUTE, ((key, by_route.get(replace(key, route=Route.DIS), True)) for key in out))

    def _let_out(self, keys: Sequence[Key]) -> dict[Key, bool]:
        """Which amounts may leave, asked in order."""
        return dict(zip(keys, let_out([[book.whole(key) for book in self.all] for key in keys]), strict=True))

    def _note(self, split: str, answers: Iterable[tuple[Key, bool]]) -> None:
        self.split |= {(key, split): is_out for key, is_out in answers}

    def row(self, key: Key, year: int) -> OpenRow:
        row = OpenRow(
            year=year,
            month=None if key.month is None else key.month % MONTHS_A_YEAR,
            category_key=key.category_key,
            route=key.route,
        )
        if not self.whole[key]:
            return replace(row, is_protected=True)
        own = [part for part in self.parts if key.holds(part)]
        sums = added(part.sums for part in own)
        hidden = {one.key for one in OPEN_FIGURES if one.split is not None and not self.split[key, one.split]}
        return replace(
            row,
            ore=sums.ore,
            grams=sums.grams,
            suppliers=len({part.producer_id for part in own if part.brought}),
            values={one.key: rounded(one, sums) for one in OPEN_FIGURES if one.key not in hidden},
            protected=frozenset(hidden),
        )


class _Book:
    """One split's pieces: what came of a category in a month by a procedure in a class, with those who brought it."""

    def __init__(self, split: Split, parts: Sequence[Part]) -> None:
        self.classes = len(split.classes)
        found: dict[tuple[int, Place], set[int]] = {}
        for number, count in enumerate(split.classes):
            for part in parts:
                if count(part.sums):
                    who = found.setdefault((number, part.place), set())
                    who.update({part.producer_id} if part.brought else ())
        self.places = list(found)
        pieces = tuple(frozenset(who) for who in found.values())
        self.mark = self.classes, tuple(self.places), pieces
        self.ledger = Ledger(pieces)
        self.numbers: dict[tuple[int, object], set[int]] = {}
        for number, (of, place) in enumerate(self.places):
            for mark in enumerate((*place, of)):
                self.numbers.setdefault(mark, set()).add(number)

    def whole(self, key: Key) -> tuple[Ledger, Cell]:
        return self.ledger, self._cell(key, self.classes)

    def shown(self, key: Key, split: Split) -> list[tuple[Ledger, Cell]]:
        return [(self.ledger, self._cell(key, count)) for count in range(split.shown, 0, -1)]

    def _cell(self, key: Key, classes: int) -> Cell:
        """The pieces of the first so many classes that a row holds."""
        of = set().union(*(self.numbers.get((len(key.place), number), set()) for number in range(classes)))
        wanted = [self.numbers.get(mark, set()) for mark in enumerate(key.place) if mark[1] is not None]
        return frozenset(of.intersection(*wanted))


def added(sums: Iterable[Sums]) -> Sums:
    """Column by column. What does not add up, the number of suppliers, is nought in parts."""
    columns = zip(*map(EVERY_COLUMN, sums), strict=True)
    return Sums(**{name: sum(column) for name, column in zip(ADDED, columns, strict=False)})


def rounded(figure: OpenFigure, sums: Sums) -> Decimal | None:
    value = figure.of(sums)
    return (
        None if value is None else value.quantize(Decimal(1).scaleb(-figure.digits), rounding=ROUND_HALF_UP)
    )
