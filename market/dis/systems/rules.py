"""What a DIS is made of, and what must hold before it is published: regime, dates, deductions, ties. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from market.dis.rules import Regime
from market.dis.working_days import add_working_days, is_working_day
from market.values import Refused, msg, wall_clock

MOST_DEDUCTION_BP = 5_000
"""What all added values of a category may take off a price together: 50 %, in hundredths of a per cent."""

LARGEST_VALUE_ORE = 10**14
"""A thousand milliards of kronor: above it somebody has counted the noughts wrong."""

ONE_DAY = timedelta(days=1)


class RequirementKind(StrEnum):
    """How a supplier shows that it meets a qualification requirement."""

    DECLARATION = "declaration"  # it says so itself (egen försäkran, LOU 15 kap. 1 §)
    DOCUMENT = "document"  # it attaches proof
    TEXT = "text"  # it describes


class CriterionKind(StrEnum):
    """How an added value is judged. The price is always there and needs no row."""

    STATEMENT = "statement"  # offered or not, with evidence: receives school classes, visits schools
    SCORED = "scored"  # points by a working group that tastes blind: taste, consistency, fluid loss, thawing


class TieRule(StrEnum):
    """What decides between equal comparison prices, published with the notice."""

    ADDED_VALUE_THEN_LOT = "added_value_then_lot"  # the larger granted deduction, then drawing lots
    LOT = "lot"  # drawing lots


@dataclass(frozen=True, slots=True)
class Basics:
    """The first step of setting up. `last_day` is the last day of the validity."""

    name: str
    description: str
    contact: str
    last_day: date
    value_ore: int
    regime: Regime
    regime_reason: str = ""


@dataclass(frozen=True, slots=True)
class RequirementText:
    """A requirement as written; `id` is that of the row it changes."""

    kind: RequirementKind
    text: str
    proof: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionText:
    """An added value as written. Deduction in hundredths of a per cent; points only when it is scored."""

    kind: CriterionKind
    name: str
    max_deduction_bp: int
    description: str = ""
    max_points: int | None = None
    needs_evidence: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryText:
    """What a category says: what characterises it, who qualifies, what is judged, how lots are shared."""

    description: str
    max_suppliers_per_lot: int
    max_lots_per_supplier: int | None
    requirements: tuple[RequirementText, ...] = ()
    criteria: tuple[CriterionText, ...] = ()


@dataclass(frozen=True, slots=True)
class TermsText:
    """What every contract says, and how ties are broken."""

    tie_rule: TieRule
    standstill_days: int
    contract_terms: str


class AlreadyPublished(Refused):
    message = msg(
        "Systemet är publicerat och kan inte ändras: alla leverantörer ska kunna lita på annonsen. "
        "Ingen kommun kan heller komma till (bara de som annonsen nämner). Avsluta det och börja på ett nytt."
    )


class DraftHasChanged(Refused):
    message = msg("Utkastet ändrades medan annonsen skrevs. Läs igenom det igen och publicera sedan.")


class EndsTooEarly(Refused):
    message = msg("Sista dagen måste ligga längre fram: leverantörerna ska hinna ansöka och köken beställa.")


class NotAValue(Refused):
    message = msg("Skriv det uppskattade värdet i kronor utan moms, större än noll.")


class MustFollowDirective(Refused):
    message = msg(
        "Värdet når tröskelvärdet %(threshold)s kronor. Då gäller 8 kap. LOU: välj «över tröskelvärdet»."
    )


class RegimeReasonNeeded(Refused):
    message = msg(
        "Det går inte att säga vilka regler som gäller: tröskelvärdet för dagen saknas i Närmat. "
        "Välj själv och skriv varför ni valde så."
    )


class TooMuchDeduction(Refused):
    message = msg("Mervärdena i en kategori får tillsammans ge högst 50 %% avdrag. Nu är de %(percent)s %%.")


class PointsMissing(Refused):
    message = msg("Ett mervärde som en arbetsgrupp poängsätter behöver en högsta poäng, till exempel 5.")


class NobodySupplies(Refused):
    message = msg("Minst en leverantör måste kunna vinna varje del. Skriv ett helt tal från 1.")


class AuthorityMissing(Refused):
    message = msg("Minst en kommun måste vara med: den som driver systemet.")


class StandstillTooShort(Refused):
    message = msg("En avtalsspärr är minst %(days)s dagar, eller 0 om ni inte vill ha någon.")


class FirstRoundTooShort(Refused):
    message = msg(
        "Den första ansökningstiden kan sluta tidigast %(day)s: leverantörerna ska hinna ansöka "
        "(LOU 8 kap. 8 §, 19 kap. 11 §)."
    )


class ReviewTooEarly(Refused):
    message = msg("Den förlängda prövningen kan inte ta slut före den första ansökningstiden.")


class NotLater(Refused):
    message = msg("Välj en dag efter den nuvarande sista dagen. För att sluta tidigare avslutar ni systemet.")


class DraftIncomplete(Refused):
    message = msg("Något saknas ännu. Se listan på sidan och fyll i det först.")


class WarningsOpen(Refused):
    message = msg(
        "Det finns ord om plats eller avstånd som ingen har tagit ställning till. "
        "Ändra texten eller skriv varför ordet inte gynnar någon (LOU 4 kap. 1 §)."
    )


def regime_by_value(value_ore: int, *, threshold: Decimal | None) -> Regime | None:
    """What the value says (LOU 5 kap. 1, 14 §§, 19 kap. 1 §): at the threshold the directive binds. None: not known."""
    if threshold is None:
        return None
    return Regime.DIRECTIVE if value_ore >= threshold * 100 else Regime.NATIONAL


def check_regime(basics: Basics, *, threshold: Decimal | None) -> None:
    """Stricter rules than needed may be chosen, never laxer. Raises NotAValue, MustFollowDirective, RegimeReasonNeeded."""
    if not 0 < basics.value_ore <= LARGEST_VALUE_ORE:
        raise NotAValue
    advised = regime_by_value(basics.value_ore, threshold=threshold)
    if advised is None and not basics.regime_reason.strip():
        raise RegimeReasonNeeded
    if advised is Regime.DIRECTIVE and basics.regime is Regime.NATIONAL:
        raise MustFollowDirective(threshold=threshold)


def check_category(content: CategoryText) -> None:
    """Raises TooMuchDeduction, PointsMissing, NobodySupplies."""
    check_deductions(criterion.max_deduction_bp for criterion in content.criteria)
    for criterion in content.criteria:
        if criterion.kind is CriterionKind.SCORED and not criterion.max_points:
            raise PointsMissing
    most = content.max_lots_per_supplier
    if content.max_suppliers_per_lot < 1 or (most is not None and most < 1):
        raise NobodySupplies


def check_deductions(deductions_bp: Iterable[int]) -> None:
    """Raises TooMuchDeduction over 50 % together."""
    total = sum(deductions_bp)
    if total > MOST_DEDUCTION_BP:
        raise TooMuchDeduction(percent=Decimal(total) / 100)


def check_standstill(days: int, *, least: int) -> None:
    """None, or as long as protects the contract (LOU 20 kap. 1, 15 §§). Raises StandstillTooShort."""
    if days != 0 and days < least:
        raise StandstillTooShort(days=least)


def earliest_last_day(published_on: date, *, regime: Regime, days: int) -> date:
    """The earliest day on which the first round may end.

    Under the directive `days` (30) whole days after the one on which the notice is sent (8 kap. 8 §); a period that
    would end on a day off ends on the next working day (EEG, Euratom 1182/71, art. 3). Below the threshold the time
    must be reasonable (19 kap. 11 §): tomorrow is the least that can be meant.
    """
    if regime is Regime.NATIONAL:
        return published_on + ONE_DAY
    last = published_on + timedelta(days=days)
    return last if is_working_day(last) else add_working_days(last, 1)


def check_first_round(
    last_day: date, *, earliest: date, valid_until: date, review_until: date | None
) -> None:
    """Raises FirstRoundTooShort, EndsTooEarly, ReviewTooEarly."""
    if last_day < earliest:
        raise FirstRoundTooShort(day=earliest)
    if last_day + ONE_DAY >= valid_until:
        raise EndsTooEarly
    if review_until is not None and review_until <= last_day:
        raise ReviewTooEarly


def end_of(day: date) -> datetime:
    """The first instant after a Swedish day."""
    return wall_clock(day + ONE_DAY, 0)
