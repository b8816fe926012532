"""Definitions as data: valid or refused with the mend, and told in words."""

from datetime import date

import pytest

from geodata import areas
from geodata.definition_json import from_json
from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InvalidDefinition,
    LocalDefinition,
    SchoolDayVisit,
    Step,
    WithinDistance,
    needs_kitchen,
)
from geodata.describing import describe
from geodata.language import UnknownLanguage
from geodata.presets import preset

WITHIN_250 = {"kind": "within_distance", "km": 250}
CIRCLE = {"kind": "expanding_circle", "product": "potatoes", "grams": 200_000}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "definition must be an object"),
        ({}, "definition.rule is missing"),
        ({"rule": "250 km"}, "definition.rule is '250 km'"),
        ({"rule": {"kind": "nearby"}}, r"rule\.kind is 'nearby'. Give one of in_county"),
        ({"rule": {"km": 250}}, r"rule\.kind is None"),
        ({"rule": {"kind": "within_distance"}}, r"rule\.km is missing"),
        ({"rule": WITHIN_250 | {"km": "far"}}, r"rule\.km is 'far'"),
        ({"rule": WITHIN_250 | {"km": True}}, r"rule\.km is True"),
        ({"rule": WITHIN_250 | {"km": -1}}, "rule: The limit is -1 km. Give more than 0"),
        ({"rule": WITHIN_250 | {"km": float("nan")}}, "The limit is nan km"),
        ({"rule": WITHIN_250 | {"by": "boat"}}, "by is 'boat'. Give one of crow, road"),
        ({"rule": WITHIN_250 | {"from": "seat"}}, r"rule\.from is not known. Use only kind, km"),
        ({"rule": {"kind": "in_counties", "codes": []}}, "No county is named"),
        ({"rule": {"kind": "in_counties", "codes": ["02"]}}, "No county has the code '02'"),
        ({"rule": {"kind": "in_municipality_or_neighbours", "rings": 99}}, "Rings is 99"),
        ({"rule": {"kind": "school_day_visit", "day_hours": 0}}, "The school day is 0 h"),
        ({"rule": {"kind": "school_day_visit", "travel_share": 2}}, "The share for travel is 2"),
        ({"rule": {"kind": "expanding_circle", "grams": 1}}, r"rule\.product is missing"),
        ({"rule": {"kind": "expanding_circle", "product": "potatoes"}}, r"rule\.grams is missing"),
        ({"rule": CIRCLE | {"grams": 0}}, "rule: The amount is 0 g. Give more than 0"),
        ({"rule": CIRCLE | {"grams": 10**12}}, "and at most 1000000000 g"),
        ({"rule": CIRCLE | {"grams": 0.5}}, r"rule\.grams is 0\.5"),
        ({"rule": CIRCLE | {"grams": True}}, r"rule\.grams is True"),
        ({"rule": CIRCLE | {"product": " "}}, "rule: The product is ' '. Give its key"),
        ({"rule": CIRCLE | {"product": "x" * 101}}, "at most 100 characters"),
        ({"rule": CIRCLE | {"product": 7}}, r"rule\.product is 7"),
        ({"rule": CIRCLE | {"km": 7}}, r"rule\.km is not known. Use only kind, product, grams"),
        ({"rule": {"kind": "all_of", "rules": []}}, "There is no rule to combine"),
        (
            {"rule": {"kind": "any_of", "rules": [WITHIN_250, {"kind": "all_of", "rules": [{"kind": "x"}]}]}},
            r"rule\.rules\[1\]\.rules\[0\]\.kind is 'x'",
        ),
        ({"rule": WITHIN_250, "steps": []}, "No step counts"),
        ({"rule": WITHIN_250, "steps": ["sowing"]}, r"steps\[0\] is 'sowing'. Give one of farm"),
        ({"rule": WITHIN_250, "valid_from": "1 maj"}, "valid_from is '1 maj'. Write the date as YYYY-MM-DD"),
        ({"rule": WITHIN_250, "valid_from": "2026-05-01", "valid_to": "2026-05-01"}, "must be later than"),
        ({"rule": WITHIN_250, "priority": 1}, r"definition\.priority is not known"),
    ],
)
def test_a_document_that_is_wrong_says_where_and_how_to_mend_it(document, said):
    with pytest.raises(InvalidDefinition, match=said):
        from_json(document)


def test_nesting_without_end_is_refused():
    document = {"kind": "in_county"}
    for _ in range(50):
        document = {"kind": "all_of", "rules": [document]}
    with pytest.raises(InvalidDefinition, match="levels"):
        from_json({"rule": document})


def test_defaults_are_the_whole_chain_and_always():
    definition = from_json({"rule": {"kind": "in_county"}})
    assert definition == LocalDefinition(rule=InCounties())
    assert set(definition.steps) == set(Step)
    assert definition.is_in_force(date(1900, 1, 1))


def test_the_last_day_is_the_day_before_valid_to():
    definition = LocalDefinition(rule=InCounties(), valid_from=date(2026, 1, 1), valid_to=date(2026, 7, 1))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [definition.is_in_force(day) for day in days] == [False, True, True, False]


def test_bondens_egen_in_words():
    definition = LocalDefinition(rule=WithinDistance(km=250))
    assert describe(definition) == (
        "Lokalt är det som kommer från en plats högst 250\u00a0km fågelvägen från köket. "
        "Hela produktionskedjan räknas: gård, slakt, förädling och packning."
    )
    assert describe(definition, "en") == (
        "Local is what comes from a place at most 250\u00a0km as the crow flies from the kitchen. "
        "The whole chain of production counts: farm, slaughter, processing and packing."
    )


def test_composed_rules_steps_and_dates_in_words():
    definition = LocalDefinition(
        rule=AnyOf((InCounties(), AllOf((InCounties(("03", "21")), WithinDistance(2.5, "road", "seat"))))),
        steps=(Step.SLAUGHTER, Step.FARM),
        valid_from=date(2026, 1, 1),
    )
    assert describe(definition, "sv", authority_code="0188") == (
        "Lokalt är det som kommer från en plats i Stockholms län eller (i Uppsala län eller Gävleborgs län "
        "och högst 2,5\u00a0km på väg från Norrtälje). Det som räknas är gård och slakt. "
        "Gäller från och med 2026-01-01."
    )


def test_a_circle_in_words_names_the_product():
    definition = LocalDefinition(rule=AllOf((InCounties(), ExpandingCircle("potatoes", 200_000))))
    assert describe(definition, product_names={"potatoes": "potatis"}).startswith(
        "Lokalt är det som kommer från en plats i det egna länet och inom den cirkel kring köket som behövs "
        "för att täcka 200\u00a0kg potatis."
    )
    circle = LocalDefinition(rule=ExpandingCircle("8437", 1_500))
    assert describe(circle, "en").startswith(
        "Local is what comes from a place within the circle around the kitchen that is needed to cover "
        "1.5\u00a0kg of 8437."
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(UnknownLanguage, match="sv or en"):
        describe(LocalDefinition(rule=InCounties()), "fi")


def test_which_definitions_need_a_kitchen():
    assert needs_kitchen(LocalDefinition(rule=AllOf((InCounties(), SchoolDayVisit()))))
    assert needs_kitchen(LocalDefinition(rule=WithinDistance(10)))
    assert needs_kitchen(LocalDefinition(rule=ExpandingCircle("potatoes", 1)))
    assert not needs_kitchen(LocalDefinition(rule=WithinDistance(10, "crow", "border")))


def test_every_municipality_has_a_preset_marked_as_an_assumption():
    for area in areas.municipalities():
        assumed = preset(area.code)
        assert assumed.is_assumption
        assert area.name in assumed.note("sv")
        assert assumed.definition.rule.counties_for(area.code) == (area.county_code,)
