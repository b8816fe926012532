"""The form of what an authority publishes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import Length, Optional

from market.followup.models import FollowupSettings
from market.form_fields import NarmatForm
from market.register.validators import EMAIL


class FollowupSettingsForm(NarmatForm):
    """Open or not, and who answers."""

    is_open = BooleanField(
        _l("Publicera våra siffror som öppna data"),
        description=_l("Vem som helst får läsa och använda dem. Ni kan sluta när ni vill."),
    )
    contact_name = StringField(
        _l("Kontakt"),
        description=_l("Den som svarar på frågor om siffrorna, gärna en funktion: Kostenheten."),
        validators=[Optional(), Length(max=120)],
    )
    contact_email = EmailField(_l("E-post"), validators=[Optional(), Length(max=255), EMAIL])

    def fill_in(self, kept: FollowupSettings) -> None:
        self.is_open.data = kept.is_open
        self.contact_name.data, self.contact_email.data = kept.contact_name, kept.contact_email

    def values(self) -> dict[str, Any]:
        return {
            "is_open": bool(self.is_open.data),
            "contact_name": self.contact_name.data or "",
            "contact_email": self.contact_email.data or "",
        }
