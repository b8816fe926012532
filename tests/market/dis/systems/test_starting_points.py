"""The report's three ways to begin can be published as they are: known categories, lawful words, lawful weights."""

from __future__ import annotations

import pytest

from market.dis.systems.rules import MOST_DEDUCTION_BP, CriterionKind, check_category
from market.dis.systems.starting_points import STARTING_POINTS
from market.dis.systems.wording_check import place_warnings
from market.register.categories import CATEGORIES

KEYS = {key for key, *_ in CATEGORIES}


def texts(point):
    yield from (point.description, point.terms.contract_terms)
    for content in point.categories.values():
        yield content.description
        yield from (text for row in content.requirements for text in (row.text, row.proof))
        yield from (text for row in content.criteria for text in (row.name, row.description))


@pytest.mark.parametrize("key", STARTING_POINTS)
def test_a_starting_point_is_lawful_as_it_stands(key):
    point = STARTING_POINTS[key]
    assert set(point.categories) <= KEYS
    assert [place_warnings(text) for text in texts(point) if place_warnings(text)] == []
    for content in point.categories.values():
        check_category(content)
        assert content.requirements
        assert all(
            text.strip() for text in (content.description, *(row.proof for row in content.requirements))
        )


def names(key):
    return {row.name for content in STARTING_POINTS[key].categories.values() for row in content.criteria}


def test_each_weighs_what_its_municipality_did():
    assert names("working_group") == {"Smak", "Konsistens", "Vätskeförlust", "Upptining"}
    assert names("school_classes") == {"Tar emot skolklasser", "Tar emot praktikanter"}
    assert {"Tar emot studiebesök", "Besöker skolor"} <= names("visits")


def test_the_working_group_scores_and_the_summaries_say_the_deductions():
    for key, percent in (("working_group", 40), ("school_classes", 15), ("visits", 25)):
        point = STARTING_POINTS[key]
        most = max(sum(row.max_deduction_bp for row in one.criteria) for one in point.categories.values())
        assert most == percent * 100 <= MOST_DEDUCTION_BP
        assert f"{percent} procent" in point.summary
    group = STARTING_POINTS["working_group"].categories.values()
    assert {row.kind for one in group for row in one.criteria} == {CriterionKind.SCORED}
