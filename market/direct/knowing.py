"""What the adviser must know on a day: the values of the law, and what the ledger says of a category's kind."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from market.direct.need import Facts
from market.direct.queries import guidelines_of
from market.law.queries import law_value, law_value_or_none
from market.law.rules import LawKey
from market.limits.queries import counted, kind_of, settings_of
from market.limits.rules import PeriodKind, total, twelve_months_to
from market.values import Period


def facts_for(session: Session, *, authority_id: int, category_key: str, on: date) -> Facts:
    """Raises NoValueInForce where a value other than the threshold is missing."""
    kind = kind_of(session, authority_id=authority_id, category_key=category_key)
    counting = settings_of(session, authority_id=authority_id).counting
    period = counting.period(on)
    rows = counted(session, authority_id=authority_id, categories=kind.categories, period=period)
    threshold = law_value_or_none(session, LawKey.EU_THRESHOLD, on=on)

    def number(key: LawKey) -> int:
        return int(law_value(session, key, on=on).value)

    return Facts(
        limit_ore=number(LawKey.DIRECT_AWARD_LIMIT) * 100,
        threshold_ore=None if threshold is None else int(threshold.value * 100),
        document_from_ore=number(LawKey.DOCUMENT_FROM) * 100,
        document_days=number(LawKey.DOCUMENT_WITHIN),
        lot_limit_eur=law_value(session, LawKey.LOT_LIMIT_EUR, on=on).value,
        lot_share=law_value(session, LawKey.LOT_SHARE, on=on).value,
        application_days=number(LawKey.DIS_APPLICATION),
        evaluation_days=number(LawKey.DIS_EVALUATION),
        tender_days=number(LawKey.DIS_TENDER),
        notice_days=number(LawKey.AWARD_NOTICE),
        spent_ore=total(rows, period),
        period_end=_end(period, counting.period_kind, on),
        has_guidelines=guidelines_of(session, authority_id=authority_id) is not None,
    )


def _end(period: Period, kind: PeriodKind, on: date) -> date:
    """Rolling, a purchase stands beside today's for twelve months more."""
    if kind is PeriodKind.YEAR:
        return period.end
    return on + (on - twelve_months_to(on).start)
