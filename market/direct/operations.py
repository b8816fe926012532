"""Writing and completing award files, carve-outs, and an authority's guidelines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.direct.models import AwardDocument, AwardGuidelines, AwardNote, CarveOut
from market.direct.queries import AwardFile, award_file
from market.direct.rules import (
    CarveOutOverlaps,
    DateInFuture,
    FileIncomplete,
    FileState,
    Measure,
    NothingNew,
    Written,
    kept_until,
)
from market.law.queries import law_value
from market.law.rules import LawKey
from market.limits.models import Award
from market.limits.operations import take_turn
from market.register.models import Authority, Category
from market.values import Period, local_date


def write_note(session: Session, *, award: Award, written: Written, actor: Actor, at: datetime) -> AwardNote:
    """Keep what the officer has written so far; it need not be complete. Raises DateInFuture."""
    today = local_date(at)
    for day in (written.contract_on, written.notified_on):
        if day is not None and day > today:
            raise DateInFuture
    take_turn(session, authority_id=award.authority_id)
    note = session.get(AwardNote, award.id)
    if note is None:
        note = AwardNote(award_id=award.id)
        session.add(note)
    note.reason, note.asked, note.comparison = written.reason, written.asked, written.comparison
    note.asked_several, note.notified_on = written.asked_several, written.notified_on
    note.contract, note.contract_on = written.contract, written.contract_on
    note.changed_at, note.changed_by_id = at, actor.user_id
    session.flush()
    _log(
        session, "award.write", f"award:{award.id}", actor, at,
        reason=note.reason, asked=note.asked, several=note.asked_several, notified=_text(note.notified_on),
        comparison=note.comparison, contract=note.contract, contract_on=_text(note.contract_on),
    )  # fmt: skip
    return note


def complete_award(
    session: Session,
    *,
    award: Award,
    make_pdf: Callable[[AwardFile], bytes],
    actor: Actor,
    at: datetime,
) -> AwardDocument:
    """Keep the file as PDF, with its fingerprint in the log. Raises FileIncomplete, NothingNew."""
    take_turn(session, authority_id=award.authority_id)
    file = award_file(session, award=award, today=local_date(at))
    if file.lacks or file.note is None or file.note.contract_on is None:
        raise FileIncomplete
    if file.state is FileState.COMPLETE:
        raise NothingNew
    pdf, contract_on = make_pdf(file), file.note.contract_on
    years = int(law_value(session, LawKey.KEEP_DOCUMENTS, on=contract_on).value)
    document = AwardDocument(
        award_id=award.id,
        version=len(file.documents) + 1,
        value_ore=file.value_ore,
        contract_on=contract_on,
        keep_until=kept_until(contract_on, years=years),
        sha256=sha256(pdf).hexdigest(),
        pdf=pdf,
        completed_at=at,
        completed_by_id=actor.user_id,
    )
    session.add(document)
    session.flush()
    _log(
        session, "award.complete", f"award:{award.id}", actor, at,
        version=document.version, sha256=document.sha256, ore=document.value_ore,
    )  # fmt: skip
    return document


def add_carve_out(
    session: Session,
    *,
    authority: Authority,
    category: Category,
    contract: str,
    measure: Measure,
    total: int,
    share: Decimal,
    valid_from: date,
    valid_until: date,
    actor: Actor,
    at: datetime,
) -> CarveOut:
    """Meter what is bought outside a wholesaler contract. `total` is öre or grams. Raises CarveOutOverlaps, EmptyPeriod."""
    Period(valid_from, valid_until)
    take_turn(session, authority_id=authority.id)
    same = select(CarveOut.id).where(
        CarveOut.authority_id == authority.id,
        CarveOut.category_key == category.key,
        CarveOut.measure == measure,
        CarveOut.valid_from < valid_until,
        CarveOut.valid_until > valid_from,
    )
    if session.scalars(same).first() is not None:
        raise CarveOutOverlaps
    found = CarveOut(
        authority_id=authority.id,
        category=category,
        contract=contract.strip(),
        measure=measure,
        total=total,
        share=share,
        valid_from=valid_from,
        valid_until=valid_until,
        entered_at=at,
    )
    session.add(found)
    session.flush()
    _log(
        session, "carve_out.add", f"carve-out:{found.id}", actor, at,
        category=category.key, measure=measure.value, total=total, share=str(share),
        valid_from=valid_from.isoformat(), valid_until=valid_until.isoformat(),
    )  # fmt: skip
    return found


def remove_carve_out(session: Session, *, carve_out: CarveOut, actor: Actor, at: datetime) -> None:
    """Take away a carve-out that was entered wrongly; the log keeps what it was."""
    _log(
        session, "carve_out.remove", f"carve-out:{carve_out.id}", actor, at,
        category=carve_out.category_key, total=carve_out.total, share=str(carve_out.share),
    )  # fmt: skip
    session.delete(carve_out)
    session.flush()


def state_guidelines(
    session: Session,
    *,
    authority: Authority,
    decided_on: date,
    reference: str,
    text: str,
    actor: Actor,
    at: datetime,
) -> AwardGuidelines:
    """What the authority has decided on direct awards (19 a kap. 15 §). Raises DateInFuture."""
    if decided_on > local_date(at):
        raise DateInFuture
    take_turn(session, authority_id=authority.id)
    found = session.get(AwardGuidelines, authority.id)
    if found is None:
        found = AwardGuidelines(authority_id=authority.id)
        session.add(found)
    found.decided_on, found.reference, found.text = decided_on, reference.strip(), text.strip()
    found.changed_at, found.changed_by_id = at, actor.user_id
    session.flush()
    _log(
        session, "guidelines.state", f"authority:{authority.id}", actor, at,
        decided_on=decided_on.isoformat(), reference=found.reference, text=found.text,
    )  # fmt: skip
    return found


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _log(session: Session, action: str, subject: str, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
