"""The forms in which an administrator enters what the law sets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from market.form_fields import NEEDED, DayField, NarmatForm, SwedishDecimalField
from market.law.rules import LawKey
from market.law.wording import NAMES


class LawValueForm(NarmatForm):
    """A value, the days on which it holds, and where it stands."""

    key = SelectField(_l("Vad gäller det?"), validators=[InputRequired(message=_l("Välj vad det gäller."))])
    value = SwedishDecimalField(_l("Värde"), validators=[NEEDED])
    valid_from = DayField(_l("Gäller från och med"), validators=[NEEDED])
    last_day = DayField(_l("Gäller till och med"), validators=[Optional()])
    source = StringField(
        _l("Källa"), validators=[DataRequired(message=_l("Skriv var värdet står.")), Length(max=200)]
    )

    def offer_choices(self) -> None:
        self.key.choices = [(key.value, gettext(NAMES[key])) for key in LawKey]

    def values(self) -> dict[str, Any]:
        return {
            "key": LawKey(self.key.data),
            "value": self.value.data,
            "valid_from": self.valid_from.data,
            "valid_until": _after(self.last_day.data),
            "source": self.source.data,
        }


class EndForm(NarmatForm):
    """The last day of a value."""

    last_day = DayField(_l("Sista dagen som värdet gäller"), validators=[NEEDED])

    def valid_until(self) -> date:
        last = self.last_day.data
        assert last is not None
        return last + timedelta(days=1)


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)
