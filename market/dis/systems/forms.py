"""The forms of setting up a DIS, publishing it, and changing how long it lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms import ValidationError as Invalid
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from market import formatting
from market.dis.rules import Regime
from market.dis.systems.models import Dis
from market.dis.systems.operations import FirstRound
from market.dis.systems.rules import LARGEST_VALUE_ORE, Basics, NotAValue, TermsText, TieRule
from market.dis.systems.starting_points import StartingPoint
from market.dis.systems.wording import REGIME_NAMES, TIE_RULES
from market.form_fields import NEEDED, DayField, NarmatForm, SwedishDecimalField
from market.register.models import Authority, Category
from market.values import Named

LONGEST_TEXT = 20_000
ONE_DAY = timedelta(days=1)


class BasicsForm(NarmatForm):
    """Name, purpose, how long, how much, which rules."""

    name = StringField(_l("Vad ska systemet heta?"), validators=[NEEDED, Length(max=160)])
    description = TextAreaField(
        _l("Vad ska ni köpa, och ungefär hur mycket?"),
        description=_l("Det ska stå i handlingarna (LOU 8 kap. 5 §). Mängderna binder er inte."),
        validators=[NEEDED, Length(max=LONGEST_TEXT)],
    )
    contact = StringField(
        _l("Vem kan leverantörerna fråga?"),
        description=_l("Namn och e-post. Står i annonsen."),
        validators=[NEEDED, Length(max=200)],
    )
    last_day = DayField(
        _l("Sista dagen som systemet gäller"),
        description=_l("Det börjar gälla dagen ni publicerar. Ni kan förlänga senare (8 kap. 6 §)."),
        validators=[NEEDED],
    )
    value = SwedishDecimalField(
        _l("Uppskattat högsta värde, kronor utan moms"),
        description=_l("Allt som alla kommunerna kan komma att köpa under hela tiden (LOU 5 kap. 14 §)."),
        validators=[NEEDED],
    )
    regime = RadioField(
        _l("Vilka regler gäller?"), validators=[InputRequired(message=_l("Välj vilka regler som gäller."))]
    )
    regime_reason = TextAreaField(
        _l("Varför de reglerna?"),
        description=_l("Behövs när tröskelvärdet inte är känt. Sparas i handlingarna."),
        validators=[Optional(), Length(max=2000)],
    )

    def offer_choices(self) -> None:
        self.regime.choices = [(regime.value, gettext(name)) for regime, name in REGIME_NAMES.items()]

    def fill_in(self, dis: Dis) -> None:
        for name in ("name", "description", "contact", "regime_reason"):
            self[name].data = getattr(dis, name)
        self.last_day.data = dis.valid_until - ONE_DAY
        self.value.data = (Decimal(dis.estimated_value_ore) / 100).normalize()
        self.regime.data = dis.regime.value

    def validate_value(self, field: Any) -> None:
        if field.data is not None and not 0 < field.data * 100 <= LARGEST_VALUE_ORE:
            raise Invalid(gettext(NotAValue.message))

    def basics(self) -> Basics:
        assert self.last_day.data is not None
        assert self.value.data is not None
        return Basics(
            name=(self.name.data or "").strip(),
            description=(self.description.data or "").strip(),
            contact=(self.contact.data or "").strip(),
            last_day=self.last_day.data,
            value_ore=int(self.value.data * 100),
            regime=Regime(self.regime.data),
            regime_reason=(self.regime_reason.data or "").strip(),
        )


class NewForm(BasicsForm):
    """The same, beginning from one of the report's three ways, or from nothing."""

    starting_point = RadioField(_l("Vad vill ni börja med?"), default="", validators=[Optional()])

    def offer_starting_points(self, points: Mapping[str, StartingPoint]) -> None:
        self.starting_point.choices = [
            ("", gettext("Tomt: vi skriver allt själva")),
            *((key, gettext(point.name)) for key, point in points.items()),
        ]


class AuthoritiesForm(NarmatForm):
    """Which authorities may call off."""

    authorities = SelectMultipleField(
        _l("Vilka kommuner är med?"),
        description=_l(
            "Ingen kan komma till efter att ni har publicerat: annonsen ska nämna alla (8 kap. 4 §)."
        ),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer_choices(self, authorities: Sequence[Authority]) -> None:
        self.authorities.choices = [(str(one.id), one.name) for one in authorities]

    def chosen(self, authorities: Sequence[Authority]) -> list[Authority]:
        wanted = set(self.authorities.data or ())
        return [one for one in authorities if str(one.id) in wanted]


class CategoriesForm(NarmatForm):
    """Which categories of goods."""

    categories = SelectMultipleField(
        _l("Vilka kategorier?"),
        description=_l("Var och en får egna krav och mervärden. Deras CPV-koder följer med i annonsen."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.categories.choices = [
            (one.key, f"{formatting.named(Named(one.name_sv, one.name_en))} (CPV {one.codes[0].code})")
            for one in categories
        ]

    def chosen(self, categories: Sequence[Category]) -> list[Category]:
        wanted = set(self.categories.data or ())
        return [one for one in categories if one.key in wanted]


class TermsForm(NarmatForm):
    """What every contract says, and how ties are broken."""

    tie_rule = RadioField(
        _l("Vad avgör när två anbud har samma jämförelsepris?"),
        description=_l("Regeln publiceras och kan inte ändras sedan."),
        validators=[InputRequired(message=_l("Välj en regel."))],
    )
    standstill_days = IntegerField(
        _l("Frivillig avtalsspärr, dagar"),
        description=_l(
            "Tiden mellan beslut och avtal. 0 för ingen. Kortare än lagens avtalsspärr skyddar inte (20 kap. 15 §)."
        ),
        validators=[InputRequired(message=_l("Skriv ett antal dagar, eller 0.")), NumberRange(min=0, max=90)],
    )
    contract_terms = TextAreaField(
        _l("Avtalsvillkor"),
        description=_l("Gäller alla avtal som sluts inom systemet."),
        validators=[NEEDED, Length(max=LONGEST_TEXT)],
    )

    def offer_choices(self) -> None:
        self.tie_rule.choices = [(rule.value, gettext(name)) for rule, name in TIE_RULES.items()]

    def fill_in(self, dis: Dis) -> None:
        self.tie_rule.data, self.standstill_days.data = dis.tie_rule.value, dis.standstill_days
        self.contract_terms.data = dis.contract_terms

    def terms(self) -> TermsText:
        return TermsText(
            tie_rule=TieRule(self.tie_rule.data),
            standstill_days=self.standstill_days.data or 0,
            contract_terms=(self.contract_terms.data or "").strip(),
        )


class PublishForm(NarmatForm):
    """When the first round ends."""

    last_day = DayField(_l("Sista dag att ansöka i den första omgången"), validators=[NEEDED])
    review_until = DayField(
        _l("Förlängd prövning av den första omgången, till och med"),
        description=_l("Bara om det kan komma många. Ingen inbjudan får skickas under tiden (8 kap. 7 §)."),
        validators=[Optional()],
    )

    def first_round(self) -> FirstRound:
        assert self.last_day.data is not None
        return FirstRound(self.last_day.data, self.review_until.data)


class ExtendForm(NarmatForm):
    """A later last day."""

    last_day = DayField(_l("Ny sista dag"), validators=[NEEDED])

    def start_with(self, last_day: date) -> None:
        self.last_day.data = last_day

    def new_last_day(self) -> date:
        assert self.last_day.data is not None
        return self.last_day.data


class ReasonForm(NarmatForm):
    """Why a DIS ends early."""

    reason = TextAreaField(_l("Varför avslutas det?"), validators=[NEEDED, Length(max=2000)])


class WordingForm(NarmatForm):
    """Why a word of place stays."""

    place = HiddenField(validators=[Length(max=80)])
    found = HiddenField(validators=[Length(max=200)])
    sentence = HiddenField(validators=[Length(max=LONGEST_TEXT)])
    reason = TextAreaField(_l("Varför gynnar det ingen?"), validators=[NEEDED, Length(max=2000)])
