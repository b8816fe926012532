"""Bridges and ferries that make neighbours of municipalities with water between them.

Polygons touch only on land, so Ekerö, Lidingö, Tjörn, Öckerö and Gotland would have no neighbour
at all. Each link is one that vehicles use all year round.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from geodata import areas


@dataclass(frozen=True, slots=True)
class Link:
    """A bridge or ferry between two municipalities, by code."""

    first: str
    second: str
    by: Literal["bridge", "ferry"]
    name: str


LINKS = (
    Link("0125", "0180", "bridge", "Nockebybron"),
    Link("0125", "0127", "ferry", "Ekeröleden"),
    Link("0180", "0186", "bridge", "Lidingöbron"),
    Link("0192", "0980", "ferry", "Nynäshamn-Visby"),
    Link("0840", "0880", "bridge", "Ölandsbron"),
    Link("0882", "0980", "ferry", "Oskarshamn-Visby"),
    Link("1407", "1480", "ferry", "Hönöleden"),
    Link("1415", "1419", "bridge", "Tjörnbron"),
    Link("1419", "1421", "bridge", "Skåpesundsbron"),
)


@cache
def linked(code: str) -> tuple[Link, ...]:
    """The links that start or end in a municipality. Raises `geodata.areas.UnknownArea`."""
    areas.municipality(code)
    return tuple(link for link in LINKS if code in (link.first, link.second))


@cache
def neighbourhood(code: str, rings: int) -> frozenset[str]:
    """Codes of a municipality and of those up to `rings` borders, bridges or ferries away."""
    reached = {areas.municipality(code).code}
    for _ in range(rings):
        reached |= {other for inner in reached for other in _adjacent(inner)}
    return frozenset(reached)


def _adjacent(code: str) -> set[str]:
    across = {link.second if link.first == code else link.first for link in linked(code)}
    return across | {neighbour.code for neighbour in areas.neighbours(code)}
