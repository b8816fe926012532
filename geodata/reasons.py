"""Why a verdict is what it is: codes with numbers, and how each reads in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from geodata.definitions import Step
from geodata.describing import step_name
from geodata.language import choose
from geodata.reason_texts import render
from geodata.statements import Statement


class Answer(StrEnum):
    """Never a guess: uncertain is an answer."""

    NO = "no"
    UNCERTAIN = "uncertain"
    YES = "yes"

    @property
    def rank(self) -> int:
        """From no (0) to yes (2): and is the least, or the greatest."""
        return list(Answer).index(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says about one production site; without a site, about the question itself."""

    answer: Answer
    said: Statement
    step: Step | None = None
    site: str = ""

    @property
    def code(self) -> str:
        return self.said.code

    def text(self, language: str = "sv", *, product_names: Mapping[str, str] | None = None) -> str:
        """One sentence without a full stop, such as "Slakt i X: 261 km från köket, över 250 km".

        `product_names` are in that language by the key of an expanding circle's product.
        """
        text = render(self.said, language, product_names)
        return text if self.step is None else f"{_subject(self.step, self.site, language)}: {text}"


@dataclass(frozen=True, slots=True)
class Change:
    """What would make the answer another."""

    said: Statement
    step: Step | None = None
    site: str = ""

    @property
    def code(self) -> str:
        return self.said.code

    def text(self, language: str = "sv", *, product_names: Mapping[str, str] | None = None) -> str:
        text = render(self.said, language, product_names)
        return text if self.step is None else f"{_subject(self.step, self.site, language)}: {text}"


_ISLANDS = frozenset({"Ekerö", "Gotland", "Lidingö", "Orust", "Tjörn", "Värmdö", "Öckerö", "Öland", "Ven"})
"""One is on an island in Swedish, not in it; the list holds the municipalities that are islands, and two more."""


def _subject(step: Step, site: str, language: str) -> str:
    name = step_name(step, language).capitalize()
    return (
        choose(language, sv=f"{name} {'på' if site in _ISLANDS else 'i'} {site}", en=f"{name} in {site}")
        if site
        else name
    )
