"""The forms of a survey: asking, and answering on a phone."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from market.fleet.models import TransportAnswer
from market.fleet.rules import CanDeliver
from market.fleet.setting_up_parts_form import DAYS, in_kilograms
from market.fleet.setting_up_queries import Grounds
from market.fleet.survey_rules import LARGEST_RADIUS_KM, Answer
from market.fleet.wording import CAN_DELIVER_NAMES
from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField, TicksField
from market.register.models import Producer

LONGEST_QUESTION, LONGEST_NOTE = 1_000, 1_000


class AskForm(NarmatForm):
    """Whom to ask, what beside the fixed questions, until when."""

    producers = TicksField(_l("Vilka producenter frågas?"))
    question = TextAreaField(
        _l("Vad vill ni säga till dem?"),
        description=_l("Till exempel: från januari kör kommunen själv. Vilka av er kan fortsätta leverera?"),
        validators=[Optional(), Length(max=LONGEST_QUESTION)],
    )
    closes_on = DayField(_l("Sista svarsdag"), validators=[NEEDED])

    def offer_choices(self, grounds: Grounds) -> None:
        self.producers.choices = [(str(one.id), one.name) for one in grounds.producers]

    def last_day(self) -> date:
        assert self.closes_on.data is not None
        return self.closes_on.data

    def chosen(self, grounds: Grounds) -> list[Producer]:
        chosen = set(self.producers.data or ())
        return [one for one in grounds.producers if str(one.id) in chosen]


class AnswerForm(NarmatForm):
    """Four questions that can be answered with a thumb."""

    can_deliver = RadioField(
        _l("Kan ni leverera till köken?"),
        validators=[InputRequired(message=_l("Välj det som stämmer bäst."))],
    )
    weekdays = TicksField(_l("Vilka dagar kan ni köra?"))
    radius_km = IntegerField(
        _l("Hur långt kan ni köra?"),
        validators=[
            Optional(),
            NumberRange(1, LARGEST_RADIUS_KM, message=_l("Skriv en sträcka mellan 1 och 1 000 km.")),
        ],
        widget=TextInput(),
    )
    capacity = SwedishDecimalField(_l("Hur mycket får plats i bilen?"), validators=[Optional(), AboveZero()])
    has_cold = BooleanField(_l("Bilen har kyla"))
    note = TextAreaField(_l("Något mer?"), validators=[Optional(), Length(max=LONGEST_NOTE)])

    def offer_choices(self) -> None:
        self.weekdays.choices = DAYS
        self.can_deliver.choices = [(can.value, gettext(name)) for can, name in CAN_DELIVER_NAMES.items()]

    def fill_in(self, asked: TransportAnswer) -> None:
        """As it was answered before."""
        if asked.can_deliver is None:
            return
        self.can_deliver.data, self.weekdays.data = asked.can_deliver.value, list(asked.weekdays)
        self.radius_km.data, self.has_cold.data, self.note.data = asked.radius_km, asked.has_cold, asked.note
        self.capacity.data = in_kilograms(asked.capacity_grams) if asked.capacity_grams else None

    def answer(self) -> Answer:
        """What a valid form says. Raises what Answer raises."""
        kilograms = self.capacity.data
        return Answer(
            can_deliver=CanDeliver(self.can_deliver.data),
            weekdays="".join(sorted(self.weekdays.data or ())),
            radius_km=self.radius_km.data,
            capacity_grams=None if kilograms is None else int(kilograms * 1000),
            has_cold=bool(self.has_cold.data),
            note=self.note.data or "",
        )
