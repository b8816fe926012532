"""Writes the workbook of kitchens and vehicles, with what there is."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from market.fleet.models import Vehicle, VehicleCompartment
from market.fleet.sheet import FIRST_ROW, HEADER_ROW, HOW_TO, KITCHENS, SHEETS, VEHICLES, Column
from market.fleet.sheet_cells import DAYS
from market.register.models import Kitchen, KitchenWindow, Temperature
from market.register.places import written
from market.sheets.text import sheet_text

SHADE, BOLD = PatternFill("solid", start_color="FFECEFEA"), Font(bold=True)
Value = str | int | float | None


def fleet_workbook(kitchens: Sequence[Kitchen], vehicles: Sequence[Vehicle]) -> bytes:
    """An .xlsx file that reads back as what there is."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = KITCHENS
    _fill(first, SHEETS[KITCHENS], [_kitchen(one) for one in kitchens])
    _fill(book.create_sheet(VEHICLES), SHEETS[VEHICLES], [_vehicle(one) for one in vehicles])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[dict[str, Value]]) -> None:
    _put(sheet, 1, 1, HOW_TO[sheet.title])
    for number, column in enumerate(columns, 1):
        heading = _put(sheet, HEADER_ROW, number, column.title)
        heading.font, heading.fill, heading.alignment = BOLD, SHADE, Alignment(wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        for row, values in enumerate(rows, FIRST_ROW):
            _put(sheet, row, number, values.get(column.key))
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """A text stays a text, also one that begins as a formula does."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = sheet_text(value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
    return cell


def _kitchen(kitchen: Kitchen) -> dict[str, Value]:
    return {
        "name": kitchen.name,
        "hub": kitchen.hub.name if kitchen.hub else None,
        "address": kitchen.address or None,
        "place": written(kitchen.lat, kitchen.lon),
        "hours": hours_text(kitchen.windows) or None,
        "loading_note": kitchen.loading_note or None,
        "portions": kitchen.portions,
    }


def _vehicle(vehicle: Vehicle) -> dict[str, Value]:
    return {
        "name": vehicle.name,
        "carrier": vehicle.carrier.name,
        "home_name": vehicle.home_name,
        "place": written(vehicle.lat, vehicle.lon),
        "kilograms": vehicle.capacity_grams / 1000,
        "crates": vehicle.capacity_crates,
        "pallets": vehicle.capacity_pallets,
        **_rooms(vehicle.compartments),
        "weekdays": ", ".join(DAYS[int(digit) - 1] for digit in vehicle.weekdays),
        "starts": clock_text(vehicle.shift_starts_s),
        "ends": clock_text(vehicle.shift_ends_s),
        "per_day": vehicle.fixed_ore_per_shift / 100,
        "per_km": vehicle.ore_per_km / 100,
        "per_hour": vehicle.ore_per_hour / 100,
        "co2e": vehicle.co2e_g_per_km,
        "source": vehicle.emission_source or None,
        "tail_lift": "ja" if vehicle.has_tail_lift else "nej",
        "ferry": "ja" if vehicle.takes_ferry else "nej",
    }


def says_rooms(compartments: Sequence[VehicleCompartment]) -> bool:
    """Whether the sheet's columns can tell them: a class each, counted in crates alone."""
    classes = [one for part in compartments for one in part.temperatures]
    return len(set(classes)) == len(compartments) == len(classes) and all(
        part.capacity_crates and part.capacity_grams is None and part.capacity_pallets is None
        for part in compartments
    )


def _rooms(compartments: Sequence[VehicleCompartment]) -> dict[str, Value]:
    """Empty for compartments that the columns can not tell; those then stay as they are."""
    if not says_rooms(compartments):
        return {}
    crates = {part.temperatures[0]: part.capacity_crates for part in compartments}
    return {f"{one.value}_crates": crates.get(one) for one in Temperature}


def hours_text(windows: Sequence[KitchenWindow]) -> str:
    return "; ".join(
        f"{DAYS[one.weekday - 1]} {clock_text(one.opens_s)}–{clock_text(one.closes_s)}" for one in windows
    )


def clock_text(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
