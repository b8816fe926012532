"""What the page of other definitions is asked for: the period, and which municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geodata import areas
from market.followup.otherwise.timelines import stating_codes
from market.followup.periods import Span, SpanKind

MOST_OTHERS = 5
SHOWN_FIRST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`stating` are municipalities that had a definition of their own in the period; `errors` say what to write instead."""

    span: Span
    codes: Sequence[str]
    stating: Sequence[str]
    errors: Sequence[str]
    written: str

    @property
    def offered(self) -> list[str]:
        """What can be ticked: those that have stated something, and those that are chosen."""
        return sorted({*self.stating, *self.codes}, key=name_of)


def asked_for(session: Session, args: MultiDict[str, str], *, own_code: str, today: date) -> Asked:
    """Nothing chosen: this year, and the first municipalities that have stated a definition."""
    written = args.get("period", "").strip()
    span, errors = _span(written, today)
    stating = [code for code in stating_codes(session, period=span.period) if code != own_code]
    given = [code for code in dict.fromkeys(args.getlist("with")) if code]
    if any(code not in _codes() for code in given):
        errors.append(gettext("En av kommunerna finns inte. Välj i listan."))
    codes = [code for code in given if code in _codes() and code != own_code]
    if len(codes) > MOST_OTHERS:
        errors.append(gettext("Välj högst %(most)s kommuner åt gången.", most=MOST_OTHERS))
    return Asked(
        span=span,
        codes=codes[:MOST_OTHERS] if given else stating[:SHOWN_FIRST],
        stating=stating,
        errors=errors,
        written=written or str(span),
    )


def name_of(code: str) -> str:
    return areas.municipality(code).name


def _span(written: str, today: date) -> tuple[Span, list[str]]:
    usual = Span.containing(today, SpanKind.YEAR)
    try:
        return Span.parse(written) if written else usual, []
    except ValueError:
        words = gettext("Skriv perioden som ett år (2026), en månad (2026-11) eller en vecka (2026-W48).")
        return usual, [words]


def _codes() -> frozenset[str]:
    return frozenset(one.code for one in areas.municipalities())
