"""When a call-off may be sent, and how long tenders are waited for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from market.dis.rules import CallOffEvent, CallOffState, Regime, Thing, is_possible
from market.dis.working_days import is_working_day, working_days_between
from market.values import Refused, local_date, msg, wall_clock

ONE_DAY = timedelta(days=1)
SHORT_WORKING_DAYS = 3
"""Below this a national call-off states why. A floor of this program, not of the law, which says "skälig tid"."""
USUAL_HOUR_S = 12 * 3600


class DisHasEnded(Refused):
    message = msg(
        "Systemet gäller inte längre, så inga nya avrop kan göras i det. De som redan är ute går vidare som vanligt."
    )


class FirstRoundNotOver(Refused):
    message = msg(
        "Första ansökningstiden pågår till %(moment)s. Bjud in när den är slut, så att alla som hinner ansöka får vara "
        "med (LOU 8 kap. 8 §)."
    )


class ReviewExtended(Refused):
    message = msg(
        "Prövningen av första omgången är förlängd till och med %(day)s enligt annonsen. Inga inbjudningar får skickas "
        "under tiden (LOU 8 kap. 7 §). Utkastet ligger kvar."
    )


class EndedWithItsDecision(Refused):
    message = msg(
        "Tilldelningsbeslutet är fattat. Avbryt avropet på sidan Tilldelning, så att avtalen dras tillbaka samtidigt."
    )


class NobodyAdmitted(Refused):
    message = msg(
        "Ingen leverantör är godkänd i kategorin, så det finns ingen att bjuda in. Pröva de ansökningar som väntar, eller "
        "berätta om systemet för fler. Utkastet ligger kvar."
    )


class NoLots(Refused):
    message = msg("Avropet har inga delar. Gör ett nytt utkast av behoven, eller släng det här.")


class DeadlineTooSoon(Refused):
    message = msg(
        "Leverantörerna ska ha minst %(days)s hela dagar från dagen efter inbjudan (LOU 8 kap. 11 §). Välj %(earliest)s "
        "eller senare, eller fråga dem först om en kortare tid."
    )


class DeadlineNotAgreed(Refused):
    message = msg(
        "Alla godkända leverantörer har inte sagt ja till %(proposed)s. Vänta på svaren, eller välj %(earliest)s eller "
        "senare (LOU 8 kap. 11 §, 11 kap. 7 §)."
    )


class DeadlineInThePast(Refused):
    message = msg("Sista tid för anbud måste ligga framåt i tiden.")


class DeadlineNotLater(Refused):
    message = msg("Den nya tiden måste vara senare än den som gäller nu, %(deadline)s.")


class DeadlineHasPassed(Refused):
    message = msg("Anbudstiden är redan ute och kan inte förlängas.")


class ReasonForShortTime(Refused):
    message = msg(
        "Tiden är kortare än %(days)s arbetsdagar. Leverantörerna ska få skälig tid (LOU 19 kap. 11 §): välj en senare "
        "tid, eller skriv varför den här räcker."
    )


class DeliveryBeforeDeadline(Refused):
    message = msg(
        "Del %(number)s ska levereras från %(day)s, innan anbuden har kommit in. Välj en tidigare sista tid, eller ta "
        "bort veckorna ur avropet."
    )


class QuestionsAreOver(Refused):
    message = msg("Anbudstiden är ute, så inga fler frågor tas emot.")


class AlreadyAnswered(Refused):
    message = msg("Frågan är redan besvarad, och svaret har gått ut till alla.")


class NothingWritten(Refused):
    message = msg("Skriv texten först.")


def can_be_abandoned(state: CallOffState) -> bool:
    """On the call-off's own page: from the decision on it is the decision that is taken back."""
    return state is not CallOffState.AWARDED and is_possible(Thing.CALLOFF, state, CallOffEvent.ABANDON)


def check_review_is_over(review_until: date | None, *, today: date) -> None:
    """No invitation while the notice's longer time of review runs (LOU 8 kap. 7 § tredje stycket).

    Raises ReviewExtended up to and including its last day.
    """
    if review_until is not None and today <= review_until:
        raise ReviewExtended(day=review_until)


def earliest_deadline(sent_at: datetime, days: int) -> datetime:
    """The first instant after `days` whole days from the day of sending, which is not counted (LOU 8 kap. 11 §).

    A period that would end on a Saturday, a Sunday or a holiday ends with the next working day (EEG, Euratom 1182/71,
    art. 3.4).
    """
    last = local_date(sent_at) + timedelta(days=days)
    while not is_working_day(last):
        last += ONE_DAY
    return wall_clock(last + ONE_DAY, 0)


def usual_deadline(sent_at: datetime, days: int) -> datetime:
    """What the page proposes under both regimes: noon on the first working day that is late enough."""
    day = local_date(earliest_deadline(sent_at, days))
    while not is_working_day(day):
        day += ONE_DAY
    return wall_clock(day, USUAL_HOUR_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a deadline is judged by. `days` is the law's least; `proposed` what the suppliers were asked to agree to."""

    regime: Regime
    sent_at: datetime
    deadline_at: datetime
    days: int
    proposed: datetime | None
    all_agree: bool
    reason: str


def check_deadline(timing: Timing) -> bool:
    """Whether the deadline rests on everyone's agreement (11 kap. 7 §). Raises what forbids it."""
    if timing.deadline_at <= timing.sent_at:
        raise DeadlineInThePast
    if timing.regime is Regime.NATIONAL:
        if is_short(timing.sent_at, timing.deadline_at) and not timing.reason.strip():
            raise ReasonForShortTime(days=SHORT_WORKING_DAYS)
        return False
    earliest = earliest_deadline(timing.sent_at, timing.days)
    if timing.deadline_at >= earliest:
        return False
    if timing.proposed != timing.deadline_at:
        raise DeadlineTooSoon(days=timing.days, earliest=earliest)
    if not timing.all_agree:
        raise DeadlineNotAgreed(proposed=timing.proposed, earliest=earliest)
    return True


def is_short(sent_at: datetime, deadline_at: datetime) -> bool:
    """Fewer whole working days between than this program asks a reason for."""
    last_whole_day: date = local_date(deadline_at) - ONE_DAY
    return working_days_between(local_date(sent_at), last_whole_day) < SHORT_WORKING_DAYS
