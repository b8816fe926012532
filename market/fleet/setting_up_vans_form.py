"""Vallentuna's form: the municipality's own vans from a day on, and who drives until then."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FormField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length

from market.fleet.rules import CarrierKind, CarrierTerms, OwnDelivery, Tariff
from market.fleet.setting_up import (
    OWN_NAME,
    OWN_SERIES,
    CarrierWish,
    SetUp,
    producer_wish,
    producers_own,
    vans_at,
)
from market.fleet.setting_up_parts_form import (
    NotBelowZero,
    SetUpForm,
    VanPart,
    count_field,
    home_field,
    in_ore,
    kitchen_choices,
)
from market.fleet.setting_up_queries import Grounds
from market.form_fields import NEEDED, DayField, SwedishDecimalField
from market.register.models import Kitchen, TransportModel

NOBODY, HAULIER, PRODUCER = "nobody", "haulier", "producer"


class MunicipalVansForm(SetUpForm):
    """Vallentuna: a haulier, or a producer that carries for others, until the municipality drives itself from a day on.

    Producers that can deliver by themselves go on doing so.
    """

    model = TransportModel.MUNICIPAL_VANS
    from_on = DayField(_l("Från vilken dag kör kommunen själv?"), validators=[NEEDED])
    vans = count_field()
    home = home_field()
    own = FormField(VanPart, label=_l("Kommunens bil"))
    before = RadioField(_l("Vem kör fram till dess?"), default=NOBODY, validators=[NEEDED])
    haulier = StringField(_l("Åkeriets namn"), validators=[Length(max=120)])
    helper = SelectField(_l("Vilken producent kör åt de andra?"))
    tariff_day = SwedishDecimalField(_l("Åkeriets pris per dag"), validators=[NotBelowZero()])
    tariff_km = SwedishDecimalField(_l("Åkeriets pris per km"), validators=[NotBelowZero()])
    tariff_hour = SwedishDecimalField(_l("Åkeriets pris per timme"), validators=[NotBelowZero()])

    def offer(self, grounds: Grounds) -> None:
        super().offer(grounds)
        self.home.choices = kitchen_choices(grounds.kitchens)
        self.before.choices = [
            (NOBODY, gettext("Ingen")),
            (HAULIER, gettext("Ett åkeri")),
            (PRODUCER, gettext("En producent som kör åt de andra också")),
        ]
        self.helper.choices = [("", gettext("Välj")), *((str(p.id), p.name) for p in grounds.producers)]

    def fill_in(self, grounds: Grounds) -> None:
        self.fill_in_producers(grounds, suggested=grounds.able)
        own = grounds.vehicle_of(CarrierKind.MUNICIPALITY, series=OWN_SERIES)
        self.own.form.fill_in(own)
        for carrier in grounds.carriers:
            if carrier.name == OWN_NAME and carrier.is_active:
                self.from_on.data = carrier.from_on
                self.vans.data = sum(vehicle.is_active for vehicle in carrier.vehicles) or 1

    def validate_haulier(self, field: Field) -> None:
        if self.before.data == HAULIER and not (field.data or "").strip():
            raise ValidationError(gettext("Skriv vad åkeriet heter."))

    def validate_helper(self, field: Field) -> None:
        if self.before.data == PRODUCER and not field.data:
            raise ValidationError(gettext("Välj vilken producent."))

    def validate_tariff_day(self, field: Field) -> None:
        told = (field.data, self.tariff_km.data, self.tariff_hour.data)
        if any(one is None for one in told) and any(one is not None for one in told):
            raise ValidationError(gettext("Fyll i alla tre priserna, eller lämna alla tomma."))

    def wish(self, grounds: Grounds) -> SetUp:
        helper = self._helper()
        drives = tuple(one for one in self.chosen_producers(grounds) if one.id != helper)
        suppliers = producers_own(
            drives,
            shape=self.supplier.form.shape(),
            carries_for_others=False,
            is_paid_with_goods=bool(self.in_price.data),
        )
        terms = CarrierTerms(kind=CarrierKind.MUNICIPALITY, name=OWN_NAME, from_on=self.from_on.data)
        count, shape = self.vans.data or 1, self.own.form.shape()
        own = vans_at(self._home(grounds), count=count, shape=shape, terms=terms)
        settings = {
            "own_delivery": OwnDelivery.WHEN_CHEAPER if drives else OwnDelivery.NEVER,
            "satellites_by_own_staff": False,
            "gather_weekday": None,
            "producers_choose_times": False,
            "lead_days": 0,
        }
        return SetUp(
            model=self.model,
            settings=settings,
            carriers=(own, *self._before(grounds), *suppliers),
            dropped=self.dropped_producers(grounds) - {helper},
        )

    def _helper(self) -> int:
        return int(self.helper.data or 0) if self.before.data == PRODUCER else 0

    def _home(self, grounds: Grounds) -> Kitchen:
        return next(one for one in grounds.kitchens if str(one.id) == self.home.data)

    def _before(self, grounds: Grounds) -> tuple[CarrierWish, ...]:
        """Who drives until the municipality does, up to but not on that day."""
        shape = self.supplier.form.shape()
        if self.before.data == PRODUCER:
            producer = next(one for one in grounds.producers if one.id == self._helper())
            made = producer_wish(
                producer, shape=shape, carries_for_others=True, is_paid_with_goods=bool(self.in_price.data)
            )
            return (made.until(self.from_on.data),)
        if self.before.data != HAULIER:
            return ()
        name = (self.haulier.data or "").strip()
        terms = CarrierTerms(
            kind=CarrierKind.HAULIER, name=name, until_on=self.from_on.data, tariff=self._tariff()
        )
        vehicle = shape.at_kitchen(self._home(grounds), name=f"{name}, bil")
        return (CarrierWish(terms=terms, vehicles=(vehicle,)),)

    def _tariff(self) -> Tariff | None:
        if self.tariff_day.data is None:
            return None
        day, km, hour = (in_ore(one.data) for one in (self.tariff_day, self.tariff_km, self.tariff_hour))
        return Tariff(ore_per_day=day, ore_per_km=km, ore_per_hour=hour)
