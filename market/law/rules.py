"""The names of what the law sets by date. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from market.values import Refused, msg


class LawKey(StrEnum):
    """What is looked up; the unit stands beside each."""

    DIRECT_AWARD_LIMIT = "direct_award_limit"  # SEK excluding VAT; the value must be UNDER it
    DOCUMENT_FROM = "document_from"  # SEK excluding VAT: from here an award is documented
    DOCUMENT_WITHIN = "document_within"  # days from the contract
    KEEP_DOCUMENTS = "keep_documents"  # years
    EU_THRESHOLD = "eu_threshold"  # SEK excluding VAT, goods, municipalities
    LOT_LIMIT_EUR = "lot_limit_eur"  # EUR excluding VAT: a lot under it may be carved out
    LOT_SHARE = "lot_share"  # per cent of the whole that such lots may be together
    VAT_FOOD = "vat_food"  # per cent
    VAT_ALCOHOL = "vat_alcohol"  # per cent
    PAYMENT_DAYS = "payment_days"  # days: food is paid at the latest
    PERISHABLE_NOTICE = "perishable_notice"  # days: an order of perishables is not cancelled later
    DIS_APPLICATION = (
        "dis_application"  # days from the notice, at least, to apply to a DIS under the directive
    )
    DIS_EVALUATION = "dis_evaluation"  # working days within which an application is evaluated
    DIS_TENDER = "dis_tender"  # days from the invitation, at least, to tender
    AWARD_NOTICE = "award_notice"  # days within which an award is announced
    DIS_EVALUATION_EXTENDED = "dis_evaluation_extended"  # working days, where there are reasons for them
    DIS_DECLARATION = "dis_declaration"  # working days to renew a self-declaration that is asked for
    STANDSTILL = "standstill"  # days from the decision before the contract, at least


LABELS: Mapping[LawKey, str] = MappingProxyType(
    {
        LawKey.DIRECT_AWARD_LIMIT: msg("direktupphandlingsgränsen"),
        LawKey.DOCUMENT_FROM: msg("beloppet från vilket köp dokumenteras"),
        LawKey.DOCUMENT_WITHIN: msg("dagarna för att dokumentera ett köp"),
        LawKey.KEEP_DOCUMENTS: msg("åren som handlingar sparas"),
        LawKey.EU_THRESHOLD: msg("tröskelvärdet"),
        LawKey.LOT_LIMIT_EUR: msg("gränsen för en delupphandling"),
        LawKey.LOT_SHARE: msg("andelen för delupphandlingar"),
        LawKey.VAT_FOOD: msg("momsen på livsmedel"),
        LawKey.VAT_ALCOHOL: msg("momsen på alkohol"),
        LawKey.PAYMENT_DAYS: msg("betalningstiden"),
        LawKey.PERISHABLE_NOTICE: msg("tiden för avbeställning av färskvaror"),
        LawKey.DIS_APPLICATION: msg("tiden för att ansöka till ett DIS"),
        LawKey.DIS_EVALUATION: msg("tiden för att pröva en ansökan till ett DIS"),
        LawKey.DIS_TENDER: msg("tiden för att lämna anbud i ett DIS"),
        LawKey.AWARD_NOTICE: msg("tiden för efterannonsen"),
        LawKey.DIS_EVALUATION_EXTENDED: msg("den förlängda tiden för att pröva en ansökan till ett DIS"),
        LawKey.DIS_DECLARATION: msg("tiden för att förnya en egen försäkran"),
        LawKey.STANDSTILL: msg("avtalsspärren"),
    }
)


class NoValueInForce(Refused):
    message = msg(
        "Det saknas ett värde för %(what)s den %(day)s. Be administratören lägga in värdet och dess källa."
    )


class ValuesOverlap(Refused):
    message = msg("Det finns redan ett värde för de dagarna. Låt det förra sluta innan det nya börjar.")


class NotALegalValue(Refused):
    message = msg(
        "Värdet passar inte: procent är högst 100, dagar och år är hela tal, och inget är mindre än noll."
    )


class Measure(StrEnum):
    """What a value of the law counts."""

    KRONOR = "kronor"
    EURO = "euro"
    DAYS = "days"
    YEARS = "years"
    PERCENT = "percent"


MEASURES: Mapping[LawKey, Measure] = MappingProxyType(
    {
        LawKey.DIRECT_AWARD_LIMIT: Measure.KRONOR,
        LawKey.DOCUMENT_FROM: Measure.KRONOR,
        LawKey.DOCUMENT_WITHIN: Measure.DAYS,
        LawKey.KEEP_DOCUMENTS: Measure.YEARS,
        LawKey.EU_THRESHOLD: Measure.KRONOR,
        LawKey.LOT_LIMIT_EUR: Measure.EURO,
        LawKey.LOT_SHARE: Measure.PERCENT,
        LawKey.VAT_FOOD: Measure.PERCENT,
        LawKey.VAT_ALCOHOL: Measure.PERCENT,
        LawKey.PAYMENT_DAYS: Measure.DAYS,
        LawKey.PERISHABLE_NOTICE: Measure.DAYS,
        LawKey.DIS_APPLICATION: Measure.DAYS,
        LawKey.DIS_EVALUATION: Measure.DAYS,
        LawKey.DIS_TENDER: Measure.DAYS,
        LawKey.AWARD_NOTICE: Measure.DAYS,
        LawKey.DIS_EVALUATION_EXTENDED: Measure.DAYS,
        LawKey.DIS_DECLARATION: Measure.DAYS,
        LawKey.STANDSTILL: Measure.DAYS,
    }
)
LARGEST_VALUE = Decimal(10) ** 9
WHOLE = frozenset({Measure.DAYS, Measure.YEARS})


def check_value(key: LawKey, value: Decimal) -> None:
    """Raises NotALegalValue for what can not be a value of `key`."""
    measure = MEASURES[key]
    too_large = value > 100 if measure is Measure.PERCENT else value >= LARGEST_VALUE
    if value < 0 or too_large or (measure in WHOLE and value != value.to_integral_value()):
        raise NotALegalValue
