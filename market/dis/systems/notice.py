"""The notice of a DIS as a document: Swedish, A4, archivable, typeset by typst. What it says is plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from market.dis.rules import Regime
from market.dis.systems.models import Criterion, Dis, DisCategory, Requirement
from market.dis.systems.operations import FirstRound
from market.dis.systems.rules import CriterionKind
from market.dis.systems.wording import CRITERION_KINDS, REGIME_NAMES, REQUIREMENT_KINDS, TIE_RULES
from market.law.queries import law_value
from market.law.rules import LawKey
from market.typesetting import NotInFonts, typeset_exactly
from market.values import Refused, local_date, msg

Content = dict[str, Any]
ONE_DAY = timedelta(days=1)
SWEDISH = "sv_SE"
PRICE_RULE = (
    "Varje anbud prövas mot de andra på samma del. Jämförelsepriset är anbudspriset minus de avdrag som beviljas för "
    "mervärden; lägst jämförelsepris går före. Avdragen räknas bara i jämförelsen: leverantören får det pris den bjöd. "
    "Ett poängsatt mervärde ger hela sitt avdrag vid högsta poäng och en proportionell del därunder. "
    "Kriterierna får preciseras i inbjudan till varje avrop men inte ändras (8 kap. 12 § LOU)."
)
HOW_TO_APPLY = (
    "Ansökan görs i Närmat på annonsens sida, för en eller flera kategorier, under hela giltighetstiden. Den kostar "
    "ingenting (8 kap. 14 § LOU), och antalet leverantörer begränsas inte (8 kap. 3 § LOU). Den som får avslag får veta "
    "skälen och kan ansöka på nytt. Inför varje avrop bjuds alla godkända i kategorin in samtidigt (8 kap. 10 § LOU)."
)
EVERYTHING_ELECTRONIC = (
    "Annons, ansökan, frågor, inbjudan, anbud och beslut hanteras elektroniskt i Närmat. Det behövs en webbläsare och en "
    "e-postadress. Handlingarna finns fritt på annonsens sida så länge systemet gäller (8 kap. 5 § LOU)."
)


class NotPrintable(Refused):
    message = msg(
        "Texten har tecken som annonsen inte kan visa, till exempel emojier. Skriv med vanliga bokstäver."
    )


@dataclass(frozen=True, slots=True)
class Dates:
    """What a notice says about time. All days are whole Swedish days, the last ones included."""

    first_day: date
    last_day: date
    first_round_last_day: date
    review_until: date | None

    @classmethod
    def to_publish(cls, dis: Dis, first_round: FirstRound, *, on: date) -> Dates:
        return cls(on, dis.valid_until - ONE_DAY, first_round.last_day, first_round.review_until)

    @classmethod
    def published(cls, dis: Dis, *, last_day: date | None = None) -> Dates:
        """Of one that is published; with another last day when it is extended."""
        assert dis.first_round_ends_at is not None
        return cls(
            dis.valid_from,
            last_day or dis.valid_until - ONE_DAY,
            local_date(dis.first_round_ends_at) - ONE_DAY,
            dis.first_review_until,
        )


def content_of(session: Session, dis: Dis, dates: Dates, *, url: str, on: date) -> Content:
    """Every text of the document. `url` is the notice's page."""
    return {
        "title": dis.name,
        "eyebrow": "Annons om dynamiskt inköpssystem (anbudsinfordran, 8 kap. 4 § LOU)"
        if dis.regime is Regime.DIRECTIVE
        else "Annons om system liknande ett dynamiskt inköpssystem (19 kap. LOU)",
        "footer": f"{dis.name} · {dis.authority.name}",
        "facts": _facts(dis, dates, url),
        "texts": [
            ["Vad systemet avser", dis.description],
            ["Så ansöker ni", HOW_TO_APPLY],
            ["När ansökan prövas", _review(session, dis, dates, on)],
            ["Elektronisk utrustning", EVERYTHING_ELECTRONIC],
        ],
        "categories": [_category(category) for category in dis.categories],
        "ending": [
            ["Så jämförs anbuden", PRICE_RULE],
            [
                "Lika jämförelsepris",
                f"{TIE_RULES[dis.tie_rule]}. Lottningen görs av två personer och protokollförs.",
            ],
            ["Avtalsspärr", _standstill(dis)],
            ["Avtalsvillkor", dis.contract_terms],
        ],
    }


def notice_pdf(content: Mapping[str, Any], *, template: Path, at: datetime) -> bytes:
    """Raises NotPrintable for letters that the fonts lack: a notice says exactly what was written."""
    try:
        return typeset_exactly(template, content, at=at)
    except NotInFonts:
        raise NotPrintable from None


def _facts(dis: Dis, dates: Dates, url: str) -> list[list[str]]:
    others = [one.name for one in dis.authorities if one.id != dis.authority_id]
    pairs = [
        ("Upphandlande myndighet", dis.authority.name),
        ("Också", f"{', '.join(others)}. Ingen annan kan komma till." if others else ""),
        ("Regler", REGIME_NAMES[dis.regime]),
        ("Gäller", f"{day_text(dates.first_day)} – {day_text(dates.last_day)}"),
        (
            "Första ansökningstiden",
            f"till och med {day_text(dates.first_round_last_day)}; därefter när som helst",
        ),
        ("Uppskattat högsta värde", f"{_kronor(dis.estimated_value_ore)} utan moms (5 kap. 14 § LOU)"),
        ("Kontakt", dis.contact),
        ("Annonsens sida", url),
    ]
    return [[label, value] for label, value in pairs if value]


def _review(session: Session, dis: Dis, dates: Dates, on: date) -> str:
    if dis.regime is Regime.NATIONAL:
        return "Ansökningar prövas så snart det går. Den som får avslag får skälen."
    days, more = (
        int(law_value(session, key, on=on).value)
        for key in (LawKey.DIS_EVALUATION, LawKey.DIS_EVALUATION_EXTENDED)
    )
    text = (
        f"En ansökan prövas inom {days} arbetsdagar från att den kom in, eller {more} när det finns skäl som då anges "
        "(8 kap. 7 § LOU)."
    )
    if dates.review_until is not None:
        text += (
            f" För den första ansökningstiden är prövningen förlängd till och med {day_text(dates.review_until)}; "
            "ingen inbjudan att lämna anbud skickas under den tiden."
        )
    return text


def _standstill(dis: Dis) -> str:
    if dis.standstill_days == 0:
        return "Ingen frivillig avtalsspärr."
    return f"Avtal sluts tidigast {dis.standstill_days} dagar efter att tilldelningsbeslutet skickats (20 kap. LOU)."


def _category(category: DisCategory) -> Content:
    codes = ", ".join(row.code for row in category.category.codes)
    return {
        "name": category.category.name_sv,
        "codes": f"CPV {codes}",
        "description": category.description,
        "allocation": allocation_text(category),
        "requirements": [_requirement(row) for row in category.requirements],
        "criteria": [_criterion(row) for row in category.criteria],
    }


def allocation_text(category: DisCategory) -> str:
    """The published rule of how lots are shared (LOU 4 kap. 14-15 §§), in Swedish."""
    most, lots = category.max_suppliers_per_lot, category.max_lots_per_supplier
    shared = (
        "En leverantör vinner varje del."
        if most == 1
        else f"Högst {most} leverantörer delar på en del, när det sammanlagda jämförelsepriset blir lägst så."
    )
    limit = "" if lots is None else f" En leverantör vinner högst {lots} delar i ett avrop."
    return f"{shared}{limit} Fördelningen avgörs för varje avrop för sig."


def _requirement(row: Requirement) -> list[str]:
    return [row.text, f"{REQUIREMENT_KINDS[row.kind]}. {row.proof}".strip()]


def _criterion(row: Criterion) -> list[str]:
    how = CRITERION_KINDS[row.kind]
    if row.kind is CriterionKind.SCORED:
        how += f", 0–{row.max_points} poäng"
    if row.needs_evidence:
        how += "; visas med bevis"
    return [row.name, f"{row.description} {how}.".strip(), f"högst {percent_text(row.max_deduction_bp)}"]


def percent_text(bp: int) -> str:
    """Hundredths of a per cent as "12,5 %"."""
    return f"{format_decimal(Decimal(bp) / 100, locale=SWEDISH)} %"


def day_text(day: date) -> str:
    return format_date(day, "d MMMM y", locale=SWEDISH)


def _kronor(ore: int) -> str:
    return f"{format_decimal(Decimal(ore) / 100, '#,##0', locale=SWEDISH)} kronor"
