"""Real places, invented names, and definitions that tell producers apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from geodata import areas, local
from geodata.distances import distance_m
from geodata.points import Point
from market.demo.places import PLACES
from market.fleet.models import Carrier, Vehicle
from market.fleet.setting_up import STAFF_NAME
from market.locality.queries import stated_by
from market.register.models import (
    Authority,
    Kitchen,
    KitchenKind,
    Procedure,
    Producer,
    Product,
    ProductionSite,
    TransportModel,
)

COMPANIES_OF_THE_REPORT = (
    "strömsberg", "strömberg", "tillman", "andersson", "tiohundra", "matvärden", "farmup", "skafferi värmland",
    "fresh range", "equilibrium", "equillibrium", "tendsign", "e-avrop", "ica",
)  # fmt: skip


def test_every_kitchen_and_site_lies_in_its_municipality(session):
    for kitchen in session.scalars(select(Kitchen)):
        assert _code(kitchen) == kitchen.authority.municipality_code, kitchen.name
    for site in session.scalars(select(ProductionSite)):
        assert _code(site) == site.municipality_code, site.name


def test_kitchens_and_sites_stand_close_to_a_real_place_and_never_on_each_other(session):
    things = [*session.scalars(select(Kitchen)), *session.scalars(select(ProductionSite))]
    for thing in things:
        place = PLACES[thing.address]
        assert distance_m(Point(thing.lat, thing.lon), Point(place.lat, place.lon)) < 400, thing.name
    positions = [(thing.lat, thing.lon) for thing in things]
    assert len(set(positions)) == len(positions)


def test_kitchens_of_each_municipality_as_the_report_counts_them(session):
    counted = {
        authority.municipality_code: (
            sum(k.kind is KitchenKind.HUB for k in authority.kitchens),
            sum(k.kind is KitchenKind.SATELLITE for k in authority.kitchens),
        )
        for authority in session.scalars(select(Authority))
    }
    assert counted == {
        "2282": (5, 8), "2283": (2, 0), "2260": (2, 0), "0360": (8, 0), "0331": (2, 0), "0330": (2, 0),
        "0382": (3, 0), "0115": (3, 2), "0188": (5, 0),
    }  # fmt: skip


def test_satellites_get_their_goods_from_a_hub_of_their_own_municipality(session):
    for kitchen in session.scalars(select(Kitchen).where(Kitchen.hub_id.is_not(None))):
        assert kitchen.hub.kind is KitchenKind.HUB
        assert kitchen.hub.authority_id == kitchen.authority_id


def test_procedures_and_transports_are_those_of_the_report(session):
    by_code = {a.municipality_code: a for a in session.scalars(select(Authority))}
    assert {code for code, a in by_code.items() if a.procedure is Procedure.DIRECT_AWARD} == {"0188"}
    assert by_code["2282"].transport_model is TransportModel.HUBS_OWN_STAFF
    assert by_code["0115"].transport_model is TransportModel.MUNICIPAL_VANS
    tierp = by_code["0360"]
    assert tierp.transport_model is TransportModel.SUPPLIERS_COLOAD
    assert {by_code[code].planning_authority_id for code in ("0331", "0330", "0382")} == {tierp.id}


def test_every_planning_authority_has_vehicles(session):
    planning = {a.planning_authority_id for a in session.scalars(select(Authority))}
    collecting = select(Vehicle.authority_id).join(Vehicle.carrier).where(Carrier.name != STAFF_NAME)
    vehicles = list(session.scalars(collecting))
    assert set(vehicles) == planning
    assert all(1 <= vehicles.count(authority) <= 3 for authority in planning)


def test_names_are_marked_and_none_is_a_company_of_the_report(session):
    names = [
        name for kind in (Kitchen, Producer, ProductionSite) for name in session.scalars(select(kind.name))
    ]
    assert all(name.endswith("(demo)") for name in names)
    notes = session.scalars(select(Authority.transport_note))
    texts = " ".join([*names, *session.scalars(select(Vehicle.name)), *notes]).lower().split()
    for company in COMPANIES_OF_THE_REPORT:
        assert not any(word.startswith(company) for word in texts), company


@pytest.mark.parametrize("code", ["2282", "0360", "0331", "0115", "0188"])
def test_each_definition_calls_some_producers_local_and_others_not(session, summary, code):
    authority = session.scalar(select(Authority).where(Authority.municipality_code == code))
    answers = {
        _verdict(session, authority, product, summary).answer for product in session.scalars(select(Product))
    }
    assert {local.Answer.YES, local.Answer.NO} <= answers


def test_whole_production_matters_in_norrtalje_where_the_farm_alone_would_do_in_vallentuna(session, summary):
    """A farm in the municipality that has its animals slaughtered in Skara."""
    product = _product(session, "Utängens nötkött (demo)", "Nötfärs")
    for code, expected in (("0188", local.Answer.NO), ("0115", local.Answer.YES)):
        authority = session.scalar(select(Authority).where(Authority.municipality_code == code))
        assert _verdict(session, authority, product, summary).answer is expected


def test_the_report_on_what_is_missing(session):
    assert not _categories_in(session, "2282") & {"beef", "pork", "lamb", "game"}
    assert _categories_in(session, "2282") >= {"potatoes", "honey", "poultry"}
    assert "vegetables" not in _categories_in(session, "0360")
    assert _categories_in(session, "0360") >= {
        "beef", "charcuterie", "game", "fish", "eggs", "dairy", "grain", "beverages", "plant_based",
    }  # fmt: skip
    assert _categories_in(session, "0188") >= {"vegetables", "game", "pork", "fish"}
    assert _categories_in(session, "0115") == {"beef", "eggs"}


def _code(thing) -> str:
    return areas.locate(Point(lat=thing.lat, lon=thing.lon)).municipality.code


def _product(session, producer: str, name: str) -> Product:
    query = select(Product).join(Product.producer).where(Producer.name == producer, Product.name == name)
    return session.scalars(query).one()


def _categories_in(session, code: str) -> set[str]:
    producers = session.scalars(select(Producer))
    return {
        p.category_key
        for producer in producers
        if producer.sites[0].municipality_code == code
        for p in producer.products
    }


def _verdict(session, authority: Authority, product: Product, summary) -> local.Verdict:
    kitchen = authority.kitchens[0]
    return local.verdict(
        stated_by(session, authority=authority, day=summary.week.monday).definition,
        authority_code=authority.municipality_code,
        sites=[
            local.ProductionSite(
                step=local.Step(link.step.value),
                point=Point(lat=link.site.lat, lon=link.site.lon),
                name=link.site.name,
                municipality_code=link.site.municipality_code,
            )
            for link in product.chain
        ],
        kitchen=Point(lat=kitchen.lat, lon=kitchen.lon),
        kitchen_name=kitchen.name,
        on=summary.week.monday,
    )
