"""What the set-up forms share: a vehicle, the producers that drive, amounts in kronor."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FormField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import TextInput

from market.fleet.models import Vehicle
from market.fleet.setting_up import SetUp, Shape
from market.fleet.setting_up_queries import Grounds
from market.form_fields import (
    NEEDED,
    AboveZero,
    ClockField,
    NarmatForm,
    PartForm,
    SwedishDecimalField,
    TicksField,
)
from market.register.models import Kitchen, Producer, Temperature, TransportModel
from market.register.rules import WindowEndsBeforeItBegins
from market.register.wording import WEEKDAYS
from market.values import round_ore

DAYS = [(str(day), _l(name)) for day, name in WEEKDAYS.items()]
WORKING_DAYS = ["1", "2", "3", "4", "5"]
MOST_CRATES, MOST_GRAMS_CO2E = 10_000, 10_000
MINUTE, MOST_VANS, LONGEST_TRANSFER = 60, 20, 240
ASSUMED = "Antagande: dieseldriven skåpbil, från tank till hjul"


class NotBelowZero:
    """A validator: nothing or more."""

    def __call__(self, form: Any, field: Any) -> None:
        del form
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Skriv noll eller mer."))


def in_ore(kronor: Decimal | None) -> int:
    return round_ore(kronor) if kronor is not None else 0


def in_kronor(ore: int) -> Decimal:
    return (Decimal(ore) / 100).normalize() if ore % 100 else Decimal(ore // 100)


class VanPart(PartForm):
    """A vehicle in a form: what it holds, when it drives, what it costs. The defaults are a light van's."""

    kilograms = SwedishDecimalField(_l("Lastar, kg"), default=Decimal(900), validators=[NEEDED, AboveZero()])
    crates = IntegerField(
        _l("Lastar, antal backar"),
        default=100,
        validators=[NEEDED, NumberRange(1, MOST_CRATES, message=_l("Skriv ett antal, minst 1."))],
        widget=TextInput(),
    )
    is_cold = BooleanField(_l("Kan ta kylda och frysta varor"), default=True)
    weekdays = TicksField(_l("Kör på"), default=WORKING_DAYS, validators=[NEEDED])
    starts = ClockField(_l("Kör tidigast från"), default=6 * 3600, validators=[NEEDED])
    ends = ClockField(_l("Är tillbaka senast"), default=15 * 3600, validators=[NEEDED])
    day = SwedishDecimalField(_l("Kostar per dag"), default=Decimal(0), validators=[NEEDED, NotBelowZero()])
    km = SwedishDecimalField(_l("Kostar per km"), default=Decimal(4), validators=[NEEDED, NotBelowZero()])
    hour = SwedishDecimalField(
        _l("Kostar per timme, med förare"), default=Decimal(300), validators=[NEEDED, NotBelowZero()]
    )
    co2e = IntegerField(
        _l("Utsläpp, gram CO2e per km"),
        default=210,
        validators=[NEEDED, NumberRange(0, MOST_GRAMS_CO2E, message=_l("Skriv noll eller mer."))],
        widget=TextInput(),
    )
    source = StringField(
        _l("Varifrån kommer utsläppssiffran?"), default=ASSUMED, validators=[Optional(), Length(max=200)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = DAYS

    def validate_ends(self, field: Field) -> None:
        if self.starts.data is not None and field.data is not None and field.data <= self.starts.data:
            raise ValidationError(gettext(WindowEndsBeforeItBegins.message))

    def fill_in(self, vehicle: Vehicle | None) -> None:
        """As it is, where there is one."""
        if vehicle is None:
            return
        self.kilograms.data = in_kilograms(vehicle.capacity_grams)
        self.crates.data, self.weekdays.data = vehicle.capacity_crates, list(vehicle.weekdays)
        self.starts.data, self.ends.data = vehicle.shift_starts_s, vehicle.shift_ends_s
        self.day.data, self.km.data = in_kronor(vehicle.fixed_ore_per_shift), in_kronor(vehicle.ore_per_km)
        self.hour.data, self.co2e.data = in_kronor(vehicle.ore_per_hour), vehicle.co2e_g_per_km
        self.source.data = vehicle.emission_source
        self.is_cold.data = not vehicle.compartments or any(
            Temperature.CHILLED in compartment.temperatures for compartment in vehicle.compartments
        )

    def shape(self) -> Shape:
        """What a valid form says."""
        assert self.kilograms.data is not None
        return Shape(
            capacity_grams=int(self.kilograms.data * 1000),
            capacity_crates=self.crates.data or 0,
            is_cold=bool(self.is_cold.data),
            weekdays="".join(sorted(self.weekdays.data or ())),
            shift_starts_s=self.starts.data or 0,
            shift_ends_s=self.ends.data or 0,
            day_ore=in_ore(self.day.data),
            km_ore=in_ore(self.km.data),
            hour_ore=in_ore(self.hour.data),
            co2e_g_per_km=self.co2e.data or 0,
            emission_source=self.source.data or "",
        )


def in_kilograms(grams: int) -> Decimal:
    return Decimal(grams) / 1000 if grams % 1000 else Decimal(grams // 1000)


class ProducersForm(NarmatForm):
    """The part of the forms that says which producers drive, and with what."""

    producers = TicksField(_l("Vilka producenter kör?"))
    in_price = BooleanField(_l("Transporten ingår i varans pris"), default=True)
    supplier = FormField(VanPart, label=_l("En producents bil"))

    def offer_producers(self, grounds: Grounds) -> None:
        self.producers.choices = [(str(one.id), one.name) for one in grounds.producers]

    def fill_in_producers(self, grounds: Grounds, *, suggested: frozenset[int] = frozenset()) -> None:
        """Those that drive now, else those that are suggested."""
        driving = grounds.driving or suggested
        self.producers.data = [str(one.id) for one in grounds.producers if one.id in driving]
        own = [one for one in grounds.carriers if one.producer_id and one.is_active]
        if own:
            self.in_price.data = all(one.is_paid_with_goods for one in own)

    def chosen_producers(self, grounds: Grounds) -> tuple[Producer, ...]:
        chosen = set(self.producers.data or ())
        return tuple(one for one in grounds.producers if str(one.id) in chosen)

    def dropped_producers(self, grounds: Grounds) -> frozenset[int]:
        """Those that were offered and are not chosen."""
        return frozenset(one.id for one in grounds.producers) - {
            one.id for one in self.chosen_producers(grounds)
        }


def kitchen_choices(kitchens: Sequence[Kitchen]) -> list[tuple[str, str]]:
    return [(str(kitchen.id), kitchen.name) for kitchen in kitchens]


def home_field() -> SelectField:
    """Where vehicles stand; another home can be given on the vehicle's own page."""
    return SelectField(
        _l("Var står bilarna?"),
        description=_l("Vid ett av köken. En annan plats väljs på fordonets egen sida."),
        validators=[NEEDED],
    )


def minutes_field(label: str, *, default: int) -> IntegerField:
    check = NumberRange(0, LONGEST_TRANSFER, message=_l("Skriv antal minuter, 0 till 240."))
    return IntegerField(label, default=default, validators=[NEEDED, check], widget=TextInput())


def count_field() -> IntegerField:
    check = NumberRange(1, MOST_VANS, message=_l("Skriv ett antal mellan 1 och 20."))
    return IntegerField(_l("Hur många bilar?"), default=1, validators=[NEEDED, check], widget=TextInput())


class SetUpForm(ProducersForm):
    """The base of the five: choices from what there is, the answer as one wish."""

    model: TransportModel

    def offer(self, grounds: Grounds) -> None:
        self.offer_producers(grounds)

    def fill_in(self, grounds: Grounds) -> None:
        """As it is now."""
        self.fill_in_producers(grounds)

    def wish(self, grounds: Grounds) -> SetUp:
        """What a valid form asks for. Raises what the wishes of its parts raise."""
        raise NotImplementedError
