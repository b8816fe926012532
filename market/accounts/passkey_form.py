"""The form that adds a passkey."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from market.form_fields import NEEDED, NarmatForm


class PasskeyForm(NarmatForm):
    """What to call it, the password once more, and the browser's answer."""

    name = StringField(
        _l("Vad ska den heta?"),
        description=_l("Till exempel Min telefon."),
        validators=[NEEDED, Length(max=80)],
    )
    password = PasswordField(
        _l("Ditt lösenord"),
        description=_l("Så att ingen annan lägger till en nyckel i ditt namn."),
        validators=[NEEDED, Length(max=1000)],
    )
    answer = HiddenField(validators=[Length(max=20_000)])
