"""Form fields that read what people write: Swedish numbers, dates, clock times; and the base of every form."""

from __future__ import annotations

import re
import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations as wtforms_words
from wtforms import DateField, Field, Form, HiddenField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from market.formatting import decimal, is_swedish, read_decimal
from market.values import Refused, msg

NEEDED = InputRequired(message=_l("Fyll i det här."))
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)|24[:.]00")


CHOOSE = msg("Välj något i listan.")
# WTForms' own messages (its msgids) that our fields can give, in words that say what to do.
PLAINER = {
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "Field cannot be longer than %(max)d character.": msg("Skriv högst %(max)s tecken."),
}


class Words:
    """What WTForms says by itself: our words where we have them, else its own Swedish or English."""

    def gettext(self, text: str) -> str:
        ours = PLAINER.get(text)
        return str(gettext(ours) if ours else wtforms_words.gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        ours = PLAINER.get(singular)
        return str(gettext(ours) if ours else wtforms_words.ngettext(singular, plural, number))


class InOurWords:
    """The part of a form's Meta that chooses its language."""

    def get_translations(self, form: object) -> Words:
        del form
        return Words()


class PartForm(Form):
    """The base of a form inside another: the outer one has the token and the request key."""

    class Meta(InOurWords):
        pass


class NarmatForm(FlaskForm):  # type: ignore[misc]
    """The base of every form. Choices come from the caller; `request_key` makes a double submit harmless."""

    class Meta(InOurWords, FlaskForm.Meta):  # type: ignore[misc]
        pass

    request_key = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request_key.data:
            self.request_key.data = secrets.token_urlsafe(24)


class TicksField(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SwedishDecimalField(Field):
    """A Decimal: "12,5" in Swedish, "12.5" in English; a dot in Swedish is refused, not guessed at."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return decimal(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data: Decimal | None = None
        if not text:
            return
        try:
            self.data = read_decimal(text, swedish=is_swedish())
        except Refused as refusal:
            raise ValueError(gettext(refusal.message)) from None


class DayField(DateField):
    """A calendar day; the browser's own date picker, with our words when it can not be read."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-24.")) from None
        if isinstance(self.data, date) and not 2000 <= self.data.year <= 2100:
            self.data = None
            raise ValueError(gettext("Året verkar fel. Skriv datumet som ÅÅÅÅ-MM-DD."))


class ClockField(Field):
    """A time of day as seconds after midnight, written "07:30"; empty is None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 3600:02d}:{self.data % 3600 // 60:02d}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data: int | None = None
        if not text:
            return
        if not CLOCK.fullmatch(text):
            raise ValueError(gettext("Skriv klockslaget som TT:MM, till exempel 07:30."))
        hours, minutes = re.split("[:.]", text)
        self.data = int(hours) * 3600 + int(minutes) * 60


class AboveZero:
    """A validator: more than zero."""

    def __call__(self, form: Any, field: Any) -> None:
        del form
        if field.data is not None and field.data <= 0:
            raise ValidationError(gettext("Skriv ett tal större än noll."))
