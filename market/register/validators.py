"""What several forms of the register ask of a field."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email

LONGEST_TEXT = 4_000
WRITTEN = DataRequired(message=_l("Fyll i det här."))
"""For text: unlike InputRequired it takes no spaces for an answer."""
EMAIL = Email(message=_l("Skriv en hel e-postadress, till exempel namn@garden.se."))
