"""The demo's producers as a table: invented names at real places, what they sell, and where their steps happen.

What is there and what is missing follows the report: Kramfors has potatoes, honey and poultry but no meat of its own;
Tierp has meat, charcuterie, game, fish, eggs, milk, oats, a brewery and vegan food but no vegetables; Vallentuna has
meat and eggs; Norrtälje has vegetables, game, pork and fish. Some stand just outside a border, and some send a step of
their production far away, so that the authorities' definitions give different answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from market.demo.goods import GOODS, Goods
from market.demo.places import PLACES, Place
from market.register.models import Step

FARM, SLAUGHTER, PROCESSING, PACKING = Step


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmSpec:
    """`elsewhere` names the village of each step that does not happen at home.

    `only_for` is the code of the one municipality that the producer wants to deliver to.
    """

    title: str
    place: Place
    goods: tuple[Goods, ...]
    is_organic: bool = False
    elsewhere: Mapping[Step, Place] = field(default_factory=dict)
    only_for: str | None = None

    @property
    def name(self) -> str:
        return f"{self.title} (demo)"

    @property
    def code(self) -> str:
        return self.place.municipality_code


def _farm(
    title: str,
    village: str,
    goods: str,
    *,
    organic: bool = False,
    only_for: str | None = None,
    **elsewhere: str,
) -> FarmSpec:
    return FarmSpec(
        title=title,
        place=PLACES[village],
        goods=tuple(GOODS[key] for key in goods.split()),
        is_organic=organic,
        elsewhere={Step(step): PLACES[where] for step, where in elsewhere.items()},
        only_for=only_for,
    )


HEBY_GROWER = "Odlarladan"
VEGETABLE_GROWER = "Åkerbo gård"
MEAT_FARM = "Lundängens kött"
CHARCUTERIE = "Källbackens chark"

FARMS = (
    # Kramfors
    _farm("Älvbrinkens potatis", "Nyland", "potatoes peeled"),
    _farm("Bäckåkerns potatis", "Torsåker", "potatoes swede", organic=True),
    _farm("Klöverlidens honung", "Ullånger", "honey"),
    _farm("Sommarvallens biodling", "Bollstabruk", "honey jam"),
    _farm("Tallmo kyckling", "Nordingrå", "chicken turkey", slaughter="Gävle"),
    _farm("Nyhems höns", "Frånö", "eggs chicken", slaughter="Söråker"),
    _farm("Åsnäs odling", "Docksta", "carrots cabbage", organic=True),
    # Sollefteå and Ånge
    _farm("Forslidens ägg", "Långsele", "eggs"),
    _farm("Myrvallens får", "Näsåker", "lamb", organic=True, slaughter="Hammarstrand"),
    _farm("Sågbackens gårdsbageri", "Sollefteå", "bread", farm="Örsundsbro"),
    _farm("Ljungbackens mejeri", "Fränsta", "milk yoghurt"),
    _farm("Skogslidens vilt", "Ljungaverk", "elk", slaughter="Gnarp"),
    _farm("Byvallens potatis", "Ånge", "potatoes onions"),
    # around them
    _farm("Strandvallens nötkött", "Ramvik", "beef stew", slaughter="Skellefteå"),
    _farm("Norrlidens mejeri", "Bjästa", "milk yoghurt", organic=True),
    _farm("Yttergrunds fisk", "Köpmanholmen", "herring perch"),
    _farm("Fågelvikens grönsaker", "Söråker", "carrots onions swede"),
    _farm("Edslidens nötkött", "Hammarstrand", "beef stew"),
    _farm("Södervallens gris", "Gnarp", "pork sausage", processing="Söråker"),
    # Tierp
    _farm(MEAT_FARM, "Örbyhus", "beef stew pork"),
    _farm(CHARCUTERIE, "Tierp", "sausage ham", farm="Månkarbo", slaughter="Örbyhus"),
    _farm("Norrskogens vilt", "Söderfors", "elk boar"),
    _farm("Fjärdhällans fisk", "Karlholmsbruk", "herring pike", farm="Öregrund"),
    _farm("Solbackens ägg", "Månkarbo", "eggs"),
    _farm("Ängsbackens mejeri", "Skärplinge", "milk yoghurt", organic=True),
    _farm("Havrekvarnen på Heden", "Tobo", "oats", farm="Skärplinge"),
    _farm("Ekbackens bryggeri", "Tierp", "squash", farm="Örsundsbro"),
    _farm("Gröna grytan", "Tierp", "patties", organic=True, farm="Ransta"),
    _farm("Stenängens lamm", "Skärplinge", "lamb", slaughter="Örbyhus"),
    _farm("Nyängens nötkött", "Månkarbo", "beef", slaughter="Linköping", packing="Linköping"),
    # Heby, Knivsta, Östhammar. The report tells of a grower who would rather deliver to Heby alone.
    _farm(HEBY_GROWER, "Östervåla", "carrots onions cabbage", organic=True, only_for="0331"),
    _farm("Sandbackens potatis", "Tärnsjö", "potatoes peeled"),
    _farm("Getbackens gård", "Morgongåva", "goat", slaughter="Ransta"),
    _farm("Ekhagens ägg", "Alsike", "eggs", organic=True),
    _farm("Lerslättens baljväxter", "Knivsta", "peas beans", organic=True),
    _farm("Gråskärs fisk", "Öregrund", "herring perch"),
    _farm("Mellanhagens naturbete", "Gimo", "beef lamb", organic=True, slaughter="Örbyhus"),
    _farm("Valskogs kyckling", "Alunda", "chicken", slaughter="Linköping"),
    # around them
    _farm("Slättbyodlarna", "Storvreta", "carrots beetroot onions"),
    _farm("Stenugnen på Backen", "Björklinge", "bread", organic=True),
    _farm("Lövlundens frukt", "Almunge", "apples must"),
    _farm("Hedängens grönsaker", "Hedesunda", "carrots potatoes parsnips"),
    _farm("Nedre forsens fisk", "Älvkarleby", "pike perch"),
    _farm("Rosenvallens mejeri", "Ransta", "milk"),
    _farm("Slättlundens kvarn", "Örsundsbro", "flour oats"),
    _farm("Bergbackens vilt", "Horndal", "elk boar"),
    # Norrtälje
    _farm(VEGETABLE_GROWER, "Svanberga", "carrots beetroot cabbage"),
    _farm("Rotbackens grönsaker", "Rimbo", "onions parsnips swede"),
    _farm("Sjölyckans odling", "Edsbro", "carrots mushrooms", organic=True),
    _farm("Granskogens vilt", "Hallstavik", "boar elk"),
    _farm("Ekliden gris", "Bergshamra", "pork shoulder"),
    _farm("Ytterskärs fisk", "Gräddö", "herring pike", packing="Norrtälje"),
    _farm("Kornlyckans ägg", "Älmsta", "eggs"),
    _farm("Utängens nötkött", "Edsbro", "beef stew", slaughter="Skara", packing="Skara"),
    _farm("Lyckbo kyckling", "Rimbo", "chicken", slaughter="Kristianstad", packing="Kristianstad"),
    _farm("Linblommans honung", "Skänninge", "honey", organic=True),
    _farm("Äppelbacken", "Älmsta", "apples must currants", processing="Kristianstad"),
    _farm("Havstorps potatis", "Hallstavik", "potatoes"),
    # Vallentuna
    _farm("Slåtterängens nötkött", "Kårsta", "beef", slaughter="Uppsala"),
    _farm("Gökbackens ägg", "Lindholmen", "eggs", organic=True),
    _farm("Hönshagen", "Karby", "eggs"),
    # around them
    _farm("Skärbrinkens odling", "Rydbo", "cabbage beetroot", organic=True),
    _farm("Mälarlidens chark", "Sigtuna", "ham sausage", farm="Skara", slaughter="Skara"),
    _farm("Stenåsens lamm", "Knutby", "lamb", slaughter="Linköping"),
    _farm("Ekåkerns spannmål", "Fjärdhundra", "flour peas", processing="Örsundsbro"),
)
