"""The forms of a call-off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from market.dis.calloffs.models import CallOff
from market.dis.calloffs.operations import LotText, Texts
from market.dis.needs.forms import WordingForm, moment_of
from market.form_fields import NEEDED, ClockField, DayField, NarmatForm, PartForm
from market.values import SWEDEN, local_date

LONGEST_TEXT = 10_000
LONGEST_STANDSTILL = 60


class LotForm(PartForm):
    """The words of one lot."""

    lot_id = HiddenField()
    name = StringField(_l("Namn"), validators=[NEEDED, Length(max=160)])
    description = TextAreaField(
        _l("Egenskaper och villkor"), validators=[Optional(), Length(max=LONGEST_TEXT)]
    )
    allows_parts = BooleanField(_l("Anbud på en del av mängden tas emot"))


class PrecisionForm(PartForm):
    """How one published criterion is made more precise."""

    criterion_id = HiddenField()
    text = TextAreaField(_l("Precisering"), validators=[Optional(), Length(max=LONGEST_TEXT)])


class CallOffForm(WordingForm):
    """All that is written in a call-off, kept as a whole."""

    title = StringField(_l("Rubrik"), validators=[NEEDED, Length(max=160)])
    description = TextAreaField(
        _l("Om avropet"),
        description=_l("Det som gäller alla delar: leveransdagar, förpackningar, prover."),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )
    counts_delivery = BooleanField(
        _l("Vad anbudsgivaren själv tar betalt per leverans räknas in i jämförelsen")
    )
    standstill_days = IntegerField(
        _l("Avtalsspärr, dagar efter beslutet"),
        description=_l("Ett DIS kräver ingen, men tio dagar skyddar mot ogiltighet (LOU 20 kap. 15 §)."),
        validators=[
            InputRequired(message=_l("Skriv 0 om ni inte vill ha någon.")),
            NumberRange(0, LONGEST_STANDSTILL, message=_l("Skriv ett tal mellan %(min)s och %(max)s.")),
        ],
    )
    lots = FieldList(FormField(LotForm))
    precisions = FieldList(FormField(PrecisionForm))

    def offer(self, calloff: CallOff) -> None:
        """One entry a lot and a criterion; a posted form keeps what was written, by the lots' ids."""
        _fit(self.lots, len(calloff.lots))
        for entry, lot in zip(self.lots, calloff.lots, strict=True):
            if entry.form.lot_id.data != str(lot.id):
                entry.form.lot_id.data = str(lot.id)
                entry.form.name.data, entry.form.description.data = lot.name, lot.description
                entry.form.allows_parts.data = lot.allows_parts
        criteria, known = calloff.dis_category.criteria, {p.criterion_id: p.text for p in calloff.precisions}
        _fit(self.precisions, len(criteria))
        for part, criterion in zip(self.precisions, criteria, strict=True):
            if part.form.criterion_id.data != str(criterion.id):
                part.form.criterion_id.data = str(criterion.id)
                part.form.text.data = known.get(criterion.id, "")

    def fill_in(self, calloff: CallOff) -> None:
        for name in ("title", "description", "counts_delivery", "standstill_days"):
            self[name].data = getattr(calloff, name)

    def texts(self) -> list[str]:
        lots = [text for one in self.lots for text in (one.form.name.data, one.form.description.data)]
        precisions = [one.form.text.data for one in self.precisions]
        return [text or "" for text in (self.title.data, self.description.data, *lots, *precisions)]

    def written(self) -> Texts:
        return Texts(
            title=(self.title.data or "").strip(),
            description=(self.description.data or "").strip(),
            standstill_days=self.standstill_days.data or 0,
            counts_delivery=bool(self.counts_delivery.data),
            lots={int(one.form.lot_id.data or 0): _lot_text(one.form) for one in self.lots},
            precisions={
                int(one.form.criterion_id.data or 0): (one.form.text.data or "").strip()
                for one in self.precisions
            },
            wording_reason=self.reason,
        )


class DeadlineForm(NarmatForm):
    """A day and a clock time, and where needed the reason."""

    day = DayField(_l("Sista dag för anbud"), validators=[NEEDED])
    clock = ClockField(_l("Klockan"), validators=[NEEDED])
    reason = TextAreaField(_l("Skäl"), validators=[Optional(), Length(max=2000)])

    def start_with(self, deadline: datetime) -> None:
        here = deadline.astimezone(SWEDEN)
        self.day.data, self.clock.data = local_date(deadline), here.hour * 3600 + here.minute * 60

    def deadline(self) -> datetime:
        return moment_of(self.day.data, self.clock.data)


class ReasonForm(NarmatForm):
    """Why."""

    reason = TextAreaField(
        _l("Skäl"),
        validators=[
            InputRequired(message=_l("Skriv skälen. Alla som är inbjudna får läsa dem.")),
            Length(max=4000),
        ],
    )


class AskForm(NarmatForm):
    """A question to the officer."""

    text = TextAreaField(
        _l("Din fråga"),
        description=_l(
            "Alla inbjudna ser frågan och svaret, men inte vem som frågade. Skriv inte vilka ni är."
        ),
        validators=[InputRequired(message=_l("Skriv frågan.")), Length(max=4000)],
    )


class AnswerForm(NarmatForm):
    """An answer to a question, or something more on one's own initiative."""

    question_id = HiddenField()
    text = TextAreaField(
        _l("Svar till alla"), validators=[InputRequired(message=_l("Skriv svaret.")), Length(max=4000)]
    )


class ConsentForm(NarmatForm):
    """Yes or no to the time that was shown."""

    deadline_at = HiddenField()

    def shown(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.deadline_at.data or "")
        except ValueError:
            return None


def _fit(fields: Any, count: int) -> None:
    """As many entries as there are things; a form with others than the page offered is cut."""
    while len(fields.entries) < count:
        fields.append_entry()
    while len(fields.entries) > count:
        fields.pop_entry()


def _lot_text(form: Any) -> LotText:
    return LotText(
        name=(form.name.data or "").strip(),
        description=(form.description.data or "").strip(),
        allows_parts=bool(form.allows_parts.data),
    )
