"""Laws that hold for every definition and every chain."""

import json
from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from locality import DEFINITIONS, KITCHEN, POINTS, RULES, SITES

from geodata.definition_json import from_json, to_json
from geodata.definitions import (
    AllOf,
    AnyOf,
    InCounties,
    LocalDefinition,
    Step,
    WithinDistance,
)
from geodata.describing import describe
from geodata.distances import reach_m
from geodata.reasons import Answer
from geodata.sites import ProductionSite
from geodata.verdicts import verdict

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
    expected = Answer.YES if reach_m(KITCHEN, point) <= km * 1000 else Answer.NO
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


@given(one=POINTS, other=POINTS, limit_km=st.integers(1, 300))
def test_within_a_distance_is_mutual(one, other, limit_km):
    answers = [
        judge(WithinDistance(limit_km), [ProductionSite(step=Step.FARM, point=there)], kitchen=here).answer
        for here, there in ((one, other), (other, one))
    ]
    assert answers[0] is answers[1]
