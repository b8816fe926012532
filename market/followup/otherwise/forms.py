"""Which municipalities the page of other definitions is asked to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from geodata import areas

MOST_OTHERS = 5
SHOWN_FIRST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """`stating` are municipalities that had a definition of their own in the period; `errors` say what to choose instead."""

    codes: Sequence[str]
    stating: Sequence[str]
    errors: Sequence[str]

    @property
    def offered(self) -> list[str]:
        """What can be ticked: those that have stated something, and those that are chosen."""
        return sorted({*self.stating, *self.codes}, key=lambda code: areas.municipality(code).name)

    @property
    def written(self) -> str:
        """As one parameter of an address."""
        return ",".join(self.codes)


def others_asked(*, stating: Sequence[str], own_code: str) -> Others:
    """From the address: with=0114&with=0115, or with=0114,0115. With nothing chosen, the first that have stated something."""
    given = [code.strip() for part in request.args.getlist("with") for code in part.split(",")]
    given = [code for code in dict.fromkeys(given) if code and code != own_code]
    known = {one.code for one in areas.municipalities()}
    codes, errors = [code for code in given if code in known], []
    if len(codes) < len(given):
        errors.append(gettext("En av kommunerna finns inte. Välj i listan."))
    if len(codes) > MOST_OTHERS:
        errors.append(gettext("Välj högst %(most)s kommuner åt gången.", most=MOST_OTHERS))
    usual = [code for code in stating if code != own_code]
    return Others(codes=codes[:MOST_OTHERS] if given else usual[:SHOWN_FIRST], stating=usual, errors=errors)
