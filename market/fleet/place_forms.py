"""The forms of closed days, of a stop, and of how long the work takes at stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from market.fleet.models import StopDetail, TransportSettings
from market.fleet.queries import Stops
from market.fleet.rules import ClosedDays, StopTerms
from market.form_fields import NEEDED, DayField, NarmatForm
from market.register.models import Authority
from market.register.validators import WRITTEN

LONGEST_NOTE = 1_000
MOST_MINUTES = NumberRange(min=0, max=240, message=_l("Skriv mellan 0 och 240 minuter."))
MOST_SECONDS = NumberRange(min=0, max=3_600, message=_l("Skriv mellan 0 och 3 600 sekunder."))


class WhereForm(NarmatForm):
    """Which place is closed: all kitchens of an authority, one kitchen, or one site."""

    where = SelectField(_l("Vad är stängt?"), validators=[InputRequired(message=_l("Välj i listan."))])

    def offer_choices(self, *, authorities: Sequence[Authority], stops: Stops) -> None:
        everything = [(f"all:{one.id}", gettext("Alla kök i %(name)s", name=one.name)) for one in authorities]
        kitchens = [(f"kitchen:{one.id}", f"{one.name}, {one.authority.name}") for one in stops.kitchens]
        sites = [(f"site:{one.id}", f"{one.producer.name}, {one.name}") for one in stops.sites]
        groups = {gettext("Alla"): everything, gettext("Kök"): kitchens, gettext("Producenter"): sites}
        self.where.choices = {name: listed for name, listed in groups.items() if listed}


class ClosingForm(WhereForm):
    """One period."""

    name = StringField(
        _l("Varför?"),
        description=_l("Till exempel: Höstlov, Studiedag, Ombyggnad."),
        validators=[WRITTEN, Length(max=120)],
    )
    first_on = DayField(_l("Första stängda dagen"), validators=[NEEDED])
    last_on = DayField(_l("Sista stängda dagen"), validators=[NEEDED])

    def validate_last_on(self, field: Field) -> None:
        if self.first_on.data and field.data and field.data < self.first_on.data:
            raise ValidationError(gettext("Sista dagen ligger före den första. Ändra en av dem."))

    def days(self) -> list[ClosedDays]:
        """Raises what the days refuse."""
        first, last = self.first_on.data, self.last_on.data
        assert first is not None
        assert last is not None
        return [ClosedDays(name=self.name.data or "", first_on=first, last_on=last)]


class PastedForm(WhereForm):
    """Many periods at once, a row each."""

    rows = TextAreaField(
        _l("Rader"),
        description=_l("En rad per lov: vad det heter, och vilka dagar."),
        validators=[WRITTEN, Length(max=100_000)],
    )


class StopForm(NarmatForm):
    """What a driver needs to know. The door code is never shown again: an empty field keeps it."""

    contact_name = StringField(_l("Vem tar emot eller lämnar ut?"), validators=[Optional(), Length(max=120)])
    contact_phone = TelField(_l("Telefon dit"), validators=[Optional(), Length(max=40)])
    door_code = StringField(_l("Portkod"), validators=[Optional(), Length(max=40)])
    forget_code = BooleanField(_l("Ta bort portkoden"))
    note = TextAreaField(
        _l("Bra att veta på plats"),
        description=_l("Till exempel var man kör in, och var varorna ska stå."),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )
    stop_min = IntegerField(_l("Tid för ett stopp"), validators=[Optional(), MOST_MINUTES])
    crate_s = IntegerField(_l("Tid per back"), validators=[Optional(), MOST_SECONDS])
    needs_tail_lift = BooleanField(_l("Bilen behöver bakgavellyft"))
    needs_ferry = BooleanField(_l("Hit åker man bilfärja"))

    def fill_in(self, detail: StopDetail | None) -> None:
        if detail is None:
            return
        for name in ("contact_name", "contact_phone", "note", "needs_tail_lift", "needs_ferry"):
            self[name].data = getattr(detail, name)
        self.stop_min.data = None if detail.stop_s is None else detail.stop_s // 60
        self.crate_s.data = detail.seconds_per_crate

    def terms(self, detail: StopDetail | None) -> StopTerms:
        kept = "" if detail is None or self.forget_code.data else detail.door_code
        return StopTerms(
            stop_s=None if self.stop_min.data is None else self.stop_min.data * 60,
            seconds_per_crate=self.crate_s.data,
            needs_tail_lift=bool(self.needs_tail_lift.data),
            needs_ferry=bool(self.needs_ferry.data),
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            door_code=self.door_code.data or kept,
            note=self.note.data or "",
        )


class ServiceTimesForm(NarmatForm):
    """How long the work takes where a place says nothing else, and how far a published time may move."""

    stop_min = IntegerField(_l("Tid för varje stopp"), description=_l("Svänga in, anmäla sig, skriva under."), validators=[NEEDED, MOST_MINUTES])  # fmt: skip
    crate_s = IntegerField(_l("Tid för varje back"), validators=[NEEDED, MOST_SECONDS])
    transfer_min = IntegerField(_l("Omlastning i ett mottagningskök"), description=_l("Från att varorna kommit tills de kan köras vidare till andra kök."), validators=[NEEDED, MOST_MINUTES])  # fmt: skip
    tolerance_min = IntegerField(_l("Så mycket får en publicerad tid flytta sig"), description=_l("Flyttar den sig mer får den som berörs veta det."), validators=[NEEDED, MOST_MINUTES])  # fmt: skip

    def fill_in(self, settings: TransportSettings) -> None:
        self.stop_min.data, self.crate_s.data = settings.stop_s // 60, settings.seconds_per_crate
        self.transfer_min.data, self.tolerance_min.data = (
            settings.transfer_s // 60,
            settings.tolerance_s // 60,
        )

    def values(self) -> dict[str, Any]:
        return {
            "stop_s": (self.stop_min.data or 0) * 60,
            "seconds_per_crate": self.crate_s.data,
            "transfer_s": (self.transfer_min.data or 0) * 60,
            "tolerance_s": (self.tolerance_min.data or 0) * 60,
        }
