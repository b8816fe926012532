"""The figures: what each is called, exactly what it means, in which unit, and how it comes of the sums. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from market.values import msg

DAY_S = 86_400
METRES_A_KM = 1_000
GRAMS_A_KG = 1_000
PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What was delivered in some period to some kitchens of some categories, added up; columns as in models.DeliveredSum.

    Beside them: `direct_ore` and `dis_ore` by procedure, `suppliers` the number of different ones, `arrivals` vehicles that came to
    a kitchen on a day, `kitchen_weeks` the different kitchens and weeks in which some came, `grades` and `graded` the kitchens'
    grades of taste (1-5) added up and their number.
    """

    lines: int = 0
    deviations: int = 0
    grams: int = 0
    ore: int = 0
    vat_ore: int = 0
    listed_ore: int = 0
    list_ore: int = 0
    credit_ore: int = 0
    local_ore: int = 0
    local_grams: int = 0
    uncertain_ore: int = 0
    uncertain_grams: int = 0
    organic_ore: int = 0
    organic_grams: int = 0
    krav_ore: int = 0
    krav_grams: int = 0
    surplus_ore: int = 0
    surplus_grams: int = 0
    sized_ore: int = 0
    small_ore: int = 0
    lead_s: int = 0
    chain_gram_m: int = 0
    hub_gram_m: int = 0
    kitchen_gram_m: int = 0
    co2e_g: int = 0
    direct_ore: int = 0
    dis_ore: int = 0
    suppliers: int = 0
    arrivals: int = 0
    kitchen_weeks: int = 0
    grades: int = 0
    graded: int = 0


ADDED = tuple(field.name for field in fields(Sums))
"""Every column in order."""


class FigureUnit(StrEnum):
    PERCENT = "percent"
    ORE = "ore"
    KG = "kg"
    KM = "km"
    G_PER_KG = "g_per_kg"
    DAYS = "days"
    COUNT = "count"
    GRADE = "grade"
    PER_WEEK = "per_week"


class Better(StrEnum):
    """Which way a goal means."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`of` gives the value in `unit`, none where there is nothing to divide by: no figure is not the figure nought."""

    key: str
    name: str
    definition: str
    unit: FigureUnit
    better: Better
    of: Callable[[Sums], Decimal | None]
    can_have_goal: bool = True


def ratio(part: int, whole: int, *, times: int = 1) -> Decimal | None:
    """Exact to 28 digits; rounded only where it is shown."""
    return Decimal(part) * times / whole if whole else None


def _share(part: str, whole: str) -> Callable[[Sums], Decimal | None]:
    return lambda sums: ratio(getattr(sums, part), getattr(sums, whole), times=PER_CENT)


def _amount(name: str, *, per: int = 1) -> Callable[[Sums], Decimal | None]:
    return lambda sums: Decimal(getattr(sums, name)) / per


def _against_list(sums: Sums) -> Decimal | None:
    return ratio(sums.listed_ore - sums.list_ore, sums.list_ore, times=PER_CENT)


def _food_km(sums: Sums) -> Decimal | None:
    return ratio(sums.chain_gram_m + sums.hub_gram_m + sums.kitchen_gram_m, sums.grams * METRES_A_KM)


_ALL = (
    Figure(
        key="share_local", name=msg("Andel lokalt"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg(
            "Värdet exklusive moms av det som togs emot och var lokalt enligt kommunens egen definition på leveransdagen, "
            "delat med värdet av allt som togs emot genom Närmat. Osäkra bedömningar räknas inte som lokala."
        ),
        of=_share("local_ore", "ore"),
    ),
    Figure(
        key="share_local_weight", name=msg("Andel lokalt av vikten"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg("Som andelen lokalt, men räknad på vikten i stället för värdet."),
        of=_share("local_grams", "grams"),
    ),
    Figure(
        key="share_uncertain", name=msg("Andel med osäker bedömning"), unit=FigureUnit.PERCENT, better=Better.LOWER,
        definition=msg(
            "Värdet av det där uppgifterna om produktionsställena inte räcker för att säga om det är lokalt, delat med värdet av allt."
        ),
        of=_share("uncertain_ore", "ore"),
    ),
    Figure(
        key="share_organic", name=msg("Andel ekologiskt"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg(
            "Värdet exklusive moms av det som producenten hade ett gällande ekologiskt certifikat för på leveransdagen (EU eller "
            "KRAV), delat med värdet av allt som togs emot genom Närmat."
        ),
        of=_share("organic_ore", "ore"),
    ),
    Figure(
        key="share_organic_weight", name=msg("Andel ekologiskt av vikten"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg("Som andelen ekologiskt, men räknad på vikten i stället för värdet."),
        of=_share("organic_grams", "grams"),
    ),
    Figure(
        key="share_krav", name=msg("Andel KRAV"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg("Den del av värdet som var KRAV-certifierad på leveransdagen. Den ingår också i det ekologiska."),
        of=_share("krav_ore", "ore"),
    ),
    Figure(
        key="spend", name=msg("Inköpt"), unit=FigureUnit.ORE, better=Better.NEITHER,
        definition=msg("Värdet exklusive moms av det som togs emot, efter avdrag för det som avvek."),
        of=_amount("ore"),
    ),
    Figure(
        key="spend_direct", name=msg("Inköpt genom direktupphandling"), unit=FigureUnit.ORE, better=Better.NEITHER,
        definition=msg("Den del av det inköpta som räknas mot gränsen för direktupphandling."), of=_amount("direct_ore"),
    ),
    Figure(
        key="spend_dis", name=msg("Inköpt genom DIS"), unit=FigureUnit.ORE, better=Better.NEITHER,
        definition=msg("Den del av det inköpta som köptes på kontrakt efter avrop i ett DIS, eller av en kommun som köper genom sitt DIS."), of=_amount("dis_ore"),
    ),
    Figure(
        key="food_km", name=msg("Matens väg"), unit=FigureUnit.KM, better=Better.LOWER,
        definition=msg(
            "Hur långt ett kilo färdades i genomsnitt: mellan produktionsställena, till det mottagande köket och vidare till köket "
            "som beställde. Vägt efter vikten; vägarna är uppskattade."
        ),
        of=_food_km,
    ),
    Figure(
        key="co2e", name=msg("Transporternas utsläpp"), unit=FigureUnit.KG, better=Better.LOWER,
        definition=msg(
            "Koldioxidekvivalenter av transporterna: varans del av den publicerade ruttens utsläpp, annars uppskattat efter väg och vikt. "
            "Odling, uppfödning och förädling ingår inte."
        ),
        of=_amount("co2e_g", per=GRAMS_A_KG), can_have_goal=False,
    ),
    Figure(
        key="co2e_per_kg", name=msg("Utsläpp per kilo mat"), unit=FigureUnit.G_PER_KG, better=Better.LOWER,
        definition=msg("Transporternas utsläpp delade med vikten av det som togs emot."),
        of=lambda sums: ratio(sums.co2e_g, sums.grams, times=GRAMS_A_KG),
    ),
    Figure(
        key="surplus_kg", name=msg("Överskott som togs till vara"), unit=FigureUnit.KG, better=Better.HIGHER,
        definition=msg("Vikten av det som producenten hade flaggat upp som överskott och som togs emot i stället för att slängas."),
        of=_amount("surplus_grams", per=GRAMS_A_KG),
    ),
    Figure(
        key="surplus_spend", name=msg("Överskott, värde"), unit=FigureUnit.ORE, better=Better.HIGHER,
        definition=msg("Värdet exklusive moms av det överskott som togs emot."), of=_amount("surplus_ore"),
    ),
    Figure(
        key="against_list", name=msg("Pris mot listpris"), unit=FigureUnit.PERCENT, better=Better.LOWER,
        definition=msg(
            "Hur mycket dyrare eller billigare det blev än producentens listpris när beställningen lades. Bara varor som hade ett "
            "listpris räknas."
        ),
        of=_against_list,
    ),
    Figure(
        key="suppliers", name=msg("Leverantörer"), unit=FigureUnit.COUNT, better=Better.HIGHER,
        definition=msg("Antalet olika producenter som levererade."), of=_amount("suppliers"),
    ),
    Figure(
        key="share_small", name=msg("Mikro- och småföretagens andel"), unit=FigureUnit.PERCENT, better=Better.HIGHER,
        definition=msg(
            "Värdet som kom från företag med färre än 50 anställda (kommissionens rekommendation 2003/361/EG), delat med värdet från "
            "företag som har uppgett sin storlek."
        ),
        of=_share("small_ore", "sized_ore"),
    ),
    Figure(
        key="lead_days", name=msg("Ledtid"), unit=FigureUnit.DAYS, better=Better.LOWER,
        definition=msg("Tiden från att beställningen lades till att den togs emot, i genomsnitt per levererad rad."),
        of=lambda sums: ratio(sums.lead_s, sums.lines * DAY_S),
    ),
    Figure(
        key="deviations", name=msg("Avvikelser"), unit=FigureUnit.PERCENT, better=Better.LOWER,
        definition=msg("Hur stor del av de levererade raderna som hade en avvikelse vid mottagningen."), of=_share("deviations", "lines"),
    ),
    Figure(
        key="grade", name=msg("Kökens betyg"), unit=FigureUnit.GRADE, better=Better.HIGHER,
        definition=msg("Medelvärdet av kökens betyg på smaken, 1 till 5, på det som levererades."),
        of=lambda sums: ratio(sums.grades, sums.graded),
    ),
    Figure(
        key="transports", name=msg("Transporter per kök och vecka"), unit=FigureUnit.PER_WEEK, better=Better.LOWER,
        definition=msg(
            "Hur många fordon som kom till ett kök på en vecka, i genomsnitt över de kök och veckor som fick leveranser. Ett fordon som "
            "kommer med flera leveranser samma dag är en transport."
        ),
        of=lambda sums: ratio(sums.arrivals, sums.kitchen_weeks),
    ),
)  # fmt: skip
FIGURES: Mapping[str, Figure] = MappingProxyType({figure.key: figure for figure in _ALL})
