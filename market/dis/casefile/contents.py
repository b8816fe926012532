"""What lies in a case file: the documents byte for byte, everything else as JSON, the log as a chain, and what checks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from market.agreements.annex import amount_words
from market.audit import AuditEvent
from market.dis.calloffs.models import CallOff
from market.dis.casefile import verify
from market.dis.casefile.archive import Member
from market.dis.casefile.plain import Plain, all_plain, people_in, plain, written
from market.dis.casefile.queries import (
    Case,
    attached_files,
    case_of,
    category_of,
    file_chunks,
    log_events,
    log_span,
    people,
)
from market.register.rules import masked_number

UNSAFE = re.compile(r"[^\w.-]+")
ASKED = "question"
"""Events of a question say by whom it was asked, which nobody is to know: only their hash is kept."""


def members(session: Session, *, calloff: CallOff, at: datetime) -> Iterator[Member]:
    """Every file of the case, in the order in which it is read."""
    case = case_of(session, calloff=calloff)
    rows = data_of(session, case)
    named = people_in(list(rows.values())) | _people_of_log(session, case)
    rows["people"] = [{"user_id": key, "name": name} for key, name in people(session, named).items()]
    yield Member("LASMIG.txt", [_read_me(case, at)])
    yield Member("verify.py", [Path(verify.__file__).read_bytes()])
    yield from _documents(case)
    for name, value in sorted(rows.items()):
        yield Member(f"data/{name}.json", [written(value)])
    yield from _attachments(session, case)
    yield Member(verify.CHAIN, _chain(session, case))


def data_of(session: Session, case: Case) -> dict[str, Any]:
    """The tables of the case as plain values, by the name of their file."""
    calloff, category = case.calloff, category_of(session, calloff=case.calloff)
    kept: dict[str, Any] = {
        "system": plain(case.dis, authorities=[one.name for one in case.dis.authorities], buyer=case.dis.authority.name),
        "category": plain(
            category, name=category.category.name_sv, requirements=all_plain(category.requirements),
            criteria=all_plain(category.criteria),
        ),
        "calloff": plain(
            calloff, lots=[_lot(lot) for lot in calloff.lots], precisions=all_plain(calloff.precisions),
        ),
        "needs": [plain(one, kitchen=one.kitchen.name, product=one.product.name) for one in case.need_lines],
        "invitations": [_party(one) for one in calloff.invitations],
        "questions": all_plain(case.questions, without=("invitation_id",)),
        "applications": [_application(one) for one in case.applications],
        "transitions": all_plain(case.transitions),
        "sending": [_message(one) for one in case.messages],
    }  # fmt: skip
    return kept | (_of_tenders(case) if case.is_opened else {}) | (_of_award(case) if case.awards else {})


def _of_tenders(case: Case) -> dict[str, Any]:
    hidden = () if case.is_scored else ("blind_label",)
    found: dict[str, Any] = {
        "opening": {
            "record": plain(case.opening) if case.opening else None,
            "confirmed_by": all_plain(case.confirmations),
        },
        "tenders": [
            plain(
                one, without=hidden, supplier=one.producer.name, lines=all_plain(one.lines),
                deliveries=all_plain(one.deliveries), claims=all_plain(one.claims),
            )
            for one in case.tenders
        ],
        "evaluations": [plain(one, lines=all_plain(one.lines)) for one in case.evaluations],
    }  # fmt: skip
    if case.is_scored:
        found["working_group"] = [
            plain(one, name=one.user.name, scores=all_plain(one.scores)) for one in case.evaluators
        ]
    return found


def _of_award(case: Case) -> dict[str, Any]:
    return {
        "awards": [plain(one, contracts=all_plain(one.contracts)) for one in case.awards],
        "agreements": [
            plain(one, signatures=all_plain(one.signatures), transitions=all_plain(one.transitions))
            for one in case.agreements
        ],
        "agreement_documents": all_plain(case.documents, without=("content",)),
        "orders": [plain(one, lines=all_plain(one.lines)) for one in case.orders],
    }


def _lot(lot: Any) -> Plain:
    return plain(
        lot,
        authority=lot.authority.name,
        needs=[plain(need, kitchen=need.kitchen.name) for need in lot.needs],
    )


def _party(invitation: Any) -> Plain:
    producer = invitation.producer
    number = masked_number(producer.organisation_number, is_sole_trader=producer.is_sole_trader)
    return plain(invitation, supplier=producer.name, organisation_number=number)


def _application(one: Any) -> Plain:
    return plain(
        one,
        supplier=one.producer.name,
        authorities=[authority.name for authority in one.authorities],
        answers=all_plain(one.answers),
        judgements=all_plain(one.judgements),
    )


def _message(message: Any) -> Plain:
    shown = plain(message, without=("params", "lease_ends_at", "last_error", "read_at"))
    return {name: shown[name] for name in sorted(shown)}


def _documents(case: Case) -> Iterator[Member]:
    for number, notice in enumerate(case.notices, start=1):
        yield Member(f"documents/annons-{number}.pdf", [notice.pdf])
    yield Member("documents/inbjudan.txt", [_invitation(case.calloff)])
    if case.opening is not None and case.opening.pdf:
        yield Member("documents/oppning.pdf", [case.opening.pdf])
    for tender in case.tenders:
        if tender.content:
            yield Member(f"documents/anbud-{tender.id}.json", [tender.content])
    for award in case.awards:
        if award.pdf:
            yield Member(f"documents/tilldelningsbeslut-{award.number}.pdf", [award.pdf])
    for document in case.documents:
        name = f"documents/avtal-{document.agreement_id}-{document.kind.value}.pdf"
        yield Member(name, [document.pdf])


def _attachments(session: Session, case: Case) -> Iterator[Member]:
    """What applicants and, after the opening, tenderers sent in as evidence."""
    ids = {answer.file_id for one in case.applications for answer in one.answers}
    ids |= {claim.file_id for one in case.tenders for claim in one.claims}
    for file in attached_files(session, ids={one for one in ids if one is not None}):
        name = UNSAFE.sub("_", file.name).lstrip(".") or "fil"
        yield Member(f"attachments/{file.id}-{name}", file_chunks(session, file.id))


def _invitation(calloff: CallOff) -> bytes:
    """What the invited were asked, in words."""
    lines = [calloff.title, "", calloff.description, ""]
    if calloff.deadline_at is not None:
        lines += [f"Anbud lämnas före {calloff.deadline_at.isoformat()}", ""]
    for lot in calloff.lots:
        amount = amount_words(lot.steps, lot.unit)
        weeks = f"{lot.first_week_on.isoformat()} till {lot.end_week_on.isoformat()}"
        lines.append(
            f"Del {lot.number}: {lot.name}, {amount}, {lot.authority.name}, {weeks}. {lot.description}"
        )
    lines += ["", *(f"{one.criterion.name}: {one.text}" for one in calloff.precisions)]
    return ("\n".join(lines) + "\n").encode()


def _people_of_log(session: Session, case: Case) -> set[int]:
    span = log_span(session, subjects=case.subjects, until=case.told_until)
    if span is None:
        return set()
    events = log_events(session, first=span[0], last=span[1])
    return {one.user_id for one in events if one.user_id is not None and _is_told(case, one)}


def _is_told(case: Case, event: AuditEvent) -> bool:
    """Whether an event stands in full: one of the case, not a question's, and not while scores are blind."""
    until = case.told_until
    if event.subject not in case.subjects or ASKED in event.action or ASKED in event.data:
        return False
    return until is None or event.at <= until


def _chain(session: Session, case: Case) -> Iterator[bytes]:
    """The log from the first to the last event of the case: its own in full, others' hashes."""
    span = log_span(session, subjects=case.subjects, until=case.told_until)
    if span is None:
        yield _line({"first": 1, "last": 0, "previous_hash": "", "last_hash": ""})
        return
    previous, last_hash = _ends(session, *span)
    yield _line({"first": span[0], "last": span[1], "previous_hash": previous, "last_hash": last_hash})
    for event in log_events(session, first=span[0], last=span[1]):
        yield _line(_event(event) if _is_told(case, event) else {"id": event.id, "hash": event.hash})


def _ends(session: Session, first: int, last: int) -> tuple[str, str]:
    return session.get_one(AuditEvent, first).previous_hash, session.get_one(AuditEvent, last).hash


def _event(event: AuditEvent) -> Plain:
    return {
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user_id": event.user_id,
        "action": event.action,
        "subject": event.subject,
        "data": event.data,
        "hash": event.hash,
    }


def _line(value: Plain) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _read_me(case: Case, at: datetime) -> bytes:
    sealed = "" if case.is_opened else "\nAnbuden är inte öppnade. Akten innehåller därför inget om anbud.\n"
    return f"""Akt: {case.calloff.title}
{case.dis.name}, {case.dis.authority.name}
Hämtad {at.isoformat()}
{sealed}
documents/    annons, inbjudan, öppningsprotokoll, anbud, beslut och avtal, byte för byte
data/         allt annat som JSON; people.json säger vem varje user_id är
attachments/  bilagor till ansökningar och anbud
log/          den del av Närmats hashkedjade logg som rör akten
verify.py     kontrollerar akten: python3 verify.py
MANIFEST.sha256  kontrollsumma för varje fil; läses också av sha256sum -c

Händelser i loggen som rör annat finns bara som sin kontrollsumma, så att kedjan går att följa utan att visa dem. Det
gäller också vem som ställt en fråga. Jämför den sista kontrollsumman i log/chain.jsonl med loggen hos den som driver Närmat.
""".encode()
