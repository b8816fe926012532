"""Run sheets as PDF: A4, archivable (PDF/A-2a) and tagged for screen readers (PDF/UA-1), typeset by typst."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext, ngettext

from market import formatting
from market.planning.sheets import Item, Sheet, SheetLoad, SheetStop, StopPlace
from market.planning.wording import CLASS_NAMES, COMPARTMENT_NAMES
from market.register.models import Temperature
from market.typesetting import typeset


def run_sheets_pdf(
    sheets: Sequence[Sheet], *, template: Path, title: str, authority_name: str, at: datetime
) -> bytes:
    """One document with a new page for each run. Uses only the fonts inside typst: the same file everywhere."""
    content = {
        "title": title,
        "language": formatting.current_locale().language,
        "made": " · ".join(
            ("Närmat", authority_name, gettext("utskriven %(when)s", when=formatting.moment(at)))
        ),
        "words": _words(),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return typeset(template, content, at=at)


def stop_words(stop: SheetStop) -> str:
    """All that is done at a stop, in one line: for a navigator."""
    said = []
    for load in (*stop.deliveries, *stop.pickups):
        what, whom = load_words(load)
        said.append(f"{what}: {goods_text(load.items)}, {whom}")
    return "; ".join(said)


def handling_words(load: SheetLoad, sheet: Sheet) -> str:
    """What helps when it is loaded: "4 backar, kylvara, i kylfacket, lämnas vid stopp 5"."""
    parts = [ngettext("%(num)s back", "%(num)s backar", load.crates)] if load.crates else []
    if load.temperature is not Temperature.AMBIENT:
        parts.append(gettext(CLASS_NAMES[load.temperature]))
    if len(sheet.compartments) > 1:
        parts.append(gettext(COMPARTMENT_NAMES[load.temperature]))
    if load.is_pickup and load.unloads_at > load.loads_at:
        parts.append(gettext("lämnas vid stopp %(number)s", number=load.unloads_at - 1))
    return ", ".join(parts)


def order_of_loading(stop: SheetStop) -> str:
    """What to think of where several goods are loaded; "" elsewhere."""
    if len(stop.pickups) < 2:
        return ""
    text: str = gettext("Lasta i den här ordningen: det som lämnas sist först, längst in.")
    return text


def contact_words(place: StopPlace) -> str:
    """Who answers at a stop, and that there is a code for the door, which is never printed."""
    parts = [" ".join(part for part in (place.contact_name, place.contact_phone) if part)]
    if place.has_door_code:
        parts.append(gettext("Portkoden står i förarens telefon på dagen."))
    return " · ".join(part for part in parts if part)


def _words() -> dict[str, str]:
    return {
        "page": gettext("Sida"),
        "done": gettext("Klart"),
        "what": gettext("Vad"),
        "goods": gettext("Vara"),
        "weight": gettext("Vikt"),
        "whom": gettext("Från eller till"),
        "driver": gettext("Förare"),
        "remarks": gettext("Anmärkningar"),
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "eyebrow": formatting.long_date(sheet.day),
        "title": gettext("Körlista %(number)s: %(vehicle)s", number=sheet.number, vehicle=sheet.vehicle_name),
        "summary": summary(sheet),
        "driver": sheet.driver_name,
        "stops": [_stop(stop, sheet) for stop in sheet.stops],
    }


def summary(sheet: Sheet) -> str:
    """The run in one line: times, kilometres, goods and the driver's rests."""
    hours = f"{formatting.clock(sheet.starts_at)}–{formatting.clock(sheet.ends_at)}"
    parts = [hours, formatting.kilometres(sheet.distance_m), formatting.kilograms(sheet.grams)]
    parts.extend(
        gettext(
            "rast %(start)s–%(end)s",
            start=formatting.clock(rest.starts_at),
            end=formatting.clock(rest.ends_at),
        )
        for rest in sheet.rests
    )
    return " · ".join(parts)


def load_words(load: SheetLoad) -> tuple[str, str]:
    """What to do with a load, and whom it is from or for: "Hämta", "till Björkskolan, via Centralköket"."""
    if load.is_pickup:
        return gettext("Hämta"), gettext("till %(kitchen)s", kitchen=kitchen_words(load))
    if load.forward_to is None:
        return gettext("Lämna"), gettext("från %(producer)s", producer=load.producer_name)
    onwards = {"producer": load.producer_name, "kitchen": load.forward_to}
    return gettext("Lämna"), gettext("från %(producer)s, vidare till %(kitchen)s", **onwards)


def kitchen_words(load: SheetLoad) -> str:
    """The kitchen that ordered, and the hub that takes it in where that is another."""
    if load.forward_to is None:
        return load.kitchen_name
    text: str = gettext("%(kitchen)s, via %(hub)s", kitchen=load.forward_to, hub=load.kitchen_name)
    return text


def load_after(grams: int) -> str:
    """What the vehicle carries when it leaves a stop."""
    text: str = gettext("Bilen är tom efteråt.")
    if grams:
        text = gettext("Last efteråt: %(weight)s", weight=formatting.kilograms(grams))
    return text


def goods_text(items: Sequence[Item]) -> str:
    return ", ".join(f"{item.product_name} {formatting.quantity(item.quantity)}" for item in items)


def _stop(stop: SheetStop, sheet: Sheet) -> dict[str, Any]:
    is_home = stop.place.kind == "home"
    until = "" if is_home else gettext("klart %(time)s", time=formatting.clock(stop.departs_at))
    return {
        "number": "" if is_home else f"{stop.position - 1}.",
        "time": formatting.clock(stop.starts_at),
        "until": until,
        "name": stop.place.name,
        "address": stop.place.address,
        "position": f"{stop.place.lat:.5f}, {stop.place.lon:.5f}",
        "note": stop.place.note,
        "contact": contact_words(stop.place),
        "order": order_of_loading(stop),
        "after": "" if is_home else load_after(stop.load_grams),
        "loads": [_load(load, sheet) for load in (*stop.deliveries, *stop.pickups)],
    }


def _load(load: SheetLoad, sheet: Sheet) -> dict[str, str]:
    what, whom = load_words(load)
    return {
        "what": what,
        "goods": goods_text(load.items),
        "order": gettext("nr %(number)s", number=load.order_id),
        "handling": handling_words(load, sheet),
        "weight": formatting.kilograms(load.grams),
        "whom": whom,
    }
