"""The form of a product: what it is, what a unit weighs, and where each step of it happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from market.form_fields import NEEDED, AboveZero, NarmatForm, SwedishDecimalField
from market.formatting import unit_sign
from market.register.models import Category, Product, ProductionSite, Step, Temperature
from market.register.rules import HEAVIEST_UNIT_G
from market.register.validators import WRITTEN
from market.register.wording import TEMPERATURE_NAMES
from market.values import Unit

ELSEWHERE = (Step.SLAUGHTER, Step.PROCESSING, Step.PACKING)


class SitesField(SelectMultipleField):
    """Sites as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProductForm(NarmatForm):
    """A product's chain is asked for step by step: own sites to tick, other producers' behind one line."""

    name = StringField(_l("Varans namn"), validators=[WRITTEN, Length(max=120)])
    category = SelectField(_l("Kategori"), validators=[NEEDED])
    unit = RadioField(_l("Säljs per"), default=Unit.KILOGRAM.value, validators=[NEEDED])
    grams_per_unit = SwedishDecimalField(
        _l("Vikt per liter eller styck"),
        description=_l("Behövs för lasten. Ett ägg väger ungefär 60 gram. Lämna tomt för varor per kg."),
        validators=[AboveZero()],
    )
    piece_grams = SwedishDecimalField(
        _l("Säljs i hela bitar: ungefärlig vikt per bit"),
        description=_l(
            "För varor per kg som beställs i bitar, till exempel en ost på ungefär 3000 gram. "
            "Köket betalar för den vikt som levereras. Lämna tomt annars."
        ),
        validators=[AboveZero()],
    )
    is_organic = BooleanField(
        _l("Ekologisk"), description=_l("Märket visas så länge ett certifikat under Uppgifter gäller.")
    )
    is_alcohol = BooleanField(
        _l("Alkoholdryck starkare än 3,5 procent"), description=_l("Har en annan moms än mat.")
    )
    temperature = RadioField(_l("Temperatur"), default=Temperature.AMBIENT.value, validators=[NEEDED])
    perishable = RadioField(
        _l("Färskvara som kan bli otjänlig inom 30 dagar?"),
        description=_l(
            "Avtalade beställningar av färskvaror kan köken inte avboka sent utan att du godtar det."
        ),
        default="",
    )
    farm = SitesField(_l("Gård"), description=_l("Där det odlas, föds upp eller fångas."))
    slaughter = SitesField(_l("Slakt"))
    processing = SitesField(_l("Förädling"))
    packing = SitesField(_l("Packning"))
    slaughter_elsewhere = SelectField(_l("Slakt hos"), validators=[Optional()])
    processing_elsewhere = SelectField(_l("Förädling hos"), validators=[Optional()])
    packing_elsewhere = SelectField(_l("Packning hos"), validators=[Optional()])

    def offer_choices(
        self,
        *,
        categories: Sequence[Category],
        own: Sequence[ProductionSite],
        elsewhere: Sequence[ProductionSite],
        swedish: bool,
        product: Product | None = None,
    ) -> None:
        """Own sites to tick, with those already in the product's chain; the others to choose from lists."""
        self.category.choices = [(c.key, c.name_sv if swedish else c.name_en) for c in categories]
        units = [product.unit] if product else list(Unit)
        self.unit.choices = [(unit.value, unit_sign(unit)) for unit in units]
        self.temperature.choices = [(t.value, gettext(name)) for t, name in TEMPERATURE_NAMES.items()]
        self.perishable.choices = [
            ("", gettext("Som temperaturen säger: kylda varor är färskvaror")),
            ("yes", gettext("Ja")),
            ("no", gettext("Nej")),
        ]
        own_ids = {site.id for site in own}
        linked = {link.site_id for link in product.chain} - own_ids if product else set()
        self._sites = {site.id: site for site in (*own, *elsewhere)}
        ticked = [(str(site.id), site.name) for site in own]
        ticked += [(str(site.id), _at_another(site)) for site in elsewhere if site.id in linked]
        others = [(str(site.id), _at_another(site)) for site in elsewhere if site.id not in linked]
        for step in Step:
            self[step.value].choices = ticked
        for step in ELSEWHERE:
            self[f"{step.value}_elsewhere"].choices = [("", gettext("Ingen annan")), *others]

    def fill_in_new(self, own: Sequence[ProductionSite]) -> None:
        """A fresh form: grown at the first site."""
        self.farm.data = [str(site.id) for site in own[:1]]

    def fill_in(self, product: Product) -> None:
        self.name.data, self.category.data = product.name, product.category_key
        self.unit.data, self.temperature.data = product.unit.value, product.temperature.value
        self.is_organic.data = product.is_organic
        self.is_alcohol.data = product.is_alcohol
        self.piece_grams.data = Decimal(product.piece_grams) if product.piece_grams else None
        self.perishable.data = {None: "", True: "yes", False: "no"}[product.perishable]
        if product.unit is not Unit.KILOGRAM:
            self.grams_per_unit.data = Decimal(product.grams_per_unit)
        for step in Step:
            self[step.value].data = [str(link.site_id) for link in product.chain if link.step is step]

    def validate_farm(self, field: Field) -> None:
        if not field.data and not any(True for _ in self._chosen()):
            raise ValidationError(gettext("Välj minst en plats där varan produceras."))

    def validate_piece_grams(self, field: Field) -> None:
        if field.data is not None and self.unit.data != Unit.KILOGRAM.value:
            raise ValidationError(gettext("Bitar som vägs säljs per kg. Välj kg, eller lämna tomt."))
        if field.data is not None and field.data > HEAVIEST_UNIT_G:
            raise ValidationError(gettext("Skriv högst 1 000 kg, i gram."))

    def validate_grams_per_unit(self, field: Field) -> None:
        if field.data is None and self.unit.data != Unit.KILOGRAM.value:
            raise ValidationError(gettext("Skriv ungefär vad en liter eller ett styck väger."))

    def values(self) -> dict[str, Any]:
        """All but the category's row and the unit."""
        return {
            "name": self.name.data,
            "grams_per_unit": self._grams(),
            "chain": self.chain(),
            "piece_grams": None if self.piece_grams.data is None else max(1, round(self.piece_grams.data)),
            "is_organic": bool(self.is_organic.data),
            "is_alcohol": bool(self.is_alcohol.data),
            "temperature": Temperature(self.temperature.data),
            "perishable": {"yes": True, "no": False}.get(self.perishable.data or ""),
        }

    def chain(self) -> list[tuple[Step, ProductionSite]]:
        """In the order of production."""
        return [(step, self._sites[int(site_id)]) for step, site_id in self._chosen()]

    def _grams(self) -> int | None:
        weight = self.grams_per_unit.data
        return None if weight is None else max(1, round(weight))

    def _chosen(self) -> Iterator[tuple[Step, str]]:
        for step in Step:
            ids = list(self[step.value].data or [])
            if step in ELSEWHERE and self[f"{step.value}_elsewhere"].data:
                ids.append(self[f"{step.value}_elsewhere"].data)
            yield from ((step, site_id) for site_id in ids)


def _at_another(site: ProductionSite) -> str:
    return f"{site.producer.name}: {site.name}"
