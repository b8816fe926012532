"""When an application is decided, what it still lacks, and on what grounds it is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from market.dis.rules import ApplicationState
from market.dis.systems.rules import RequirementKind
from market.dis.working_days import add_working_days
from market.values import Refused, local_date, msg

LIVE = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.ADMITTED})
"""A producer has at most one of these in a category."""
_AN_INSTANT = timedelta(microseconds=1)


class Ground(StrEnum):
    """Why a supplier is not let in, or is put out (LOU 13 kap. 1-3 §§, 14 kap. 1-5 §§, 19 kap. 17 §)."""

    REQUIREMENT = "requirement"  # a qualification requirement is not met
    BANKRUPTCY = "bankruptcy"
    TAXES = "taxes"
    CRIME = "crime"
    MISCONDUCT = "misconduct"
    DECLARATION = "declaration"  # a self-declaration was false, or was not renewed when asked for


class InquiryKind(StrEnum):
    """What an authority asks of a supplier: to declare anew (LOU 8 kap. 13 §), or to be heard (19 kap. 17 §)."""

    DECLARATION = "declaration"
    HEARING = "hearing"


class Lacking(StrEnum):
    """What is not there yet. An answer belongs to a requirement."""

    CATEGORY = "category"
    ANSWER = "answer"
    AUTHORITY = "authority"
    CONTACT_NAME = "contact_name"
    CONTACT_WAY = "contact_way"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Lack:
    what: Lacking
    application_id: int | None = None
    requirement_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Who is asked about the applications, where the applicant can deliver, and what else it says."""

    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    message: str = ""
    authority_ids: frozenset[int] = frozenset()


class SystemClosed(Refused):
    message = msg("Inköpssystemet tar inte emot ansökningar nu. Se i annonsen när det gäller.")


class NothingToSend(Refused):
    message = msg("Kryssa i minst en kategori och fyll i den. Sedan går ansökan att skicka.")


class Incomplete(Refused):
    message = msg("Ansökan är inte skickad. Fyll i det som saknas i listan och skicka igen.")


class FirstRoundStillOpen(Refused):
    message = msg(
        "Första omgången är öppen till %(until)s. Beslut fattas efter det, så att alla får samma tid (LOU 8 kap. 8 §). "
        "Bedömningen kan sparas redan nu."
    )


class NotAllMet(Refused):
    message = msg(
        "Godkänn först när varje krav är bedömt som uppfyllt. Saknas något: godkänn inte, och skriv skälen, "
        "så kan leverantören komplettera och ansöka igen."
    )


class GroundNeeded(Refused):
    message = msg("Välj grunden för beslutet. Den står i underrättelsen till leverantören.")


class EverythingIsMet(Refused):
    message = msg(
        "Alla krav är bedömda som uppfyllda, så inget krav är en grund att underkänna. "
        "Ändra bedömningen, eller välj en annan grund."
    )


class NotHeard(Refused):
    message = msg(
        "Låt först leverantören yttra sig inom en bestämd tid (LOU 19 kap. 17 §). "
        "Beslutet kan fattas när svaret har kommit eller tiden har gått ut."
    )


class AlreadyExtended(Refused):
    message = msg("Tiden är redan förlängd. Den kan förlängas en gång.")


class TooLateToExtend(Refused):
    message = msg("Tiden för att besluta har redan gått ut och kan inte förlängas. Besluta i dag.")


class AlreadyAsked(Refused):
    message = msg(
        "Leverantören har redan en fråga att svara på. Vänta på svaret eller tills tiden har gått ut."
    )


class DayHasPassed(Refused):
    message = msg("Sista dagen att svara måste ligga efter i dag.")


class AnswerNeeded(Refused):
    message = msg("Skriv ert svar, eller vad som har ändrats. Sedan går det att skicka.")


class NoneChosen(Refused):
    message = msg("Kryssa i minst en leverantör.")


def is_first_round(submitted_at: datetime, *, ends_at: datetime | None) -> bool:
    """Received before the first round's end (LOU 8 kap. 8 §); whoever comes on the stroke comes after it."""
    return ends_at is not None and submitted_at < ends_at


def review_begins_on(submitted_at: datetime, *, ends_at: datetime | None) -> date:
    """The day from which the time to decide is counted: of receipt, or the first round's last (LOU 8 kap. 7-8 §§)."""
    if ends_at is not None and is_first_round(submitted_at, ends_at=ends_at):
        return local_date(ends_at - _AN_INSTANT)
    return local_date(submitted_at)


def last_day_to_decide(
    submitted_at: datetime, *, ends_at: datetime | None, first_review_until: date | None, working_days: int
) -> date:
    """So many working days from the beginning (LOU 8 kap. 7 § andra stycket).

    A longer first period that the documents named (tredje stycket) holds for what is received up to its last day.
    """
    last = add_working_days(review_begins_on(submitted_at, ends_at=ends_at), working_days)
    if first_review_until is not None and local_date(submitted_at) <= first_review_until:
        return max(last, first_review_until)
    return last


def is_late(state: ApplicationState, due_on: date | None, *, today: date) -> bool:
    """Not decided although its last day is over."""
    return state is ApplicationState.SUBMITTED and due_on is not None and due_on < today


def check_round_is_over(submitted_at: datetime, *, ends_at: datetime | None, at: datetime) -> None:
    """Raises FirstRoundStillOpen for an application of the first round before that has ended."""
    if ends_at is not None and is_first_round(submitted_at, ends_at=ends_at) and at < ends_at:
        raise FirstRoundStillOpen(until=ends_at)


def check_extension(due_on: date, *, is_extended: bool, today: date) -> None:
    """Once, and while the time still runs (LOU 8 kap. 7 §). Raises AlreadyExtended, TooLateToExtend."""
    if is_extended:
        raise AlreadyExtended
    if today > due_on:
        raise TooLateToExtend


def check_admission(verdicts: Iterable[bool | None]) -> None:
    """Every requirement judged, and met (LOU 8 kap. 1, 3 §§). Raises NotAllMet."""
    if not all(verdicts):
        raise NotAllMet


def check_refusal(ground: Ground | None, verdicts: Iterable[bool | None]) -> Ground:
    """A refusal has a ground, and one for a requirement names the requirement (LOU 8 kap. 9 §).

    Raises GroundNeeded, EverythingIsMet.
    """
    if ground is None:
        raise GroundNeeded
    if ground is Ground.REQUIREMENT and all(verdict is not False for verdict in verdicts):
        raise EverythingIsMet
    return ground


def is_answered(kind: RequirementKind, *, is_met: bool, text: str, has_file: bool) -> bool:
    """Whether there is an answer of the kind that the requirement asks for."""
    match kind:
        case RequirementKind.DECLARATION:
            return is_met
        case RequirementKind.DOCUMENT:
            return has_file
        case RequirementKind.TEXT:
            return bool(text.strip())


def lacks_about(about: About) -> list[Lack]:
    """What is missing of what all the applicant's applications share."""
    checks = (
        (bool(about.authority_ids), Lacking.AUTHORITY),
        (bool(about.contact_name.strip()), Lacking.CONTACT_NAME),
        (bool(about.contact_email.strip() or about.contact_phone.strip()), Lacking.CONTACT_WAY),
    )
    return [Lack(what) for is_there, what in checks if not is_there]
