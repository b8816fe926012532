"""Warns of words that name a place or a distance: they may not decide who supplies (LOU 4 kap. 1 §). Pure.

A warning is no verdict. "Levereras till köket i Tierp" says where the goods go, and is lawful; "odlat i Tierp" is not.
A person answers each: by other words, or by saying why these favour nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from market.dis.systems.place_words import (
    ALSO_COMMON_WORDS,
    COUNTIES,
    DISTANCE_WORDS,
    INHABITANTS,
    LANDSCAPES,
    LOCAL_WORDS,
    MUNICIPALITIES,
    REGIONS,
)
from market.values import msg

PLACE_LAW = msg(
    "Leverantörer ska behandlas likvärdigt och utan diskriminering (LOU 4 kap. 1 §). Krav och kriterier får därför "
    "inte gynna den som finns på en viss ort eller nära köken."
)


class WarningKind(StrEnum):
    """What a word hints at."""

    PLACE = "place"  # a municipality, county, landscape or other place by name
    LOCAL = "local"  # lokal, närproducerad, from here
    DISTANCE = "distance"  # km, mil, avstånd, inom kommunen


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801
    """One found word as it is written, and the sentence that it stands in: what an answer is an answer to."""

    kind: WarningKind
    found: str
    sentence: str


def place_warnings(text: str) -> list[Warning_]:
    """Every word of the text that names a place or a distance, in order; the same word once in a sentence."""
    warnings = [warning for sentence in _sentences(as_read(text)) for warning in _warnings(sentence)]
    return list(dict.fromkeys(warnings))


def as_read(text: str) -> str:
    """The text as eyes read it: one way to write å, one sort of hyphen and space, nothing that is not seen."""
    composed = unicodedata.normalize("NFKC", text).translate(_UNSEEN)
    return re.sub(r"[^\S\n]+", " ", composed)


_UNSEEN = {
    0x00AD: None,
    0x200B: None,
    0x200C: None,
    0x200D: None,
    0x2060: None,
    0xFEFF: None,
} | dict.fromkeys(range(0x2010, 0x2015), "-")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+")
_LONG = 5
"""Letters from which a name also counts as the beginning of a word. Shorter ones do not: Orsa is in «orsak»."""


def _sentences(text: str) -> Iterator[str]:
    return (part for piece in _SENTENCE_END.split(text) if (part := piece.strip()))


def _warnings(sentence: str) -> list[Warning_]:
    hits = sorted(_hits(sentence), key=lambda hit: (hit[1].start(), -hit[1].end()))
    warnings, seen_to = [], 0
    for kind, match in hits:
        if match.start() >= seen_to:
            warnings.append(Warning_(kind, match.group(), sentence))
            seen_to = match.end()
    return warnings


def _hits(sentence: str) -> Iterator[tuple[WarningKind, re.Match[str]]]:
    for kind, pattern in _patterns():
        yield from ((kind, match) for match in pattern.finditer(sentence))


@cache
def _patterns() -> tuple[tuple[WarningKind, re.Pattern[str]], ...]:
    return (
        (WarningKind.PLACE, _any_case(_named())),
        (WarningKind.PLACE, _as_names(ALSO_COMMON_WORDS)),
        (WarningKind.LOCAL, _any_case(LOCAL_WORDS)),
        (WarningKind.DISTANCE, _any_case(DISTANCE_WORDS)),
    )


def _any_case(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def _named() -> Iterator[str]:
    """Patterns of the names, the longest first: a long name also as the beginning of a word, such as Gotlandslamm."""
    municipalities = set(MUNICIPALITIES) - set(ALSO_COMMON_WORDS)
    names = {*municipalities, *COUNTIES, *LANDSCAPES, *REGIONS}
    for name in sorted(names, key=len, reverse=True):
        ending = r"\w*" if len(name) >= _LONG else r"s?\b"
        yield re.escape(name).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") + ending
    yield from (rf"(?<!på ){word}\w*" for word in INHABITANTS)


def _as_names(names: Iterable[str]) -> re.Pattern[str]:
    """Written with a capital inside a sentence, or before «kommun»: «i Vara», «vara kommun», not «Vara ska vara färsk»."""
    either = "|".join(names)
    return re.compile(rf"(?<=\w[ ,])(?:{either})s?\b|\b(?i:{either})s? (?i:kommun)")
