"""How deductions, points, declarations and what is missing are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from flask_babel import gettext

from market.dis.evaluations.models import Evaluator
from market.dis.evaluations.rules import Declaration, Lack
from market.dis.evaluations.trying import Setting
from market.dis.systems.rules import TieRule
from market.formatting import decimal, in_unit, unit_sign
from market.values import Unit, msg

LACKS: Mapping[Lack, str] = MappingProxyType(
    {
        Lack.NO_TENDERS: msg("Det finns inget giltigt anbud att jämföra. Avbryt avropet med skäl."),
        Lack.OWN_DECLARATION: msg("Svara på om du har ett eget intresse i saken (jäv)."),
        Lack.BARRED: msg("Du har angett jäv. En annan upphandlare i kommunen måste bedöma och jämföra."),
        Lack.CLAIMS: msg("Bedöm de mervärden som leverantörerna erbjuder."),
        Lack.NO_GROUP: msg("Utse en arbetsgrupp som bedömer proverna."),
        Lack.SCORES: msg("Vänta på arbetsgruppens poäng, eller avsluta bedömningen med skäl."),
    }
)
DECLARATIONS: Mapping[Declaration, str] = MappingProxyType(
    {
        Declaration.IMPARTIAL: msg("Nej, jag har inget eget intresse i saken"),
        Declaration.CONFLICT: msg("Ja, jag har eller kan ha det, eller det kan se ut så"),
    }
)
TIE_RULES: Mapping[TieRule, str] = MappingProxyType(
    {
        TieRule.ADDED_VALUE_THEN_LOT: msg(
            "Vid lika jämförelsepris går det större mervärdesavdraget före, därefter lottas."
        ),
        TieRule.LOT: msg("Vid lika jämförelsepris lottas."),
    }
)


def lack(of: Lack) -> str:
    return str(gettext(LACKS[of]))


def tie_rule(rule: str) -> str:
    return str(gettext(TIE_RULES[TieRule(rule)]))


def seat_state(seat: Evaluator) -> tuple[str, str]:
    """What an evaluator's row says, and its tone."""
    if seat.removed_at is not None:
        return gettext("Har lämnat"), "neutral"
    if seat.declaration is None:
        return gettext("Har inte svarat om jäv"), "note"
    if seat.declaration is Declaration.CONFLICT:
        return gettext("Jävig, deltar inte"), "bad"
    if not seat.is_scorer:
        return gettext("Inget jäv"), "good"
    return (gettext("Poängen är inlämnade"), "good") if seat.submitted_at else (gettext("Bedömer"), "note")


def setting(tried: Setting) -> str:
    """What is set, in a few words."""
    parts = [
        gettext("avdragen till %(scale)s %%", scale=tried.scale),
        gettext("varje post i %(split)s", split=tried.split) if tried.split > 1 else gettext("hela poster"),
        gettext("högst %(count)s per post", count=tried.per_lot),
        gettext("högst %(count)s poster var", count=tried.rotation)
        if tried.rotation
        else gettext("ingen gräns för poster var"),
    ]
    return ", ".join(parts)


def percent(bp: str | int) -> str:
    """An exact number of hundredths of a per cent, as "14,67 %"; shown with two decimals at most."""
    return f"{decimal(_rounded(Fraction(bp) / 100, 2).normalize())}\N{NO-BREAK SPACE}%"


def exact_price(price: str, unit: str) -> str:
    """An exact price per unit, with four decimals where they are needed."""
    shown = _rounded(Fraction(price), 4)
    digits = 2 if shown == shown.quantize(Decimal("0.01")) else 4
    return f"{decimal(shown, digits)}\N{NO-BREAK SPACE}kr/{unit_sign(Unit(unit))}"


def amount(steps: int, unit: str) -> str:
    return in_unit(steps, Unit(unit))


def reached(row: Mapping[str, Any]) -> str:
    """How a deduction came about: "(4 + 3 + 5) / 3 = 4 av 5 poäng", or granted or not."""
    points = list(row["points"])
    if row["max_points"] is None:
        granted = Fraction(row["bp"])
        return str(gettext("Godkänt") if granted else gettext("Inte erbjudet eller inte godkänt"))
    if not points:
        return str(gettext("Inga poäng"))
    return str(
        gettext(
            "(%(points)s) / %(count)s = %(mean)s av %(most)s poäng",
            points=" + ".join(str(point) for point in points),
            count=len(points),
            mean=mean(points),
            most=row["max_points"],
        )
    )


def mean(points: Sequence[int]) -> str:
    """With two decimals at most."""
    return decimal(_rounded(Fraction(sum(points), len(points)), 2).normalize())


def _rounded(value: Fraction, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / value.denominator
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
