"""Is it local, and why: the answer, the reason in words and numbers, what would change it."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geodata import areas
from geodata.definitions import (
    AllOf,
    AnyOf,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    NotInForce,
    SchoolDayVisit,
    Step,
    WithinDistance,
)
from geodata.distances import reach_m
from geodata.points import Point
from geodata.sites import ProductionSite
from geodata.travel import TravelMatrix
from geodata.verdicts import verdict

KITCHEN = Point(lat=59.758, lon=18.705)
NEAR = Point(lat=59.9, lon=18.5)  # Norrtälje, 20 km
TIERP = Point(lat=60.34, lon=17.51)  # 93 km
FAR = Point(lat=61.9, lon=16.1)  # Gävleborg, 278 km
AT_A_BORDER = Point(lat=59.0475, lon=17.3119)  # Gnesta, by the county's border
ON = date(2026, 11, 1)


class Road:
    """An engine that has measured: every road has this length and time."""

    def __init__(self, metres, seconds, *, is_estimate=False):
        self.answer = (metres, seconds, is_estimate)

    def matrix(self, origins, destinations):
        metres, seconds, is_estimate = self.answer
        shape = (len(origins), len(destinations))
        return TravelMatrix(
            np.full(shape, metres), np.full(shape, seconds), "test roads", "2026", is_estimate=is_estimate
        )


def judge(rule, *sites, authority="0188", steps=tuple(Step), **options):
    options = {"kitchen": KITCHEN, "kitchen_name": "Norrtälje centralkök", "on": ON} | options
    return verdict(
        LocalDefinition(rule=rule, steps=steps), authority_code=authority, sites=list(sites), **options
    )


def farm(point, **more):
    return ProductionSite(step=Step.FARM, point=point, **more)


def slaughter(point, **more):
    return ProductionSite(step=Step.SLAUGHTER, point=point, **more)


def test_one_site_outside_decides_and_says_how_far():
    found = judge(WithinDistance(250), farm(NEAR, name="Väddö"), slaughter(FAR, name="Bollnäs"))
    assert found.answer == "no"
    assert found.reasons[0].text("sv") == (
        "Slakt i Bollnäs: 278\u00a0km från Norrtälje centralkök, över 250\u00a0km"
    )
    assert found.reasons[0].text("en") == (
        "Slaughter in Bollnäs: 278\u00a0km from Norrtälje centralkök, over 250\u00a0km"
    )
    assert [change.text("en") for change in found.would_change] == [
        "Slaughter in Bollnäs: at least 28\u00a0km closer"
    ]
    assert [reason.answer for reason in found.reasons] == ["no", "yes"]
    assert [reason.step for reason in found.deciding] == [Step.SLAUGHTER]


def test_only_the_steps_that_count_are_judged():
    found = judge(WithinDistance(250), farm(NEAR), slaughter(FAR), steps=(Step.FARM,))
    assert found.answer == "yes"
    assert len(found.reasons) == 1


def test_the_limit_itself_is_inside_and_a_metre_more_is_not():
    metres = reach_m(KITCHEN, FAR)
    assert judge(WithinDistance(metres / 1000), farm(FAR)).answer == "yes"
    just_over = judge(WithinDistance((metres - 1) / 1000), farm(FAR, name="X"))
    assert just_over.answer == "no"
    distance, limit = (
        just_over.reasons[0].text("en").split(" from ")[0],
        just_over.reasons[0].text("en")[-12:],
    )
    assert distance.split(": ")[1] not in limit


@pytest.mark.parametrize(("point", "answer"), [(NEAR, "yes"), (TIERP, "no"), (AT_A_BORDER, "uncertain")])
def test_own_county(point, answer):
    assert judge(InCounties(), farm(point)).answer == answer


def test_near_a_border_only_a_stated_municipality_decides():
    uncertain = judge(InCounties(), farm(AT_A_BORDER, name="X"))
    assert "Södertälje eller Gnesta" in uncertain.reasons[0].text("sv")
    assert uncertain.would_change[0].text("en") == (
        "Farm in X: state the municipality in which the site is registered"
    )
    assert judge(InCounties(), farm(AT_A_BORDER, municipality_code="0181")).answer == "yes"
    assert judge(InCounties(), farm(AT_A_BORDER, municipality_code="0461")).answer == "no"


@pytest.mark.parametrize(("inward_m", "answer"), [(500, "uncertain"), (1_900, "uncertain"), (2_100, "yes")])
def test_two_kilometres_from_the_countys_border_is_far_enough(inward_m, answer):
    """From the border between Norrtälje (01) and Östhammar (03) straight towards Norrtälje."""
    start, end = areas.nearest_in(["0382"], KITCHEN).sweref, KITCHEN.sweref
    share = inward_m / math.dist(start, end)
    easting, northing = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    assert judge(InCounties(), farm(Point.from_sweref(easting=easting, northing=northing))).answer == answer


def test_a_border_inside_the_county_changes_nothing():
    assert judge(InCounties(("01", "04")), farm(AT_A_BORDER)).answer == "yes"


def test_a_declared_municipality_wins_over_the_polygon():
    found = judge(InCounties(), farm(TIERP, municipality_code="0188"))
    assert found.answer == "yes"
    assert found.evidence[0].method == "declared"


def test_in_a_set_of_counties():
    found = judge(InCounties(("25", "24")), farm(TIERP, name="X"))
    assert found.reasons[0].text("sv") == (
        "Gård i X: ligger i Tierps kommun (Uppsala län), utanför Norrbottens län eller Västerbottens län"
    )


def test_a_kitchen_without_a_name_is_the_kitchen():
    found = judge(WithinDistance(100), farm(TIERP, name="X"), kitchen_name="")
    assert found.reasons[0].text("sv") == "Gård i X: 93\u00a0km från köket, inom 100\u00a0km"


@pytest.mark.parametrize(("rings", "answer"), [(0, "no"), (1, "no"), (2, "yes")])
def test_neighbours_by_rings(rings, answer):
    assert judge(InMunicipalityOrNeighbours(rings), farm(TIERP)).answer == answer


def test_a_neighbour_across_a_bridge_counts():
    found = judge(
        InMunicipalityOrNeighbours(1), farm(NEAR, municipality_code="0180", name="X"), authority="0186"
    )
    assert found.reasons[0].text("en") == (
        "Farm in X: lies in Stockholm municipality (Stockholms län), next to Lidingö municipality"
    )


def test_an_estimated_road_is_uncertain_inside_its_band_only():
    answers = {km: judge(WithinDistance(km, "road"), farm(TIERP)).answer for km in (100, 120, 140)}
    assert answers == {100: "no", 120: "uncertain", 140: "yes"}
    found = judge(WithinDistance(120, "road"), farm(TIERP))
    assert found.would_change[0].code == "change.measure_road"
    assert found.evidence[0].method == "estimated_road"


def test_a_measured_road_is_never_uncertain():
    assert judge(WithinDistance(120, "road"), farm(TIERP), travel=Road(120_000, 1)).answer == "yes"
    over = judge(WithinDistance(120, "road"), farm(TIERP, name="X"), travel=Road(120_400, 1))
    assert over.answer == "no"
    assert over.reasons[0].text("en").startswith("Farm in X: 120.4\u00a0km by road")
    assert over.evidence[0].text("en") == "road measured by an engine (test roads, 2026)"


def test_an_engine_that_fell_back_on_estimates_is_treated_as_one():
    fallen = Road(1_000, 1, is_estimate=True)
    assert judge(WithinDistance(120, "road"), farm(TIERP), travel=fallen).answer == "uncertain"


@pytest.mark.parametrize(("seconds", "answer"), [(5_399, "yes"), (5_400, "no"), (9_000, "no")])
def test_a_school_visit_must_take_less_than_half_the_day(seconds, answer):
    assert judge(SchoolDayVisit(), farm(TIERP), travel=Road(1, seconds)).answer == answer


def test_a_school_visit_estimated():
    answers = [judge(SchoolDayVisit(), farm(point)).answer for point in (NEAR, FAR)]
    assert answers == ["yes", "no"]
    assert judge(SchoolDayVisit(day_hours=8), farm(TIERP)).answer == "uncertain"


def test_from_the_seat_no_kitchen_is_needed():
    found = judge(WithinDistance(100, "crow", "seat"), farm(TIERP, name="X"), kitchen=None)
    assert found.reasons[0].text("sv") == "Gård i X: 93\u00a0km från Norrtälje, inom 100\u00a0km"


def test_from_the_border_the_inside_is_near_and_the_blur_is_uncertain():
    def answer(point, km):
        return judge(WithinDistance(km, "crow", "border"), farm(point)).answer

    assert answer(NEAR, 1) == "yes"
    assert [answer(TIERP, km) for km in (50, 59, 70)] == ["no", "uncertain", "yes"]


@pytest.mark.parametrize("rule", [WithinDistance(250), SchoolDayVisit()])
def test_without_the_kitchen_that_a_rule_needs_nothing_is_guessed(rule):
    found = judge(rule, farm(NEAR), slaughter(NEAR), kitchen=None)
    assert found.answer == "uncertain"
    assert [reason.code for reason in found.reasons] == ["question.kitchen_unknown"]
    assert found.would_change[0].text("sv") == "Ange kökets läge"


@pytest.mark.parametrize("sites", [[], [slaughter(NEAR)]])
def test_without_a_site_that_counts_nothing_is_guessed(sites):
    found = judge(InCounties(), *sites, steps=(Step.FARM,))
    assert (found.answer, found.reasons[0].code) == ("uncertain", "question.no_site")


def test_or_takes_the_better_and_tells_only_what_held():
    found = judge(AnyOf((InCounties(), WithinDistance(250))), farm(TIERP))
    assert (found.answer, [reason.code for reason in found.reasons]) == ("yes", ["distance.yes"])
    assert found.would_change == ()


def test_and_takes_the_worse_and_tells_what_failed():
    found = judge(AllOf((InCounties(), WithinDistance(250))), farm(TIERP))
    assert (found.answer, [reason.code for reason in found.reasons]) == ("no", ["counties.no"])


def test_no_beats_uncertain_in_and_and_loses_to_it_in_or():
    uncertain, no = WithinDistance(120, "road"), InCounties()
    assert judge(AllOf((uncertain, no)), farm(TIERP)).answer == "no"
    assert judge(AnyOf((uncertain, no)), farm(TIERP)).answer == "uncertain"


def test_a_definition_that_is_not_in_force_is_refused():
    definition = LocalDefinition(rule=InCounties(), valid_from=date(2027, 1, 1))
    with pytest.raises(NotInForce, match="Choose the version that is"):
        verdict(definition, authority_code="0188", sites=[farm(NEAR)], on=ON)


def test_unknown_codes_are_refused():
    with pytest.raises(KeyError, match="four digits"):
        judge(InCounties(), farm(NEAR), authority="9999")
    with pytest.raises(KeyError, match="four digits"):
        farm(NEAR, municipality_code="9999")


def test_the_verdict_as_json_has_texts_numbers_and_evidence():
    document = judge(WithinDistance(250), slaughter(FAR, name="Bollnäs")).to_json("en")
    assert document["answer"] == "no"
    assert document["reasons"][0]["facts"]["limit_m"] == 250_000
    assert document["reasons"][0]["text"].startswith("Slaughter in Bollnäs: 278")
    assert document["evidence"][0]["text"] == "distance calculated as the crow flies (WGS 84)"
    assert document["on"] == "2026-11-01"


def test_a_chain_may_name_the_same_site_twice():
    site = farm(NEAR)
    assert judge(InCounties(), site, replace(site)).reasons == judge(InCounties(), site).reasons
