"""The forms of orders: ordering, answering, receiving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from market.form_fields import NEEDED, AboveZero, NarmatForm, PartForm, SwedishDecimalField
from market.formatting import long_date
from market.offers.models import Offer
from market.offers.rules import OfferChanged, measured
from market.orders.models import Order
from market.orders.rules import DeviationKind, ReceivedLine
from market.register.models import Kitchen
from market.values import NotAQuantity, Quantity, Unit, msg

DEVIATION_NAMES = {
    DeviationKind.SHORT: msg("Det fattades varor"),
    DeviationKind.DAMAGED: msg("Skadat"),
    DeviationKind.TEMPERATURE: msg("Fel temperatur"),
    DeviationKind.WRONG_GOODS: msg("Fel vara"),
}
DAYS_SHOWN = 14
COLDEST, HOTTEST = -60, 100


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
    """The days, from tomorrow on, when the offer is available and the receiving kitchen takes in goods."""
    receiving = kitchen.hub or kitchen
    weekdays = {window.weekday for window in receiving.windows}
    first = max(offer.available_from, today + timedelta(days=1))
    days = (first + timedelta(days=n) for n in range((offer.available_until - first).days))
    return [day for day in days if day.isoweekday() in weekdays][:DAYS_SHOWN]


class ReasonForm(NarmatForm):
    """Why an order is declined or cancelled."""

    reason = TextAreaField(_l("Varför?"), validators=[Optional(), Length(max=1000)])


class ReceiptLineForm(PartForm):
    """One line: all as ordered, or what came and what was wrong."""

    line_id = HiddenField()
    accepted = SwedishDecimalField(_l("Mottagen mängd"), validators=[NEEDED])
    deviation = SelectField(_l("Avvikelse"), validators=[Optional()])
    note = StringField(_l("Vad hände?"), validators=[Optional(), Length(max=500)])

    def validate_accepted(self, field: Any) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Mängden kan inte vara mindre än noll."))


class ReceiptForm(NarmatForm):
    """Goods receipt: filled in as ordered, so that one tap accepts."""

    lines = FieldList(FormField(ReceiptLineForm))
    temperature = SwedishDecimalField(_l("Temperatur, grader"), validators=[Optional()])
    note = TextAreaField(_l("Anteckning"), validators=[Optional(), Length(max=1000)])

    def offer_lines(self, order: Order) -> None:
        """One entry a line, with what was ordered filled in; a posted form keeps what was written."""
        while len(self.lines) < len(order.lines):
            self.lines.append_entry()
        while len(self.lines) > len(order.lines):  # a form with more lines than the page offered
            self.lines.pop_entry()
        choices = [("", gettext("Ingen")), *((k.value, gettext(n)) for k, n in DEVIATION_NAMES.items())]
        for entry, line in zip(self.lines, order.lines, strict=True):
            entry.form.deviation.choices = choices
            if not entry.form.line_id.data:
                entry.form.line_id.data = str(line.id)
                entry.form.accepted.data = line.quantity.amount.normalize()

    def received(self, order: Order) -> list[ReceivedLine]:
        """What was written, in the units' steps. Raises NotAQuantity for half a piece."""
        units = {str(line.id): line.unit for line in order.lines}
        return [_received(entry.form, units.get(entry.form.line_id.data or "")) for entry in self.lines]

    def validate_temperature(self, field: Any) -> None:
        if field.data is not None and not COLDEST <= field.data <= HOTTEST:
            raise ValidationError(gettext("Temperaturen verkar fel. Skriv grader, till exempel 4,5."))

    def decidegrees(self) -> int | None:
        return None if self.temperature.data is None else round(self.temperature.data * 10)


def _received(form: Any, unit: Unit | None) -> ReceivedLine:
    if unit is None:
        raise NotAQuantity
    amount = form.accepted.data
    return ReceivedLine(
        line_id=int(form.line_id.data),
        accepted=Quantity.of(amount, unit).steps if amount else 0,
        deviation=DeviationKind(form.deviation.data) if form.deviation.data else None,
        note=form.note.data or "",
    )
