"""Which route is lawful at which amount, told from the law's own numbers."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tree import ROOT

from market.direct.advice import advise, counted_ore
from market.direct.need import Facts, Need, Route, Verdict

KR = 100
FACTS = Facts(
    limit_ore=700_000 * KR,
    threshold_ore=2_389_585 * KR,
    document_from_ore=100_000 * KR,
    document_days=30,
    lot_limit_eur=Decimal(80_000),
    lot_share=Decimal(20),
    application_days=30,
    evaluation_days=10,
    tender_days=10,
    notice_days=30,
    spent_ore=0,
    period_end=date(2027, 1, 1),
    has_guidelines=True,
)
NEED = Need(ore=50_000 * KR, months=12, recurs=False, on=date(2026, 11, 23))


def verdicts(need: Need, facts: Facts = FACTS) -> dict[Route, Verdict]:
    return {advice.route: advice.verdict for advice in advise(need, facts)}


def of(route: Route, need: Need, facts: Facts = FACTS):
    return next(advice for advice in advise(need, facts) if advice.route is route)


@pytest.mark.parametrize(
    ("ore", "spent", "verdict"),
    [
        (699_999_99, 0, Verdict.LAWFUL),
        (700_000_00, 0, Verdict.UNLAWFUL),
        (1_00, 699_998_99, Verdict.LAWFUL),
        (1_00, 699_999_00, Verdict.UNLAWFUL),
    ],
)
def test_a_direct_award_stays_under_the_limit_with_what_is_bought_already(ore, spent, verdict):
    assert of(Route.DIRECT_AWARD, replace(NEED, ore=ore), replace(FACTS, spent_ore=spent)).verdict is verdict


def test_a_recurring_need_is_counted_over_twelve_months():
    quarter = replace(NEED, ore=175_000 * KR, months=3, recurs=True)
    assert counted_ore(quarter, FACTS) == 700_000 * KR
    assert of(Route.DIRECT_AWARD, quarter).verdict is Verdict.UNLAWFUL
    years = replace(NEED, ore=2_000_000 * KR, months=48, recurs=True)
    assert counted_ore(years, FACTS) == 500_000 * KR
    assert counted_ore(replace(years, recurs=False), FACTS) == 2_000_000 * KR, "one contract: all of it"


def test_a_recurring_need_also_fits_in_what_is_left_of_the_period():
    need = replace(NEED, ore=120_000 * KR, recurs=True, on=date(2026, 7, 2))  # 183 days are left
    assert counted_ore(need, replace(FACTS, spent_ore=650_000 * KR)) > 700_000 * KR
    assert counted_ore(need, replace(FACTS, spent_ore=600_000 * KR)) < 700_000 * KR


def test_documents_are_due_from_100_000_kronor_and_guidelines_are_asked_for():
    small, large = (of(Route.DIRECT_AWARD, replace(NEED, ore=ore)) for ore in (99_999_99, 100_000_00))
    assert len(large.steps) == len(small.steps) + 1
    assert large.lacks == ()
    assert len(of(Route.DIRECT_AWARD, NEED, replace(FACTS, has_guidelines=False)).lacks) == 1


LOT = replace(NEED, ore=500_000 * KR, whole_ore=10_000_000 * KR, kronor_per_euro=Decimal("10.8"))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.LAWFUL),
        ({"whole_ore": None}, Verdict.UNLAWFUL),
        ({"whole_ore": 2_389_584 * KR}, Verdict.UNLAWFUL),
        ({"kronor_per_euro": None}, Verdict.UNKNOWN),
        ({"ore": 863_999_99}, Verdict.LAWFUL),
        ({"ore": 864_000_00}, Verdict.UNLAWFUL),  # 80 000 euro
        ({"lots_ore": 1_500_000 * KR}, Verdict.LAWFUL),  # exactly 20 %
        ({"lots_ore": 1_500_000 * KR + 1}, Verdict.UNLAWFUL),
    ],
)
def test_a_lot_is_small_and_the_lots_are_at_most_a_fifth(changes, verdict):
    assert of(Route.LOTS, replace(LOT, **changes)).verdict is verdict


def test_a_lot_over_the_direct_award_limit_is_announced():
    assert "19 kap." in of(Route.LOTS, replace(LOT, ore=800_000 * KR)).paragraphs
    assert "19 a kap." in of(Route.LOTS, LOT).paragraphs


def test_a_national_dis_is_under_the_threshold_over_all_its_time():
    need = replace(NEED, ore=2_389_584_99, months=48, recurs=True)
    assert of(Route.NATIONAL_DIS, need).verdict is Verdict.LAWFUL
    assert of(Route.NATIONAL_DIS, replace(need, ore=2_389_585_00)).verdict is Verdict.UNLAWFUL


def test_without_the_threshold_it_says_so_instead_of_guessing():
    need = replace(NEED, recurs=True)
    unknown = of(Route.NATIONAL_DIS, need, replace(FACTS, threshold_ore=None))
    assert (unknown.verdict, len(unknown.lacks)) == (Verdict.UNKNOWN, 1)
    assert of(Route.LOTS, LOT, replace(FACTS, threshold_ore=None)).verdict is Verdict.UNKNOWN


def test_a_dis_under_the_directive_tells_its_earliest_days():
    advice = of(Route.DIRECTIVE_DIS, replace(NEED, recurs=True))
    assert advice.days == 40
    assert [said.params["day"] for said in advice.steps if "day" in said.params] == [
        date(2026, 12, 23),
        date(2027, 1, 2),
    ]


def test_a_dis_is_for_recurring_needs():
    found = verdicts(NEED)
    assert found[Route.NATIONAL_DIS] is found[Route.DIRECTIVE_DIS] is Verdict.UNLAWFUL


def test_the_quickest_lawful_route_comes_first():
    small, large = replace(NEED, recurs=True), replace(NEED, recurs=True, ore=3_000_000 * KR)
    assert [advice.route for advice in advise(small, FACTS)][:3] == [
        Route.DIRECT_AWARD,
        Route.NATIONAL_DIS,
        Route.DIRECTIVE_DIS,
    ]
    assert advise(large, FACTS)[0].route is Route.DIRECTIVE_DIS


@given(
    ore=st.integers(1, 10**10),
    months=st.integers(1, 60),
    recurs=st.booleans(),
    spent=st.integers(0, 10**8),
    whole=st.none() | st.integers(1, 10**10),
)
def test_more_is_never_more_lawful_and_every_route_is_answered(ore, months, recurs, spent, whole):
    need = replace(NEED, ore=ore, months=months, recurs=recurs, whole_ore=whole, kronor_per_euro=Decimal(11))
    facts = replace(FACTS, spent_ore=spent)
    found = verdicts(need, facts)
    assert set(found) == set(Route)
    dearer = verdicts(replace(need, ore=ore * 2), replace(facts, spent_ore=spent + 1))
    for route in (Route.DIRECT_AWARD, Route.NATIONAL_DIS):
        assert not (found[route] is Verdict.UNLAWFUL and dearer[route] is Verdict.LAWFUL)


def test_nothing_of_places_reaches_the_advice_or_the_award():
    """The award is judged without a word of locality: not even an import."""
    for folder in ("direct", "limits"):
        for path in (ROOT / "market" / folder).glob("*.py"):
            names = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            }
            assert not any(
                "local" in name.split(".") or "locality" in name or "geodata" in name for name in names
            )
