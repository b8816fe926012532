"""How purchases of one kind are counted against the direct-award limit: periods, states, the meter. Pure.

The value of recurring purchases of the same kind is counted over a year (LOU 5 kap. 11 §): the authority's financial
year, or the twelve months around the day. It must stay under the limit (19 a kap. 2 §).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from market.values import Money, Named, Period, Refused, msg

PACE_WEEKS = 8
"""The forecast goes on as the last eight weeks went."""
LONGEST_LIFT_DAYS = 62
"""A lift of the block is an exception: it ends within two months, and is decided anew if it must go on."""
SHORTEST_REASON = 20


class PeriodKind(StrEnum):
    """Year: from the first of a month. Rolling: the twelve months around the day of the purchase."""

    YEAR = "year"
    ROLLING = "rolling"


class EntryState(StrEnum):
    COMMITTED = "committed"
    DELIVERED = "delivered"
    RELEASED = "released"


class EntryEvent(StrEnum):
    COMMIT = "commit"
    RECORD = "record"
    SETTLE = "settle"
    RELEASE = "release"


TRANSITIONS: Mapping[tuple[EntryState | None, EntryEvent], EntryState] = MappingProxyType(
    {
        (None, EntryEvent.COMMIT): EntryState.COMMITTED,
        (None, EntryEvent.RECORD): EntryState.DELIVERED,
        (EntryState.COMMITTED, EntryEvent.COMMIT): EntryState.COMMITTED,
        (EntryState.RELEASED, EntryEvent.COMMIT): EntryState.COMMITTED,
        (EntryState.COMMITTED, EntryEvent.SETTLE): EntryState.DELIVERED,
        (EntryState.DELIVERED, EntryEvent.SETTLE): EntryState.DELIVERED,
        (EntryState.COMMITTED, EntryEvent.RELEASE): EntryState.RELEASED,
        (EntryState.DELIVERED, EntryEvent.RELEASE): EntryState.RELEASED,
    }
)
COUNTED = frozenset({EntryState.COMMITTED, EntryState.DELIVERED})


class LiftGround(StrEnum):
    """Why a direct award may go on above the limit: the paragraphs of LOU 19 a kap. that allow it."""

    NO_SUITABLE_TENDERS = "no_suitable_tenders"  # 3 §
    UNACCEPTABLE_TENDERS = "unacceptable_tenders"  # 4 §
    URGENCY = "urgency"  # 5 § 1
    OTHER_EXCEPTION = "other_exception"  # 5 § 2-3
    REVIEW = "review"  # 6 §
    NOT_SAME_KIND = "not_same_kind"  # 5 kap. 4 and 11 §§: what was counted here is not one value


class LimitReached(Refused):
    message = msg(
        "Köpet ryms inte. %(kind)s: %(spent)s av %(limit)s är upptaget, och det här köpet är på %(wanted)s. Summan måste "
        "hållas under direktupphandlingsgränsen. Kvar att köpa för: högst %(room)s. Beställ mindre, eller be "
        "upphandlaren om hjälp: hen kan häva spärren med ett skäl, eller annonsera köpet. Att dela upp köpet för att "
        "komma under gränsen är inte tillåtet (LOU 5 kap. 7 a §)."
    )


class NotPossibleNow(Refused):
    message = msg("Det går inte längre: raden har ändrats sedan sidan visades. Ladda om och se hur den står.")


class LiftReasonNeeded(Refused):
    message = msg("Skriv skälet så att det går att förstå i efterhand: minst 20 tecken.")


class LiftTooLong(Refused):
    message = msg("En hävning gäller högst %(days)s dagar, räknat från i dag. Välj en tidigare sista dag.")


class LiftInThePast(Refused):
    message = msg("Sista dagen har redan varit. Välj i dag eller senare.")


class LiftTooLarge(Refused):
    message = msg(
        "Så mycket kan inte hävas. Högst %(most)s, så att köpen tillsammans inte når tröskelvärdet."
    )


class LiftNotAboveZero(Refused):
    message = msg("Skriv hur mycket som får köpas över gränsen: ett belopp större än noll.")


class LevelsNotRising(Refused):
    message = msg(
        "Varningsnivåerna ska stiga: den första lägst, den sista högst, alla mellan 1 och 100 procent."
    )


class CategoryTaken(Refused):
    message = msg(
        "%(category)s hör redan till %(kind)s. En kategori räknas bara en gång: ta bort den där först."
    )


class KindNeedsCategories(Refused):
    message = msg("Välj minst en kategori.")


class KindNameTaken(Refused):
    message = msg("Det finns redan ett varuslag som heter så. Välj ett annat namn.")


class LaterThanToday(Refused):
    message = msg("Köpet är daterat framåt i tiden. Skriv den dag då det gjordes.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods: categories that count together. `key` is a category's key, or the number of a grouping."""

    key: str
    name: Named
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """Over which time an authority counts."""

    period_kind: PeriodKind = PeriodKind.YEAR
    first_month: int = 1

    def period(self, on: date) -> Period:
        """The year that holds `on`; rolling: the twelve months up to and with `on`."""
        if self.period_kind is PeriodKind.ROLLING:
            return twelve_months_to(on)
        first = date(on.year if on.month >= self.first_month else on.year - 1, self.first_month, 1)
        return Period(first, first.replace(year=first.year + 1))

    def documented(self, on: date) -> Period:
        """The period over which one supplier's deliveries are one file: rolling, the calendar year."""
        return Counting().period(on) if self.period_kind is PeriodKind.ROLLING else self.period(on)

    def told_since(self, on: date) -> date:
        """A warning is told once from this day on: the start of the year; rolling, of the month."""
        return on.replace(day=1) if self.period_kind is PeriodKind.ROLLING else self.period(on).start

    def affected(self, on: date) -> Period:
        """All the days whose purchases may stand in one period with one on `on`."""
        if self.period_kind is PeriodKind.YEAR:
            return self.period(on)
        return Period(twelve_months_to(on).start, _year_later(on))


@dataclass(frozen=True, slots=True)
class Spent:
    """A purchase's day and its value in öre."""

    on: date
    ore: int


def fullest(spent: Iterable[Spent], *, on: date, counting: Counting) -> int:
    """The largest sum, in öre, of any period that a purchase on `on` would stand in.

    A year has one such period. Rolling, every twelve months that hold `on` must do: those that end on `on`, and those
    that end with each later purchase within the year.
    """
    rows = list(spent)
    if counting.period_kind is PeriodKind.YEAR:
        return total(rows, counting.period(on))
    ends = {on} | {row.on for row in rows if on < row.on < _year_later(on)}
    return max(total(rows, twelve_months_to(end)) for end in ends)


def total(spent: Iterable[Spent], period: Period) -> int:
    return sum(row.ore for row in spent if row.on in period)


def twelve_months_to(last: date) -> Period:
    """From the day after the same day a year ago, up to and with `last`."""
    return Period(_same_day(last, last.year - 1) + timedelta(days=1), last + timedelta(days=1))


def _year_later(day: date) -> date:
    """The first day whose twelve months no longer hold `day`."""
    return _same_day(day, day.year + 1)


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def is_under(spent_ore: int, ceiling_ore: int) -> bool:
    """Exactly the limit is not under it."""
    return spent_ore < ceiling_ore


def room_ore(spent_ore: int, ceiling_ore: int) -> int:
    """The most that can still be bought, in öre: one öre must be left."""
    return max(0, ceiling_ore - 1 - spent_ore)


def levels_reached(levels: Sequence[int], *, before_ore: int, after_ore: int, limit_ore: int) -> list[int]:
    """The warning levels (per cent of the limit) that a change from `before_ore` to `after_ore` has reached."""
    return [
        level
        for level in levels
        if before_ore * 100 < level * limit_ore and after_ore * 100 >= level * limit_ore
    ]


def check_levels(levels: Sequence[int]) -> None:
    """Raises LevelsNotRising."""
    if sorted(set(levels)) != list(levels) or not all(1 <= level <= 100 for level in levels):
        raise LevelsNotRising


def forecast_ore(spent: Iterable[Spent], *, counting: Counting, today: date) -> int:
    """What the period will have cost at its end, if the coming weeks go as the last PACE_WEEKS did.

    Rolling, it is what the coming twelve months cost at that pace (LOU 5 kap. 11 § 2), never less than what is spent.
    """
    rows = list(spent)
    period = counting.period(today)
    recent = Period(today - timedelta(weeks=PACE_WEEKS), today)
    pace, days = total(rows, recent), PACE_WEEKS * 7
    so_far = total(rows, period)
    if counting.period_kind is PeriodKind.ROLLING:
        return max(so_far, -(-pace * 365 // days))
    return so_far + -(-pace * (period.end - today).days // days)


def reached_on(spent: Iterable[Spent], *, ceiling_ore: int, counting: Counting, today: date) -> date | None:
    """The day on which the pace of the last weeks reaches the limit, when that is within the period."""
    rows = list(spent)
    pace = total(rows, Period(today - timedelta(weeks=PACE_WEEKS), today))
    left = ceiling_ore - total(rows, counting.period(today))
    if left <= 0 or pace <= 0:
        return None
    day = today + timedelta(days=-(-left * PACE_WEEKS * 7 // pace))
    return day if day < counting.affected(today).end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How one kind of goods stands. Everything in öre excluding VAT; `lifted_ore` is how far the block is lifted."""

    kind: Kind
    period: Period
    limit_ore: int
    lifted_ore: int
    levels: tuple[int, ...]
    committed_ore: int
    delivered_ore: int
    invoiced_ore: int
    forecast_ore: int
    runs_out_on: date | None

    @property
    def spent_ore(self) -> int:
        return self.committed_ore + self.delivered_ore

    @property
    def ceiling_ore(self) -> int:
        return self.limit_ore + self.lifted_ore

    @property
    def room_ore(self) -> int:
        return room_ore(self.spent_ore, self.ceiling_ore)

    @property
    def is_over(self) -> bool:
        return not is_under(self.spent_ore, self.limit_ore)

    @property
    def percent(self) -> int:
        """Whole per cent of the limit, rounded down."""
        return self.spent_ore * 100 // self.limit_ore

    @property
    def level(self) -> int:
        """How many warning levels have been reached."""
        return sum(self.spent_ore * 100 >= level * self.limit_ore for level in self.levels)

    @property
    def will_pass(self) -> bool:
        return not is_under(self.forecast_ore, self.ceiling_ore)


def state_after(state: EntryState | None, event: EntryEvent) -> EntryState:
    """Raises NotPossibleNow where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotPossibleNow from None


def check_lift(
    *, reason: str, extra_ore: int, last_day: date, today: date, limit_ore: int, threshold_ore: int | None
) -> None:
    """What a lift must be: explained, short, and no more than the limit once more nor up to the EU threshold.

    Raises LiftReasonNeeded, LiftInThePast, LiftTooLong, LiftTooLarge.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise LiftReasonNeeded
    if last_day < today:
        raise LiftInThePast
    if (last_day - today).days >= LONGEST_LIFT_DAYS:
        raise LiftTooLong(days=LONGEST_LIFT_DAYS)
    most = limit_ore if threshold_ore is None else min(limit_ore, max(0, threshold_ore - limit_ore))
    if not 0 < extra_ore <= most:
        raise LiftTooLarge(most=Money(most))
