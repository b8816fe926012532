"""The words of award files, carve-outs and routes."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext

from market import formatting
from market.agreements.models import Agreement
from market.direct.need import Route, Said, Verdict
from market.direct.rules import FileState, Measure, Missing, Written
from market.values import Named, local_date, msg

MISSING_NAMES = {
    Missing.REASON: msg("varför köpet direktupphandlades"),
    Missing.ASKED: msg("vilka som tillfrågades"),
    Missing.NOTICE: msg("dagen då de tillfrågade underrättades skriftligt"),
    Missing.COMPARISON: msg("hur priset bedömdes"),
    Missing.CONTRACT: msg("vilket avtal det gäller"),
    Missing.CONTRACT_DATE: msg("avtalets datum"),
}
STATE_NAMES = {
    FileState.OPEN: msg("Pågår"),
    FileState.LATE: msg("För sent"),
    FileState.COMPLETE: msg("Komplett"),
    FileState.GROWN: msg("Mer har köpts sedan dess"),
}
STATE_TONES = {
    FileState.OPEN: "note",
    FileState.LATE: "bad",
    FileState.COMPLETE: "good",
    FileState.GROWN: "warn",
}
MEASURE_NAMES = {Measure.MONEY: msg("Kronor, utan moms"), Measure.WEIGHT: msg("Kilogram")}
ROUTE_NAMES = {
    Route.DIRECT_AWARD: msg("Direktupphandling"),
    Route.LOTS: msg("Undantaget delkontrakt (20-procentsregeln)"),
    Route.NATIONAL_DIS: msg("DIS enligt 19 kap."),
    Route.DIRECTIVE_DIS: msg("DIS enligt 8 kap."),
}
VERDICT_NAMES = {
    Verdict.LAWFUL: msg("Laglig väg"),
    Verdict.UNLAWFUL: msg("Inte här"),
    Verdict.UNKNOWN: msg("Går inte att säga än"),
}
VERDICT_TONES = {Verdict.LAWFUL: "good", Verdict.UNLAWFUL: "neutral", Verdict.UNKNOWN: "warn"}


def said(sentence: Said) -> str:
    """A sentence of the adviser's, in the reader's language."""
    shown = {name: formatting.shown(value) for name, value in sentence.params.items()}
    return str(gettext(sentence.message, **shown) if shown else gettext(sentence.message))


def measured(value: int, measure: Measure) -> str:
    return formatting.whole_kronor(value) if measure is Measure.MONEY else formatting.kilograms(value)


def category_named(swedish: str, english: str) -> str:
    return formatting.named(Named(swedish, english))


def with_agreement(text: Written, agreement: Agreement | None) -> Written:
    """What is written, with the signed agreement proposed as the contract where none is named yet."""
    if agreement is None or text.contract:
        return text
    signed = max(signature.at for signature in agreement.signatures)
    contract = gettext(
        "Avtal %(number)s i Närmat, %(first)s–%(last)s",
        number=agreement.id,
        first=formatting.full_date(agreement.period.start),
        last=formatting.full_date(agreement.period.last),
    )
    return replace(text, contract=contract, contract_on=text.contract_on or local_date(signed))
