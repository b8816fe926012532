"""What a driver's page posts. One form for all kinds of reports: which fields it has depends on the kind."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from market.driving.rules import Reported, ReportKind
from market.form_fields import NarmatForm, SwedishDecimalField
from market.photos.encoding import EncodedPhoto
from market.photos.forms import PhotoField
from market.register.models import Temperature

COLDEST, HOTTEST = -60, 100
HEAVIEST_KG = 40_000
KINDS: list[Any] = [kind.value for kind in ReportKind]
CLASSES: list[Any] = ["", *(one.value for one in Temperature)]
LONGEST_KEY = 56  # room for ":" and a number behind it, for each further order


class NumbersField(SelectMultipleField):
    """Any whole numbers: the operation knows which orders are on board."""

    def pre_validate(self, form: Any) -> None:
        del form


class ReportForm(NarmatForm):
    """The phone's own clock and number come along; a page without a script leaves them out."""

    kind = SelectField(choices=KINDS)
    place = HiddenField(validators=[Length(max=40)])
    order_id = NumbersField(coerce=int)
    weight = SwedishDecimalField(_l("Vikt"), validators=[Optional()])
    crates = IntegerField(_l("Backar"), validators=[Optional(), NumberRange(min=0, max=2000)])
    temperature = SelectField(
        _l("Var mättes det?"),
        choices=CLASSES,
        validators=[Optional()],
    )
    degrees = SwedishDecimalField(_l("Temperatur"), validators=[Optional()])
    degrees_chilled = SwedishDecimalField(_l("Temperatur, kylvaror"), validators=[Optional()])
    degrees_frozen = SwedishDecimalField(_l("Temperatur, frysta varor"), validators=[Optional()])
    note = StringField(_l("Vad hände?"), validators=[Optional(), Length(max=500)])
    signed_by = StringField(_l("Mottagarens namn"), validators=[Optional(), Length(max=120)])
    photo = PhotoField(_l("Foto"), camera=True, validators=[Optional()])
    happened_at = HiddenField(validators=[Length(max=20)])
    number = HiddenField(validators=[Length(max=8)])

    def validate_request_key(self, field: Any) -> None:
        if len(field.data or "") > LONGEST_KEY:
            raise ValidationError(gettext("Ladda om sidan och försök igen."))

    def validate_weight(self, field: Any) -> None:
        if field.data is not None and not 0 <= field.data <= HEAVIEST_KG:
            raise ValidationError(gettext("Vikten verkar fel. Skriv den i kilo, till exempel 12,5."))

    def validate_degrees(self, field: Any) -> None:
        if field.data is not None and not COLDEST <= field.data <= HOTTEST:
            raise ValidationError(gettext("Temperaturen verkar fel. Skriv grader, till exempel 4,5."))

    validate_degrees_chilled = validate_degrees_frozen = validate_degrees

    def encoded_photo(self) -> EncodedPhoto | None:
        return self.photo.photo

    def report(self) -> Reported:
        """As the rules take it. A clock that can not be read counts as none."""
        return Reported(
            request_key=self.request_key.data or "",
            kind=ReportKind(self.kind.data),
            place=self.place.data or "",
            order_ids=tuple(dict.fromkeys(self.order_id.data or ())),
            grams=_steps(self.weight.data, 1000),
            crates=self.crates.data,
            temperature=self.temperature.data or "",
            decidegrees=_steps(self.degrees.data, 10),
            by_class=self._by_class(),
            note=(self.note.data or "").strip(),
            signed_by=(self.signed_by.data or "").strip(),
            has_photo=self.photo.photo is not None,
            happened_at=_instant(self.happened_at.data or ""),
            number=_whole(self.number.data or ""),
        )

    def _by_class(self) -> dict[str, int]:
        fields = {Temperature.CHILLED: self.degrees_chilled, Temperature.FROZEN: self.degrees_frozen}
        measured = {one.value: _steps(field.data, 10) for one, field in fields.items()}
        return {one: degrees for one, degrees in measured.items() if degrees is not None}

    @property
    def complaints(self) -> list[str]:
        """What is wrong, each with the name of its field."""
        return [f"{field.label.text}: {' '.join(map(str, field.errors))}" for field in self if field.errors]


def _steps(value: Decimal | None, steps: int) -> int | None:
    return None if value is None else round(value * steps)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else None


def _instant(text: str) -> datetime | None:
    """From milliseconds since 1970, as scripts count."""
    whole = _whole(text)
    if whole is None or whole > 10**13:
        return None
    return datetime.fromtimestamp(whole / 1000, tz=UTC)
