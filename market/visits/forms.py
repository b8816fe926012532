"""The forms of study visits."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from market.form_fields import NEEDED, ClockField, DayField, NarmatForm
from market.register.models import Kitchen, ProductionSite
from market.visits.operations import SchoolClass
from market.visits.rules import VisitTerms

MOST_PUPILS = 500
SAID = DataRequired(message=_l("Fyll i det här."))
SOME_PUPILS = NumberRange(min=1, max=MOST_PUPILS, message=_l("Skriv ett antal mellan 1 och 500."))


class DayForm(NarmatForm):
    """A producer offers a visit."""

    site = RadioField(_l("Var?"), validators=[InputRequired(message=_l("Välj en plats."))])
    day = DayField(_l("Vilken dag?"), validators=[NEEDED])
    starts = ClockField(_l("Från klockan"), validators=[NEEDED])
    ends = ClockField(_l("Till klockan"), validators=[NEEDED])
    most_pupils = IntegerField(_l("Hur många elever får plats?"), validators=[NEEDED, SOME_PUPILS])
    ages = StringField(
        _l("Vilka åldrar passar det?"),
        description=_l("Till exempel: förskoleklass till årskurs 3."),
        validators=[SAID, Length(max=80)],
    )
    about = TextAreaField(
        _l("Vad får de se och göra?"),
        description=_l("Till exempel: mjölkning, kalvarna, smaka på ost."),
        validators=[SAID, Length(max=2000)],
    )
    languages = StringField(_l("Språk"), validators=[Optional(), Length(max=80)])
    note = TextAreaField(
        _l("Bra att veta"),
        description=_l("Kläder, matsäck, toalett, allergier, var bussen kan stå."),
        validators=[Optional(), Length(max=2000)],
    )

    def offer_choices(self, sites: Sequence[ProductionSite]) -> None:
        self.site.choices = [(str(site.id), site.name) for site in sites]
        if sites and not self.site.data:
            self.site.data = str(sites[0].id)

    def terms(self) -> VisitTerms:
        assert self.day.data is not None
        assert self.starts.data is not None
        assert self.ends.data is not None
        return VisitTerms(
            day=self.day.data,
            starts_s=self.starts.data,
            ends_s=self.ends.data,
            most_pupils=self.most_pupils.data or 0,
            ages=(self.ages.data or "").strip(),
            about=(self.about.data or "").strip(),
            languages=(self.languages.data or "").strip(),
            note=(self.note.data or "").strip(),
        )


class BookingForm(NarmatForm):
    """A school books a visit for a class."""

    kitchen = SelectField(_l("Vilken skola?"), validators=[Optional()])
    class_name = StringField(_l("Klass"), validators=[SAID, Length(max=80)])
    pupils = IntegerField(_l("Hur många elever?"), validators=[NEEDED, SOME_PUPILS])
    contact_name = StringField(_l("Lärare att kontakta"), validators=[SAID, Length(max=120)])
    contact_phone = StringField(_l("Telefon"), validators=[SAID, Length(max=40)])
    note = TextAreaField(
        _l("Skriv till gården"),
        description=_l("Behov av hjälp, allergier, när bussen kommer."),
        validators=[Optional(), Length(max=2000)],
    )

    def offer_choices(self, kitchens: Sequence[Kitchen]) -> None:
        self.kitchen.choices = [(str(k.id), k.name) for k in kitchens]

    def school_class(self) -> SchoolClass:
        return SchoolClass(
            name=(self.class_name.data or "").strip(),
            pupils=self.pupils.data or 0,
            contact_name=(self.contact_name.data or "").strip(),
            contact_phone=(self.contact_phone.data or "").strip(),
            note=(self.note.data or "").strip(),
        )


class ReasonForm(NarmatForm):
    """Why a visit does not take place."""

    reason = StringField(_l("Varför?"), validators=[Optional(), Length(max=500)])
