"""The forms of offers: flagging a volume, changing it, and looking for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.formatting import PACKAGE_NAMES, kilograms, unit_sign
from market.offers.handover_form import HandoverForm
from market.offers.models import Offer
from market.offers.rules import OfferChange, OfferTerms, as_said, measured
from market.photos.forms import PhotoField
from market.register.models import Authority, Category, Producer, Product, ProductionSite
from market.values import Package, Period, Quantity, Unit

NEW_PRODUCT = "new"
LONGEST_NOTE = 2000


class PeriodForm(NarmatForm):
    """What can be said at first and changed later: how much, at what price, when."""

    amount = SwedishDecimalField(_l("Hur mycket?"), validators=[NEEDED, AboveZero()])
    first_day = DayField(_l("Första dagen"), validators=[NEEDED])
    last_day = DayField(_l("Sista dagen"), validators=[NEEDED])
    price = SwedishDecimalField(
        _l("Pris utan moms, kr per kg, liter eller styck"),
        description=_l("Tomt betyder att priset avgörs vid beställning."),
        validators=[Optional()],
    )
    held_until = DayField(
        _l("Priset gäller beställningar till och med"),
        description=_l("Efter den dagen föreslår köket ett pris. Tomt: priset gäller så länge varan finns."),
        validators=[Optional()],
    )
    minimum = SwedishDecimalField(
        _l("Minsta beställning"),
        description=_l("Den sista resten får alltid beställas."),
        validators=[Optional(), AboveZero()],
    )
    best_before = DayField(_l("Bäst före"), validators=[Optional()])
    note = TextAreaField(_l("Mer att veta"), validators=[Optional(), Length(max=LONGEST_NOTE)])

    def validate_last_day(self, field: Any) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(gettext("Sista dagen ligger före första dagen."))

    def stated(self, unit: Unit, piece_grams: int | None) -> dict[str, Any]:
        """The fields as values. Raises NotAQuantity where an amount is not whole steps of the unit (half an egg)."""
        first, last, amount = self.first_day.data, self.last_day.data, self.amount.data
        assert amount is not None
        assert first is not None
        assert last is not None
        return {
            "quantity": measured(amount, unit=unit, piece_grams=piece_grams),
            "period": Period(first, last + timedelta(days=1)),
            "price": self.price.data,
            "held_until": self.held_until.data,
            "minimum": _measured(self.minimum.data, unit, piece_grams),
            "best_before": self.best_before.data,
            "note": (self.note.data or "").strip(),
        }


class ChangeForm(PeriodForm):
    """Change what is out. `version` is the one that the page showed."""

    version = HiddenField(validators=[NEEDED])

    def fill_in(self, offer: Offer) -> None:
        self.amount.data = as_said(offer.total, piece_grams=offer.piece_grams).normalize()
        self.first_day.data, self.last_day.data = offer.available_from, offer.period.last
        self.price.data = offer.price.normalize() if offer.price is not None else None
        self.held_until.data, self.best_before.data = offer.held_until, offer.best_before
        if offer.minimum is not None:
            self.minimum.data = as_said(offer.minimum, piece_grams=offer.piece_grams).normalize()
        self.note.data, self.version.data = offer.note, str(offer.version)

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() else 0

    def change(self, offer: Offer) -> OfferChange:
        return OfferChange(**self.stated(offer.unit, offer.piece_grams))


class OfferForm(PeriodForm, HandoverForm):
    """Flag a volume: what, how much, from when to when, where; the rest has defaults and can wait."""

    product = RadioField(_l("Vad har du?"), validators=[InputRequired(message=_l("Välj en vara."))])
    new_name = StringField(_l("Varans namn"), validators=[Length(max=120)])
    new_category = SelectField(_l("Kategori"), validators=[Optional()])
    new_unit = RadioField(_l("Säljs per"), default=Unit.KILOGRAM.value, validators=[Optional()])
    new_grams = SwedishDecimalField(
        _l("Vikt per liter eller styck, gram"),
        description=_l("Behövs för lasten. Ett ägg väger ungefär 60 gram."),
        validators=[AboveZero()],
    )
    site = RadioField(_l("Var hämtas det?"), validators=[InputRequired(message=_l("Välj en plats."))])
    is_surplus = BooleanField(
        _l("Överskott som måste gå åt"), description=_l("Visas först för köken och med ett eget märke.")
    )
    is_standing = BooleanField(
        _l("Samma varje vecka tills vidare"),
        description=_l("Läggs ut på nytt varje vecka tills du pausar eller stoppar det."),
    )
    package = SelectField(_l("Förpackning"), validators=[Optional()])
    package_amount = SwedishDecimalField(
        _l("Innehåll per förpackning"),
        description=_l("Till exempel 10 för lådor om 10 kg."),
    )
    is_organic = BooleanField(
        _l("Ekologisk"),
        description=_l("Märket visas så länge ert certifikat gäller. Lägg in det under Uppgifter."),
    )
    photo = PhotoField(
        _l("Foto"),
        description=_l("Platsen som kameran sparar i bilden tas bort."),
        validators=[Optional()],
    )

    def offer_choices(
        self,
        *,
        producer: Producer,
        categories: Sequence[Category],
        authorities: Sequence[Authority],
        swedish: bool,
    ) -> None:
        """Fill the choices from what the producer has."""
        own = [(str(p.id), f"{p.name} ({_sold_by(p)})") for p in producer.products]
        self.product.choices = [*own, (NEW_PRODUCT, gettext("Något annat"))]
        self.new_category.choices = [(c.key, c.name_sv if swedish else c.name_en) for c in categories]
        self.new_unit.choices = [(unit.value, unit_sign(unit)) for unit in Unit]
        self.site.choices = [(str(site.id), site.name) for site in producer.sites]
        self.package.choices = [
            ("", gettext("Löst")),
            *((p.value, gettext(PACKAGE_NAMES[p])) for p in Package),
        ]
        self.offer_handover(authorities)

    def fill_in(self, *, producer: Producer, today: date, latest: Offer | None = None) -> None:
        """The defaults of a fresh form: the only site, this week (next week from Sunday on), delivered as last time."""
        if producer.sites and not self.site.data:
            self.site.data = str(producer.sites[0].id)
        if not producer.products:
            self.product.data = NEW_PRODUCT
        start = today if today.isoweekday() < 7 else today + timedelta(days=1)
        self.first_day.data = start
        self.last_day.data = start + timedelta(days=7 - start.isoweekday())
        self.fill_in_handover(latest)

    def validate_new_name(self, field: Any) -> None:
        if self.product.data == NEW_PRODUCT and not (field.data or "").strip():
            raise ValidationError(gettext("Skriv vad varan heter."))

    def validate_new_grams(self, field: Any) -> None:
        weighed = self.new_unit.data == Unit.KILOGRAM.value
        if self.product.data == NEW_PRODUCT and not weighed and field.data is None:
            raise ValidationError(gettext("Skriv ungefär vad en liter eller ett styck väger."))

    def new_weight(self) -> int:
        """Grams per unit of a new product."""
        return (
            1000 if self.new_unit.data == Unit.KILOGRAM.value else max(1, round(self.new_grams.data or 1000))
        )

    def validate_package_amount(self, field: Any) -> None:
        if self.package.data and field.data is None:
            raise ValidationError(gettext("Skriv hur mycket varje förpackning rymmer, eller välj Löst."))
        AboveZero()(self, field)

    def chosen_product(self, producer: Producer) -> Product | None:
        """None for one that the form describes itself."""
        return next((p for p in producer.products if str(p.id) == self.product.data), None)

    def chosen_site(self, producer: Producer) -> ProductionSite:
        return next(site for site in producer.sites if str(site.id) == self.site.data)

    def new_product_unit(self) -> Unit:
        return Unit(self.new_unit.data or Unit.KILOGRAM)

    def terms(self, product: Product | None) -> OfferTerms:
        """Of a product, or of the new one. Raises what `stated` raises."""
        unit = product.unit if product else self.new_product_unit()
        piece_grams = product.piece_grams if product else None
        packed = bool(self.package.data and self.package_amount.data)
        return OfferTerms(
            piece_grams=piece_grams,
            package=Package(self.package.data) if packed else None,
            package_size=_measured(self.package_amount.data, unit, piece_grams) if packed else None,
            is_surplus=bool(self.is_surplus.data),
            is_organic=bool(self.is_organic.data) or bool(product and product.is_organic),
            is_standing=bool(self.is_standing and self.is_standing.data),
            authority_ids=self.chosen_authorities(),
            handover=self.handed_over(unit, piece_grams),
            **self.stated(unit, piece_grams),
        )


class FindForm(NarmatForm):
    """The filters of the map and list; read from the address, so that a search can be shared."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

    kitchen = SelectField(_l("Till kök"), validators=[Optional()])
    week = SelectField(_l("Vecka"), validators=[Optional()])
    category = SelectField(_l("Kategori"), validators=[Optional()])
    amount = SwedishDecimalField(_l("Minst"), validators=[Optional()])
    local = BooleanField(_l("Bara lokalt"))
    surplus = BooleanField(_l("Bara överskott"))
    organic = BooleanField(_l("Bara ekologiskt"))


def _sold_by(product: Product) -> str:
    if product.piece_grams is None:
        return unit_sign(product.unit)
    return str(gettext("st om ca %(weight)s", weight=kilograms(product.piece_grams)))


def _measured(amount: Decimal | None, unit: Unit, piece_grams: int | None) -> Quantity | None:
    return None if amount is None else measured(amount, unit=unit, piece_grams=piece_grams)
