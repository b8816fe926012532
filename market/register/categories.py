"""The report's food categories with their CPV codes, as reference data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.register.models import Category, CategoryCpv

# key, Swedish, English, CPV codes with check digits (the first is the one for notices)
CATEGORIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("beef", "Nöt- och kalvkött", "Beef and veal", ("15111000-9", "15111100-0", "15111200-1")),
    ("lamb", "Lamm och får", "Lamb and mutton", ("15115000-7", "15115100-8", "15115200-9")),
    ("goat", "Get", "Goat", ("15117000-1",)),
    ("pork", "Gris", "Pork", ("15113000-3",)),
    ("game", "Vilt", "Game", ("15119300-8", "15119200-7")),
    ("poultry", "Kyckling, kalkon, höna", "Poultry", ("15112130-6", "15112120-3")),
    ("charcuterie", "Chark", "Charcuterie", ("15131000-5", "15131130-5", "15131410-2")),
    ("eggs", "Ägg", "Eggs", ("03142500-3",)),
    ("dairy", "Mjölk och mejeri", "Milk and dairy", ("15500000-3", "15511000-3", "03333000-4")),
    (
        "fish",
        "Fisk och skaldjur",
        "Fish and shellfish",
        ("03311000-2", "15200000-0", "03312000-9", "03312200-1", "15250000-5"),
    ),
    ("potatoes", "Potatis", "Potatoes", ("03212100-1", "15313000-5")),
    ("vegetables", "Grönsaker", "Vegetables", ("03221000-6", "03221260-6")),
    ("fruit", "Frukt och bär", "Fruit and berries", ("03222000-3", "03222310-9")),
    (
        "grain",
        "Spannmål, mjöl, gryn",
        "Grain, flour, oats",
        ("03211000-3", "15612000-1", "15613000-8", "15613380-5"),
    ),
    ("pulses", "Baljväxter", "Pulses", ("03212200-2", "03212220-8")),
    ("honey", "Honung", "Honey", ("03142100-9", "15831600-8")),
    ("jam", "Sylt och marmelad", "Jam", ("15332290-3", "15332230-5")),
    ("bread", "Bröd", "Bread", ("15811100-7", "15821130-9")),
    ("beverages", "Bryggeri och must", "Beverages", ("15961000-2", "15980000-1", "15982000-5", "15321600-0")),
    ("plant_based", "Veganska produkter", "Plant-based products", ("15894100-2",)),
    ("prepared", "Förädlade produkter", "Prepared products", ("15890000-3",)),
)


@cache
def spoken_names(language: str) -> Mapping[str, str]:
    """What each category is called inside a sentence, in Swedish ("sv") or English, by key."""
    names = {key: swedish if language == "sv" else english for key, swedish, english, _ in CATEGORIES}
    return MappingProxyType({key: name[0].lower() + name[1:] for key, name in names.items()})


def seed(session: Session) -> None:
    """Insert the categories that are missing; those that exist stay as they are."""
    present = set(session.scalars(select(Category.key)))
    for position, (key, swedish, english, codes) in enumerate(CATEGORIES, 1):
        if key not in present:
            rows = [CategoryCpv(position=n, code=code) for n, code in enumerate(codes, 1)]
            session.add(Category(key=key, name_sv=swedish, name_en=english, position=position, codes=rows))
    session.flush()
