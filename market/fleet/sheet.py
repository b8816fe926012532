"""The workbook in which kitchens and vehicles come in: its sheets and columns. In Swedish: it goes from hand to hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KITCHENS, VEHICLES = "Kök", "Fordon"
HEADER_ROW, FIRST_ROW = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`key` names it in code. A column that is needed has its heading in the file and a value in every row."""

    key: str
    title: str
    is_needed: bool = False
    width: int = 14


KITCHEN_COLUMNS: Final = (
    Column(key="name", title="Kök", is_needed=True, width=28),
    Column(key="hub", title="Får varorna via", width=28),
    Column(key="address", title="Adress", width=28),
    Column(key="place", title="Läge", is_needed=True, width=24),
    Column(key="hours", title="Tar emot", width=34),
    Column(key="loading_note", title="Bra att veta", width=34),
    Column(key="portions", title="Portioner per dag"),
)
VEHICLE_COLUMNS: Final = (
    Column(key="name", title="Fordon", is_needed=True, width=24),
    Column(key="carrier", title="Utförare", is_needed=True, width=24),
    Column(key="home_name", title="Står i", is_needed=True, width=24),
    Column(key="place", title="Läge", is_needed=True, width=24),
    Column(key="kilograms", title="Kilo", is_needed=True),
    Column(key="crates", title="Backar", is_needed=True),
    Column(key="pallets", title="Pallplatser"),
    Column(key="ambient_crates", title="Backar rumstemperatur"),
    Column(key="chilled_crates", title="Backar kyl"),
    Column(key="frozen_crates", title="Backar frys"),
    Column(key="weekdays", title="Dagar", is_needed=True),
    Column(key="starts", title="Börjar", is_needed=True),
    Column(key="ends", title="Slutar", is_needed=True),
    Column(key="per_day", title="Kr per dag"),
    Column(key="per_km", title="Kr per km"),
    Column(key="per_hour", title="Kr per timme"),
    Column(key="co2e", title="CO2e gram per km"),
    Column(key="source", title="Källa till CO2e", width=30),
    Column(key="tail_lift", title="Bakgavellyft"),
    Column(key="ferry", title="Får åka bilfärja"),
)
SHEETS: Mapping[str, tuple[Column, ...]] = {KITCHENS: KITCHEN_COLUMNS, VEHICLES: VEHICLE_COLUMNS}
MOST_ROWS: Mapping[str, int] = {KITCHENS: 2_500, VEHICLES: 500}
HOW_TO: Mapping[str, str] = {
    KITCHENS: (
        "En rad per kök. Läge är en ort eller koordinater, 60.345, 17.513. Tar emot skrivs mån–fre 07:00–11:00; tor 13:00–15:00. "
        "Får varorna via lämnas tomt för kök som tar emot själva. Kök som inte står här ändras inte."
    ),
    VEHICLES: (
        "En rad per fordon. Utföraren ska finnas på sidan Fordon och förare. Dagar skrivs mån–fre eller mån, ons. "
        "Tider skrivs 06:00. Backar per temperatur lämnas tomt för bilar utan egna utrymmen. Fordon som inte står här ändras inte."
    ),
}
