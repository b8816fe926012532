"""The blueprint of everything about vehicles and who drives, the things by their addresses, and the words of its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.fleet.models import Carrier, ClosedPeriod, Driver, Vehicle, VehicleCompartment
from market.fleet.queries import carrier_for, closing_for, driver_for, planned_by, vehicle_for
from market.fleet.wording import CARRIER_NAMES
from market.register.models import Authority
from market.register.wording import TEMPERATURE_NAMES, WEEKDAYS

fleet = Blueprint("fleet", __name__)
HOME = "fleet.index"


def saved(text: str, endpoint: str = HOME, **values: Any) -> ResponseReturnValue:
    """Say that it is done, and go on to a page."""
    flash(text, "success")
    return redirect(url_for(endpoint, **values))


def carrier_at(carrier_id: int) -> Carrier:
    """404 for those who do not plan for its authority; so for the others."""
    return shell.found(carrier_for(shell.session(), actor=shell.actor(), carrier_id=carrier_id))


def vehicle_at(vehicle_id: int) -> Vehicle:
    return shell.found(vehicle_for(shell.session(), actor=shell.actor(), vehicle_id=vehicle_id))


def driver_at(driver_id: int) -> Driver:
    return shell.found(driver_for(shell.session(), actor=shell.actor(), driver_id=driver_id))


def closing_at(period_id: int) -> ClosedPeriod:
    return shell.found(closing_for(shell.session(), actor=shell.actor(), period_id=period_id))


def own_authorities() -> list[Authority]:
    """Those that the actor plans for, its own first. 404 for an actor without any."""
    found = planned_by(shell.session(), actor=shell.actor())
    return found or shell.not_found()


@fleet.app_template_filter("weekday_names")
def weekday_names(digits: str) -> str:
    """ISO weekday digits as people say them: "måndag–fredag", else each day."""
    days = sorted({int(digit) for digit in digits})
    names = [str(gettext(WEEKDAYS[day])) for day in days]
    if formatting.is_swedish():
        names = [names[0], *(name.lower() for name in names[1:])] if names else []
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


@fleet.app_template_filter("room_text")
def room_text(room: VehicleCompartment) -> str:
    """A compartment in one line: what it is for, then what it holds."""
    classes = "/".join(str(gettext(TEMPERATURE_NAMES[one])) for one in room.temperatures)
    held = [
        formatting.kilograms(room.capacity_grams) if room.capacity_grams else "",
        gettext("%(n)s backar", n=room.capacity_crates) if room.capacity_crates else "",
        gettext("%(n)s pallplatser", n=room.capacity_pallets) if room.capacity_pallets else "",
    ]
    told = ", ".join(part for part in held if part)
    return f"{classes}: {told}" if told else classes


@fleet.app_context_processor
def _words_of_fleet() -> dict[str, object]:
    return {"fleet_words": {"carriers": CARRIER_NAMES, "temperatures": TEMPERATURE_NAMES}}
