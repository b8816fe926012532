"""What differs between two fillings of the same form, in the words of its own labels."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext
from wtforms import BooleanField, Field, FieldList, Form, HiddenField, SelectMultipleField
from wtforms.form import BaseForm


class Difference(NamedTuple):
    label: str
    stored: str
    written: str


def differences(stored: BaseForm, written: BaseForm) -> list[Difference]:
    """Field by field, in order; hidden fields tell nothing."""
    found = []
    for field in written:
        if isinstance(field, HiddenField):
            continue
        now, mine = _text(stored[field.short_name]), _text(field)
        if now != mine:
            found.append(Difference(str(field.label.text), now, mine))
    return found


def _text(field: Field) -> str:
    if isinstance(field, BooleanField):
        return str(gettext("kryssat") if field.data else gettext("inte kryssat"))
    if isinstance(field, SelectMultipleField):
        return ", ".join(str(choice.label.text) for choice in field if choice.checked)
    if isinstance(field, FieldList):
        return "; ".join(filter(None, (_of_part(entry.form) for entry in field)))
    return str(field._value() or "") if hasattr(field, "_value") else ""  # noqa: SLF001


def _of_part(part: Form) -> str:
    told = [f"{field.label.text}: {_text(field)}" for field in part if _text(field)]
    return ", ".join(told)
