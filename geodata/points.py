"""A place on the ground, and the one spot where WGS 84 and SWEREF 99 TM meet.

Degrees (WGS 84, EPSG:4326) are what people, phones and files give; metres in SWEREF 99 TM
(EPSG:3006) are what planar geometry needs. SWEREF 99 and WGS 84 are treated as one datum, as the
Swedish mapping authority does for anything coarser than a metre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Proj

# A little more than Sweden with its territorial sea: 55.34-69.06 N, 10.96-24.17 E.
LATITUDES = (54.9, 69.2)
LONGITUDES = (10.4, 24.4)

# SWEREF 99 TM is UTM zone 33 on GRS 80, used for the whole country. Spelt out, because the
# lookup of EPSG:3006 in PROJ's database costs more than everything else at start.
_SWEREF_99_TM = "+proj=utm +zone=33 +ellps=GRS80 +units=m +no_defs"


class NotInSweden(ValueError):
    """The coordinates do not lie in Sweden or its waters."""


class SwappedCoordinates(NotInSweden):
    """The coordinates lie in Sweden once latitude and longitude change places."""


class Sweref(NamedTuple):
    """Metres in SWEREF 99 TM: easting and northing."""

    easting: float
    northing: float


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A place in Sweden in degrees, WGS 84. Raises `NotInSweden` for anything else."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        check_in_sweden(lat=self.lat, lon=self.lon)

    @classmethod
    def parse(cls, text: str) -> Point:
        """Read `LAT,LON` in decimal degrees: a comma or spaces between, a decimal point in each."""
        parts = text.replace(",", " ").split()
        try:
            lat, lon = (float(part) for part in parts)
        except ValueError:
            raise ValueError(
                f"Can't read '{text}' as a place. Write latitude, comma, longitude, such as 59.758,18.705."
            ) from None
        return cls(lat=lat, lon=lon)

    @classmethod
    def from_sweref(cls, *, easting: float, northing: float) -> Point:
        lats, lons = to_wgs84(eastings=[easting], northings=[northing])
        return cls(lat=float(lats[0]), lon=float(lons[0]))

    @property
    def sweref(self) -> Sweref:
        easting, northing = _projection()(self.lon, self.lat)
        return Sweref(easting=easting, northing=northing)


def check_in_sweden(*, lat: float, lon: float) -> None:
    """Raise `SwappedCoordinates` or `NotInSweden`, with the mend in its text."""
    if _within(lat, LATITUDES) and _within(lon, LONGITUDES):
        return
    if _within(lon, LATITUDES) and _within(lat, LONGITUDES):
        raise SwappedCoordinates(
            f"Latitude {lat:g} and longitude {lon:g} look swapped. Give latitude first: {lon:g}, {lat:g}."
        )
    if 1_000 < max(lat, lon) < math.inf:
        raise NotInSweden(f"{lat:.12g}, {lon:.12g} look like metres in a grid. {_in_degrees(lat, lon)}")
    raise NotInSweden(
        f"Latitude {lat:g}, longitude {lon:g} is outside Sweden. Latitude must be "
        f"{LATITUDES[0]:g} to {LATITUDES[1]:g}, longitude {LONGITUDES[0]:g} to {LONGITUDES[1]:g}."
    )


def to_sweref(*, lats: ArrayLike, lons: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees to metres: two arrays of one shape in, eastings and northings of that shape out."""
    eastings, northings = _projection()(
        np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    )
    return np.asarray(eastings), np.asarray(northings)


def to_wgs84(*, eastings: ArrayLike, northings: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres to degrees: two arrays of one shape in, latitudes and longitudes of that shape out."""
    lons, lats = _projection()(
        np.asarray(eastings, dtype=np.float64), np.asarray(northings, dtype=np.float64), inverse=True
    )
    return np.asarray(lats), np.asarray(lons)


def _in_degrees(one: float, other: float) -> str:
    """What to give instead of metres in SWEREF 99 TM; the northing is always the larger."""
    lats, lons = to_wgs84(eastings=[min(one, other)], northings=[max(one, other)])
    lat, lon = float(lats[0]), float(lons[0])
    if _within(lat, LATITUDES) and _within(lon, LONGITUDES):
        return f"Give degrees: {lat:.5f}, {lon:.5f} if they are SWEREF 99 TM."
    return "Give degrees (such as 59.758, 18.705); SWEREF 99 TM is read by Point.from_sweref."


def _within(value: float, limits: tuple[float, float]) -> bool:
    return math.isfinite(value) and limits[0] <= value <= limits[1]


@cache
def _projection() -> Proj:
    from pyproj import Proj

    return Proj(_SWEREF_99_TM)
