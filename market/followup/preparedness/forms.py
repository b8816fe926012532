"""What is supposed to happen, told in a form; and what a portion holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from market.followup.preparedness.rules import (
    MOST_DAYS,
    MOST_FUEL_KM,
    MOST_WITHIN_KM,
    USUAL_GRAMS,
    Assumptions,
    RoadShut,
)
from market.form_fields import NarmatForm, TicksField
from market.register.models import Category, Kitchen
from market.register.place_form import PlaceForm
from market.register.validators import WRITTEN

WHOLE = _l("Skriv ett helt tal mellan %(min)s och %(max)s.")
NOBODY = ""
MOST_GRAMS = 2_000
FORTNIGHT, RADIUS_KM = 14, 3


class WholeField(IntegerField):
    """A whole number, with our words when it can not be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Skriv ett helt tal, till exempel 14.")) from None


def _whole(label: str, *, least: int, most: int, hint: str = "", needed: bool = False) -> WholeField:
    first = InputRequired(message=_l("Fyll i det här.")) if needed else Optional()
    bounded = NumberRange(least, most, message=WHOLE)
    return WholeField(label, description=hint, validators=[first, bounded])


class ScenarioForm(PlaceForm):
    """A scenario: any of the suppositions, or several of them together."""

    name = StringField(
        _l("Vad ska scenariot heta?"),
        description=_l("Till exempel Grossisten stannar i två veckor."),
        validators=[WRITTEN, Length(max=120)],
    )
    days = _whole(_l("Hur många dagar varar det?"), least=1, most=MOST_DAYS, needed=True)
    wholesaler_stops = BooleanField(
        _l("Grossisten levererar inget"),
        description=_l("Då ska allt som köken behöver komma från producenterna i Närmat."),
    )
    fuel_km = _whole(
        _l("Hur långt räcker bränslet?"),
        least=0,
        most=MOST_FUEL_KM,
        hint=_l("Så långt får alla fordon köra tillsammans på en vecka. Tomt: bränsle finns som vanligt."),
    )
    within_km = _whole(
        _l("Hur långt bort får en producent finnas?"),
        least=1,
        most=MOST_WITHIN_KM,
        hint=_l("Fågelvägen mellan hämtningsplatsen och köket. Tomt: så långt som fordonen hinner."),
    )
    shut = TicksField(_l("Vilka kök är stängda?"), coerce=int, validators=[Optional()])
    instead = SelectField(
        _l("Vilket kök lagar i stället?"),
        description=_l("Annars blir gästerna utan mat."),
        validators=[Optional()],
    )
    place = StringField(
        _l("Vid vilken väg eller bro?"),
        description=_l("Ortens namn, till exempel Nyland, eller koordinater från en karta: 62.936, 17.779."),
        validators=[Optional(), Length(max=200)],
    )
    candidate = RadioField(_l("Vilken av dem?"), choices=[], validate_choice=False, validators=[Optional()])
    radius_km = _whole(
        _l("Hur långt därifrån påverkas vägarna?"),
        least=1,
        most=50,
        hint=_l("Sträckor vars räta linje passerar inom det avståndet räknas som stängda."),
    )
    detour_km = _whole(_l("Omvägens längd"), least=0, most=500, hint=_l("Tomt: det finns ingen väg runt."))
    detour_min = _whole(_l("Omvägens tid"), least=0, most=1_440)

    def validate_detour_km(self, field: Field) -> None:
        if field.data is not None and self.detour_min.data is None:
            raise ValidationError(gettext("Skriv också hur många minuter längre omvägen tar, i nästa fält."))

    def offer(self, hubs: Iterable[Kitchen]) -> None:
        named = [(kitchen.id, kitchen.name) for kitchen in hubs]
        self.shut.choices = named
        self.instead.choices = [(NOBODY, gettext("Inget")), *((str(key), name) for key, name in named)]

    def begin_with(self, name: str, supposed: Assumptions | None) -> None:
        """What the fields say before anybody has written in them."""
        if self.is_submitted():
            return
        start = supposed or Assumptions(days=FORTNIGHT)
        self.name.data = name
        for field in ("days", "wholesaler_stops", "fuel_km", "within_km"):
            self[field].data = getattr(start, field)
        self.shut.data = list(start.shut)
        self.instead.data = NOBODY if start.instead is None else str(start.instead)
        self.radius_km.data = RADIUS_KM
        if start.road is not None:
            for field in ("place", "radius_km", "detour_km", "detour_min"):
                self[field].data = getattr(start.road, field)
            self.place.data = f"{start.road.lat:.5f}, {start.road.lon:.5f}"

    def supposed(self) -> Assumptions:
        """Raises TakenInByAShutKitchen."""
        return Assumptions(
            days=self.days.data or 0,
            wholesaler_stops=self.wholesaler_stops.data,
            road=self._road(),
            shut=tuple(sorted(self.shut.data or ())),
            instead=int(self.instead.data) if self.instead.data and self.shut.data else None,
            fuel_km=self.fuel_km.data,
            within_km=self.within_km.data,
        )

    def _road(self) -> RoadShut | None:
        if not self.place.data:
            return None
        return RoadShut(
            place=self.place.data.strip(),
            lat=self.position.lat,
            lon=self.position.lon,
            radius_km=self.radius_km.data or RADIUS_KM,
            detour_km=self.detour_km.data,
            detour_min=None if self.detour_km.data is None else self.detour_min.data,
        )


class NormsForm(NarmatForm):
    """Grams of each category in one portion. The fields are made for the categories there are (`norms_form`)."""

    def offer(self, own: Mapping[str, int]) -> None:
        if not self.is_submitted():
            for key, grams in own.items():
                self[f"grams_{key}"].data = grams

    def grams(self) -> dict[str, int | None]:
        """None: as is usual."""
        return {
            name.removeprefix("grams_"): field.data
            for name, field in self._fields.items()
            if name.startswith("grams_")
        }


def norms_form(categories: Iterable[Category], *, swedish: bool) -> NormsForm:
    """A form with a field for each category, which says what holds when it is empty."""
    fields = {}
    for category in categories:
        usual = USUAL_GRAMS.get(category.key)
        hint = (
            gettext("Tomt: %(grams)s g, ett antagande.", grams=usual)
            if usual
            else gettext("Tomt: ingår inte.")
        )
        name = category.name_sv if swedish else category.name_en
        fields[f"grams_{category.key}"] = _whole(name, least=1, most=MOST_GRAMS, hint=hint)
    made: NormsForm = type("CategoriesForm", (NormsForm,), fields)()
    return made
