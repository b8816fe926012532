"""The form of a standing order."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.orders.models import StandingOrder
from market.orders.standing_operations import Wish
from market.orders.wording import WEEKDAY_NAMES
from market.register.models import Kitchen
from market.values import Quantity, Unit


class StandingForm(NarmatForm):
    """How much, which weekday, at most what price, until when."""

    kitchen = SelectField(_l("Till kök"), validators=[InputRequired(message=_l("Välj ett kök."))])
    amount = SwedishDecimalField(_l("Hur mycket varje vecka?"), validators=[NEEDED, AboveZero()])
    weekday = RadioField(_l("Vilken veckodag?"), validators=[InputRequired(message=_l("Välj en dag."))])
    highest_price = SwedishDecimalField(_l("Högsta pris, utan moms"), validators=[Optional(), AboveZero()])
    until_on = DayField(_l("Sista leveransdag"), validators=[Optional()])

    def offer_choices(self, *, kitchens: Sequence[Kitchen], chosen: Kitchen) -> None:
        self.kitchen.choices = [(str(k.id), k.name) for k in kitchens]
        receiving = chosen.hub or chosen
        weekdays = sorted({window.weekday for window in receiving.windows})
        self.weekday.choices = [(str(day), gettext(WEEKDAY_NAMES[day])) for day in weekdays]
        if not self.kitchen.data:
            self.kitchen.data = str(chosen.id)

    def fill_in(self, standing: StandingOrder) -> None:
        self.amount.data = standing.quantity.amount.normalize()
        self.weekday.data, self.until_on.data = str(standing.weekday), standing.until_on
        highest = standing.highest_price
        self.highest_price.data = None if highest is None else highest.normalize()

    def wish(self, unit: Unit) -> Wish:
        assert self.amount.data is not None
        return Wish(
            quantity=Quantity.of(self.amount.data, unit),
            weekday=int(self.weekday.data),
            highest_price=self.highest_price.data,
            until_on=self.until_on.data,
        )
