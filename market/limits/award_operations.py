"""Opening the file of a supplier, in the same transaction as the purchase that makes it due."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_authority
from market.accounts.rules import Role
from market.law.queries import law_value
from market.law.rules import LawKey
from market.limits.models import Award, LimitEntry
from market.limits.queries import award_opened, supplier_spent
from market.limits.rules import Counting, Kind
from market.outbox import tell
from market.values import Period


def open_award(
    session: Session, *, entry: LimitEntry, kind: Kind, counting: Counting, at: datetime
) -> Award | None:
    """The file of the entry's supplier, once its purchases of the kind have come to the value that is documented.

    None where nothing is due, or the file is open already. The officers are told.
    """
    period = counting.documented(entry.counts_on)
    if not entry.supplier_name or _is_open(session, entry, kind, period):
        return None
    spent = supplier_spent(
        session,
        authority_id=entry.authority_id,
        categories=kind.categories,
        supplier_id=entry.supplier_id,
        supplier_name=entry.supplier_name,
        period=period,
    )
    if spent < _number(session, LawKey.DOCUMENT_FROM, entry.counts_on) * 100:
        return None
    days = _number(session, LawKey.DOCUMENT_WITHIN, entry.counts_on)
    award = Award(
        authority_id=entry.authority_id,
        supplier_id=entry.supplier_id,
        supplier_name=entry.supplier_name,
        kind_key=kind.key,
        kind_sv=kind.name.swedish,
        kind_en=kind.name.english,
        categories=list(kind.categories),
        period_start=period.start,
        period_end=period.end,
        reached_on=entry.counts_on,
        due_on=entry.counts_on + timedelta(days=days),
        opened_at=at,
    )
    session.add(award)
    session.flush()
    _tell(session, award, spent=spent, at=at)
    return award


def _is_open(session: Session, entry: LimitEntry, kind: Kind, period: Period) -> bool:
    opened = award_opened(
        session,
        authority_id=entry.authority_id,
        kind_key=kind.key,
        period=period,
        supplier_id=entry.supplier_id,
        supplier_name=entry.supplier_name,
    )
    return opened is not None


def _number(session: Session, key: LawKey, on: date) -> int:
    return int(law_value(session, key, on=on).value)


def _tell(session: Session, award: Award, *, spent: int, at: datetime) -> None:
    audit.record(
        session,
        user_id=None,
        at=at,
        action="award.open",
        subject=f"award:{award.id}",
        supplier=award.supplier_name,
        kind=award.kind_key,
        ore=spent,
    )
    tell(
        session,
        user_ids=people_of_authority(session, award.authority_id, Role.PROCUREMENT_OFFICER),
        kind="award_opened",
        key=f"award:{award.id}:opened",
        at=at,
        award_id=award.id,
        supplier=award.supplier_name,
        kind_sv=award.kind_sv,
        kind_en=award.kind_en,
        spent_ore=spent,
        due_on=award.due_on.isoformat(),
    )
