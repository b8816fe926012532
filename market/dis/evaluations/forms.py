"""The forms of an evaluation: a declaration, reasons, verdicts on stated values, a sheet of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from market.dis.evaluations.operations import Judged
from market.dis.evaluations.queries import Person, Sample
from market.dis.evaluations.rules import Declaration
from market.dis.evaluations.wording import DECLARATIONS
from market.dis.systems.models import Criterion
from market.dis.tenders.models import TenderClaim
from market.form_fields import NarmatForm

MOST_NOTE = 2000
Pair = tuple[int, int]


class DeclarationForm(NarmatForm):
    """Whether one has an interest of one's own (jäv)."""

    declaration = RadioField(
        _l("Har du ett eget intresse i saken?"), validators=[InputRequired(message=_l("Välj ett svar."))]
    )
    note = TextAreaField(_l("Vilket intresse?"), validators=[Optional(), Length(max=MOST_NOTE)])

    def offer_choices(self) -> None:
        self.declaration.choices = [(one.value, gettext(DECLARATIONS[one])) for one in Declaration]


class WhyForm(NarmatForm):
    """A step that is stated with its reasons."""

    reason = TextAreaField(
        _l("Skäl"), validators=[DataRequired(message=_l("Skriv skälen.")), Length(max=MOST_NOTE)]
    )


class PersonForm(NarmatForm):
    """Someone for the working group."""

    person = SelectField(
        _l("Person"), coerce=int, validators=[InputRequired(message=_l("Välj någon i listan."))]
    )

    def offer_choices(self, people: Sequence[Person]) -> None:
        self.person.choices = [(one.user_id, f"{one.name}, {one.organisation}") for one in people]


@dataclass
class Sheet:
    """The points that someone writes, by tender and criterion, as text; `errors` by the same."""

    typed: dict[Pair, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    points: dict[Pair, int] = field(default_factory=dict)
    errors: dict[Pair, str] = field(default_factory=dict)

    @classmethod
    def sent(
        cls, given: Mapping[str, str], samples: Sequence[Sample], criteria: Sequence[Criterion]
    ) -> Sheet:
        """What a form sent. Fields are named p-LABEL-CRITERION and n-LABEL; an empty one is not yet decided."""
        sheet = cls()
        for sample in samples:
            sheet.notes[sample.tender_id] = given.get(f"n-{sample.label}", "")[:MOST_NOTE]
            for criterion in criteria:
                text = given.get(f"p-{sample.label}-{criterion.id}", "").strip()
                sheet._read((sample.tender_id, criterion.id), text, criterion.max_points or 0)
        return sheet

    def _read(self, pair: Pair, text: str, most: int) -> None:
        self.typed[pair] = text
        if not text:
            return
        if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= most:
            self.points[pair] = int(text)
        else:
            self.errors[pair] = gettext("Skriv ett heltal mellan 0 och %(most)s.", most=most)


@dataclass
class Verdict:
    """What someone chose for a stated value."""

    chosen: str = ""
    judgement: str = ""
    error: str = ""


def verdicts_sent(
    given: Mapping[str, str], claims: Mapping[Pair, TenderClaim]
) -> tuple[dict[Pair, Verdict], dict[Pair, Judged]]:
    """What the form sent, and what of it can be kept. Fields are named v-TENDER-CRITERION and w-TENDER-CRITERION."""
    shown, kept = {}, {}
    for pair in claims:
        verdict = Verdict(
            given.get(f"v-{pair[0]}-{pair[1]}", ""), given.get(f"w-{pair[0]}-{pair[1]}", "")[:MOST_NOTE]
        )
        if verdict.chosen == "no" and not verdict.judgement.strip():
            verdict.error = gettext("Skriv varför det inte godkänns.")
        elif verdict.chosen in {"yes", "no"}:
            kept[pair] = Judged(verdict.chosen == "yes", verdict.judgement)
        shown[pair] = verdict
    return shown, kept


def verdicts_stored(claims: Mapping[Pair, TenderClaim]) -> dict[Pair, Verdict]:
    """What has been judged so far."""
    words = {True: "yes", False: "no", None: ""}
    return {pair: Verdict(words[claim.is_granted], claim.judgement) for pair, claim in claims.items()}
