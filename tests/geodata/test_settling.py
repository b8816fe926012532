"""The expanding circle as a rule: uncertain until it is known who has the product, then a distance like any other."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from locality import CIRCLES, DEFINITIONS, KITCHEN, POINTS, SITES

from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InvalidDefinition,
    LocalDefinition,
    Step,
    WithinDistance,
    simple_rules,
    unsettled_circles,
)
from geodata.distances import reach_m
from geodata.expanding import Supply
from geodata.local import outline
from geodata.local_maps import Chain, definition_map
from geodata.many import verdict_many
from geodata.points import Point
from geodata.reasons import Answer
from geodata.settling import circle_reach_m, settle
from geodata.sites import ProductionSite
from geodata.verdicts import verdict
from geodata.versions import compare
from geodata.where import where_local

ON = date(2026, 11, 1)
POTATOES = ExpandingCircle("potatoes", 200_000)
SWEDISH, ENGLISH = {"potatoes": "potatis"}, {"potatoes": "potatoes"}
NEAR, FAR = Point(lat=59.9, lon=18.5), Point(lat=61.9, lon=16.1)
OFFERS = st.lists(
    st.builds(Supply, key=st.integers(0, 99), point=POINTS, amount_grams=st.integers(1, 500_000)), max_size=6
)


def judge(rule, sites, *, kitchen=KITCHEN):
    return verdict(LocalDefinition(rule), authority_code="0188", sites=sites, kitchen=kitchen, on=ON)


def farm(point):
    return [ProductionSite(Step.FARM, point)]


def settled(rule, radius):
    return settle(LocalDefinition(rule), {POTATOES: radius}).rule


@pytest.mark.parametrize("kitchen", [KITCHEN, None])
def test_unsettled_it_is_uncertain_and_says_what_it_depends_on(kitchen):
    found = judge(POTATOES, farm(NEAR), kitchen=kitchen)
    assert found.answer is Answer.UNCERTAIN
    assert [reason.text("sv", product_names=SWEDISH) for reason in found.reasons] == [
        "Det beror på vem som har potatis just då: cirkeln når så långt som behövs för att täcka 200\u00a0kg"
    ]
    assert found.reasons[0].text("en", product_names=ENGLISH) == (
        "It depends on who has potatoes at the time: the circle reaches as far as is needed to cover 200\u00a0kg"
    )
    assert found.would_change[0].text("sv", product_names=SWEDISH) == (
        "Räkna ut cirkeln ur det som finns av potatis just då"
    )
    assert [evidence.text("en") for evidence in found.evidence] == ["no measurement"]
    told = found.to_json("sv", product_names=SWEDISH)
    assert told["reasons"][0]["facts"] == {"product": "potatoes", "grams": 200_000}
    assert "potatis" in told["reasons"][0]["text"]
    assert "potatis" in told["would_change"][0]["text"]


def test_another_rule_may_decide_all_the_same():
    assert judge(AnyOf((POTATOES, WithinDistance(50))), farm(NEAR)).answer is Answer.YES
    assert judge(AllOf((POTATOES, WithinDistance(50))), farm(FAR)).answer is Answer.NO
    assert judge(AllOf((POTATOES, WithinDistance(50))), farm(NEAR)).answer is Answer.UNCERTAIN


@given(sites=st.lists(SITES, min_size=1, max_size=3), metres=st.integers(1, 400_000))
def test_settled_it_is_the_distance_it_reaches(sites, metres):
    rule = settled(POTATOES, metres)
    assert judge(rule, sites) == judge(WithinDistance(metres / 1000, "crow", "kitchen"), sites)
    assert rule.limit_m == metres


@given(sites=st.lists(SITES, min_size=1, max_size=3), circle=CIRCLES)
def test_all_at_once_it_is_uncertain_too(sites, circle):
    table = verdict_many(
        [sites], definitions={"0188": LocalDefinition(circle)}, kitchens={"0188": KITCHEN}, on=ON
    )
    assert table.answer(0, "0188") is judge(circle, sites).answer is Answer.UNCERTAIN


def test_it_reaches_no_farther_than_is_needed():
    middle = Point(lat=60.34, lon=17.51)
    offers = [Supply("far", FAR, 500_000), Supply("near", NEAR, 120_000), Supply("middle", middle, 100_000)]
    reaches = {
        kilograms: circle_reach_m(offers, kitchen=KITCHEN, rule=ExpandingCircle("potatoes", kilograms * 1000))
        for kilograms in (1, 120, 121, 220, 221, 9_000)
    }
    near, farther, farthest = (reach_m(KITCHEN, point) for point in (NEAR, middle, FAR))
    assert list(reaches.values()) == [near, near, farther, farther, farthest, farthest]


@given(offers=OFFERS, wanted=st.integers(1, 900_000), more=st.integers(0, 900_000), site=SITES)
def test_more_wanted_never_shrinks_the_circle(offers, wanted, more, site):
    small, large = (ExpandingCircle("potatoes", grams) for grams in (wanted, wanted + more))
    reaches = [circle_reach_m(offers, kitchen=KITCHEN, rule=rule) for rule in (small, large)]
    if not offers:
        assert reaches == [None, None]
        return
    assert 0 < reaches[0] <= reaches[1]
    answers = [
        judge(settle(LocalDefinition(rule), {rule: reach}).rule, [site]).answer
        for rule, reach in zip((small, large), reaches, strict=True)
    ]
    assert answers[0].rank <= answers[1].rank


@given(offers=OFFERS, wanted=st.integers(1, 900_000))
def test_those_that_the_circle_was_drawn_round_are_inside_it(offers, wanted):
    """Together they have enough, or they are all there is."""
    rule = ExpandingCircle("potatoes", wanted)
    definition = settle(
        LocalDefinition(rule), {rule: circle_reach_m(offers, kitchen=KITCHEN, rule=rule) or 1}
    )
    inside = [offer for offer in offers if judge(definition.rule, farm(offer.point)).answer is Answer.YES]
    assert sum(offer.amount_grams for offer in inside) >= wanted or inside == offers


def test_a_supplier_at_the_kitchen_itself_is_inside():
    reach = circle_reach_m([Supply("garden", KITCHEN, 1)], kitchen=KITCHEN, rule=POTATOES)
    assert reach == 1
    assert judge(settled(POTATOES, reach), farm(KITCHEN)).answer is Answer.YES


@pytest.mark.parametrize("radii", [{}, {POTATOES: None}, {POTATOES: 0}])
def test_without_any_supplier_it_stays_as_it_is(radii):
    definition = LocalDefinition(AnyOf((InCounties(), POTATOES)))
    assert settle(definition, radii) == definition


@given(definition=DEFINITIONS, metres=st.integers(1, 400_000))
def test_settling_changes_the_circles_and_nothing_else(definition, metres):
    circles = unsettled_circles(definition)
    found = settle(definition, dict.fromkeys(circles, metres))
    assert unsettled_circles(found) == ()
    assert replace(found, rule=definition.rule) == definition
    expected = [
        WithinDistance(metres / 1000) if isinstance(rule, ExpandingCircle) else rule
        for rule in simple_rules(definition.rule)
    ]
    assert list(simple_rules(found.rule)) == expected


def test_it_is_drawn_once_it_is_settled_and_not_before():
    definition = LocalDefinition(AnyOf((InCounties(), POTATOES)))
    with pytest.raises(InvalidDefinition, match=r"depends on who has 'potatoes'.*geodata\.local\.settle"):
        outline(definition, authority_code="0188", kitchen=KITCHEN)
    drawn = outline(settle(definition, {POTATOES: 100_000}), authority_code="0188", kitchen=KITCHEN)
    assert drawn["coordinates"]


def test_maps_and_tables_tell_it_with_the_products_name():
    rows = where_local(farm(NEAR), {"0188": LocalDefinition(POTATOES)}, on=ON)
    (row,) = [row for row in rows if row.municipality.code == "0188"]
    assert row.answer is Answer.UNCERTAIN
    assert "vem som har potatis just då" in row.reason("sv", product_names=SWEDISH)
    assert "200\u00a0kg potatis" in row.to_json("sv", product_names=SWEDISH)["description"]
    html = definition_map(
        definition=LocalDefinition(POTATOES), authority_code="0188", chains=[Chain("Åkerbo", tuple(farm(NEAR)))],
        on=ON, kitchen=KITCHEN, product_names=SWEDISH,
    )  # fmt: skip
    assert "täcka 200\u00a0kg potatis" in html
    assert "vem som har potatis just då" in html


def test_what_is_no_longer_sure_has_dropped_out():
    change = compare(
        LocalDefinition(WithinDistance(50)), LocalDefinition(POTATOES),
        producers={"near": farm(NEAR), "far": farm(FAR)}, authority_code="0188", kitchen=KITCHEN,
    )  # fmt: skip
    assert (change.drop_out, change.with_answer(Answer.UNCERTAIN)) == (("near",), ("near", "far"))
