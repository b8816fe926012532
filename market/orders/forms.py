"""The forms of orders: ordering, answering, countering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from market.form_fields import NEEDED, AboveZero, NarmatForm, SwedishDecimalField
from market.formatting import long_date
from market.offers.models import Offer
from market.offers.rules import OfferChanged, measured
from market.orders.models import Order
from market.orders.rules import Bid
from market.register.models import Kitchen
from market.values import Quantity, Unit

DAYS_SHOWN = 14


class OrderForm(NarmatForm):
    """How much, which day, to which kitchen."""

    kitchen = SelectField(_l("Till kök"), validators=[InputRequired(message=_l("Välj ett kök."))])
    amount = SwedishDecimalField(_l("Hur mycket?"), validators=[NEEDED, AboveZero()])
    deliver_on = RadioField(_l("Vilken dag?"), validators=[InputRequired(message=_l("Välj en dag."))])
    price = SwedishDecimalField(_l("Pris du föreslår, utan moms"), validators=[Optional(), AboveZero()])
    note = TextAreaField(_l("Meddelande till producenten"), validators=[Optional(), Length(max=1000)])
    offer_version = HiddenField(validators=[Length(max=12)])

    def offer_choices(
        self, *, offer: Offer, kitchens: Sequence[Kitchen], chosen: Kitchen, today: date
    ) -> None:
        self.kitchen.choices = [(str(k.id), k.name) for k in kitchens]
        self.deliver_on.choices = [
            (d.isoformat(), long_date(d)) for d in delivery_days(offer, chosen, today=today)
        ]
        if not self.kitchen.data:
            self.kitchen.data = str(chosen.id)
        if not self.is_submitted():
            self.offer_version.data = str(offer.version)

    def day(self) -> date:
        return date.fromisoformat(self.deliver_on.data)

    def quantity(self, offer: Offer) -> Quantity:
        assert self.amount.data is not None
        return measured(self.amount.data, unit=offer.unit, piece_grams=offer.piece_grams)

    def check_seen(self, offer: Offer) -> None:
        """Raises OfferChanged where the page showed another price or another amount than the offer has now."""
        seen = self.offer_version.data or ""
        self.offer_version.data = str(offer.version)
        if seen and seen != str(offer.version):
            raise OfferChanged


def delivery_days(offer: Offer, kitchen: Kitchen, *, today: date) -> list[date]:
    """The days, from tomorrow on, when the offer can be had and the receiving kitchen takes in goods."""
    receiving = kitchen.hub or kitchen
    weekdays = {window.weekday for window in receiving.windows}
    first = max(offer.available_from, today + timedelta(days=1))
    days = (first + timedelta(days=n) for n in range((offer.available_until - first).days))
    had = offer.handover.has_day
    return [day for day in days if day.isoweekday() in weekdays and had(day)][:DAYS_SHOWN]


class PositionForm(NarmatForm):
    """Which bid is answered: the one that the page showed."""

    position = HiddenField()

    def position_id(self) -> int | None:
        text = self.position.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


class CounterForm(PositionForm):
    """A counter-offer, filled in with the bid that it answers."""

    amount = SwedishDecimalField(_l("Mängd"), validators=[NEEDED, AboveZero()])
    deliver_on = RadioField(_l("Leveransdag"), validators=[InputRequired(message=_l("Välj en dag."))])
    price = SwedishDecimalField(_l("Pris, utan moms"), validators=[NEEDED, AboveZero()])
    note = TextAreaField(_l("Skriv några ord"), validators=[Optional(), Length(max=1000)])

    def offer_choices(self, order: Order, *, today: date) -> None:
        """The days of the offer that the kitchen takes in goods; the latest bid is filled in on a fresh form."""
        line = order.lines[0]
        days = delivery_days(line.offer, order.kitchen, today=today)
        if order.deliver_on not in days and order.deliver_on >= today:
            days = [order.deliver_on, *days]
        self.deliver_on.choices = [(d.isoformat(), long_date(d)) for d in days]
        if not self.is_submitted():
            self.position.data = str(order.position.id)
            self.amount.data, self.price.data = line.quantity.amount.normalize(), line.price.normalize()
            self.deliver_on.data = order.deliver_on.isoformat()

    def bid(self, unit: Unit) -> Bid:
        assert self.amount.data is not None
        assert self.price.data is not None
        return Bid(
            quantity=Quantity.of(self.amount.data, unit),
            deliver_on=date.fromisoformat(self.deliver_on.data),
            price=self.price.data,
        )


class ReasonForm(NarmatForm):
    """Why an order is declined or cancelled."""

    reason = TextAreaField(_l("Varför?"), validators=[Optional(), Length(max=1000)])
