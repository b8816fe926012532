"""How needs become lots, and how lots are split and joined: nothing is lost and nothing added. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from market.values import LARGEST, Refused, TooLarge, msg

ONE_WEEK = timedelta(weeks=1)


class LotPeriod(StrEnum):
    """How long one lot is."""

    MONTH = "month"
    WHOLE = "whole"


class Split(StrEnum):
    """How one lot becomes several."""

    KITCHENS = "kitchens"
    MONTHS = "months"
    WEEKS = "weeks"
    HALVES = "halves"


class NotToJoin(Refused):
    message = msg("Bara delar med samma vara till samma kommun kan slås ihop. Kryssa för minst två sådana.")


class NotToSplit(Refused):
    message = msg("Del %(number)s kan inte delas så: det blir bara en del.")


@dataclass(frozen=True, slots=True)
class Need:
    """Some of a need line: `steps` of its product to a kitchen of an authority in the week from `week_on`."""

    line_id: int
    product_id: int
    authority_id: int
    kitchen_id: int
    week_on: date
    steps: int


@dataclass(frozen=True, slots=True)
class LotPlan:
    """The needs that one lot holds, all of one product and one authority."""

    needs: tuple[Need, ...]

    @property
    def steps(self) -> int:
        return sum(need.steps for need in self.needs)

    @property
    def first_week_on(self) -> date:
        return min(need.week_on for need in self.needs)

    @property
    def end_week_on(self) -> date:
        return max(need.week_on for need in self.needs) + ONE_WEEK


def month_of(week_on: date) -> tuple[int, int]:
    """The month that a week counts to: that of its Thursday, as ISO 8601 counts years."""
    thursday = week_on + timedelta(days=3)
    return thursday.year, thursday.month


def propose_lots(needs: Iterable[Need], *, period: LotPeriod) -> list[LotPlan]:
    """One lot for each product, authority and period, in the order of the products given."""
    groups: dict[tuple[object, ...], list[Need]] = defaultdict(list)
    for need in needs:
        month = month_of(need.week_on) if period is LotPeriod.MONTH else ()
        groups[need.product_id, need.authority_id, month].append(need)
    return [checked(LotPlan(tuple(group))) for group in groups.values()]


def split(plan: LotPlan, how: Split) -> list[LotPlan]:
    """The parts, together exactly the whole. One part alone means that it can not be split so."""
    if how is Split.HALVES:
        halves = [tuple(_half(plan.needs, first=first)) for first in (True, False)]
        return [LotPlan(needs) for needs in halves if needs]
    groups: dict[object, list[Need]] = defaultdict(list)
    for need in sorted(plan.needs, key=lambda one: (one.week_on, one.kitchen_id)):
        groups[_key(need, how)].append(need)
    return [LotPlan(tuple(group)) for group in groups.values()]


def join(plans: Sequence[LotPlan]) -> LotPlan:
    """All needs of the lots; halves of one need become whole again. Raises NotToJoin and TooLarge."""
    goods = {(need.product_id, need.authority_id) for plan in plans for need in plan.needs}
    if len(plans) <= 1 or len(goods) != 1:
        raise NotToJoin
    whole: dict[int, Need] = {}
    for need in (need for plan in plans for need in plan.needs):
        known = whole.get(need.line_id)
        whole[need.line_id] = replace(need, steps=need.steps + known.steps) if known else need
    return checked(LotPlan(tuple(whole.values())))


def checked(plan: LotPlan) -> LotPlan:
    """Raises TooLarge for what no column of steps holds."""
    if plan.steps > LARGEST:
        raise TooLarge
    return plan


def _half(needs: Iterable[Need], *, first: bool) -> Iterable[Need]:
    for need in needs:
        steps = (need.steps + 1) // 2 if first else need.steps // 2
        if steps:
            yield replace(need, steps=steps)


def _key(need: Need, how: Split) -> object:
    if how is Split.KITCHENS:
        return need.kitchen_id
    return month_of(need.week_on) if how is Split.MONTHS else need.week_on
