"""What the board says in words: a stop's deed, a day, how full a vehicle gets."""

from __future__ import annotations

from flask_babel import gettext

from market import formatting
from market.planning.board import Stay
from market.planning.board_loads import Gauge, Measure
from market.register.wording import TEMPERATURE_NAMES


def deed(stay: Stay) -> str:
    """As in "lämnar 40 kg, hämtar 120 kg"."""
    parts = []
    if stay.delivery_grams:
        parts.append(gettext("lämnar %(weight)s", weight=formatting.kilograms(stay.delivery_grams)))
    if stay.pickup_grams:
        parts.append(gettext("hämtar %(weight)s", weight=formatting.kilograms(stay.pickup_grams)))
    return ", ".join(parts)


def compartment(gauge: Gauge) -> str:
    """As in "Kyl och frys", or "Last" for a vehicle without compartments."""
    if not gauge.temperatures:
        return str(gettext("Last"))
    first, *others = (str(gettext(TEMPERATURE_NAMES[temperature])) for temperature in gauge.temperatures)
    return " + ".join([first, *(name.lower() for name in others)])


def fullness(gauge: Gauge) -> str:
    """Each measure of a compartment: "620 kg av 900 kg, 51 av 80 backar"."""
    return ", ".join(_measure(measure) for measure in gauge.measures)


def _measure(measure: Measure) -> str:
    if measure.name == "grams":
        used, most = formatting.kilograms(measure.used), formatting.kilograms(measure.most)
        return str(gettext("%(used)s av %(most)s", used=used, most=most))
    text = (
        gettext("%(used)s av %(most)s backar", used=measure.used, most=measure.most)
        if measure.name == "crates"
        else gettext("%(used)s av %(most)s pallplatser", used=measure.used, most=measure.most)
    )
    return str(text)
