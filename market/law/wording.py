"""What the values of the law are called on a page, and how they are written."""

from __future__ import annotations

from flask_babel import gettext

from market import formatting
from market.law.models import LawValue
from market.law.rules import MEASURES, LawKey, Measure
from market.values import msg

NAMES = {
    LawKey.DIRECT_AWARD_LIMIT: msg("Direktupphandlingsgräns, exklusive moms"),
    LawKey.DOCUMENT_FROM: msg("Dokumentera ett köp från, exklusive moms"),
    LawKey.DOCUMENT_WITHIN: msg("Dokumentationen klar inom"),
    LawKey.KEEP_DOCUMENTS: msg("Spara handlingar i minst"),
    LawKey.EU_THRESHOLD: msg("Tröskelvärde för varor, kommuner och regioner"),
    LawKey.LOT_LIMIT_EUR: msg("Delkontrakt som får undantas, under"),
    LawKey.LOT_SHARE: msg("Undantagna delkontrakt tillsammans, högst"),
    LawKey.VAT_FOOD: msg("Moms på livsmedel"),
    LawKey.VAT_ALCOHOL: msg("Moms på alkohol"),
    LawKey.PAYMENT_DAYS: msg("Livsmedel betalas inom"),
    LawKey.PERISHABLE_NOTICE: msg("Färskvaror avbeställs senast före leverans"),
    LawKey.DIS_APPLICATION: msg("Ansökan till DIS enligt 8 kap., minst"),
    LawKey.DIS_EVALUATION: msg("Prövning av ansökan till DIS, arbetsdagar, högst"),
    LawKey.DIS_TENDER: msg("Anbud i DIS enligt 8 kap., minst"),
    LawKey.AWARD_NOTICE: msg("Efterannons inom"),
    LawKey.DIS_EVALUATION_EXTENDED: msg("Prövning av ansökan till DIS med angivna skäl, arbetsdagar, högst"),
    LawKey.DIS_DECLARATION: msg("Förnyad egen försäkran i DIS, arbetsdagar"),
    LawKey.STANDSTILL: msg("Avtalsspärr, minst"),
}


def shown_value(value: LawValue) -> str:
    """As in "700 000 kr", "30 dagar", "12 %"."""
    number = formatting.decimal(value.value.normalize() if value.value else value.value)
    match MEASURES[value.key]:
        case Measure.KRONOR:
            return f"{number}\N{NO-BREAK SPACE}kr"
        case Measure.EURO:
            return f"{number}\N{NO-BREAK SPACE}euro"
        case Measure.PERCENT:
            return f"{number}\N{NO-BREAK SPACE}%"
        case Measure.DAYS:
            return str(gettext("%(number)s dagar", number=number))
        case Measure.YEARS:
            return str(gettext("%(number)s år", number=number))
