"""How definitions, categories, shares and differences read on the page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext

from geodata import areas
from geodata.local import Reason
from market import formatting
from market.followup.otherwise.timelines import Part
from market.followup.rules import Verdict
from market.locality.stated import in_words
from market.register.categories import spoken_names
from market.register.models import Category
from market.values import msg

VERDICT_NAMES = {
    Verdict.YES: msg("Lokalt"),
    Verdict.NO: msg("Inte lokalt"),
    Verdict.UNCERTAIN: msg("Oklart"),
}


class OtherwiseWords:
    """In the reader's language; `own_code` is the municipality whose purchases are judged."""

    def __init__(self, own_code: str, categories: Sequence[Category]) -> None:
        self._own_code = own_code
        self._names = {one.key: one.name_sv if formatting.is_swedish() else one.name_en for one in categories}

    def municipality(self, code: str) -> str:
        return areas.municipality(code).name

    def municipalities(self) -> list[tuple[str, str]]:
        """All but the own, by name as Swedes sort it."""
        named = [(one.code, one.name) for one in areas.municipalities() if one.code != self._own_code]
        return sorted(named, key=lambda one: one[1].casefold().translate(str.maketrans("åäö", "{|}")))

    def category(self, key: str) -> str:
        return self._names.get(key, key)

    def theirs(self, code: str, part: Part) -> str:
        """As they would say it themselves."""
        return in_words(part.definition, _language(), code=code)

    def here(self, part: Part) -> str:
        """What the same rule means with us."""
        return in_words(part.definition, _language(), code=self._own_code)

    def verdict(self, verdict: Verdict) -> str:
        return str(gettext(VERDICT_NAMES[verdict]))

    def reason(self, reason: Reason) -> str:
        return reason.text(_language(), product_names=spoken_names(_language()))

    def percent(self, share: Decimal | None) -> str:
        return "–" if share is None else f"{formatting.decimal(share, 1)} %"

    def points(self, difference: Decimal | None) -> str:
        """Percentage points, with its sign."""
        if difference is None:
            return "–"
        rounded = round(difference, 1)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
        return f"{sign}{formatting.decimal(abs(rounded), 1)}"


def _language() -> str:
    return "sv" if formatting.is_swedish() else "en"
