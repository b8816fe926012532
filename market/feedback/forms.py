"""The forms of a kitchen's word and of a producer's story."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from market.feedback.models import Feedback, OriginStory
from market.feedback.rules import Opinion
from market.form_fields import NarmatForm, SwedishDecimalField
from market.photos.forms import PhotoField

YES_NO = {"yes": True, "no": False}
LONGEST_WORDS, LONGEST_STORY = 2000, 4000


class FeedbackForm(NarmatForm):
    """Every question may be left out, but not all of them."""

    taste = RadioField(_l("Hur smakade det?"), validators=[Optional()], default="")
    package_fits = RadioField(_l("Passar förpackningen köket?"), validators=[Optional()], default="")
    would_buy_again = RadioField(_l("Skulle ni köpa igen?"), validators=[Optional()], default="")
    thaw_loss = SwedishDecimalField(_l("Vätskeförlust vid upptining"), validators=[Optional()])
    words = TextAreaField(_l("Med egna ord"), validators=[Optional(), Length(max=LONGEST_WORDS)])

    def offer_choices(self) -> None:
        unsaid = ("", gettext("Vet inte"))
        self.taste.choices = [*((str(n), str(n)) for n in range(1, 6)), unsaid]
        for field in (self.package_fits, self.would_buy_again):
            field.choices = [("yes", gettext("Ja")), ("no", gettext("Nej")), unsaid]

    def fill_in(self, feedback: Feedback) -> None:
        said = {None: "", True: "yes", False: "no"}
        self.taste.data = "" if feedback.taste is None else str(feedback.taste)
        self.package_fits.data = said[feedback.package_fits]
        self.would_buy_again.data = said[feedback.would_buy_again]
        self.thaw_loss.data = feedback.opinion.thaw_loss
        self.words.data = feedback.words

    def validate_thaw_loss(self, field: Any) -> None:
        if field.data is not None and (field.data != int(field.data) or not 0 <= field.data <= 100):
            raise ValidationError(gettext("Skriv hela procent, från 0 till 100."))

    def opinion(self) -> Opinion:
        loss = self.thaw_loss.data
        return Opinion(
            taste=int(self.taste.data) if self.taste.data else None,
            package_fits=YES_NO.get(self.package_fits.data or ""),
            thaw_loss_percent=None if loss is None else int(loss),
            would_buy_again=YES_NO.get(self.would_buy_again.data or ""),
            words=(self.words.data or "").strip(),
        )


class StoryForm(NarmatForm):
    """What the origin card prints."""

    text = TextAreaField(_l("Er berättelse"), validators=[Length(max=LONGEST_STORY)])
    place = StringField(_l("Var djuren betade eller varan växte"), validators=[Optional(), Length(max=200)])
    year = StringField(_l("År"), validators=[Optional(), Length(max=4)])
    photo = PhotoField(_l("Foto"), validators=[Optional()])

    def fill_in(self, story: OriginStory) -> None:
        self.text.data, self.place.data = story.text, story.place
        self.year.data = "" if story.year is None else str(story.year)

    def validate_year(self, field: Any) -> None:
        if field.data and not (field.data.strip().isdecimal() and field.data.strip().isascii()):
            raise ValidationError(gettext("Året verkar fel. Skriv det med fyra siffror, till exempel 2026."))

    def values(self) -> dict[str, Any]:
        year = (self.year.data or "").strip()
        return {
            "text": self.text.data or "",
            "place": self.place.data or "",
            "year": int(year) if year else None,
            "photo": self.photo.photo,
        }
