"""Interest and agreements: states, events, the one transition table, what an agreement must say, who may sign. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from market.values import LARGEST, Period, Quantity, Refused, TooLarge, Week, msg

LONGEST_YEARS = 3
"""How long an agreement may last before its extension; the extension is one year more (3 + 1)."""
EXTENSION_YEARS = 1
EXTENSION_NOTICE = timedelta(days=30)
"""The authority gives notice of the extension this long before the agreement ends, at the latest."""
FRESH_FOR = timedelta(minutes=5)
"""How long ago someone may have shown who they are when they sign."""
WEEKS_AHEAD = 26


class AgreementKind(StrEnum):
    ONE_OFF = "one_off"
    FRAME = "frame"


class AgreementState(StrEnum):
    """As stored. That the term is over is seen from the date, see `Standing`."""

    DRAFT = "draft"
    SENT = "sent"
    SIGNED_BY_PRODUCER = "signed_by_producer"
    SIGNED_BY_AUTHORITY = "signed_by_authority"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class AgreementEvent(StrEnum):
    DRAFT = "draft"
    SEND = "send"
    SIGN_AS_PRODUCER = "sign_as_producer"
    SIGN_AS_AUTHORITY = "sign_as_authority"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXTEND = "extend"
    TERMINATE = "terminate"


class Side(StrEnum):
    PRODUCER = "producer"
    AUTHORITY = "authority"


class Method(StrEnum):
    """How someone showed who they are when they signed."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    PASSKEY = "passkey"
    OIDC = "oidc"


class DocumentKind(StrEnum):
    """To sign: the exact bytes that both sign. Finished: the same text with the signatures and, in it, those bytes."""

    TO_SIGN = "to_sign"
    FINISHED = "finished"


_S, _E = AgreementState, AgreementEvent
TRANSITIONS: Mapping[tuple[AgreementState | None, AgreementEvent], AgreementState] = MappingProxyType(
    {
        (None, _E.DRAFT): _S.DRAFT,
        (_S.DRAFT, _E.SEND): _S.SENT,
        (_S.SENT, _E.SIGN_AS_PRODUCER): _S.SIGNED_BY_PRODUCER,
        (_S.SENT, _E.SIGN_AS_AUTHORITY): _S.SIGNED_BY_AUTHORITY,
        (_S.SIGNED_BY_PRODUCER, _E.SIGN_AS_AUTHORITY): _S.IN_FORCE,
        (_S.SIGNED_BY_AUTHORITY, _E.SIGN_AS_PRODUCER): _S.IN_FORCE,
        (_S.SENT, _E.DECLINE): _S.DECLINED,
        (_S.SIGNED_BY_AUTHORITY, _E.DECLINE): _S.DECLINED,
        (_S.DRAFT, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.SENT, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.SIGNED_BY_PRODUCER, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.SIGNED_BY_AUTHORITY, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.IN_FORCE, _E.EXTEND): _S.IN_FORCE,
        (_S.IN_FORCE, _E.TERMINATE): _S.TERMINATED,
    }
)
SIGNING: Mapping[Side, AgreementEvent] = MappingProxyType(
    {Side.PRODUCER: _E.SIGN_AS_PRODUCER, Side.AUTHORITY: _E.SIGN_AS_AUTHORITY}
)
OF_PRODUCER = frozenset({_E.SIGN_AS_PRODUCER, _E.DECLINE, _E.TERMINATE})
OF_AUTHORITY = frozenset({_E.DRAFT, _E.SEND, _E.SIGN_AS_AUTHORITY, _E.WITHDRAW, _E.EXTEND, _E.TERMINATE})
WITH_REASON = frozenset({_E.DECLINE, _E.WITHDRAW, _E.TERMINATE})


class NotPossibleNow(Refused):
    message = msg(
        "Det går inte längre: avtalet har ändrats sedan sidan visades. Ladda om och se hur det står."
    )


class NotYours(Refused):
    message = msg("Det steget tar den andra parten.")


class ReasonMissing(Refused):
    message = msg("Skriv varför, så att den andra parten förstår.")


class CategoriesMissing(Refused):
    message = msg("Välj minst en kategori som avtalet gäller.")


class TermTooLong(Refused):
    message = msg(
        "Ett avtal får löpa högst %(years)s år, räknat från första dagen. Välj ett tidigare slutdatum."
    )


class TermIsOver(Refused):
    message = msg("Avtalets sista dag har redan varit. Välj ett senare slutdatum.")


class OnlyFramesExtend(Refused):
    message = msg("Bara ett ramavtal kan förlängas. Välj ramavtal, eller ta bort förlängningen.")


class DraftHasChanged(Refused):
    message = msg("Utkastet ändrades medan det skickades. Läs det igen och skicka sedan.")


class AlreadySent(Refused):
    message = msg("Ett skickat avtal kan inte ändras. Dra tillbaka det och gör ett nytt.")


class PaymentTooLate(Refused):
    message = msg("Livsmedel ska betalas inom %(days)s dagar (lag 2021:579). Skriv högst så många dagar.")


class NumberMissing(Refused):
    message = msg(
        "Organisationsnummer saknas för %(name)s. Ert eget skriver ni under Inställningar för avtal; "
        "producentens lägger administratören in."
    )


class NotFresh(Refused):
    message = msg("Visa igen att det är du: det var mer än fem minuter sedan, eller gällde något annat.")


class TooEarlyToAgree(Refused):
    message = msg(
        "Avtalsspärren löper till %(until)s. Avtalet kan varken skickas eller undertecknas innan dess."
    )


class OtherDocument(Refused):
    message = msg("Dokumentet är inte det som du läste. Ladda om sidan, läs det igen och skriv sedan under.")


class SignsForBoth(Refused):
    message = msg("Du har redan skrivit under för den andra parten. Be en kollega att skriva under för er.")


class NothingToExtend(Refused):
    message = msg("Avtalet har ingen förlängning kvar att använda.")


class TooLateToExtend(Refused):
    message = msg(
        "Förlängning meddelas senast 30 dagar innan avtalet tar slut. Gör ett nytt avtal i stället."
    )


class AgreementNeeded(Refused):
    message = msg(
        "Er kommun beställer bara när ett avtal gäller, och det saknas ett för %(category)s hos %(producer)s. "
        "Visa intresse på varans sida, så kan kostchefen göra ett avtal."
    )


class WeekNotOffered(Refused):
    message = msg("Varan finns inte den veckan. Välj en av veckorna i listan.")


class OfferIsClosed(Refused):
    message = msg("Erbjudandet är tillbakadraget. Leta upp ett annat på kartan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an agreement says. `period` is half-open; `categories` are keys."""

    kind: AgreementKind
    period: Period
    has_extension: bool
    categories: tuple[str, ...]
    delivery_terms: str
    payment_days: int
    authority_contact: str
    producer_contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That someone showed who they are, when, how, and for which document. `evidence` holds plain JSON values."""

    user_id: int
    method: Method
    proved_at: datetime
    document_sha256: str
    evidence: Mapping[str, object]


def state_after(state: AgreementState | None, event: AgreementEvent) -> AgreementState:
    """The state that `event` leads to. Raises NotPossibleNow where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotPossibleNow from None


def possible_events(state: AgreementState, *, side: Side) -> frozenset[AgreementEvent]:
    """What a side can do to an agreement in `state`: the source of the buttons."""
    own = OF_PRODUCER if side is Side.PRODUCER else OF_AUTHORITY
    return frozenset(event for (before, event) in TRANSITIONS if before is state and event in own)


def check_side(event: AgreementEvent, *, side: Side) -> None:
    """Raises NotYours for a step that the other party takes."""
    if event not in (OF_PRODUCER if side is Side.PRODUCER else OF_AUTHORITY):
        raise NotYours


def check_reason(event: AgreementEvent, *, state: AgreementState, reason: str) -> None:
    """What ends an agreement that the other party has seen needs a reason."""
    if event in WITH_REASON and state is not AgreementState.DRAFT and not reason.strip():
        raise ReasonMissing


def check_terms(terms: Terms, *, today: date) -> None:
    """Raises the named refusal for terms that no agreement may have."""
    if not terms.categories:
        raise CategoriesMissing
    if terms.period.end > years_later(terms.period.start, LONGEST_YEARS):
        raise TermTooLong(years=LONGEST_YEARS)
    if terms.period.last < today:
        raise TermIsOver
    if terms.has_extension and terms.kind is not AgreementKind.FRAME:
        raise OnlyFramesExtend


def check_payment(days: int, *, longest: int) -> None:
    """Raises PaymentTooLate beyond what the law allows on the day."""
    if not 0 < days <= longest:
        raise PaymentTooLate(days=longest)


def years_later(day: date, years: int) -> date:
    """The same day of the year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def extended_end(end: date, *, has_extension: bool, is_extended: bool, today: date) -> date:
    """The new end (not included). Raises NothingToExtend or TooLateToExtend."""
    if not has_extension or is_extended:
        raise NothingToExtend
    if today > end - EXTENSION_NOTICE:
        raise TooLateToExtend
    return years_later(end, EXTENSION_YEARS)


def check_proof(proof: Proof, *, user_id: int, document_sha256: str, at: datetime) -> None:
    """A proof counts for one person, one document and a short while. Raises NotFresh or OtherDocument."""
    if proof.document_sha256 != document_sha256:
        raise OtherDocument
    age = at - proof.proved_at
    if proof.user_id != user_id or not timedelta(seconds=-1) <= age <= FRESH_FOR:
        raise NotFresh


def check_not_before(not_before_at: datetime | None, *, at: datetime) -> None:
    """Raises TooEarlyToAgree before the instant that a procedure has set (LOU 20 kap. 1 §)."""
    if not_before_at is not None and at < not_before_at:
        raise TooEarlyToAgree(until=not_before_at)


def check_one_side(user_id: int, *, signed_already: Collection[int]) -> None:
    """Raises SignsForBoth for someone whose signature stands there already."""
    if user_id in signed_already:
        raise SignsForBoth


def digest(document: bytes) -> str:
    """SHA-256 in hex: what is shown, signed and compared."""
    return hashlib.sha256(document).hexdigest()


def weeks_offered(period: Period, *, today: date) -> list[Week]:
    """The weeks, from this one on, in which an offer is available; at most half a year of them."""
    first = Week.containing(max(period.start, today))
    weeks: list[Week] = []
    while first.monday < period.end and len(weeks) < WEEKS_AHEAD:
        weeks.append(first)
        first = first.shifted(1)
    return weeks if period.last >= today else []


def check_interest(week: Week, quantity: Quantity, *, period: Period, today: date, is_open: bool) -> None:
    """Raises OfferIsClosed, WeekNotOffered or TooLarge."""
    if not is_open:
        raise OfferIsClosed
    if week not in weeks_offered(period, today=today):
        raise WeekNotOffered
    if quantity.steps > LARGEST:
        raise TooLarge
