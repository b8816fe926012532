"""The forms of applications: the applicant's bit by bit, the officer's checklist, questions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Email, Length, Optional

from market import formatting
from market.dis.applications.apply_operations import Given
from market.dis.applications.models import Application
from market.dis.applications.review_operations import Verdict
from market.dis.applications.rules import About, Ground, InquiryKind
from market.dis.applications.wording import GROUND_NAMES
from market.dis.forms import AttachmentField
from market.dis.systems.models import Dis, DisCategory
from market.form_fields import NEEDED, DayField, NarmatForm, PartForm, TicksField
from market.values import Period

LONGEST_TEXT = 10_000
EMAIL = Email(message=_l("Skriv en hel e-postadress, till exempel namn@garden.se."))
MET, NOT_MET = "met", "not_met"


def last_day(system: Dis) -> date:
    """The last day on which the DIS takes applications."""
    return Period(system.valid_from, system.valid_until).last


def category_name(category: DisCategory) -> str:
    kind = category.category
    return kind.name_sv if formatting.is_swedish() else kind.name_en


class CategoriesForm(NarmatForm):
    """Which categories to apply to now."""

    categories = TicksField(_l("Kategorier"))

    def offer_choices(self, categories: Sequence[DisCategory]) -> None:
        self.categories.choices = [(str(one.id), category_name(one)) for one in categories]

    def chosen(self) -> list[int]:
        return [int(one) for one in self.categories.data or ()]


class AnswerForm(PartForm):
    """The answer to one requirement, of the kind that it asks for."""

    requirement_id = HiddenField()
    is_met = BooleanField(_l("Ja, det stämmer"))
    text = TextAreaField(_l("Ert svar"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    file = AttachmentField(_l("Fil"), validators=[Optional()])
    drops_file = BooleanField(_l("Ta bort filen"))


class AnswersForm(NarmatForm):
    """The requirements of one category. Made with a prefix, since several stand on a page."""

    answers = FieldList(FormField(AnswerForm))
    is_whole = True  # every requirement was on the page that was sent, in the same order

    @classmethod
    def of(cls, application: Application, *, is_posted: bool) -> AnswersForm:
        """With the answers so far, or what was posted."""
        prefix = f"a{application.id}"
        form = cls(prefix=prefix) if is_posted else cls(prefix=prefix, formdata=None)
        requirements = application.dis_category.requirements
        form.is_whole = not is_posted or _posted_ids(form.answers) == [str(one.id) for one in requirements]
        _one_entry_each(form.answers, len(requirements))
        for entry, requirement in zip(form.answers, requirements, strict=True):
            entry.form.is_met.label.text = entry.form.text.label.text = requirement.text
            entry.form.file.label.text = requirement.text
            answer = application.answer_to(requirement)
            if not is_posted:
                entry.form.is_met.data = answer is not None and answer.is_met
                entry.form.text.data = answer.text if answer else ""
            entry.form.requirement_id.data = str(requirement.id)
        return form

    def given(self) -> dict[int, Given]:
        return {
            int(entry.form.requirement_id.data or 0): Given(
                is_met=entry.form.is_met.data,
                text=entry.form.text.data or "",
                file=entry.form.file.checked,
                drops_file=entry.form.drops_file.data,
            )
            for entry in self.answers
        }


class AboutForm(NarmatForm):
    """What all of an applicant's applications to a DIS share."""

    authorities = TicksField(_l("Vilka kan ni leverera till?"))
    contact_name = StringField(_l("Kontaktperson"), validators=[Optional(), Length(max=120)])
    contact_email = EmailField(_l("E-post"), validators=[Optional(), Length(max=255), EMAIL])
    contact_phone = TelField(_l("Telefon"), validators=[Optional(), Length(max=40)])
    message = TextAreaField(_l("Något mer att säga?"), validators=[Optional(), Length(max=LONGEST_TEXT)])

    def offer_choices(self, dis: Dis) -> None:
        self.authorities.choices = [(str(one.id), one.name) for one in dis.authorities]

    def fill_in(self, about: About) -> None:
        self.authorities.data = [str(one) for one in about.authority_ids]
        for name in ("contact_name", "contact_email", "contact_phone", "message"):
            self[name].data = getattr(about, name)

    def about(self) -> About:
        return About(
            contact_name=(self.contact_name.data or "").strip(),
            contact_email=(self.contact_email.data or "").strip(),
            contact_phone=(self.contact_phone.data or "").strip(),
            message=(self.message.data or "").strip(),
            authority_ids=frozenset(int(one) for one in self.authorities.data or ()),
        )


class SendForm(NarmatForm):
    """The self-declaration (LOU 15 kap. 1 §)."""

    is_declared = BooleanField(
        _l("Vi försäkrar att det här stämmer och att uppgifterna i ansökan är riktiga")
    )


class ReasonForm(NarmatForm):
    """Why something is done; the rules say whether it must be said."""

    reason = TextAreaField(_l("Varför?"), validators=[Optional(), Length(max=LONGEST_TEXT)])


class VerdictForm(PartForm):
    """How one requirement is judged."""

    requirement_id = HiddenField()
    verdict = RadioField(_l("Bedömning"), validators=[Optional()])
    note = StringField(_l("Anteckning"), validators=[Optional(), Length(max=2000)])


class ReviewForm(NarmatForm):
    """The checklist, and what a decision against the supplier says."""

    verdicts = FieldList(FormField(VerdictForm))
    ground = SelectField(_l("Grund"), validators=[Optional()])
    reason = TextAreaField(_l("Skäl"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    is_whole = True

    @classmethod
    def of(cls, application: Application) -> ReviewForm:
        form, requirements = cls(), application.dis_category.requirements
        form.ground.choices = ground_choices()
        form.is_whole = _posted_ids(form.verdicts) == [str(one.id) for one in requirements]
        _one_entry_each(form.verdicts, len(requirements))
        for entry, requirement in zip(form.verdicts, requirements, strict=True):
            entry.form.verdict.choices = [(MET, gettext("Uppfyllt")), (NOT_MET, gettext("Inte uppfyllt"))]
            judged = application.judgement_of(requirement)
            if judged is not None and not form.is_submitted():
                entry.form.verdict.data = MET if judged.is_met else NOT_MET
                entry.form.note.data = judged.note
            entry.form.requirement_id.data = str(requirement.id)
        return form

    def judged(self) -> dict[int, Verdict]:
        return {
            int(entry.form.requirement_id.data or 0): Verdict(
                is_met={MET: True, NOT_MET: False}.get(entry.form.verdict.data),
                note=entry.form.note.data or "",
            )
            for entry in self.verdicts
        }

    def chosen_ground(self) -> Ground | None:
        return Ground(self.ground.data) if self.ground.data else None


class ExcludeForm(NarmatForm):
    """Why a supplier is put out, and from how much."""

    ground = SelectField(_l("Grund"), validators=[Optional()])
    reason = TextAreaField(_l("Skäl"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    everywhere = BooleanField(_l("Ur alla kategorier i det här systemet"), default=True)

    def chosen_ground(self) -> Ground | None:
        return Ground(self.ground.data) if self.ground.data else None


class DeclarationsForm(NarmatForm):
    """Whom to ask for a new self-declaration."""

    producers = TicksField(_l("Vilka?"))
    text = TextAreaField(_l("Meddelande till dem"), validators=[Optional(), Length(max=LONGEST_TEXT)])


class HearingForm(NarmatForm):
    """What a supplier is to speak of, and by when."""

    text = TextAreaField(_l("Vad gäller det?"), validators=[Optional(), Length(max=LONGEST_TEXT)])
    due_on = DayField(_l("Sista dagen att svara"), validators=[NEEDED])


class InquiryForm(NarmatForm):
    """A supplier's answer to what it was asked."""

    holds = RadioField(_l("Gäller er egenförsäkran fortfarande?"), validators=[Optional()])
    answer = TextAreaField(_l("Ert svar"), validators=[Optional(), Length(max=LONGEST_TEXT)])

    def offer_choices(self, kind: InquiryKind) -> None:
        self.holds.choices = [("yes", gettext("Ja, allt gäller")), ("no", gettext("Nej, något har ändrats"))]
        if kind is InquiryKind.DECLARATION:
            self.answer.label.text = gettext("Vad har ändrats?")

    def is_affirmed(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.holds.data)


def ground_choices() -> list[tuple[str, str]]:
    return [("", gettext("Välj")), *((ground.value, gettext(name)) for ground, name in GROUND_NAMES.items())]


def _posted_ids(entries: FieldList[Any]) -> list[str]:
    return [entry.form.requirement_id.data or "" for entry in entries]


def _one_entry_each(entries: FieldList[Any], wanted: int) -> None:
    """As many entries as there are requirements, whatever a posted form holds."""
    while len(entries) < wanted:
        entries.append_entry()
    while len(entries) > wanted:
        entries.pop_entry()
