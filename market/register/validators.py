"""What several forms of the register ask of a field."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_security import PasswordUtil
from wtforms import Field, Form, ValidationError
from wtforms.validators import DataRequired, Email

LONGEST_TEXT = 4_000
WRITTEN = DataRequired(message=_l("Fyll i det här."))
"""For text: unlike InputRequired it takes no spaces for an answer."""
EMAIL = Email(message=_l("Skriv en hel e-postadress, till exempel namn@garden.se."))


class SoundPassword:
    """A validator: what Flask-Security asks of a password, in its own words."""

    def __call__(self, form: Form, field: Field) -> None:
        del form
        faults, field.data = PasswordUtil(current_app).validate(field.data or "", is_register=True)
        if faults:
            raise ValidationError(" ".join(str(fault) for fault in faults))
