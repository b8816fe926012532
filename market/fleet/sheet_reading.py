"""Reads a filled-in workbook of kitchens and vehicles: all of it is right, or every error is told with its place. Stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from openpyxl.utils import get_column_letter

from geodata.geocoders import AnyGeocoder
from market.fleet import sheet_cells as cells
from market.fleet.rules import Room, VehicleTerms
from market.fleet.sheet import FIRST_ROW, HEADER_ROW, KITCHENS, MOST_ROWS, SHEETS, VEHICLES, Column
from market.register.places import find_places
from market.register.rules import MOST_PORTIONS, OpenHours, Position, check_portions
from market.sheets.errors import NoSuchSheet, SheetError
from market.sheets.opening import SentCell, SentSheet, opened_sheets
from market.sheets.text import as_name
from market.values import Refused, msg, round_ore

LONGEST_SHOWN, MOST_NOTE = 40, 1_000
T = TypeVar("T")


class SeveralPlaces(Refused):
    message = msg("Flera orter heter så: %(names)s. Skriv en av dem så, eller koordinater.")


class TooManyRowsInSheet(Refused):
    message = msg("Bladet har %(n)s rader. Dela filen: högst %(most)s rader åt gången.")


MISSING = msg("Det saknas något här. Fyll i %(name)s, eller ta bort hela raden.")
NO_COLUMN = msg("Kolumnen %(name)s saknas. Hämta mallen på nytt och klistra in raderna där.")
MERGED_CELLS = msg("Cellerna är sammanfogade (%(cells)s). Markera dem, och välj att dela dem igen.")
TWICE = msg("Samma namn står också på rad %(first)s. Ta bort den ena raden, eller ge dem olika namn.")
UNKNOWN_CARRIER = msg(
    "Ingen utförare heter %(name)s. Lägg till den först, eller skriv namnet som det står där."
)
OTHER_CARRIER = msg("Fordonet hör till %(name)s. Ett fordon byter inte utförare i filen; rätta namnet.")
UNKNOWN_HUB = msg("Inget kök som tar emot själv heter %(name)s, vare sig här i filen eller hos er.")


@dataclass(frozen=True, slots=True)
class Known:
    """What there is already, by name as it is compared: vehicles with their carrier, carriers, kitchens that take in."""

    carriers: Mapping[str, str]
    vehicles: Mapping[str, str]
    hubs: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenRow:
    """`hub` is the name of the kitchen that takes in for it, "" for one that takes in itself. `given`: the file's columns."""

    row: int
    name: str
    hub: str
    address: str
    position: Position
    hours: tuple[OpenHours, ...]
    loading_note: str
    portions: int | None
    given: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRow:
    row: int
    carrier: str
    terms: VehicleTerms
    given: frozenset[str]


@dataclass(slots=True)
class Reading:
    """With an error nothing of it counts."""

    kitchens: list[KitchenRow] = field(default_factory=list)
    vehicles: list[VehicleRow] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)


def read_workbook(data: bytes, known: Known, geocoder: AnyGeocoder) -> Reading:
    """Either sheet, or both. Raises what opening raises, NoSuchSheet for neither, TooManyRowsInSheet."""
    sheets = opened_sheets(data, tuple(SHEETS))
    if not sheets:
        raise NoSuchSheet(sheet=KITCHENS)
    reading, find = Reading(), _finder(geocoder)
    for title, read in ((KITCHENS, _kitchen), (VEHICLES, _vehicle)):
        if title in sheets:
            for row in _rows(sheets[title], SHEETS[title], reading):
                read(row, known, find, reading)
    _check_hubs(reading, known, sheets)
    return reading


Find = Callable[[str], Position]


def _finder(geocoder: AnyGeocoder) -> Find:
    """A place is looked up once, however many rows name it."""

    @cache
    def find(text: str) -> Position:
        found = find_places(text, geocoder=geocoder)
        if len(found) > 1:
            raise SeveralPlaces(names="; ".join(one.label for one in found[:5]))
        return found[0].position

    return find


@dataclass(slots=True)
class Row:
    """One row, read column by column; what can not be read is told of and leaves the row unsound."""

    sheet: SentSheet
    number: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    errors: list[SheetError]
    is_sound: bool = True

    def read(self, key: str, reader: Callable[[SentCell], T], default: T) -> T:
        """The default for a column that the file does not have, and after an error."""
        column = self.columns.get(key)
        if column is None:
            return default
        try:
            return reader(self.sheet.cell(self.number, column))
        except Refused as refusal:
            self.tell(key, refusal.message, **refusal.params)
            return default

    def text(self, key: str, *, most: int = 120) -> str:
        return self.read(key, lambda cell: cells.text_of(cell, most=most), "")

    def needed(self, key: str, reader: Callable[[SentCell], T], default: T) -> T:
        """As read, but an empty cell is told of."""
        column = self.columns[key]
        if not str(self.sheet.cell(self.number, column).value or "").strip() and self.is_empty(column):
            self.tell(key, MISSING, name=self.titles[key])
            return default
        return self.read(key, reader, default)

    def is_empty(self, column: int) -> bool:
        value = self.sheet.cell(self.number, column).value
        return value is None or (isinstance(value, str) and not value.strip())

    def tell(self, key: str, message: str, **params: object) -> None:
        self.is_sound = False
        column = self.columns[key]
        found = "" if "name" in params else str(self.sheet.cell(self.number, column).value or "")
        short = found if len(found) <= LONGEST_SHOWN else f"{found[:LONGEST_SHOWN]}…"
        letter = get_column_letter(column)
        self.errors.append(
            SheetError(self.sheet.title, self.number, letter, message, dict(params), found=short)
        )


def _rows(sheet: SentSheet, columns: tuple[Column, ...], reading: Reading) -> Iterator[Row]:
    """The rows that hold something, each name once."""
    if found := [*_merged(sheet)]:
        reading.errors.extend(found)
        return
    places, titles = _headings(sheet, columns, reading), {one.key: one.title for one in columns}
    numbers = [number for number in sheet.rows if number >= FIRST_ROW]
    if len(numbers) > MOST_ROWS[sheet.title]:
        raise TooManyRowsInSheet(n=len(numbers), most=MOST_ROWS[sheet.title])
    if any(one.is_needed and one.key not in places for one in columns):
        return
    seen: dict[str, int] = {}
    for number in numbers:
        row = Row(sheet, number, places, titles, reading.errors)
        if all(row.is_empty(column) for column in places.values()):
            continue
        first = seen.setdefault(as_name(str(sheet.cell(number, places["name"]).value or "")), number)
        if first != number:
            row.tell("name", TWICE, first=first)
        else:
            yield row


def _merged(sheet: SentSheet) -> Iterator[SheetError]:
    for area in sheet.merged:
        if area.last_row >= HEADER_ROW:
            letter = get_column_letter(area.column)
            yield SheetError(sheet.title, area.row, letter, MERGED_CELLS, {"cells": area.name})


def _headings(sheet: SentSheet, columns: tuple[Column, ...], reading: Reading) -> dict[str, int]:
    """Where each column stands, by its heading, in whatever order."""
    written = {
        as_name(str(cell.value or "")): column
        for column, cell in reversed(list(sheet.rows.get(HEADER_ROW, {}).items()))
    }
    found = {one.key: written[as_name(one.title)] for one in columns if as_name(one.title) in written}
    for one in columns:
        if one.is_needed and one.key not in found:
            reading.errors.append(SheetError(sheet.title, HEADER_ROW, "A", NO_COLUMN, {"name": one.title}))
    return found


def _kitchen(row: Row, known: Known, find: Find, reading: Reading) -> None:
    del known
    name = row.needed("name", cells.text_of, "")
    position = row.needed("place", lambda cell: find(cells.text_of(cell, most=200)), None)
    none: tuple[OpenHours, ...] = ()
    hours = row.read("hours", _hours, none)
    address, note = row.text("address", most=200), row.text("loading_note", most=MOST_NOTE)
    hub, portions = row.text("hub"), row.read("portions", _portions, None)
    if row.is_sound and position is not None:
        reading.kitchens.append(
            KitchenRow(
                row=row.number, name=name, hub=hub, address=address, position=position,
                hours=hours, loading_note=note, portions=portions, given=frozenset(row.columns),
            )
        )  # fmt: skip


def _portions(cell: SentCell) -> int | None:
    number = cells.whole_of(cell, most=MOST_PORTIONS)
    check_portions(number)
    return number


def _hours(cell: SentCell) -> tuple[OpenHours, ...]:
    return tuple(cells.hours_of(cells.text_of(cell, most=MOST_NOTE)))


def _check_hubs(reading: Reading, known: Known, sheets: Mapping[str, SentSheet]) -> None:
    """A satellite's hub takes in itself: by the file where it stands there, else as it is."""
    takes_in = set(known.hubs) - {as_name(one.name) for one in reading.kitchens}
    takes_in |= {as_name(one.name) for one in reading.kitchens if not one.hub}
    if KITCHENS not in sheets:
        return
    sheet = sheets[KITCHENS]
    heading = as_name("Får varorna via")
    found = [c for c, cell in sheet.rows.get(HEADER_ROW, {}).items() if as_name(str(cell.value)) == heading]
    for one in reading.kitchens:
        if one.hub and (as_name(one.hub) not in takes_in or as_name(one.hub) == as_name(one.name)):
            letter = get_column_letter(found[0])
            reading.errors.append(SheetError(KITCHENS, one.row, letter, UNKNOWN_HUB, {"name": one.hub}))


def _vehicle(row: Row, known: Known, find: Find, reading: Reading) -> None:
    name = row.needed("name", cells.text_of, "")
    carrier = row.needed("carrier", cells.text_of, "")
    if carrier and as_name(carrier) not in known.carriers:
        row.tell("carrier", UNKNOWN_CARRIER, name=carrier)
    owner = known.vehicles.get(as_name(name))
    if carrier and owner is not None and as_name(owner) != as_name(carrier):
        row.tell("carrier", OTHER_CARRIER, name=owner)
    values = _values(row, find)
    if not row.is_sound:
        return
    position = values.pop("position")
    try:
        terms = VehicleTerms(name=name, lat=position.lat, lon=position.lon, **values)
    except Refused as refusal:
        row.tell(_blamed(refusal), refusal.message, **refusal.params)
    else:
        given = frozenset(row.columns)
        reading.vehicles.append(VehicleRow(row=row.number, carrier=carrier, terms=terms, given=given))


def _values(row: Row, find: Find) -> dict[str, Any]:
    kilograms = row.needed("kilograms", cells.number_of, None)
    return {
        "position": row.needed("place", lambda cell: find(cells.text_of(cell, most=200)), None),
        "home_name": row.needed("home_name", cells.text_of, ""),
        "capacity_grams": int((kilograms or 0) * 1000),
        "capacity_crates": row.needed("crates", cells.whole_of, None) or 0,
        "capacity_pallets": row.read("pallets", cells.whole_of, None),
        "rooms": _rooms(row),
        "weekdays": row.needed("weekdays", lambda cell: cells.weekdays_of(cells.text_of(cell)), ""),
        "shift_starts_s": row.needed("starts", cells.clock_of, 0),
        "shift_ends_s": row.needed("ends", cells.clock_of, 0),
        "fixed_ore_per_shift": _ore(row, "per_day"),
        "ore_per_km": _ore(row, "per_km"),
        "ore_per_hour": _ore(row, "per_hour"),
        "co2e_g_per_km": row.read("co2e", lambda cell: cells.whole_of(cell, most=10_000), None) or 0,
        "emission_source": row.text("source", most=200),
        "has_tail_lift": row.read("tail_lift", cells.yes_of, default=False),
        "takes_ferry": row.read("ferry", cells.yes_of, default=False),
    }


def _rooms(row: Row) -> tuple[Room, ...]:
    """A compartment for each class that has crates of its own."""
    held = {one: row.read(f"{one}_crates", cells.whole_of, None) for one in ("ambient", "chilled", "frozen")}
    return tuple(
        Room(**{f"admits_{one}": True}, capacity_crates=crates) for one, crates in held.items() if crates
    )


def _ore(row: Row, key: str) -> int:
    return round_ore(row.read(key, cells.number_of, None) or Decimal(0))


def _blamed(refusal: Refused) -> str:
    """The column where what is refused as a whole is best corrected."""
    blamed = {
        "NoCapacity": "kilograms", "WindowEndsBeforeItBegins": "ends", "SourceMissing": "source",
        "RoomLargerThanVehicle": "crates",
    }  # fmt: skip
    return blamed.get(type(refusal).__name__, "name")
