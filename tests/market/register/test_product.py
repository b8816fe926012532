"""A producer's products: what they are, and the whole chain of where they are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.register.models import Product, Step, Temperature
from market.values import Unit

SignIn = Callable[[str | None], FlaskClient]
NEW = "/register/products/new"


def _form(stored: Cast, **changes: Any) -> dict[str, Any]:
    form = {
        "name": "Ägg",
        "category": "eggs",
        "unit": "C62",
        "grams_per_unit": "62,5",
        "temperature": "chilled",
        "is_organic": "y",
        "farm": [str(stored.site.id)],
    }
    return form | changes


def _named(look: Session, name: str) -> Product | None:
    return look.scalar(select(Product).where(Product.name == name))


def _chain(product: Product) -> list[tuple[Step, int]]:
    return [(link.step, link.site_id) for link in product.chain]


def test_a_product_is_stored_with_its_chain(client_for: SignIn, stored: Cast, look: Session) -> None:
    slaughterhouse = str(_site_of_the_other(stored))
    form = _form(stored, packing=[str(stored.site.id)], slaughter_elsewhere=slaughterhouse)
    assert client_for("producer").post(NEW, data=form).status_code == 302
    eggs = _named(look, "Ägg")
    assert eggs is not None
    assert (eggs.unit, eggs.grams_per_unit, eggs.temperature) == (Unit.PIECE, 62, Temperature.CHILLED)
    assert eggs.is_organic
    assert _chain(eggs) == [
        (Step.FARM, stored.site.id),
        (Step.SLAUGHTER, int(slaughterhouse)),
        (Step.PACKING, stored.site.id),
    ]


def test_a_kilogram_weighs_a_kilogram_whatever_is_written(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    form = _form(stored, name="Kål", category="vegetables", unit="KGM", grams_per_unit="7")
    assert client_for("producer").post(NEW, data=form).status_code == 302
    cabbage = _named(look, "Kål")
    assert cabbage is not None
    assert cabbage.grams_per_unit == 1000


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"farm": []}, "Gård: Välj minst en plats där varan produceras."),
        ({"grams_per_unit": ""}, "Skriv ungefär vad en liter eller ett styck väger."),
        ({"grams_per_unit": "1.5"}, "Skriv decimaler med komma"),
        ({"name": " "}, "Varans namn: "),
        ({"name": "Morötter"}, "Det finns redan något med namnet Morötter."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(
    client_for: SignIn, stored: Cast, look: Session, changes: dict[str, Any], text: str
) -> None:
    page = client_for("producer").post(NEW, data=_form(stored, **changes)).text
    assert text in page
    assert _named(look, "Ägg") is None


def test_a_site_that_nobody_offered_can_not_be_slipped_in(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    form = _form(stored, farm=[str(_site_of_the_other(stored))])
    assert client_for("producer").post(NEW, data=form).status_code == 200
    assert _named(look, "Ägg") is None


def test_changing_a_product_keeps_its_unit_and_replaces_its_chain(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    url = f"/register/products/{stored.carrots.id}"
    form = _form(
        stored, name="Vintermorötter", category="vegetables", unit="KGM", packing=[str(stored.site.id)]
    )
    assert client_for("producer").post(url, data=form | {"unit": "C62"}).status_code == 200
    assert client_for("producer").post(url, data=form).status_code == 302
    carrots = look.get_one(Product, stored.carrots.id)
    assert (carrots.name, carrots.unit) == ("Vintermorötter", Unit.KILOGRAM)
    assert _chain(carrots) == [(Step.FARM, stored.site.id), (Step.PACKING, stored.site.id)]


def test_a_chain_through_another_producer_survives_a_change(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client, elsewhere = client_for("producer"), str(_site_of_the_other(stored))
    client.post(NEW, data=_form(stored, slaughter_elsewhere=elsewhere))
    eggs = _named(look, "Ägg")
    assert eggs is not None
    page = client.get(f"/register/products/{eggs.id}").text
    assert "Granby gård: Granby" in page
    form = _form(stored, name="Ägg, stora", slaughter=[elsewhere])
    assert client.post(f"/register/products/{eggs.id}", data=form).status_code == 302
    look.expire_all()
    assert _chain(eggs) == [(Step.FARM, stored.site.id), (Step.SLAUGHTER, int(elsewhere))]


def _site_of_the_other(stored: Cast) -> int:
    """Granby is the only other site of the cast."""
    return stored.site.id + 1
