"""Swedish postcodes to points, from GeoNames' postcode file that an operator has imported.

The file is SE.txt of GeoNames' postal code export: tab separated, one line per postcode and place
(CC BY 4.0). It isn't shipped: `narmat geodata import-postcodes FILE` checks it line by line and
stores it compactly in the instance folder. A file with a bad line is refused as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import Geocoder
from geopy.location import Location as Found

from geodata import instance
from geodata.offline import Offline
from geodata.points import NotInSweden, Point

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "postcodes.npz"
LARGEST_BYTES = 20_000_000
"""Sweden's file is 1.5 MB; more is another file."""
MOST_SHOWN = 10
_COLUMNS = 12
_POSTCODE = re.compile(r"(?:SE?[- ]?)?(\d{3}) ?(\d{2})", re.IGNORECASE)


class BadPostcodeFile(ValueError):
    """The file can't be imported; the text names the lines and what is wrong with each."""


class NoPostcodes(FileNotFoundError):
    """No postcode file has been imported."""


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode with its post town and the middle of its area; `code` is five digits."""

    code: str
    town: str
    point: Point

    @property
    def address(self) -> str:
        return f"{self.code[:3]} {self.code[3:]} {self.town}"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import stored and where, and the lines that were left out by request."""

    path: Path
    count: int
    left_out: tuple[str, ...]


class Postcodes(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Imported postcodes behind geopy's `geocode`. Raises `NoPostcodes` when made without an import."""

    def __init__(self, folder: Path) -> None:
        super().__init__(user_agent="narmat", timeout=None, adapter_factory=Offline)
        self._known = _load(folder / FILE_NAME)

    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        """The place of a postcode ("761 30", "76130", "SE-761 30"); None for what isn't a known one."""
        found = [_to_geopy(one) for one in self._known.get(normal(query) or "", ())]
        if not found:
            return None
        return found[0] if exactly_one else found

    def reverse(self, query: Point, *, exactly_one: bool = True) -> Found | list[Found]:
        """The nearest postcode area's middle, or the ten nearest: its own only by chance."""
        away = sorted(
            (one for several in self._known.values() for one in several),
            key=lambda one: (one.point.lat - query.lat) ** 2 + ((one.point.lon - query.lon) / 2) ** 2,
        )
        nearest = [_to_geopy(one) for one in away[:10]]
        return nearest[0] if exactly_one else nearest


def normal(text: str) -> str | None:
    """Five digits; None when the text isn't a postcode at all."""
    if len(text) > 200:
        raise GeocoderQueryError("A postcode has five digits. Write it like 761 30.")
    found = _POSTCODE.fullmatch(" ".join(text.split()))
    return found[1] + found[2] if found else None


def import_file(path: Path, *, folder: Path, skip_bad: bool = False) -> Imported:
    """Check and store a file. Raises `BadPostcodeFile`; then nothing is stored.

    With `skip_bad` the lines that are wrong are left out instead, and told.
    """
    rows, wrong = _read(path)
    if wrong and not skip_bad:
        more = f"\n... and {len(wrong) - MOST_SHOWN} more" if len(wrong) > MOST_SHOWN else ""
        raise BadPostcodeFile(
            "Nothing was stored. Mend these lines, or leave them out with --skip-bad:\n"
            + "\n".join(wrong[:MOST_SHOWN])
            + more
        )
    if not rows:
        raise BadPostcodeFile(
            f"{path.name} has no Swedish postcode. Give SE.txt of GeoNames' postal code export."
        )
    stored = instance.store(folder / FILE_NAME, _arrays(rows))
    return Imported(stored, len(rows), tuple(wrong))


def _read(path: Path) -> tuple[list[Postcode], list[str]]:
    """The postcodes, and a text for each line that is wrong."""
    rows: list[Postcode] = []
    wrong: list[str] = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(line))
        except (NotInSweden, BadPostcodeFile) as error:
            wrong.append(f"line {number}: {error}")
    return rows, wrong


def _lines(path: Path) -> list[str]:
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise BadPostcodeFile(
            f"{path.name} has {size / 1e6:.0f} MB; Sweden's postcodes have less than {LARGEST_BYTES / 1e6:.0f}. "
            "Give SE.txt, not the file of all countries."
        )
    try:
        content = path.read_bytes()
        if content.startswith(b"PK"):
            raise BadPostcodeFile(f"{path.name} is packed. Unpack SE.zip and give SE.txt.")
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadPostcodeFile(
            f"{path.name} is not text in UTF-8 (line {line}). Give SE.txt as it comes, or save it as UTF-8."
        ) from error


def _row(line: str) -> Postcode:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != _COLUMNS:
        raise BadPostcodeFile(f"{len(fields)} columns. There must be {_COLUMNS}, with tabs between them.")
    if fields[0] != "SE":
        raise BadPostcodeFile(f"the country is '{fields[0]}'. Only SE can be imported.")
    code = normal(fields[1])
    if code is None:
        raise BadPostcodeFile(f"'{fields[1]}' is no postcode. Write five digits, like 761 30.")
    if not fields[2]:
        raise BadPostcodeFile(f"{fields[1]} has no place name. Write the post town in the third column.")
    try:
        lat, lon = float(fields[9]), float(fields[10])
    except ValueError:
        raise BadPostcodeFile(
            f"'{fields[9]}', '{fields[10]}' are no coordinates. Write degrees with a decimal point."
        ) from None
    return Postcode(code, fields[2], Point(lat=lat, lon=lon))


def _arrays(rows: list[Postcode]) -> dict[str, np.ndarray[Any, Any]]:
    ordered = sorted(dict.fromkeys(rows), key=lambda row: (row.code, row.town))
    return {
        "codes": np.array([row.code for row in ordered]),
        "towns": np.array([row.town for row in ordered]),
        "positions": np.array([(row.point.lat, row.point.lon) for row in ordered]),
    }


def _load(path: Path) -> dict[str, tuple[Postcode, ...]]:
    if not path.exists():
        raise NoPostcodes("No postcodes are imported. Run narmat geodata import-postcodes SE.txt.")
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(path: Path, changed: int) -> dict[str, tuple[Postcode, ...]]:
    """By code; `changed` makes a newly imported file be read."""
    del changed
    arrays = instance.load(path, mend="Run narmat geodata import-postcodes again.")
    known: dict[str, tuple[Postcode, ...]] = {}
    for code, town, (lat, lon) in zip(
        *(arrays[name].tolist() for name in ("codes", "towns", "positions")), strict=True
    ):
        known[code] = (*known.get(code, ()), Postcode(code, town, Point(lat=lat, lon=lon)))
    return known


def _to_geopy(one: Postcode) -> Found:
    raw = {"postcode": one.code, "town": one.town, "source": "GeoNames, CC BY 4.0"}
    return Found(one.address, (one.point.lat, one.point.lon), raw)
