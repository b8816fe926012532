"""Sums of needs for those who overlook a round. Pure over loaded lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from market.dis.needs.models import NeedLine, NeedRound, RoundProduct
from market.dis.needs.rules import weeks_from
from market.register.models import Kitchen
from market.values import Quantity, Week


@dataclass(frozen=True, slots=True)
class ProductSum:
    """What all kitchens need of a product: by authority, by week and in all."""

    product: RoundProduct
    by_week: Sequence[Quantity]
    by_authority: Sequence[tuple[str, Quantity]]
    total: Quantity


@dataclass(frozen=True, slots=True)
class Overview:
    weeks: Sequence[Week]
    sums: Sequence[ProductSum]
    answered: Sequence[Kitchen]
    silent: Sequence[Kitchen]


def overview(need_round: NeedRound, lines: Sequence[NeedLine], asked: Sequence[Kitchen]) -> Overview:
    weeks = weeks_from(need_round.first_week_on, need_round.end_week_on)
    stating = {line.kitchen_id for line in lines}
    return Overview(
        weeks=[Week.containing(monday) for monday in weeks],
        sums=[_sum(product, lines, weeks) for product in need_round.products],
        answered=[kitchen for kitchen in asked if kitchen.id in stating],
        silent=[kitchen for kitchen in asked if kitchen.id not in stating],
    )


def _sum(product: RoundProduct, lines: Sequence[NeedLine], weeks: Sequence[date]) -> ProductSum:
    own = [line for line in lines if line.round_product_id == product.id]
    by_week, by_authority = Counter[date](), Counter[str]()
    for line in own:
        by_week[line.week_on] += line.steps
        by_authority[line.kitchen.authority.name] += line.steps
    return ProductSum(
        product,
        [Quantity(by_week[week], product.unit) for week in weeks],
        [(name, Quantity(steps, product.unit)) for name, steps in sorted(by_authority.items())],
        Quantity(by_week.total(), product.unit),
    )
