"""The part of an offer's form that says how a kitchen gets the goods, and which authorities may see the offer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import Optional

from market.form_fields import AboveZero, NarmatForm, SwedishDecimalField, TicksField
from market.offers.models import Offer
from market.offers.rules import Handover, measured
from market.register.models import Authority
from market.register.places import municipality_name
from market.register.wording import WEEKDAYS
from market.values import Quantity, Unit

COLLECTED, DELIVERED, EITHER = "collected", "delivered", "either"
FOR_ALL, FOR_CHOSEN = "all", "chosen"


class HandoverForm(NarmatForm):
    """Left alone it means: collected at the site, for all."""

    handover = RadioField(_l("Hur får köket varan?"), default=COLLECTED, validators=[Optional()])
    delivery_places = TicksField(
        _l("Levererar till"), description=_l("Inget valt betyder överallt."), validators=[Optional()]
    )
    delivery_weekdays = TicksField(
        _l("Levererar på"), description=_l("Inget valt betyder alla dagar."), validators=[Optional()]
    )
    delivery_minimum = SwedishDecimalField(
        _l("Minsta mängd för leverans"), validators=[Optional(), AboveZero()]
    )
    carry = SwedishDecimalField(
        _l("Kan köra åt andra, kg per tur"),
        description=_l("Tomt betyder nej."),
        validators=[Optional(), AboveZero()],
    )
    audience = RadioField(_l("Vilka får se det?"), default=FOR_ALL, validators=[Optional()])
    authorities = TicksField(_l("Kommuner som får se det"), validators=[Optional()])

    def offer_handover(self, authorities: Sequence[Authority]) -> None:
        codes = sorted({one.municipality_code for one in authorities}, key=municipality_name)
        self.handover.choices = [
            (COLLECTED, gettext("Hämtas hos mig")),
            (DELIVERED, gettext("Jag levererar")),
            (EITHER, gettext("Både och")),
        ]
        self.delivery_places.choices = [(code, municipality_name(code)) for code in codes]
        self.delivery_weekdays.choices = [(str(day), gettext(name)) for day, name in WEEKDAYS.items()]
        self.audience.choices = [(FOR_ALL, gettext("Alla")), (FOR_CHOSEN, gettext("Bara de jag väljer"))]
        self.authorities.choices = [(str(one.id), one.name) for one in authorities]

    def fill_in_handover(self, latest: Offer | None) -> None:
        """As the producer had it last time."""
        if latest is None:
            return
        told = latest.handover
        self.handover.data = (
            EITHER
            if told.is_collected and told.is_delivered
            else DELIVERED
            if told.is_delivered
            else COLLECTED
        )
        self.delivery_places.data = list(told.codes)
        self.delivery_weekdays.data = [str(day) for day in told.weekdays]
        self.carry.data = Decimal(told.carry_grams) / 1000 if told.carry_grams else None
        self.audience.data = FOR_ALL if latest.is_for_all else FOR_CHOSEN
        self.authorities.data = [str(one.id) for one in latest.authorities]

    def chosen_authorities(self) -> tuple[int, ...] | None:
        """None for all."""
        if self.audience.data != FOR_CHOSEN:
            return None
        return tuple(int(one) for one in self.authorities.data or ())

    def handed_over(self, unit: Unit, piece_grams: int | None) -> Handover:
        way = self.handover.data or COLLECTED
        if way == COLLECTED:
            return Handover(carry_grams=self._carry_grams())
        minimum = self.delivery_minimum.data
        return Handover(
            is_collected=way == EITHER,
            is_delivered=True,
            codes=tuple(self.delivery_places.data or ()),
            weekdays=tuple(sorted(int(day) for day in self.delivery_weekdays.data or ())),
            minimum=None if minimum is None else measured(minimum, unit=unit, piece_grams=piece_grams),
            carry_grams=self._carry_grams(),
        )

    def _carry_grams(self) -> int | None:
        return None if self.carry.data is None else Quantity.of(self.carry.data, Unit.KILOGRAM).steps
