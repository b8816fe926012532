"""The form of one category: rows of requirements and of added values, which work without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from market.dis.systems.models import DisCategory
from market.dis.systems.rules import (
    MOST_DEDUCTION_BP,
    CategoryText,
    CriterionKind,
    CriterionText,
    RequirementKind,
    RequirementText,
)
from market.dis.systems.wording import CRITERION_KINDS, REQUIREMENT_KINDS
from market.form_fields import NEEDED, NarmatForm, PartForm, SwedishDecimalField

MOST_ROWS = 30
LONGEST_ROW = 4000
MOST_POINTS = 100
NEEDS_TEXT = _l("Skriv vad som krävs, eller töm raden helt.")


class RequirementForm(PartForm):
    """One requirement; a row without text is no requirement."""

    row_id = HiddenField()
    kind = SelectField(_l("Så visas det"))
    text = TextAreaField(_l("Krav"), validators=[Optional(), Length(max=LONGEST_ROW)])
    proof = TextAreaField(_l("Bevis eller svar, i ord"), validators=[Optional(), Length(max=LONGEST_ROW)])


class CriterionForm(PartForm):
    """One added value; a row without a name is none."""

    row_id = HiddenField()
    name = StringField(_l("Mervärde"), validators=[Optional(), Length(max=120)])
    kind = SelectField(_l("Så bedöms det"))
    description = TextAreaField(
        _l("Vad som krävs för avdraget"), validators=[Optional(), Length(max=LONGEST_ROW)]
    )
    deduction = SwedishDecimalField(_l("Högsta avdrag i jämförelsen"))
    points = IntegerField(
        _l("Högsta poäng, när en arbetsgrupp bedömer"),
        validators=[Optional(), NumberRange(min=1, max=MOST_POINTS)],
    )
    needs_evidence = BooleanField(_l("Leverantören ska visa bevis"))

    def validate_deduction(self, field: Any) -> None:
        if not (self.name.data or "").strip():
            return
        bp = None if field.data is None else field.data * 100
        if bp is None or not 1 <= bp <= MOST_DEDUCTION_BP or bp != bp.to_integral_value():
            raise ValidationError(gettext("Skriv avdraget i procent, mer än 0 och högst 50."))


class CategoryForm(NarmatForm):
    """What a category says."""

    description = TextAreaField(
        _l("Vad kännetecknar kategorin?"),
        description=_l("Varans slag och egenskaper, inte var den kommer ifrån (8 kap. 2 och 4 §§)."),
        validators=[NEEDED, Length(max=LONGEST_ROW)],
    )
    max_suppliers_per_lot = IntegerField(
        _l("Högst så många leverantörer delar på en del"),
        description=_l("1: en vinner hela delen."),
        validators=[NEEDED, NumberRange(min=1, max=50)],
    )
    max_lots_per_supplier = IntegerField(
        _l("Högst så många delar till samma leverantör i ett avrop"),
        description=_l("Tomt: ingen gräns."),
        validators=[Optional(), NumberRange(min=1, max=500)],
    )
    requirements = FieldList(FormField(RequirementForm), max_entries=MOST_ROWS)
    criteria = FieldList(FormField(CriterionForm), max_entries=MOST_ROWS)

    def offer_choices(self) -> None:
        requirement_kinds = [(kind.value, gettext(name)) for kind, name in REQUIREMENT_KINDS.items()]
        criterion_kinds = [(kind.value, gettext(name)) for kind, name in CRITERION_KINDS.items()]
        for requirement in self.requirements:
            requirement.form.kind.choices = requirement_kinds
        for criterion in self.criteria:
            criterion.form.kind.choices = criterion_kinds

    def add_row(self, rows: str) -> None:
        """One more empty row of "requirements" or "criteria"."""
        if len(self[rows]) < MOST_ROWS:
            self[rows].append_entry()

    def fill_in(self, category: DisCategory, *, as_copy: bool = False) -> None:
        """With what a category says; as a copy its rows are new."""
        if not as_copy:
            self.description.data = category.description
        self.max_suppliers_per_lot.data = category.max_suppliers_per_lot
        self.max_lots_per_supplier.data = category.max_lots_per_supplier
        for row in category.requirements:
            row_id = "" if as_copy else row.id
            self.requirements.append_entry(
                {"row_id": row_id, "kind": row.kind.value, "text": row.text, "proof": row.proof}
            )
        for one in category.criteria:
            self.criteria.append_entry(
                {
                    "row_id": "" if as_copy else one.id,
                    "name": one.name,
                    "kind": one.kind.value,
                    "description": one.description,
                    "deduction": (Decimal(one.max_deduction_bp) / 100).normalize(),
                    "points": one.max_points,
                    "needs_evidence": one.needs_evidence,
                }
            )

    def content(self) -> CategoryText:
        return CategoryText(
            description=(self.description.data or "").strip(),
            max_suppliers_per_lot=self.max_suppliers_per_lot.data or 0,
            max_lots_per_supplier=self.max_lots_per_supplier.data,
            requirements=tuple(self._requirements()),
            criteria=tuple(self._criteria()),
        )

    def _requirements(self) -> Iterator[RequirementText]:
        for entry in self.requirements:
            form = entry.form
            if text := (form.text.data or "").strip():
                proof = (form.proof.data or "").strip()
                yield RequirementText(RequirementKind(form.kind.data), text, proof, _row_id(form))

    def _criteria(self) -> Iterator[CriterionText]:
        for entry in self.criteria:
            form, deduction = entry.form, entry.form.deduction.data
            if (name := (form.name.data or "").strip()) and deduction is not None:
                yield CriterionText(
                    kind=CriterionKind(form.kind.data),
                    name=name,
                    max_deduction_bp=int(deduction * 100),
                    description=(form.description.data or "").strip(),
                    max_points=form.points.data,
                    needs_evidence=bool(form.needs_evidence.data),
                    id=_row_id(form),
                )


def _row_id(form: Any) -> int | None:
    text = str(form.row_id.data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
