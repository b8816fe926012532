"""The forms of offers: flagging a volume, and looking for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.formatting import PACKAGE_NAMES, unit_sign
from market.offers.rules import OfferTerms
from market.register.models import Category, Producer, Product, ProductionSite
from market.values import Package, Period, Quantity, Unit

NEW_PRODUCT = "new"


class OfferForm(NarmatForm):
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
    amount = SwedishDecimalField(_l("Hur mycket?"), validators=[NEEDED, AboveZero()])
    first_day = DayField(_l("Första dagen"), validators=[NEEDED])
    last_day = DayField(_l("Sista dagen"), validators=[NEEDED])
    site = RadioField(_l("Var hämtas det?"), validators=[InputRequired(message=_l("Välj en plats."))])
    is_surplus = BooleanField(
        _l("Överskott som måste gå åt"), description=_l("Visas först för köken och med ett eget märke.")
    )
    price = SwedishDecimalField(
        _l("Pris utan moms, kr per kg, liter eller styck"),
        description=_l("Tomt betyder att priset avgörs vid beställning."),
        validators=[Optional()],
    )
    package = SelectField(_l("Förpackning"), validators=[Optional()])
    package_amount = SwedishDecimalField(
        _l("Innehåll per förpackning"),
        description=_l("Till exempel 10 för lådor om 10 kg."),
    )
    is_organic = BooleanField(_l("Ekologisk"))
    best_before = DayField(_l("Bäst före"), validators=[Optional()])
    note = TextAreaField(_l("Mer att veta"), validators=[Optional(), Length(max=2000)])

    def offer_choices(self, *, producer: Producer, categories: Sequence[Category], swedish: bool) -> None:
        """Fill the choices from what the producer has."""
        own = [(str(p.id), f"{p.name} ({unit_sign(p.unit)})") for p in producer.products]
        self.product.choices = [*own, (NEW_PRODUCT, gettext("Något annat"))]
        self.new_category.choices = [(c.key, c.name_sv if swedish else c.name_en) for c in categories]
        self.new_unit.choices = [(unit.value, unit_sign(unit)) for unit in Unit]
        self.site.choices = [(str(site.id), site.name) for site in producer.sites]
        self.package.choices = [
            ("", gettext("Löst")),
            *((p.value, gettext(PACKAGE_NAMES[p])) for p in Package),
        ]

    def fill_in(self, *, producer: Producer, today: date) -> None:
        """The defaults of a fresh form: the only site, this week (next week from Sunday on)."""
        if producer.sites and not self.site.data:
            self.site.data = str(producer.sites[0].id)
        if not producer.products:
            self.product.data = NEW_PRODUCT
        start = today if today.isoweekday() < 7 else today + timedelta(days=1)
        self.first_day.data = start
        self.last_day.data = start + timedelta(days=7 - start.isoweekday())

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

    def validate_last_day(self, field: Any) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(gettext("Sista dagen ligger före första dagen."))

    def validate_package_amount(self, field: Any) -> None:
        if self.package.data and field.data is None:
            raise ValidationError(gettext("Skriv hur mycket varje förpackning rymmer, eller välj Löst."))
        AboveZero()(self, field)

    def unit(self, products: Sequence[Product]) -> Unit:
        if self.product.data == NEW_PRODUCT:
            return Unit(self.new_unit.data or Unit.KILOGRAM)
        return next(p.unit for p in products if str(p.id) == self.product.data)

    def chosen_site(self, producer: Producer) -> ProductionSite:
        return next(site for site in producer.sites if str(site.id) == self.site.data)

    def terms(self, unit: Unit) -> OfferTerms:
        """Raises NotAQuantity where an amount is not whole steps of the unit (half an egg)."""
        first, last = self.first_day.data, self.last_day.data
        assert self.amount.data is not None
        assert first is not None
        assert last is not None
        packed = bool(self.package.data and self.package_amount.data)
        return OfferTerms(
            quantity=Quantity.of(self.amount.data, unit),
            period=Period(first, last + timedelta(days=1)),
            package=Package(self.package.data) if packed else None,
            package_size=Quantity.of(self.package_amount.data, unit) if packed else None,  # type: ignore[arg-type]
            price=self.price.data,
            best_before=self.best_before.data,
            is_surplus=bool(self.is_surplus.data),
            is_organic=bool(self.is_organic.data),
            note=(self.note.data or "").strip(),
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
