"""What the demo's producers sell: one row per kind of goods, with package, price and usual amounts.

Prices are kronor per unit excluding VAT, chosen to be plausible for farm sales to public kitchens; none is quoted
from anyone. Amounts are counted in packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from market.register.models import Step, Temperature
from market.values import Package, Quantity, Unit

FIELD = (Step.FARM,)
PACKED = (Step.FARM, Step.PACKING)
MADE = (Step.FARM, Step.PROCESSING)
MEAT = (Step.FARM, Step.SLAUGHTER, Step.PACKING)
CURED = (Step.FARM, Step.SLAUGHTER, Step.PROCESSING)

EGG_GRAMS = 60
MILK_GRAMS_PER_LITRE = 1030


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """`offered` and `ordered` are the fewest and most packages in one offer and in one order."""

    name: str
    category: str
    price: Decimal
    package: Package
    package_units: int
    offered: tuple[int, int]
    ordered: tuple[int, int]
    steps: tuple[Step, ...]
    unit: Unit = Unit.KILOGRAM
    grams_per_unit: int = 1000
    temperature: Temperature = Temperature.AMBIENT

    @property
    def package_size(self) -> Quantity:
        return Quantity.of(self.package_units, self.unit)


def _dry(name: str, category: str, price: str, *, steps: tuple[Step, ...] = FIELD, box_kg: int = 10) -> Goods:
    """Roots, grain, jam: boxes or bags at room temperature."""
    return Goods(
        name=name,
        category=category,
        price=Decimal(price),
        package=Package.BAG if category in {"grain", "pulses"} else Package.BOX,
        package_units=box_kg,
        offered=(8, 24),
        ordered=(2, 6),
        steps=steps,
    )


def _cold(
    name: str,
    category: str,
    price: str,
    *,
    steps: tuple[Step, ...] = MEAT,
    temperature: Temperature = Temperature.CHILLED,
) -> Goods:
    """Meat, fish and what is made of them: 5 kg boxes, kept cold."""
    return Goods(
        name=name,
        category=category,
        price=Decimal(price),
        package=Package.BOX,
        package_units=5,
        offered=(10, 40),
        ordered=(3, 10),
        steps=steps,
        temperature=temperature,
    )


def _liquid(
    name: str, category: str, price: str, *, temperature: Temperature = Temperature.AMBIENT, litre_grams: int
) -> Goods:
    """Milk and must: crates of ten litres."""
    return Goods(
        name=name,
        category=category,
        price=Decimal(price),
        package=Package.CRATE,
        package_units=10,
        offered=(15, 50),
        ordered=(3, 10),
        steps=MADE,
        unit=Unit.LITRE,
        grams_per_unit=litre_grams,
        temperature=temperature,
    )


EGGS = Goods(
    name="Ägg, medelstora",
    category="eggs",
    price=Decimal("2.60"),
    package=Package.CRATE,
    package_units=180,
    offered=(6, 20),
    ordered=(1, 4),
    steps=PACKED,
    unit=Unit.PIECE,
    grams_per_unit=EGG_GRAMS,
    temperature=Temperature.CHILLED,
)

GOODS = {
    "carrots": _dry("Morötter", "vegetables", "14.00"),
    "beetroot": _dry("Rödbetor", "vegetables", "15.50"),
    "cabbage": _dry("Vitkål", "vegetables", "13.00"),
    "onions": _dry("Gul lök", "vegetables", "14.50"),
    "parsnips": _dry("Palsternacka", "vegetables", "24.00"),
    "swede": _dry("Kålrot", "vegetables", "15.00"),
    "mushrooms": _dry("Ostronskivling", "vegetables", "95.00", box_kg=2),
    "potatoes": _dry("Potatis, oskalad", "potatoes", "9.50", box_kg=15),
    "peeled": _dry("Potatis, skalad", "potatoes", "19.50", steps=MADE),
    "apples": _dry("Äpplen", "fruit", "22.00"),
    "currants": _cold(
        "Svarta vinbär, frysta", "fruit", "58.00", steps=PACKED, temperature=Temperature.FROZEN
    ),
    "oats": _dry("Havregryn", "grain", "13.50", steps=MADE),
    "flour": _dry("Vetemjöl", "grain", "12.00", steps=MADE),
    "peas": _dry("Gula ärtor", "pulses", "18.00"),
    "beans": _dry("Bruna bönor", "pulses", "29.00"),
    "honey": _dry("Honung", "honey", "118.00", steps=PACKED, box_kg=3),
    "jam": _dry("Lingonsylt", "jam", "46.00", steps=MADE, box_kg=5),
    "bread": _dry("Surdegsbröd", "bread", "52.00", steps=MADE, box_kg=5),
    "beef": _cold("Nötfärs", "beef", "112.00"),
    "stew": _cold("Grytbitar av nöt", "beef", "128.00"),
    "lamb": _cold("Lammfärs", "lamb", "139.00"),
    "goat": _cold("Getkött, grytbitar", "goat", "145.00"),
    "pork": _cold("Fläskfärs", "pork", "79.00"),
    "shoulder": _cold("Fläskbog", "pork", "72.00"),
    "boar": _cold("Vildsvinsfärs", "game", "98.00"),
    "elk": _cold("Älgfärs", "game", "134.00"),
    "chicken": _cold("Kycklinglår", "poultry", "74.00"),
    "turkey": _cold("Kalkonfärs", "poultry", "106.00"),
    "sausage": _cold("Falukorv", "charcuterie", "84.00", steps=CURED),
    "ham": _cold("Rökt skinka", "charcuterie", "122.00", steps=CURED),
    "herring": _cold("Strömmingsfilé", "fish", "89.00", steps=PACKED),
    "pike": _cold("Gäddfärs", "fish", "119.00", steps=PACKED),
    "perch": _cold("Abborrfilé", "fish", "238.00", steps=PACKED),
    "eggs": EGGS,
    "milk": _liquid(
        "Mjölk, 1,5 %",
        "dairy",
        "11.80",
        temperature=Temperature.CHILLED,
        litre_grams=MILK_GRAMS_PER_LITRE,
    ),
    "yoghurt": _liquid(
        "Naturell yoghurt",
        "dairy",
        "19.50",
        temperature=Temperature.CHILLED,
        litre_grams=MILK_GRAMS_PER_LITRE,
    ),
    "must": _liquid("Äppelmust", "beverages", "28.00", litre_grams=1050),
    "squash": _liquid("Svagdricka", "beverages", "21.00", litre_grams=1020),
    "patties": _cold("Ärtbiffar", "plant_based", "86.00", steps=MADE, temperature=Temperature.FROZEN),
    "soup": _cold("Köttsoppa", "prepared", "64.00", steps=CURED, temperature=Temperature.FROZEN),
}
"""By the short key that the producers' table uses."""
