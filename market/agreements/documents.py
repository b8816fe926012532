"""Agreements as PDF: Swedish, A4, archivable (PDF/A-3a), typeset by typst. What they say is plain JSON, kept beside the bytes.

PDF/A-3 because the finished document carries, as an attachment, the very bytes that both sides signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from market.agreements.annex import annex_words
from market.agreements.models import Agreement, Signature
from market.agreements.queries import terms_of_authority
from market.agreements.rules import (
    EXTENSION_NOTICE,
    EXTENSION_YEARS,
    AgreementKind,
    Method,
    NumberMissing,
    Side,
    years_later,
)
from market.law.queries import law_value_or_none
from market.law.rules import LawKey
from market.register.models import Category, Procedure
from market.typesetting import WITH_ATTACHMENTS, NotInFonts, typeset_exactly
from market.values import SWEDEN, Period, Refused, msg

Content = dict[str, Any]

SWEDISH = "sv_SE"
KIND_NAMES = {AgreementKind.ONE_OFF: "Engångsavtal", AgreementKind.FRAME: "Ramavtal"}
SIDE_NAMES = {Side.AUTHORITY.value: "För köparen", Side.PRODUCER.value: "För säljaren"}
METHOD_NAMES = {
    Method.PASSWORD.value: "lösenord",
    Method.PASSKEY.value: "passkey",
    Method.OIDC.value: "e-legitimation eller annan inloggningstjänst",
}
SEALED = "En elektronisk försegling (PAdES) av filen visar om något i den har ändrats efteråt."


class NotPrintable(Refused):
    message = msg(
        "Texten har tecken som dokumentet inte kan visa, till exempel emojier. "
        "Skriv leveransvillkor och kontaktpersoner med vanliga bokstäver."
    )


def content_of(session: Session, agreement: Agreement, *, on: date, is_draft: bool = False) -> Content:
    """All that the agreement says, as of a day. Raises NumberMissing unless it is a draft to look at."""
    authority, producer = agreement.authority, agreement.producer
    terms = terms_of_authority(session, authority_id=authority.id)
    numbers = {
        authority.name: terms.organisation_number if terms else None,
        producer.name: producer.organisation_number,
    }
    for name, number in numbers.items():
        if not number and not is_draft:
            raise NumberMissing(name=name)
    end = agreement.valid_until
    longest = Period(agreement.valid_from, years_later(end, EXTENSION_YEARS))
    return {
        "number": agreement.id,
        "is-draft": is_draft,
        "kind": agreement.kind.value,
        "kind-name": KIND_NAMES[agreement.kind],
        "title": f"Avtal om livsmedel från {producer.name}",
        "footer": f"Avtal nr {agreement.id} · {authority.name} och {producer.name}",
        "buyer": {
            "name": authority.name,
            "organisation-number": numbers[authority.name] or "",
            "contact": agreement.authority_contact,
        },
        "seller": {
            "name": producer.name,
            "organisation-number": numbers[producer.name] or "",
            "contact": agreement.producer_contact,
            "is-sole-trader": producer.is_sole_trader,
        },
        "categories": [_category(category) for category in agreement.categories],
        "first-day": _day(agreement.valid_from),
        "last-day": _day(Period(agreement.valid_from, end).last),
        "extended-last-day": _day(longest.last) if agreement.has_extension else "",
        "notice-days": EXTENSION_NOTICE.days,
        "delivery-terms": agreement.delivery_terms,
        "payment-days": agreement.payment_days,
        "direct-award": None if agreement.annex else _direct_award(session, agreement, on),
        "annex": annex_words(agreement.annex) if agreement.annex else None,
        "signatures": [],
    }


def agreement_pdf(content: Mapping[str, Any], *, template: Path, at: datetime) -> bytes:
    """The document that both sign, or a draft of it. Raises NotPrintable."""
    return _typeset(content, template=template, at=at, attached=b"")


def finished_pdf(
    content: Mapping[str, Any],
    *,
    signed: bytes,
    sha256: str,
    signatures: Sequence[Mapping[str, str]],
    will_be_sealed: bool,
    template: Path,
    at: datetime,
) -> bytes:
    """The same text with the page of signatures, and `signed`, byte for byte, inside."""
    more = {"signatures": list(signatures), "sha256": sha256, "seal": SEALED if will_be_sealed else ""}
    return _typeset({**content, **more}, template=template, at=at, attached=signed)


def signature_words(signature: Signature) -> dict[str, str]:
    """A signature as the last page tells it."""
    return {
        "side": SIDE_NAMES[signature.side.value],
        "organisation": signature.organisation_name,
        "name": signature.name,
        "at": f"{format_datetime(signature.at.astimezone(SWEDEN), 'd MMMM y HH:mm:ss zzz', locale=SWEDISH)}",
        "method": METHOD_NAMES[signature.method.value],
        "evidence": _evidence(signature.evidence),
    }


def _evidence(evidence: Mapping[str, Any]) -> str:
    shown = {"issuer": "utgivare", "subject": "identitet", "acr": "tillitsnivå", "credential_id": "nyckel"}
    return ", ".join(f"{word} {evidence[name]}" for name, word in shown.items() if evidence.get(name))


def _typeset(content: Mapping[str, Any], *, template: Path, at: datetime, attached: bytes) -> bytes:
    try:
        return typeset_exactly(template, content, at=at, standards=WITH_ATTACHMENTS, attached=attached)
    except NotInFonts:
        raise NotPrintable from None


def _category(category: Category) -> dict[str, str]:
    return {"name": category.name_sv, "codes": ", ".join(row.code for row in category.codes)}


def _direct_award(session: Session, agreement: Agreement, on: date) -> dict[str, str] | None:
    if agreement.authority.procedure is not Procedure.DIRECT_AWARD:
        return None
    limit = law_value_or_none(session, LawKey.DIRECT_AWARD_LIMIT, on=on)
    return {"limit": _kronor(limit.value) if limit else "", "on": _day(on)}


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale=SWEDISH)


def _kronor(amount: Decimal) -> str:
    return f"{format_decimal(amount, '#,##0', locale=SWEDISH)} kronor"
