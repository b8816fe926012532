"""What to look at, and a letter to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from market import formatting
from market.followup.supply.looking import Asked
from market.followup.supply.rules import LONGEST_LETTER, Area, Look
from market.followup.supply.wording import AREA_NAMES, LOOK_NAMES
from market.form_fields import NEEDED, NarmatForm
from market.register.models import Category
from market.register.validators import EMAIL
from market.values import Named


class SupplyForm(NarmatForm):
    """Read from the address; what can't be read is the first choice."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

    area = SelectField(_l("Område"), validators=[Optional()])
    category = SelectField(_l("Kategori"), validators=[Optional()])
    look = SelectField(_l("Tid"), validators=[Optional()])

    def offer_choices(self, categories: Sequence[Category]) -> None:
        named = [(one.key, formatting.named(Named(one.name_sv, one.name_en))) for one in categories]
        _offer(self.area, [(area.value, gettext(name)) for area, name in AREA_NAMES.items()])
        _offer(self.look, [(look.value, gettext(name)) for look, name in LOOK_NAMES.items()])
        _offer(self.category, [("", gettext("Alla")), *named])

    def asked(self) -> Asked:
        return Asked(
            area=Area(self.area.data), look=Look(self.look.data), category_key=self.category.data or None
        )


def _offer(field: SelectField, choices: list[tuple[str, str]]) -> None:
    field.choices = choices
    known = [value for value, _ in choices]
    field.data = field.data if field.data in known else known[0]


class InvitationForm(NarmatForm):
    """A letter, filled in before it is shown."""

    name = StringField(_l("Till"), validators=[NEEDED, Length(max=120)])
    email = StringField(
        _l("E-postadress"),
        description=_l("Behövs bara när brevet ska mejlas."),
        validators=[Optional(), EMAIL, Length(max=255)],
    )
    letter = TextAreaField(
        _l("Brevet"),
        validators=[
            NEEDED,
            Length(max=LONGEST_LETTER, message=_l("Skriv högst %(max)d tecken.")),
        ],
    )

    def start_with(self, filled: Mapping[str, str]) -> None:
        self.name.data, self.email.data, self.letter.data = (
            filled[name] for name in ("name", "email", "letter")
        )
