"""The form of a phone call: what the producer has, who called, when, and what was said."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from market.form_fields import NEEDED, ClockField, DayField
from market.offers.call_rules import CallNotes
from market.offers.forms import OfferForm
from market.offers.handover_form import FOR_CHOSEN
from market.register.validators import EMAIL, WRITTEN
from market.values import SWEDEN, wall_clock

LONGEST_SAID = 4_000


class CallForm(OfferForm):
    """An offer as it was told, and the call itself."""

    photo = None  # type: ignore[assignment]
    is_standing = None  # type: ignore[assignment]

    called_on = DayField(_l("Dag"), validators=[NEEDED])
    called_clock = ClockField(_l("Klockslag"), validators=[NEEDED])
    spoke_with = StringField(_l("Vem ringde?"), validators=[WRITTEN, Length(max=120)])
    said = TextAreaField(_l("Vad sades?"), validators=[WRITTEN, Length(max=LONGEST_SAID)])
    email = EmailField(
        _l("E-post för bekräftelsen"),
        description=_l("Tomt: till producentens konto, eller till e-posten i registret."),
        validators=[Optional(), Length(max=255), EMAIL],
    )
    is_outside_directive = BooleanField(_l("Samtalet gäller inte ett DIS enligt direktivet"))

    def fill_in_call(self, *, at: datetime, authority_id: int) -> None:
        """Just now, and for the own authority only, until the producer wants more."""
        local = at.astimezone(SWEDEN)
        self.called_on.data = local.date()
        self.called_clock.data = local.hour * 3600 + local.minute * 60
        self.audience.data, self.authorities.data = FOR_CHOSEN, [str(authority_id)]

    def needs_no_site(self) -> None:
        """The producer has none yet: a place is asked for instead."""
        self.site.validators, self.site.choices = [Optional()], []
        self.site.validate_choice = False

    def notes(self) -> CallNotes:
        assert self.called_on.data is not None
        assert self.called_clock.data is not None
        return CallNotes(
            called_at=wall_clock(self.called_on.data, self.called_clock.data),
            spoke_with=(self.spoke_with.data or "").strip(),
            said=(self.said.data or "").strip(),
            is_outside_directive=bool(self.is_outside_directive.data),
            email=(self.email.data or "").strip().lower(),
        )
