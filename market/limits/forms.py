"""The forms of the limit: how is counted, what is one kind, purchases made elsewhere, and lifting the block."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.formatting import named
from market.limits.models import KindOfGoods, LimitSettings
from market.limits.rules import LiftGround, PeriodKind
from market.limits.wording import GROUND_NAMES, PERIOD_NAMES, month_name
from market.register.models import Category
from market.values import Named, round_ore

WRITTEN = DataRequired(message=_l("Fyll i det här."))


class SettingsForm(NarmatForm):
    """Over which time is counted, and at which shares of the limit people are told."""

    period_kind = RadioField(
        _l("Räkna köpen över"), validators=[InputRequired(message=_l("Välj en period."))]
    )
    first_month = SelectField(_l("Räkenskapsåret börjar i"), coerce=int)
    warn_first = IntegerField(_l("Första varningen, procent"), validators=[NEEDED], widget=TextInput())
    warn_second = IntegerField(_l("Andra varningen, procent"), validators=[NEEDED], widget=TextInput())
    warn_third = IntegerField(_l("Sista varningen, procent"), validators=[NEEDED], widget=TextInput())

    def offer_choices(self) -> None:
        self.period_kind.choices = [(kind.value, gettext(PERIOD_NAMES[kind])) for kind in PeriodKind]
        self.first_month.choices = [(month, month_name(month)) for month in range(1, 13)]

    def fill_in(self, settings: LimitSettings) -> None:
        self.period_kind.data, self.first_month.data = settings.period_kind.value, settings.first_month
        self.warn_first.data, self.warn_second.data, self.warn_third.data = settings.levels

    def values(self) -> dict[str, Any]:
        return {
            "period_kind": PeriodKind(self.period_kind.data),
            "first_month": self.first_month.data,
            "levels": (self.warn_first.data, self.warn_second.data, self.warn_third.data),
        }


class KindForm(NarmatForm):
    """Categories that count together."""

    name = StringField(_l("Varuslagets namn"), validators=[WRITTEN, Length(max=80)])
    categories = SelectMultipleField(
        _l("Kategorier som räknas ihop"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.categories.choices = [(c.key, named(Named(c.name_sv, c.name_en))) for c in categories]

    def fill_in(self, kind: KindOfGoods) -> None:
        self.name.data, self.categories.data = kind.name, [row.category_key for row in kind.categories]


class PurchaseForm(NarmatForm):
    """A purchase made beside the marketplace."""

    category = SelectField(_l("Kategori"), validators=[InputRequired(message=_l("Välj en kategori."))])
    supplier = StringField(_l("Leverantör"), validators=[WRITTEN, Length(max=120)])
    kronor = SwedishDecimalField(_l("Belopp utan moms"), validators=[NEEDED, AboveZero()])
    on = DayField(_l("När köptes det?"), validators=[NEEDED])
    reason = TextAreaField(
        _l("Vad köptes och varför utanför Närmat?"), validators=[WRITTEN, Length(max=1000)]
    )
    although_over = BooleanField(_l("Köpet är redan gjort: räkna det även om gränsen nås"))

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.category.choices = [(c.key, named(Named(c.name_sv, c.name_en))) for c in categories]

    def values(self) -> dict[str, Any]:
        return {
            "category_key": self.category.data,
            "supplier_name": self.supplier.data,
            "ore": round_ore(self.kronor.data or Decimal()),
            "on": self.on.data,
            "reason": self.reason.data,
            "although_over": bool(self.although_over.data),
            "request_key": self.request_key.data,
        }


class RemoveForm(NarmatForm):
    reason = TextAreaField(_l("Varför tas raden bort?"), validators=[WRITTEN, Length(max=1000)])


class LiftForm(NarmatForm):
    """An exception: on which ground, how much, how long, and why."""

    ground = RadioField(_l("Vilken grund har ni?"), validators=[InputRequired(message=_l("Välj en grund."))])
    kronor = SwedishDecimalField(_l("Hur mycket över gränsen, utan moms"), validators=[NEEDED, AboveZero()])
    last_day = DayField(_l("Gäller till och med"), validators=[NEEDED])
    reason = TextAreaField(_l("Skäl"), validators=[WRITTEN, Length(max=4000)])

    def offer_choices(self) -> None:
        self.ground.choices = [(ground.value, gettext(GROUND_NAMES[ground])) for ground in LiftGround]

    def values(self) -> dict[str, Any]:
        return {
            "ground": LiftGround(self.ground.data),
            "extra_ore": round_ore(self.kronor.data or Decimal()),
            "last_day": self.last_day.data,
            "reason": self.reason.data,
            "request_key": self.request_key.data,
        }
