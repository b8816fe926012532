"""The forms of notices: how often to be told, and what to watch for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from market.form_fields import AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.notices.kinds import CHOOSABLE, kind_of
from market.notices.rules import Need, Pace
from market.register.models import Category, Kitchen
from market.values import LARGEST, TooLarge, msg

PACE_NAMES: Mapping[Pace, str] = {
    Pace.AT_ONCE: msg("Genast"),
    Pace.DAILY: msg("En gång om dagen, kl. 7"),
    Pace.WEEKLY: msg("En gång i veckan, måndag kl. 7"),
    Pace.NONE: msg("Inte alls"),
}
LANGUAGES = (("sv", "Svenska"), ("en", "English"))
CHOOSE_ONE = InputRequired(message=_l("Välj något i listan."))


class PacesForm(NarmatForm):
    """One question for each kind that can be chosen."""

    language = RadioField(_l("Språk i mejlen"), validators=[CHOOSE_ONE])

    def chosen(self) -> dict[str, Pace]:
        return {kind: Pace(self[kind].data) for kind in CHOOSABLE if kind in self}


for _kind in CHOOSABLE:
    setattr(PacesForm, _kind, RadioField(validators=[CHOOSE_ONE]))


def paces_form(paces: Mapping[str, Pace], *, shown: Collection[str], language: str) -> PacesForm:
    """The form as the person has chosen until now, with the kinds that they may get."""
    form = PacesForm(data={"language": language} | {kind: pace.value for kind, pace in paces.items()})
    form.language.choices = list(LANGUAGES)
    for kind in CHOOSABLE:
        if kind not in shown:
            del form[kind]
            continue
        form[kind].label.text = gettext(kind_of(kind).label)
        form[kind].choices = [(pace.value, gettext(PACE_NAMES[pace])) for pace in Pace]
    return form


class NeedForm(NarmatForm):
    """What a kitchen watches for."""

    kitchen = SelectField(_l("För kök"), validators=[Optional()])
    category = SelectField(_l("Kategori"), validators=[Optional()])
    words = StringField(
        _l("Ord i varans namn"),
        description=_l("Till exempel morötter. Flera ord: alla ska finnas med."),
        validators=[Optional(), Length(max=120)],
    )
    amount = SwedishDecimalField(_l("Minst"), validators=[Optional(), AboveZero()])
    until = DayField(
        _l("Till och med"), description=_l("Tomt: tills ni avslutar bevakningen."), validators=[Optional()]
    )
    surplus = BooleanField(_l("Bara överskott"))
    organic = BooleanField(_l("Bara ekologiskt"))
    local = BooleanField(_l("Bara lokalt enligt vår definition"))

    def offer_choices(
        self, *, kitchens: Sequence[Kitchen], categories: Sequence[Category], swedish: bool
    ) -> None:
        self.kitchen.choices = [(str(k.id), k.name) for k in kitchens]
        self.category.choices = [
            ("", gettext("Alla")),
            *((c.key, c.name_sv if swedish else c.name_en) for c in categories),
        ]

    def fill_in(self, args: Mapping[str, Any]) -> None:
        """From a search on the page "find food"."""
        self.kitchen.data, self.category.data = args.get("kitchen"), args.get("category", "")
        self.words.data = args.get("word", "")
        if args.get("amount"):
            self.amount.process_formdata([args["amount"]])
        for name in ("surplus", "organic", "local"):
            self[name].data = bool(args.get(name))

    def need(self) -> Need:
        """Raises TooLarge."""
        grams = None if self.amount.data is None else int(self.amount.data * 1000) or 1
        if grams is not None and grams > LARGEST:
            raise TooLarge
        return Need(
            category_key=self.category.data or None,
            words=" ".join((self.words.data or "").split()),
            at_least_grams=grams,
            until=self.until.data,
            only_organic=bool(self.organic.data),
            only_local=bool(self.local.data),
            only_surplus=bool(self.surplus.data),
        )
