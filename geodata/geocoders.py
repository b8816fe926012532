"""Several geocoders as one: what is here answers first, the network is asked last."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from geodata.geocoding import Gazetteer
from geodata.postcodes import NoPostcodes, Postcodes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geopy.location import Location as Found


class AnyGeocoder(Protocol):
    """Whatever answers as geopy's geocoders do."""

    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        """The likeliest place, or all; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Chain:
    """The first geocoder that knows a place answers; None only when all of them say so.

    An error of one that is asked is raised, never taken for "no such place".
    """

    geocoders: Sequence[AnyGeocoder]

    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        answers = (geocoder.geocode(query, exactly_one=exactly_one) for geocoder in self.geocoders)
        return next((found for found in answers if found), None)


def chain(*, folder: Path | None = None, online: AnyGeocoder | None = None) -> Chain:
    """The gazetteer, the postcodes imported into a folder if there are any, and a server if one is given."""
    known: list[AnyGeocoder] = [Gazetteer()]
    if folder is not None:
        with suppress(NoPostcodes):  # a folder without an import is no fault
            known.append(Postcodes(folder))
    return Chain((*known, *([online] if online else [])))
