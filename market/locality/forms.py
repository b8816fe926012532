"""The form in which an authority says what is local: rules composed with all or any, steps that count, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from geodata.definitions import simple_rules
from geodata.local import AllOf, AnyOf, LocalDefinition, Rule, Step
from market.form_fields import NEEDED, DayField, NarmatForm
from market.locality.rule_form import Kind, RuleForm
from market.register.models import Kitchen
from market.register.wording import STEP_NAMES

LONGEST_TEXT = 4000
MOST_RULES = 8
ALL, ANY = "all", "any"


class DefinitionForm(NarmatForm):
    """Rules in rows, which submit buttons add and remove, so that it works without scripts."""

    based_on = HiddenField(default="0")
    match = RadioField(_l("När det finns flera regler"), default=ANY)
    rules = FieldList(FormField(RuleForm), max_entries=MOST_RULES)
    steps = SelectMultipleField(
        _l("Vilka steg i produktionen måste ske där?"),
        description=_l("Alla valda steg måste uppfylla reglerna. Ett steg utanför räcker för ett nej."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(message=_l("Välj minst ett steg."))],
    )
    kitchen = SelectField(
        _l("Kök som den öppna kartan räknar från"),
        description=_l(
            "Varje kök ser alltid avstånden från sig självt. Det här köket gäller för den öppna sidan."
        ),
        validators=[Optional()],
    )
    valid_from = DayField(_l("Gäller från och med"), validators=[NEEDED])
    own_wording = TextAreaField(
        _l("Så säger ni själva vad som är lokalt"),
        description=_l("Visas bredvid definitionen. Den räknar efter reglerna, inte efter den här texten."),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )

    def offer_choices(self, kitchens: Sequence[Kitchen]) -> None:
        self.match.choices = [
            (ANY, gettext("Det räcker att en regel stämmer")),
            (ALL, gettext("Alla regler måste stämma")),
        ]
        self.steps.choices = [(step.value, gettext(name)) for step, name in STEP_NAMES.items()]
        self.kitchen.choices = [
            ("", gettext("Det första mottagningsköket")),
            *((str(k.id), k.name) for k in kitchens),
        ]

    def fill_in(
        self, definition: LocalDefinition, *, wording: str, kitchen_id: int | None, valid_from: date
    ) -> None:
        """Show a definition. Rules inside rules become plain rows (see `is_nested`)."""
        self.match.data = ALL if isinstance(definition.rule, AllOf) else ANY
        for rule in simple_rules(definition.rule):
            self.rules.append_entry().form.fill_in(rule)
        self.steps.data = [step.value for step in definition.steps]
        self.kitchen.data = "" if kitchen_id is None else str(kitchen_id)
        self.own_wording.data, self.valid_from.data = wording, valid_from

    def add_rule(self, kind: str) -> None:
        """One more row, unless there are as many as a person reads."""
        if len(self.rules) < MOST_RULES:
            self.rules.append_entry().form.kind.data = kind if kind in set(Kind) else Kind.IN_COUNTY

    def remove_rule(self, position: str) -> None:
        """The row at a position, counted from 0; a position that is not there removes nothing."""
        if position.isdecimal() and int(position) < len(self.rules):
            del self.rules.entries[int(position)]

    def validate_rules(self, field: Any) -> None:
        if not len(field):
            raise ValidationError(gettext("Lägg till minst en regel."))

    def definition(self) -> LocalDefinition:
        """What a valid form says, without dates and wording."""
        rules = tuple(dict.fromkeys(row.form.rule() for row in self.rules))
        steps = tuple(step for step in Step if step.value in (self.steps.data or ()))
        return LocalDefinition(rule=_composed(rules, self.match.data), steps=steps)

    @property
    def kitchen_id(self) -> int | None:
        return int(self.kitchen.data) if self.kitchen.data else None


class PreviewForm(DefinitionForm):
    """The same, read from an address while one writes: nothing is stored, so there is no token to check."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class WhereForm(NarmatForm):
    """Which product, and what of the 290 to show; read from the address."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

    product = SelectField(_l("Vara"), validators=[Optional()])
    county = SelectField(_l("Län"), validators=[Optional()])
    answer = SelectField(_l("Svar"), validators=[Optional()])


def is_nested(rule: Rule) -> bool:
    """Whether a definition has rules inside rules, which the form's rows can't show."""
    return isinstance(rule, AllOf | AnyOf) and any(isinstance(part, AllOf | AnyOf) for part in rule.rules)


def _composed(rules: tuple[Rule, ...], match: str) -> Rule:
    if len(rules) == 1:
        return rules[0]
    return AllOf(rules) if match == ALL else AnyOf(rules)
