"""Three ways to begin, as municipalities in Region Gävleborg's report set up their DIS. Every text can be changed. Pure.

The texts become part of a Swedish notice, so they are in Swedish; none names a place or a distance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from market.dis.systems.rules import (
    CategoryText,
    CriterionKind,
    CriterionText,
    RequirementKind,
    RequirementText,
    TermsText,
    TieRule,
)
from market.values import msg

STANDSTILL_DAYS = 10


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """What a new DIS is filled with: its terms, and each category by its key in the register."""

    name: str
    summary: str
    description: str
    terms: TermsText
    categories: Mapping[str, CategoryText]


_FOOD_BUSINESS = RequirementText(
    RequirementKind.DECLARATION,
    "Leverantören är registrerad eller godkänd som livsmedelsföretagare för det den säljer.",
    "Egen försäkran. Registrering eller godkännande visas på begäran före tilldelning.",
)
_NO_EXCLUSION = RequirementText(
    RequirementKind.DECLARATION,
    "Det finns ingen grund för uteslutning enligt 13 kap. LOU: inga sådana brott, inga obetalda skatter eller avgifter, "
    "ingen konkurs.",
    "Egen försäkran (15 kap. 1 § LOU).",
)
_TRACEABILITY = RequirementText(
    RequirementKind.TEXT,
    "Leverantören kan spåra varje parti ett steg bakåt och ett steg framåt i kedjan.",
    "Beskriv kort hur partier märks och hur länge uppgifterna sparas.",
)
_SELF_CHECKS = RequirementText(
    RequirementKind.DOCUMENT,
    "Leverantören har egenkontroll enligt HACCP-principerna, med obruten kylkedja där varan kräver det.",
    "Bifoga en beskrivning av egenkontrollen eller kontrollmyndighetens senaste rapport.",
)
_BASIC = (_FOOD_BUSINESS, _NO_EXCLUSION, _TRACEABILITY)
_COLD = (*_BASIC, _SELF_CHECKS)

_PAYMENT = (
    "Priset gäller utan moms och innehåller allt, också leveransen till de mottagningskök som avropet räknar upp. "
    "Betalning sker inom den tid som gäller för livsmedel enligt lag (2021:579), mot e-faktura. "
    "Leverans sker på den vardag och i det tidsfönster som avropet anger. "
    "Fel i leverans anmäls av köket vid mottagningen; felaktig vara ersätts eller krediteras."
)


def _scored(name: str, description: str, bp: int) -> CriterionText:
    return CriterionText(CriterionKind.SCORED, name, bp, description, max_points=5)


def _stated(name: str, description: str, bp: int) -> CriterionText:
    return CriterionText(CriterionKind.STATEMENT, name, bp, description, needs_evidence=True)


_TASTE = _scored(
    "Smak",
    "Arbetsgruppen provar blint, utan att veta vems varan är, och sätter poäng var för sig: 0 godtas inte i köken, "
    "3 som väntat av en god vara, 5 utmärkt.",
    1_500,
)
_CONSISTENCY = _scored(
    "Konsistens",
    "Bedöms blint efter tillagning enligt det recept som avropet anger: 0 faller sönder eller är seg, 3 som väntat, "
    "5 utmärkt.",
    1_000,
)
_FLUID_LOSS = _scored(
    "Vätskeförlust",
    "Varan vägs före och efter tillagning enligt avropets recept. 5 poäng för högst 10 % förlust, sedan ett poäng "
    "mindre för varje ytterligare 5 procentenheter.",
    1_000,
)
_THAWING = _scored(
    "Upptining",
    "Fryst vara tinas i kyl över natten. 5 poäng när vätskan som rinner av är högst 2 % av vikten, sedan ett poäng "
    "mindre för varje ytterligare 2 procentenheter.",
    500,
)
_CLASSES = _stated(
    "Tar emot skolklasser",
    "Leverantören tar emot en klass om högst 30 elever vid minst två tillfällen per läsår, utan kostnad för skolan. "
    "Digitalt besök räknas lika.",
    1_000,
)
_TRAINEES = _stated(
    "Tar emot praktikanter",
    "Leverantören tar emot minst en praktikant per läsår i minst två veckor, med handledare.",
    500,
)
_STUDY_VISITS = _stated(
    "Tar emot studiebesök",
    "Leverantören tar emot ett studiebesök per läsår av skola eller äldreomsorg, i egen verksamhet eller digitalt.",
    1_000,
)
_SCHOOL_VISITS = _stated(
    "Besöker skolor",
    "Leverantören besöker en skola per läsår, på plats eller digitalt, och berättar om sin verksamhet i minst en timme.",
    1_000,
)
_FRESHNESS = _stated(
    "Färskhet vid leverans",
    "Varan skördas, slaktas, värps eller förpackas högst så många dagar före leverans som avropet anger.",
    500,
)


def _category(
    description: str,
    requirements: tuple[RequirementText, ...],
    criteria: tuple[CriterionText, ...],
    *,
    suppliers: int = 1,
) -> CategoryText:
    return CategoryText(description, suppliers, None, requirements, criteria)


_COOKED = (_TASTE, _CONSISTENCY, _FLUID_LOSS, _THAWING)
_SCHOOL = (_CLASSES, _TRAINEES)
_VISITS = (_STUDY_VISITS, _SCHOOL_VISITS, _FRESHNESS)

STARTING_POINTS: Mapping[str, StartingPoint] = MappingProxyType(
    {
        "working_group": StartingPoint(
            msg("Arbetsgrupp som provar (som Kramfors)"),
            msg(
                "En arbetsgrupp bedömer smak, konsistens, vätskeförlust och upptining blint. Högst 40 procents avdrag."
            ),
            "Livsmedel till måltidsverksamheten, i mängder som varje avrop anger.",
            TermsText(TieRule.ADDED_VALUE_THEN_LOT, STANDSTILL_DAYS, _PAYMENT),
            MappingProxyType(
                {
                    "beef": _category(
                        "Färskt eller fryst nötkött, hela detaljer, bitar eller färs.", _COLD, _COOKED
                    ),
                    "lamb": _category(
                        "Färskt eller fryst lammkött, hela detaljer, bitar eller färs.", _COLD, _COOKED
                    ),
                    "poultry": _category("Kyckling, kalkon och höna, hel eller styckad.", _COLD, _COOKED),
                    "vegetables": _category(
                        "Färska grönsaker, otvättade eller tvättade.", _BASIC, (_TASTE, _CONSISTENCY)
                    ),
                    "potatoes": _category("Potatis, oskalad eller skalad.", _BASIC, (_TASTE, _CONSISTENCY)),
                    "eggs": _category("Ägg från höns, klass A.", _BASIC, (_TASTE,)),
                    "honey": _category("Honung i hink eller burk.", _BASIC, (_TASTE, _CONSISTENCY)),
                    "jam": _category("Sylt och marmelad i hink.", _BASIC, (_TASTE, _CONSISTENCY)),
                }
            ),
        ),
        "school_classes": StartingPoint(
            msg("Pris, skolklasser och praktikanter (som Tierp)"),
            msg(
                "Priset avgör tillsammans med att leverantören tar emot skolklasser och praktikanter. Högst 15 procents avdrag."
            ),
            "Livsmedel till förskola, skola och äldreomsorg, i mängder som köken anger inför varje avrop.",
            TermsText(
                TieRule.ADDED_VALUE_THEN_LOT,
                STANDSTILL_DAYS,
                f"{_PAYMENT} Statistik över sålda mängder tas ur kökens mottagningar i Närmat; leverantören behöver inte lämna någon.",
            ),
            MappingProxyType(
                {
                    "beef": _category("Nöt- och kalvkött, färskt eller fryst.", _COLD, _SCHOOL),
                    "lamb": _category("Kött av lamm och får, färskt eller fryst.", _COLD, _SCHOOL),
                    "goat": _category("Kött av get och killing, färskt eller fryst.", _COLD, _SCHOOL),
                    "game": _category("Viltkött som passerat vilthanteringsanläggning.", _COLD, _SCHOOL),
                    "poultry": _category("Kyckling och kalkon, hel eller styckad.", _COLD, _SCHOOL),
                    "dairy": _category("Mjölk och mejerivaror.", _COLD, _SCHOOL),
                    "eggs": _category("Ägg från höns, klass A.", _BASIC, _SCHOOL),
                    "fish": _category("Fisk och skaldjur, färska eller frysta.", _COLD, _SCHOOL),
                    "vegetables": _category("Grönsaker, otvättade eller tvättade.", _BASIC, _SCHOOL),
                    "fruit": _category("Frukt och bär, färska eller frysta.", _BASIC, _SCHOOL),
                    "grain": _category("Spannmål, mjöl, gryn och flingor.", _BASIC, _SCHOOL),
                    "pulses": _category("Baljväxter, torra eller kokta.", _BASIC, _SCHOOL),
                    "prepared": _category("Förädlade produkter.", _COLD, _SCHOOL),
                }
            ),
        ),
        "visits": StartingPoint(
            msg("Studiebesök och skolbesök (som Vallentuna)"),
            msg(
                "Likvärdiga leverantörer skiljs åt av studiebesök, skolbesök och färskhet. Flera kan dela på en del. Högst 25 procents avdrag."
            ),
            "Livsmedel till förskola, skola och äldreomsorg, i mängder som varje avrop anger.",
            TermsText(
                TieRule.ADDED_VALUE_THEN_LOT,
                STANDSTILL_DAYS,
                f"{_PAYMENT} Varje avrop anger fasta leveransdagar och mängder för hela sin tid.",
            ),
            MappingProxyType(
                {
                    "prepared": _category("Förädlade produkter.", _COLD, _VISITS, suppliers=2),
                    "fruit": _category("Frukt och bär, färska.", _BASIC, _VISITS, suppliers=2),
                    "vegetables": _category("Grönsaker, färska.", _BASIC, _VISITS, suppliers=2),
                    "poultry": _category("Kyckling, kalkon och höna.", _COLD, _VISITS, suppliers=2),
                    "game": _category(
                        "Viltkött som passerat vilthanteringsanläggning.", _COLD, _VISITS, suppliers=2
                    ),
                    "fish": _category("Fisk och skaldjur.", _COLD, _VISITS, suppliers=2),
                    "dairy": _category("Mejeriprodukter.", _COLD, _VISITS, suppliers=2),
                    "eggs": _category("Ägg från höns, klass A.", _BASIC, _VISITS, suppliers=2),
                }
            ),
        ),
    }
)
