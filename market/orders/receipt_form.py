"""The form of goods receipt: filled in as ordered, so that one tap accepts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from market.form_fields import NEEDED, NarmatForm, PartForm, SwedishDecimalField
from market.orders.models import Order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.orders.wording import DEVIATION_NAMES
from market.photos.encoding import EncodedPhoto
from market.photos.forms import PhotoField
from market.values import NotAQuantity, Quantity, Unit

COLDEST, HOTTEST = -60, 100


class ReceiptLineForm(PartForm):
    """One line: all as ordered, or what came and what was wrong."""

    line_id = HiddenField()
    accepted = SwedishDecimalField(_l("Mottagen mängd"), validators=[NEEDED])
    delivered = SwedishDecimalField(_l("Levererad mängd, om den är en annan"), validators=[Optional()])
    deviation = SelectField(_l("Avvikelse"), validators=[Optional()])
    note = StringField(_l("Vad hände?"), validators=[Optional(), Length(max=500)])
    photo = PhotoField(_l("Foto"), camera=True, validators=[Optional()])

    def validate_accepted(self, field: Any) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Mängden kan inte vara mindre än noll."))

    validate_delivered = validate_accepted


class ReceiptForm(NarmatForm):
    """Goods receipt: filled in as ordered, so that one tap accepts."""

    lines = FieldList(FormField(ReceiptLineForm))
    is_warm_accepted = BooleanField(_l("Vi tar emot varorna fast de är varmare än gränsen"))
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
            if line.unit is Unit.KILOGRAM:
                entry.form.accepted.label.text = gettext("Mottagen vikt enligt vågen")
                entry.form.delivered.label.text = gettext("Levererad vikt, om den är en annan")
            if not entry.form.line_id.data:
                entry.form.line_id.data = str(line.id)
                entry.form.accepted.data = line.quantity.amount.normalize()

    def received(self, order: Order) -> list[ReceivedLine]:
        """What was written, in the units' steps. Raises NotAQuantity for half a piece."""
        units = {str(line.id): line.unit for line in order.lines}
        return [_received(entry.form, units.get(entry.form.line_id.data or "")) for entry in self.lines]

    def photos(self) -> dict[int, EncodedPhoto]:
        """The photos taken, by order line."""
        chosen = {entry.form.line_id.data: entry.form.photo.photo for entry in self.lines}
        return {int(line_id): photo for line_id, photo in chosen.items() if line_id and photo is not None}

    def validate_temperature(self, field: Any) -> None:
        if field.data is not None and not COLDEST <= field.data <= HOTTEST:
            raise ValidationError(gettext("Temperaturen verkar fel. Skriv grader, till exempel 4,5."))

    def decidegrees(self) -> int | None:
        return None if self.temperature.data is None else round(self.temperature.data * 10)


def _received(form: Any, unit: Unit | None) -> ReceivedLine:
    if unit is None:
        raise NotAQuantity
    return ReceivedLine(
        line_id=int(form.line_id.data),
        accepted=_steps(form.accepted.data, unit),
        delivered=None if form.delivered.data is None else _steps(form.delivered.data, unit),
        deviation=DeviationKind(form.deviation.data) if form.deviation.data else None,
        note=form.note.data or "",
    )


def _steps(amount: Decimal | None, unit: Unit) -> int:
    return Quantity.of(amount, unit).steps if amount else 0
