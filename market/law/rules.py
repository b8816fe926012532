"""The names of what the law sets by date. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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
    }
)


class NoValueInForce(Refused):
    message = msg(
        "Det saknas ett värde för %(what)s den %(day)s. Be administratören lägga in värdet och dess källa."
    )


class ValuesOverlap(Refused):
    message = msg("Det finns redan ett värde för de dagarna. Låt det förra sluta innan det nya börjar.")
