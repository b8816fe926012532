"""A position in a form: a place name or coordinates, and which one where several places share a name."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField, ValidationError
from wtforms.validators import Length, Optional

from market import shell
from market.form_fields import NarmatForm
from market.register.places import FoundPlace, find_places
from market.register.rules import Position
from market.register.validators import WRITTEN
from market.values import Refused


class PlaceForm(NarmatForm):
    """The base of the forms that ask where something is. A valid form has its `position`."""

    place = StringField(
        _l("Var ligger det?"),
        description=_l("Ortens namn, till exempel Tierp, eller koordinater från en karta: 60.345, 17.513."),
        validators=[WRITTEN, Length(max=200)],
    )
    candidate = RadioField(_l("Vilken av dem?"), choices=[], validate_choice=False, validators=[Optional()])
    position: Position

    def validate_place(self, field: Field) -> None:
        try:
            found = find_places(field.data, geocoder=shell.geocoder())
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None
        self.position = self._meant(found).position

    def _meant(self, found: tuple[FoundPlace, ...]) -> FoundPlace:
        """The only place of that name, or the one chosen; otherwise ask."""
        chosen = [place for place in found if place.key == self.candidate.data]
        if len(found) == 1 or chosen:
            return (chosen or found)[0]
        self.candidate.choices = [(place.key, place.label) for place in found]
        raise ValidationError(gettext("Flera orter heter så. Välj en av dem här nedanför."))
