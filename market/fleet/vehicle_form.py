"""The form of a vehicle: where it stands, what it holds per temperature class, when it drives, what it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from market import shell
from market.fleet.forms import MOST_KRONOR, day_after, day_before, kronor_of, ore_of
from market.fleet.models import Vehicle, VehicleCompartment
from market.fleet.rules import Room, VehicleTerms
from market.form_fields import (
    NEEDED,
    AboveZero,
    ClockField,
    DayField,
    PartForm,
    SwedishDecimalField,
    TicksField,
)
from market.register.models import Temperature
from market.register.place_form import PlaceForm
from market.register.places import written
from market.register.validators import WRITTEN
from market.register.wording import TEMPERATURE_NAMES, WEEKDAYS
from market.values import Refused

ROOMS = 3
WORKDAYS = "12345"
AT_LEAST_ONE = NumberRange(min=1, max=100_000, message=_l("Skriv ett helt tal, minst 1 och högst 100 000."))
MOST_KG = NumberRange(max=100_000, message=_l("Skriv högst 100 000 kg."))


class RoomForm(PartForm):
    """One compartment; a row that is left empty is none."""

    temperatures = TicksField(_l("Till för"), validators=[Optional()])
    capacity_kg = SwedishDecimalField(_l("Kilo"), validators=[Optional(), AboveZero(), MOST_KG])
    capacity_crates = IntegerField(_l("Backar"), validators=[Optional(), AT_LEAST_ONE])
    capacity_pallets = IntegerField(_l("Pallplatser"), validators=[Optional(), AT_LEAST_ONE])

    def offer_choices(self) -> None:
        self.temperatures.choices = [(one.value, gettext(name)) for one, name in TEMPERATURE_NAMES.items()]

    @property
    def is_filled(self) -> bool:
        held = (self.capacity_kg.data, self.capacity_crates.data, self.capacity_pallets.data)
        return bool(self.temperatures.data) or any(one is not None for one in held)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid = super().validate(*args, **kwargs)
        if self.is_filled and not self.temperatures.data:
            self.temperatures.errors = [gettext("Kryssa för vilken temperatur utrymmet är till för.")]
            return False
        return is_valid

    def fill_in(self, part: VehicleCompartment) -> None:
        self.temperatures.data = [one.value for one in part.temperatures]
        self.capacity_kg.data = kg_of(part.capacity_grams)
        self.capacity_crates.data, self.capacity_pallets.data = part.capacity_crates, part.capacity_pallets

    def room(self) -> Room:
        ticked = set(self.temperatures.data or [])
        return Room(
            admits_ambient=Temperature.AMBIENT.value in ticked,
            admits_chilled=Temperature.CHILLED.value in ticked,
            admits_frozen=Temperature.FROZEN.value in ticked,
            capacity_grams=grams_of(self.capacity_kg.data),
            capacity_crates=self.capacity_crates.data,
            capacity_pallets=self.capacity_pallets.data,
        )


class VehicleForm(PlaceForm):
    """All of a vehicle; `seen` is the version that the page showed."""

    seen = HiddenField(validators=[Length(max=9)])
    name = StringField(_l("Namn"), description=_l("Som ni kallar bilen, gärna med registreringsnumret."), validators=[WRITTEN, Length(max=120)])  # fmt: skip
    home_name = StringField(_l("Var står den?"), description=_l("Till exempel: Förrådet i Rimbo."), validators=[WRITTEN, Length(max=120)])  # fmt: skip
    returns_home = BooleanField(_l("Kör tillbaka hit efter sista stoppet"))
    capacity_kg = SwedishDecimalField(_l("Lastar högst"), validators=[NEEDED, AboveZero(), MOST_KG])
    capacity_crates = IntegerField(_l("Backar"), validators=[NEEDED, AT_LEAST_ONE])  # fmt: skip
    capacity_pallets = IntegerField(_l("Pallplatser"), validators=[Optional(), AT_LEAST_ONE])
    rooms = FieldList(FormField(RoomForm), min_entries=ROOMS, max_entries=ROOMS)
    has_tail_lift = BooleanField(_l("Har bakgavellyft"))
    takes_ferry = BooleanField(_l("Får åka bilfärja"))
    weekdays = TicksField(
        _l("Kör de här dagarna"), validators=[InputRequired(message=_l("Välj minst en dag."))]
    )
    shift_starts_s = ClockField(_l("Börjar tidigast"), validators=[NEEDED])
    shift_ends_s = ClockField(_l("Slutar senast"), validators=[NEEDED])
    overtime_min = IntegerField(_l("Övertid högst"), validators=[Optional(), NumberRange(min=0, max=720, message=_l("Skriv mellan 0 och 720 minuter."))])  # fmt: skip
    overtime_kronor = SwedishDecimalField(_l("Övertid kostar dessutom"), validators=[Optional(), MOST_KRONOR])
    fixed_kronor = SwedishDecimalField(_l("En dag med bilen"), validators=[Optional(), MOST_KRONOR])
    km_kronor = SwedishDecimalField(_l("En kilometer"), validators=[Optional(), MOST_KRONOR])
    hour_kronor = SwedishDecimalField(_l("En timme med förare"), validators=[Optional(), MOST_KRONOR])
    co2e_g_per_km = IntegerField(_l("Utsläpp, CO2e"), validators=[Optional(), NumberRange(min=0, max=10_000, message=_l("Skriv mellan 0 och 10 000 gram."))])  # fmt: skip
    emission_source = StringField(_l("Varifrån kommer siffran?"), description=_l("Till exempel tillverkarens blad, ett mätt snitt, eller ett antagande."), validators=[Optional(), Length(max=200)])  # fmt: skip
    from_on = DayField(_l("I drift från och med"), validators=[Optional()])
    last_on = DayField(_l("I drift till och med"), validators=[Optional()])

    def offer_choices(self) -> None:
        self.place.label.text = gettext("Läge")
        self.weekdays.choices = [(str(day), gettext(name)) for day, name in WEEKDAYS.items()]
        for entry in self.rooms:
            entry.form.offer_choices()

    def start_with(self) -> None:
        """A van that drives on workdays and comes home."""
        self.weekdays.data, self.returns_home.data = list(WORKDAYS), True
        self.shift_starts_s.data, self.shift_ends_s.data = 6 * 3600, 15 * 3600

    def fill_in(self, vehicle: Vehicle) -> None:
        self.seen.data = str(vehicle.version)
        for name in (*_SAME, "co2e_g_per_km", "emission_source"):
            self[name].data = getattr(vehicle, name)
        self.place.data, self.weekdays.data = written(vehicle.lat, vehicle.lon), list(vehicle.weekdays)
        self.capacity_kg.data = kg_of(vehicle.capacity_grams)
        self.overtime_min.data = vehicle.overtime_s // 60 or None
        for field, column in _PRICES.items():
            self[field].data = kronor_of(getattr(vehicle, column) or None)
        self.last_on.data = day_before(vehicle.until_on)
        for entry, part in zip(self.rooms, vehicle.compartments, strict=False):
            entry.form.fill_in(part)

    def validate_shift_ends_s(self, field: Field) -> None:
        starts = self.shift_starts_s.data
        if starts is not None and field.data is not None and field.data <= starts:
            raise ValidationError(gettext("Tiden slutar innan den börjar. Ändra start eller slut."))

    def validate_last_on(self, field: Field) -> None:
        if self.from_on.data and field.data and field.data < self.from_on.data:
            raise ValidationError(gettext("Sista dagen ligger före den första. Ändra en av dem."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """What the fields accept one by one may still be refused together; the words then stand at the top."""
        is_valid: bool = super().validate(*args, **kwargs)
        if self.co2e_g_per_km.data and not (self.emission_source.data or "").strip():
            words = gettext("Skriv varifrån siffran kommer, så att andra kan lita på den.")
            self.emission_source.errors, is_valid = [words], False
        if not is_valid:
            return False
        try:
            self.terms()
        except Refused as refusal:
            self.form_errors = [shell.explain(refusal)]
            return False
        return True

    def terms(self) -> VehicleTerms:
        prices: dict[str, Any] = {column: ore_of(self[field].data) for field, column in _PRICES.items()}
        return VehicleTerms(
            **{name: self[name].data for name in _SAME},
            **prices,
            emission_source=self.emission_source.data or "",
            co2e_g_per_km=self.co2e_g_per_km.data or 0,
            lat=self.position.lat,
            lon=self.position.lon,
            capacity_grams=grams_of(self.capacity_kg.data) or 0,
            weekdays="".join(sorted(self.weekdays.data or [])),
            overtime_s=(self.overtime_min.data or 0) * 60,
            until_on=day_after(self.last_on.data),
            rooms=tuple(entry.form.room() for entry in self.rooms if entry.form.is_filled),
        )


_SAME = (
    "name", "home_name", "returns_home", "capacity_crates", "capacity_pallets", "has_tail_lift", "takes_ferry",
    "shift_starts_s", "shift_ends_s", "from_on",
)  # fmt: skip
_PRICES = {
    "overtime_kronor": "overtime_ore_per_hour",
    "fixed_kronor": "fixed_ore_per_shift",
    "km_kronor": "ore_per_km",
    "hour_kronor": "ore_per_hour",
}


def grams_of(kilograms: Decimal | None) -> int | None:
    return None if kilograms is None else int(kilograms * 1000)


def kg_of(grams: int | None) -> Decimal | None:
    return None if grams is None else Decimal(grams) / 1000
