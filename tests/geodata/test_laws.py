"""Laws that hold for every definition and every chain."""

import json
from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import areas
from geodata.definition_json import from_json, to_json
from geodata.definitions import (
    AllOf,
    AnyOf,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    SchoolDayVisit,
    Step,
    WithinDistance,
)
from geodata.describing import describe
from geodata.distances import distance_m
from geodata.points import Point
from geodata.reasons import Answer
from geodata.sites import ProductionSite
from geodata.verdicts import verdict

COUNTIES = st.sampled_from([county.code for county in areas.counties()])
SIMPLE = st.one_of(
    st.builds(InCounties, st.lists(COUNTIES, max_size=4, unique=True).map(tuple)),
    st.builds(InMunicipalityOrNeighbours, st.integers(0, 3)),
    st.builds(
        WithinDistance,
        km=st.one_of(st.integers(1, 500), st.floats(0.5, 500)),
        by=st.sampled_from(["crow", "road"]),
        measured_from=st.sampled_from(["kitchen", "seat", "border"]),
    ),
    st.builds(SchoolDayVisit, day_hours=st.floats(1, 10), travel_share=st.floats(0.1, 1)),
)
RULES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
STEPS = st.lists(st.sampled_from(Step), min_size=1, max_size=4, unique=True).map(tuple)
DEFINITIONS = st.builds(
    LocalDefinition,
    rule=RULES,
    steps=STEPS,
    valid_from=st.none() | st.dates(date(2020, 1, 1), date(2025, 1, 1)),
    valid_to=st.none() | st.dates(date(2025, 1, 2), date(2030, 1, 1)),
    wording=st.text(max_size=20),
)

KITCHEN = Point(lat=59.758, lon=18.705)
# Land in the middle of Sweden, away from the sea, so that every point has a municipality.
POINTS = st.builds(Point, lat=st.floats(58.5, 61.5), lon=st.floats(14.5, 17.0))
SITES = st.builds(
    ProductionSite,
    step=st.sampled_from(Step),
    point=POINTS,
    municipality_code=st.none() | st.sampled_from(["0188", "0360", "0461", "2180"]),
    name=st.sampled_from(["", "A", "B"]),
)
CHAINS = st.lists(SITES, min_size=1, max_size=3)


def judge(rule, sites, *, kitchen=KITCHEN):
    return verdict(
        LocalDefinition(rule=rule), authority_code="0188", sites=sites, kitchen=kitchen, on=date(2026, 1, 1)
    )


@settings(max_examples=50)
@given(rule=RULES, sites=CHAINS)
def test_the_order_of_the_chain_never_matters(rule, sites):
    assert len({repr(judge(rule, list(order))) for order in permutations(sites)}) == 1


@given(sites=CHAINS, km=st.integers(1, 300), more=st.integers(0, 100), by=st.sampled_from(["crow", "road"]),
       origin=st.sampled_from(["kitchen", "seat", "border"]))  # fmt: skip
def test_a_larger_limit_never_takes_away(sites, km, more, by, origin):
    small, large = (judge(WithinDistance(limit, by, origin), sites) for limit in (km, km + more))
    assert small.answer.rank <= large.answer.rank


@given(rules=st.lists(RULES, min_size=1, max_size=3), sites=CHAINS)
def test_and_is_the_least_and_or_the_greatest_for_one_site(rules, sites):
    site = sites[:1]
    ranks = [judge(rule, site).answer.rank for rule in rules]
    assert judge(AllOf(tuple(rules)), site).answer.rank == min(ranks)
    assert judge(AnyOf(tuple(rules)), site).answer.rank == max(ranks)


@given(one=RULES, other=RULES, sites=CHAINS)
def test_and_or_commute_and_absorb(one, other, sites):
    assert judge(AllOf((one, other)), sites).answer == judge(AllOf((other, one)), sites).answer
    assert judge(AnyOf((one, other)), sites).answer == judge(AnyOf((other, one)), sites).answer
    assert judge(AnyOf((one, AllOf((one, other)))), sites).answer == judge(one, sites).answer


@given(rule=RULES, sites=CHAINS, more=SITES)
def test_a_longer_chain_is_never_more_local(rule, sites, more):
    assert judge(rule, [*sites, more]).answer.rank <= judge(rule, sites).answer.rank


@given(km=st.integers(1, 400), point=POINTS)
def test_the_distance_rule_is_the_geodesic(km, point):
    site = ProductionSite(step=Step.FARM, point=point)
    expected = Answer.YES if distance_m(KITCHEN, point) <= km * 1000 else Answer.NO
    assert judge(WithinDistance(km), [site]).answer is expected


@given(rule=RULES, sites=CHAINS, kitchen=st.none() | st.just(KITCHEN))
def test_every_verdict_explains_itself_in_both_languages(rule, sites, kitchen):
    found = judge(rule, sites, kitchen=kitchen)
    assert found.deciding
    assert found.evidence
    assert (found.would_change == ()) == (found.answer is Answer.YES)
    for language in ("sv", "en"):
        texts = [said.text(language) for said in (*found.reasons, *found.would_change, *found.evidence)]
        assert all(texts)
        assert not any("None" in text for text in texts)


@given(point=POINTS)
def test_the_own_county_holds_for_whoever_declares_it(point):
    site = ProductionSite(step=Step.FARM, point=point, municipality_code="0360")
    assert judge(InCounties(("03",)), [site]).answer == "yes"


@given(definition=DEFINITIONS)
def test_json_and_back_is_the_same_definition(definition):
    assert from_json(json.loads(json.dumps(to_json(definition)))) == definition


@given(definition=DEFINITIONS, authority=st.none() | st.sampled_from(["0188", "0980", "2283"]))
def test_every_definition_can_be_told_in_both_languages(definition, authority):
    for language in ("sv", "en"):
        text = describe(definition, language, authority_code=authority)
        assert text.endswith(".")
        assert "None" not in text
