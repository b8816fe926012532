"""What has happened, told in a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from market.form_fields import NEEDED, ClockField, DayField, NarmatForm
from market.planning.clock import DAY_S, seconds_at
from market.planning.disruptions.rules import KitchenShut, RoadClosed, VehicleStands
from market.register.place_form import PlaceForm

FARTHEST_KM = 200
LONGEST_MIN = 600
WHOLE = _l("Skriv ett helt tal mellan %(min)s och %(max)s.")
NOWHERE = ""
HOME = "home"


def _place(value: str) -> str:
    """Every home is the chosen vehicle's own."""
    return HOME if value.partition(":")[0] == HOME else value


def _number(label: str, *, least: int, most: int, start: int, hint: str = "") -> IntegerField:
    needed = InputRequired(message=_l("Skriv ett helt tal, till exempel %(start)s.", start=start))
    bounded = NumberRange(least, most, message=WHOLE)
    return IntegerField(label, description=hint, default=start, validators=[needed, bounded])


class VehicleForm(NarmatForm):
    """A vehicle that can not go on."""

    vehicle = SelectField(_l("Vilket fordon?"), coerce=int)
    at = SelectField(
        _l("Var står det?"),
        description=_l(
            "Välj den plats i planen som ligger närmast. Det som finns ombord hämtas där av ett annat fordon."
        ),
        coerce=_place,
    )
    last_on = DayField(
        _l("Till och med"), description=_l("Den sista dagen som fordonet inte kan köra."), validators=[NEEDED]
    )

    def offer(
        self, *, vehicles: Iterable[tuple[int, str]], places: Iterable[tuple[str, str]], today: date
    ) -> None:
        self.vehicle.choices = list(vehicles)
        self.at.choices = [(HOME, gettext("Hemma, utan varor ombord")), *places]
        self.last_on.data = self.last_on.data or (None if self.is_submitted() else today)

    def disruption(self) -> VehicleStands:
        day = self.last_on.data
        assert day is not None
        at = f"{HOME}:{self.vehicle.data}" if self.at.data == HOME else self.at.data
        return VehicleStands(vehicle=self.vehicle.data, at=at, last_on=day)


class RoadForm(PlaceForm):
    """A road or a bridge that nobody can use."""

    radius_km = _number(
        _l("Hur långt därifrån påverkas vägarna? (km)"),
        least=1,
        most=50,
        start=3,
        hint=_l("Sträckor som passerar inom det avståndet från punkten får omvägen."),
    )
    detour_km = _number(_l("Omvägens längd (km)"), least=0, most=FARTHEST_KM, start=20)
    detour_min = _number(_l("Omvägens tid (minuter)"), least=0, most=LONGEST_MIN, start=20)

    def disruption(self) -> RoadClosed:
        return RoadClosed(
            lat=self.position.lat,
            lon=self.position.lon,
            radius_m=1000 * (self.radius_km.data or 0),
            detour_m=1000 * (self.detour_km.data or 0),
            detour_s=60 * (self.detour_min.data or 0),
        )


class KitchenForm(NarmatForm):
    """A kitchen that takes in nothing for a while."""

    kitchen = SelectField(_l("Vilket kök?"), coerce=int)
    from_on = DayField(_l("Stängt från dag"), validators=[NEEDED])
    from_s = ClockField(_l("Från klockan"), validators=[NEEDED])
    until_on = DayField(_l("Öppnar igen dag"), validators=[NEEDED])
    until_s = ClockField(_l("Öppnar igen klockan"), validators=[NEEDED])
    instead = SelectField(
        _l("Var ska varorna lämnas i stället?"),
        description=_l("Annars blir de kvar hos producenten, och de som berörs får veta det."),
    )

    def offer(self, *, kitchens: Iterable[tuple[int, str]], today: date, now_s: int) -> None:
        named = list(kitchens)
        self.kitchen.choices = named
        self.instead.choices = [
            (NOWHERE, gettext("Ingenstans")),
            *((str(number), name) for number, name in named),
        ]
        if not self.is_submitted():
            self.from_on.data, self.from_s.data = today, now_s // 60 * 60
            self.until_on.data, self.until_s.data = today, DAY_S - 60

    def disruption(self, monday: date) -> KitchenShut:
        """Raises EndsBeforeItBegins, GoesToItself."""
        begins, ends = self.from_on.data, self.until_on.data
        assert begins is not None
        assert ends is not None
        return KitchenShut(
            kitchen=self.kitchen.data,
            from_s=seconds_at(monday, begins, self.from_s.data or 0),
            until_s=seconds_at(monday, ends, self.until_s.data or 0),
            instead=int(self.instead.data) if self.instead.data else None,
        )
