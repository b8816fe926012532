"""What stands behind each figure: which deliveries count in it, and the amounts that it is made of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from market.followup.figures import DAY_S, GRAMS_A_KG, METRES_A_KM, Sums
from market.values import msg


class AmountUnit(StrEnum):
    """Units of what figures are made of."""

    KRONOR = "kronor"
    KG = "kg"
    KG_KM = "kg_km"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Amount:
    """A named amount of the sums, in its unit; kronor as öre."""

    name: str
    unit: AmountUnit
    of: Callable[[Sums], Decimal]


@dataclass(frozen=True, slots=True)
class Behind:
    """`chosen`: the filters of the deliveries page that leave what counts in `top`. A figure without `bottom` is its top."""

    top: Amount
    bottom: Amount | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


def _sum(name: str, unit: AmountUnit, *columns: str, per: int = 1) -> Amount:
    return Amount(name, unit, lambda sums: Decimal(sum(getattr(sums, column) for column in columns)) / per)


ALL_ORE = _sum(msg("Allt som togs emot"), AmountUnit.KRONOR, "ore")
ALL_KG = _sum(msg("Allt som togs emot"), AmountUnit.KG, "grams", per=GRAMS_A_KG)
LINES = _sum(msg("Levererade rader"), AmountUnit.COUNT, "lines")
CO2E = _sum(msg("Transporternas utsläpp"), AmountUnit.KG, "co2e_g", per=GRAMS_A_KG)
LOCAL, UNCERTAIN, ORGANIC, KRAV, SURPLUS = (
    msg("Lokalt"), msg("Osäkert"), msg("Ekologiskt"), msg("KRAV"), msg("Överskott"),
)  # fmt: skip


def _ore(name: str, column: str) -> Amount:
    return _sum(name, AmountUnit.KRONOR, column)


def _kg(name: str, column: str) -> Amount:
    return _sum(name, AmountUnit.KG, column, per=GRAMS_A_KG)


BEHIND: Mapping[str, Behind] = MappingProxyType(
    {
        "share_local": Behind(_ore(LOCAL, "local_ore"), ALL_ORE, {"local": "yes"}),
        "share_local_weight": Behind(_kg(LOCAL, "local_grams"), ALL_KG, {"local": "yes"}),
        "share_uncertain": Behind(_ore(UNCERTAIN, "uncertain_ore"), ALL_ORE, {"local": "uncertain"}),
        "share_organic": Behind(_ore(ORGANIC, "organic_ore"), ALL_ORE, {"mark": "organic"}),
        "share_organic_weight": Behind(_kg(ORGANIC, "organic_grams"), ALL_KG, {"mark": "organic"}),
        "share_krav": Behind(_ore(KRAV, "krav_ore"), ALL_ORE, {"mark": "krav"}),
        "spend": Behind(ALL_ORE),
        "spend_direct": Behind(_ore(msg("Direktupphandlat"), "direct_ore"), chosen={"route": "direct"}),
        "spend_dis": Behind(_ore(msg("Genom DIS"), "dis_ore"), chosen={"route": "dis"}),
        "food_km": Behind(
            _sum(
                msg("Vikt gånger väg"), AmountUnit.KG_KM, "chain_gram_m", "hub_gram_m", "kitchen_gram_m",
                per=GRAMS_A_KG * METRES_A_KM,
            ),
            ALL_KG,
        ),
        "co2e": Behind(CO2E),
        "co2e_per_kg": Behind(CO2E, ALL_KG),
        "surplus_kg": Behind(_kg(SURPLUS, "surplus_grams"), chosen={"mark": "surplus"}),
        "surplus_spend": Behind(_ore(SURPLUS, "surplus_ore"), chosen={"mark": "surplus"}),
        "against_list": Behind(
            _ore(msg("Betalat för varor med listpris"), "listed_ore"),
            _ore(msg("Samma varor till listpris"), "list_ore"),
            {"mark": "listed"},
        ),
        "suppliers": Behind(_sum(msg("Olika leverantörer"), AmountUnit.COUNT, "suppliers")),
        "share_small": Behind(
            _ore(msg("Från mikro- och småföretag"), "small_ore"),
            _ore(msg("Från företag som har uppgett sin storlek"), "sized_ore"),
            {"mark": "small"},
        ),
        "lead_days": Behind(_sum(msg("Ledtider tillsammans"), AmountUnit.DAYS, "lead_s", per=DAY_S), LINES),
        "deviations": Behind(
            _sum(msg("Rader med avvikelse"), AmountUnit.COUNT, "deviations"), LINES, {"mark": "deviation"}
        ),
        "grade": Behind(
            _sum(msg("Betygen tillsammans"), AmountUnit.COUNT, "grades"),
            _sum(msg("Antal betyg"), AmountUnit.COUNT, "graded"),
            {"mark": "graded"},
        ),
        "transports": Behind(
            _sum(msg("Fordon som kom"), AmountUnit.COUNT, "arrivals"),
            _sum(msg("Kök och veckor med leveranser"), AmountUnit.COUNT, "kitchen_weeks"),
        ),
    }
)  # fmt: skip
