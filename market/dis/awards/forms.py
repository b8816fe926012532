"""Forms of an award: the decision, taking it back, and what was announced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from market.dis.awards.rules import LONGEST_REASONS
from market.dis.tenders.models import Tender
from market.form_fields import NEEDED, DayField, NarmatForm


class WholeNumberField(IntegerField):
    """A whole number, with our words when it is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Skriv ett helt antal dagar, eller 0.")) from None


class DecisionForm(NarmatForm):
    """The reasons and the standstill. `evaluation` is what the reader saw."""

    evaluation = HiddenField(validators=[Length(max=20)])
    reasons = TextAreaField(_l("Skäl för beslutet"), validators=[Length(max=LONGEST_REASONS)])
    standstill_days = WholeNumberField(
        _l("Avtalsspärr, dagar"),
        validators=[InputRequired(message=_l("Skriv ett helt antal dagar, eller 0."))],
    )

    def evaluation_id(self) -> int:
        """What was seen; 0, which no evaluation has, for anything else."""
        text = self.evaluation.data or ""
        return int(text) if text.isascii() and text.isdecimal() else 0


class ReasonForm(NarmatForm):
    """Why a decision is taken back, a call-off abandoned, or a winner let go."""

    reason = TextAreaField(_l("Skäl"), validators=[Optional(), Length(max=5000)])


class AnnulForm(ReasonForm):
    """Whose tender fell away, if that is the reason."""

    withdrawn = SelectField(_l("Leverantör som har fallit bort"), validators=[Optional()])

    def offer_choices(self, tenders: Sequence[Tender]) -> None:
        nobody = ("", gettext("Ingen: beslutet görs om av annat skäl"))
        self.withdrawn.choices = [nobody, *((str(one.id), one.producer.name) for one in tenders)]


class NoticeForm(NarmatForm):
    """When and where the award was announced."""

    sent_on = DayField(_l("Annonsen skickades"), validators=[NEEDED])
    reference = StringField(
        _l("Annonsens nummer"),
        description=_l("Som den heter i annonsdatabasen, till exempel TED 2026/S 123-456789."),
        validators=[Length(max=120)],
    )
