"""How instants, amounts and states of tenders are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from flask_babel import gettext

from market import formatting
from market.dis.calloffs.models import Lot
from market.dis.rules import TenderState
from market.dis.systems.models import Criterion
from market.dis.tenders.documents import exact_in
from market.dis.tenders.rules import OfferedLot
from market.dis.tenders.summing import Line
from market.register.wording import WEEKDAYS
from market.values import Period, Quantity, msg

STATE_NAMES: Mapping[TenderState, str] = MappingProxyType(
    {
        TenderState.OPENED: msg("Öppnat"),
        TenderState.REJECTED: msg("Förkastat"),
        TenderState.WITHDRAWN: msg("Utgått"),
    }
)
STATE_TONES: Mapping[TenderState, str] = MappingProxyType(
    {TenderState.OPENED: "good", TenderState.REJECTED: "bad", TenderState.WITHDRAWN: "neutral"}
)


def exact_moment(at: datetime) -> str:
    """To the second, in the reader's language."""
    return exact_in(at, formatting.current_locale())


def lot_asked(lot: Lot) -> str:
    """What a lot is: how much, for whom, when."""
    first, last = lot.first_week_on, Period(lot.first_week_on, lot.end_week_on).last
    return str(
        gettext(
            "%(amount)s till %(authority)s, %(first)s – %(last)s.",
            amount=formatting.quantity(lot.quantity),
            authority=lot.authority.name,
            first=formatting.full_date(first),
            last=formatting.full_date(last),
        )
    )


def span_of(line: Line) -> str:
    """What is offered of a lot: all of it, an amount, or between two."""
    return _span(line.least, line.most, is_whole=line.is_whole)


def offered_span(offered: OfferedLot, lot: Lot) -> str:
    """The same of a tender that is still sealed."""
    least, most = Quantity(offered.min_steps, lot.unit), Quantity(offered.max_steps, lot.unit)
    return _span(least, most, is_whole=least == most == lot.quantity)


def deduction(criterion: Criterion) -> str:
    """What an added value takes off the price in the comparison, at most."""
    share = formatting.decimal((Decimal(criterion.max_deduction_bp) / 100).normalize())
    return str(gettext("Ger högst %(share)s %% avdrag i jämförelsen.", share=share))


def weekday_names(weekdays: Iterable[int]) -> str:
    return ", ".join(str(gettext(WEEKDAYS[day])).lower() for day in sorted(weekdays))


def state_name(state: TenderState) -> str:
    return str(gettext(STATE_NAMES[state]))


def _span(least: Quantity, most: Quantity, *, is_whole: bool) -> str:
    if is_whole:
        return str(gettext("Hela: %(amount)s", amount=formatting.quantity(most)))
    if least == most:
        return formatting.quantity(most)
    return f"{formatting.quantity(least)} – {formatting.quantity(most)}"
