"""The form of a goal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from market.followup.figures import FigureUnit
from market.followup.goal_rules import figure_with_goal, with_goals
from market.followup.wording import UNIT_NAMES
from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.formatting import named
from market.register.models import Category
from market.values import Named, round_ore


class GoalForm(NarmatForm):
    """What is to be reached, from when, and who decided it."""

    figure = SelectField(_l("Nyckeltal"), validators=[InputRequired(message=_l("Välj ett nyckeltal."))])
    category = SelectField(_l("Kategori"))
    target = SwedishDecimalField(_l("Målet"), validators=[NEEDED, AboveZero()])
    valid_from = DayField(_l("Gäller från"), validators=[NEEDED])
    last_day = DayField(_l("Gäller till och med"), validators=[Optional()])
    decided = StringField(_l("Beslut"), validators=[Length(max=200)])

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.figure.choices = [
            (f.key, f"{gettext(f.name)} ({gettext(UNIT_NAMES[f.unit])})") for f in with_goals()
        ]
        self.category.choices = [
            ("", gettext("Alla kategorier")),
            *((c.key, named(Named(c.name_sv, c.name_en))) for c in categories),
        ]

    def values(self) -> dict[str, Any]:
        """The target in the figure's own unit: kronor become öre."""
        target = self.target.data or Decimal()
        is_money = figure_with_goal(self.figure.data).unit is FigureUnit.ORE
        return {
            "figure": self.figure.data,
            "category_key": self.category.data or None,
            "target": Decimal(round_ore(target)) if is_money else target,
            "valid_from": self.valid_from.data,
            "last_day": self.last_day.data,
            "decided": self.decided.data or "",
        }
