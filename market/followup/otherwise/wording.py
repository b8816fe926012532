"""How definitions, categories, shares and differences read on the page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext

from geodata import areas
from geodata.local import Reason
from market import formatting
from market.followup.charts import NOTHING, Chart, Series, shares
from market.followup.figures import FigureUnit
from market.followup.local_otherwise import Compared
from market.followup.otherwise.comparing import Shares
from market.followup.otherwise.timelines import Part
from market.followup.rules import Verdict
from market.followup.wording import VERDICT_NAMES, in_unit
from market.locality.stated import in_words
from market.register.categories import spoken_names


class OtherwiseWords:
    """In the reader's language; `own_code` is the municipality whose purchases are judged."""

    def __init__(self, own_code: str, categories: Mapping[str, str]) -> None:
        self._own_code = own_code
        self._categories = categories

    def municipality(self, code: str) -> str:
        return areas.municipality(code).name

    def municipalities(self) -> list[tuple[str, str]]:
        """All but the own, by name as Swedes sort it."""
        named = [(one.code, one.name) for one in areas.municipalities() if one.code != self._own_code]
        return sorted(named, key=lambda one: one[1].casefold().translate(str.maketrans("åäö", "{|}")))

    def category(self, key: str) -> str:
        return self._categories.get(key, key)

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
        return NOTHING if share is None else in_unit(share, FigureUnit.PERCENT)

    def drawn(self, found: Compared) -> Chart:
        """Local, unclear and the rest by each definition, the own first."""
        parts = [self._parts(one.total) for one in (found.own, *found.others)]
        names = (gettext("Lokalt"), gettext("Osäkert"), gettext("Inte lokalt"))
        return shares(
            [self.municipality(one.code) for one in (found.own, *found.others)],
            [Series(str(name), [part[n] for part in parts]) for n, name in enumerate(names)],
            write=self.percent,
        )

    def _parts(self, total: Shares) -> tuple[Decimal, Decimal, Decimal]:
        local, uncertain = total.of_value or Decimal(), total.uncertain or Decimal()
        return local, uncertain, 100 - local - uncertain

    def points(self, difference: Decimal | None) -> str:
        """Percentage points, with its sign."""
        if difference is None:
            return NOTHING
        rounded = round(difference, 1)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
        return f"{sign}{formatting.decimal(abs(rounded), 1)}"


def _language() -> str:
    return "sv" if formatting.is_swedish() else "en"
