"""Where suppliers drive: Tierp's that carry for each other, Norrtälje's that each drive their own."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    RadioField,
    ValidationError,
)
from wtforms.validators import Optional

from market.fleet.rules import CarrierKind, OwnDelivery
from market.fleet.setting_up import (
    NoProducerChosen,
    SetUp,
    producers_own,
)
from market.fleet.setting_up_parts_form import (
    DAYS,
    NotBelowZero,
    SetUpForm,
    in_kronor,
    in_ore,
)
from market.fleet.setting_up_queries import Grounds
from market.form_fields import SwedishDecimalField
from market.register.models import TransportModel


class SuppliersColoadForm(SetUpForm):
    """Tierp: two meat firms carry for each other and for the others, paid in the price; one delivery a week."""

    model = TransportModel.SUPPLIERS_COLOAD
    gather_weekday = RadioField(
        _l("Vilken dag kommer veckans leverans?"), default="3", validators=[Optional()]
    )
    visit = SwedishDecimalField(
        _l("Vad är ett sparat stopp värt?"),
        description=_l(
            "Planen väger in beloppet för varje gång en bil stannar vid ett kök, så att det blir färre stopp."
        ),
        default=Decimal(0),
        validators=[Optional(), NotBelowZero()],
    )

    def offer(self, grounds: Grounds) -> None:
        super().offer(grounds)
        self.gather_weekday.choices = [*DAYS[:5], ("", gettext("Ingen bestämd dag"))]

    def fill_in(self, grounds: Grounds) -> None:
        super().fill_in(grounds)
        self.supplier.form.fill_in(grounds.vehicle_of(CarrierKind.PRODUCER))
        if grounds.authority.transport_model is self.model:
            self.gather_weekday.data = str(grounds.settings.gather_weekday or "")
        self.visit.data = in_kronor(grounds.settings.visit_ore)

    def validate_producers(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext(NoProducerChosen.message))

    def wish(self, grounds: Grounds) -> SetUp:
        carriers = producers_own(
            self.chosen_producers(grounds),
            shape=self.supplier.form.shape(),
            carries_for_others=True,
            is_paid_with_goods=bool(self.in_price.data),
        )
        settings = {
            "own_delivery": OwnDelivery.NEVER,
            "satellites_by_own_staff": False,
            "gather_weekday": int(self.gather_weekday.data or 0) or None,
            "visit_ore": in_ore(self.visit.data),
            "producers_choose_times": False,
            "lead_days": 0,
        }
        dropped = self.dropped_producers(grounds)
        return SetUp(model=self.model, settings=settings, carriers=carriers, dropped=dropped)


class ProducerDeliversForm(SetUpForm):
    """Norrtälje: each producer drives its own goods, at a price agreed for each order."""

    model = TransportModel.PRODUCER_DELIVERS

    def fill_in(self, grounds: Grounds) -> None:
        everyone = frozenset(one.id for one in grounds.producers if one.sites)
        self.fill_in_producers(grounds, suggested=everyone)
        self.supplier.form.fill_in(grounds.vehicle_of(CarrierKind.PRODUCER))

    def validate_producers(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext(NoProducerChosen.message))

    def wish(self, grounds: Grounds) -> SetUp:
        carriers = producers_own(
            self.chosen_producers(grounds),
            shape=self.supplier.form.shape(),
            carries_for_others=False,
            is_paid_with_goods=bool(self.in_price.data),
        )
        settings = {
            "own_delivery": OwnDelivery.ALWAYS,
            "satellites_by_own_staff": False,
            "gather_weekday": None,
            "producers_choose_times": False,
            "lead_days": 0,
        }
        dropped = self.dropped_producers(grounds)
        return SetUp(model=self.model, settings=settings, carriers=carriers, dropped=dropped)
