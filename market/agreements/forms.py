"""The forms of interest and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from market import formatting
from market.agreements.models import Agreement, AuthorityTerms, Interest
from market.agreements.rules import AgreementKind, Terms, weeks_offered, years_later
from market.agreements.wording import KIND_NAMES
from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.offers.models import Offer
from market.register.models import Category, Kitchen, Producer
from market.values import Period, Quantity, Unit, Week

LONGEST_TERMS = 20_000


class InterestForm(NarmatForm):
    """How much, which week, for which kitchen."""

    kitchen = SelectField(_l("Kök"), validators=[InputRequired(message=_l("Välj ett kök."))])
    amount = SwedishDecimalField(_l("Hur mycket skulle ni vilja ha?"), validators=[NEEDED, AboveZero()])
    week = SelectField(_l("Vecka"), validators=[InputRequired(message=_l("Välj en vecka."))])
    note = TextAreaField(_l("Mer att säga"), validators=[Optional(), Length(max=2000)])

    def offer_choices(self, *, offer: Offer, kitchens: Sequence[Kitchen], today: date) -> None:
        self.kitchen.choices = [(str(k.id), k.name) for k in kitchens]
        self.week.choices = [(str(week), _week(week)) for week in weeks_offered(offer.period, today=today)]

    def fill_in(self, interest: Interest) -> None:
        self.week.data, self.note.data = str(interest.week), interest.note
        self.amount.data = interest.quantity.amount.normalize()

    def quantity(self, unit: Unit) -> Quantity:
        assert self.amount.data is not None
        return Quantity.of(self.amount.data, unit)


class AgreementForm(NarmatForm):
    """What an agreement says. The last day is included, as people write it."""

    producer = SelectField(_l("Producent"), validators=[InputRequired(message=_l("Välj en producent."))])
    categories = SelectMultipleField(
        _l("Kategorier"),
        description=_l("CPV-koderna följer med i avtalet."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    kind = RadioField(
        _l("Sorts avtal"),
        default=AgreementKind.FRAME.value,
        validators=[InputRequired(message=_l("Välj sorts avtal."))],
    )
    first_day = DayField(_l("Första dagen"), validators=[NEEDED])
    last_day = DayField(_l("Sista dagen"), description=_l("Högst tre år."), validators=[NEEDED])
    has_extension = BooleanField(_l("Kommunen kan förlänga ett ramavtal med ett år"))
    delivery_terms = TextAreaField(
        _l("Leveransvillkor"),
        description=_l(
            "Till exempel vilka dagar, vart, i vilka förpackningar. Tomt: bestäms vid varje beställning."
        ),
        validators=[Optional(), Length(max=LONGEST_TERMS)],
    )
    payment_days = IntegerField(_l("Betalningstid, dagar"), validators=[NEEDED])
    authority_contact = StringField(_l("Kommunens kontaktperson"), validators=[NEEDED, Length(max=200)])
    producer_contact = StringField(_l("Producentens kontaktperson"), validators=[NEEDED, Length(max=200)])

    def offer_choices(self, *, producers: Sequence[Producer], categories: Sequence[Category]) -> None:
        is_swedish = formatting.is_swedish()
        self.producer.choices = [("", gettext("Välj")), *((str(p.id), p.name) for p in producers)]
        self.categories.choices = [(c.key, c.name_sv if is_swedish else c.name_en) for c in categories]
        self.kind.choices = [(kind.value, gettext(name)) for kind, name in KIND_NAMES.items()]

    def start_with(
        self, *, today: date, contact: str, payment_days: int, terms: AuthorityTerms | None
    ) -> None:
        """What a new agreement most often says."""
        self.first_day.data, self.last_day.data = today, years_later(today, 3) - timedelta(days=1)
        self.has_extension.data, self.payment_days.data = True, payment_days
        self.authority_contact.data = contact
        self.delivery_terms.data = terms.delivery_terms if terms else ""

    def start_with_producer(self, producer: Producer, categories: Sequence[str]) -> None:
        self.producer.data, self.categories.data = str(producer.id), list(categories)
        self.producer_contact.data = ", ".join(filter(None, (producer.phone, producer.email)))

    def fill_in(self, agreement: Agreement) -> None:
        self.producer.data = str(agreement.producer_id)
        self.categories.data = [category.key for category in agreement.categories]
        self.kind.data, self.has_extension.data = agreement.kind.value, agreement.has_extension
        self.first_day.data, self.last_day.data = agreement.valid_from, agreement.period.last
        for name in ("delivery_terms", "payment_days", "authority_contact", "producer_contact"):
            self[name].data = getattr(agreement, name)

    def terms(self) -> Terms:
        """Raises EmptyPeriod."""
        assert self.first_day.data is not None
        assert self.last_day.data is not None
        return Terms(
            kind=AgreementKind(self.kind.data),
            period=Period(self.first_day.data, self.last_day.data + timedelta(days=1)),
            has_extension=bool(self.has_extension.data),
            categories=tuple(self.categories.data or ()),
            delivery_terms=(self.delivery_terms.data or "").strip(),
            payment_days=self.payment_days.data or 0,
            authority_contact=(self.authority_contact.data or "").strip(),
            producer_contact=(self.producer_contact.data or "").strip(),
        )


class AuthorityTermsForm(NarmatForm):
    """What stands in each agreement of an authority."""

    number = StringField(
        _l("Kommunens organisationsnummer"),
        description=_l("Står i varje avtal, till exempel 212000-0001."),
        validators=[NEEDED, Length(max=20)],
    )
    delivery_terms = TextAreaField(
        _l("Era vanliga leveransvillkor"),
        description=_l("Fylls i när ni börjar på ett nytt avtal, och kan ändras där."),
        validators=[Optional(), Length(max=LONGEST_TERMS)],
    )
    orders_need_agreement = BooleanField(
        _l("Köken beställer bara när ett avtal gäller"),
        description=_l("Utan ett avtal för varans kategori kan köken då visa intresse, men inte beställa."),
    )

    def fill_in(self, terms: AuthorityTerms | None) -> None:
        if terms is not None:
            self.number.data, self.delivery_terms.data = terms.organisation_number, terms.delivery_terms
            self.orders_need_agreement.data = terms.orders_need_agreement


class EndForm(NarmatForm):
    """Why an agreement is declined, withdrawn or terminated."""

    reason = TextAreaField(_l("Varför?"), validators=[Optional(), Length(max=2000)])


class SignForm(NarmatForm):
    """Read it, and show who you are: by password, or by the browser's answer to a passkey's question."""

    document_sha256 = HiddenField()
    answer = HiddenField(validators=[Length(max=20_000)])
    read = BooleanField(_l("Jag har läst avtalet och får skriva under det för min sida"))
    password = PasswordField(_l("Lösenord"), validators=[Optional(), Length(max=1000)])

    def validate_read(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(gettext("Läs avtalet och kryssa i rutan innan du skriver under."))


def _week(week: Week) -> str:
    return f"{formatting.week_name(week)}, {formatting.day_span(week.monday, week.period.last)}"
