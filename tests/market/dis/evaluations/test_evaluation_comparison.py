"""The comparison: exact deductions, lines that add up, kept only while its inputs hold, done over with a reason."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from dis_making import steps_of
from evaluation_making import OPENED, hand_in, make_opened
from hypothesis import given
from hypothesis import strategies as st

from market.dis.evaluations.draw import drawn, ranking, seed_of
from market.dis.evaluations.explaining import Outcome, explained
from market.dis.evaluations.inputs import Inputs, LineIn, LotIn, TenderIn, Value, deduction, fingerprint, offs
from market.dis.evaluations.operations import (
    DeclareFirst,
    InputsChanged,
    Judged,
    NotReady,
    WhyNotNeeded,
    evaluate_again,
    judge_claims,
    read_inputs,
    store_evaluation,
)
from market.dis.evaluations.queries import latest_evaluation, standing
from market.dis.evaluations.rules import Lack
from market.dis.evaluations.working_out import work_out
from market.dis.rules import CallOffState, NotPossibleNow, ReasonNeeded, TenderEvent, Thing
from market.dis.steps import move
from market.dis.systems.rules import TieRule
from market.values import Unit

TASTE = Value(id=2, name="Smak", max_bp=2_000, max_points=5)
CLASSES = Value(id=1, name="Skolklasser", max_bp=1_000)


def small(*, points=(4, 3, 4), granted=(1,), values=(CLASSES, TASTE), price="13.37", steps=77_000):
    tender = TenderIn(
        id=1,
        supplier="Åkerbo",
        label="KX",
        sha256="aa",
        min_total_ore=0,
        lines=(LineIn(lot_id=1, price=price, min_steps=1000, max_steps=steps),),
        granted=granted,
        points={2: points},
    )
    return Inputs(
        lots=(LotIn(id=1, number=1, name="Morötter", unit=Unit.KILOGRAM, steps=steps, allows_parts=True),),
        values=values,
        tenders=(tender,),
        opened=("aa",),
        tie_rule=TieRule.ADDED_VALUE_THEN_LOT,
        max_suppliers_per_lot=1,
        max_lots_per_supplier=None,
        counts_delivery=False,
    )


def test_a_statement_gives_all_of_it_and_points_a_proportional_part():
    inputs = small()
    assert [off.part for off in offs(inputs, inputs.tenders[0])] == [
        Fraction(1, 10),
        Fraction(2_000 * 11, 10_000 * 15),
    ]
    assert deduction(inputs, inputs.tenders[0]) == Fraction(1, 10) + Fraction(11, 75)


def test_what_is_not_granted_or_not_scored_gives_nothing():
    inputs = small(points=(), granted=())
    assert deduction(inputs, inputs.tenders[0]) == 0


def test_all_together_take_off_a_half_at_most():
    inputs = small(values=(replace(CLASSES, max_bp=4_000), TASTE), points=(5,))
    assert deduction(inputs, inputs.tenders[0]) == Fraction(1, 2)
    told = explained(inputs, work_out(inputs))
    assert told["tenders"][0]["is_capped"]


@given(
    points=st.lists(st.integers(0, 5), max_size=7).map(tuple),
    price=st.decimals("0.00", "900", places=2),
    steps=st.integers(1, 5_000_000),
)
def test_the_deductions_of_a_line_add_up_to_the_ore(points, price, steps):
    inputs = small(points=points, price=str(price), steps=steps)
    plan = work_out_plan(inputs, steps)
    line = explained(inputs, Outcome(plan=plan))["lots"][0]["lines"][0]
    assert line["cost_ore"] - sum(one["ore"] for one in line["taken"]) == line["comparison_ore"]
    exact = Fraction(price) * 100 * steps / 1000 * (1 - deduction(inputs, inputs.tenders[0]))
    assert abs(line["comparison_ore"] - exact) <= Fraction(1, 2)


def work_out_plan(inputs, steps):
    from market.dis.evaluations.inputs import problem_of
    from market.dis.evaluations.problem import Awarded, plan_of

    return plan_of(problem_of(inputs), [Awarded(lot_id=1, tender_id=1, steps=steps)])


def test_lots_are_drawn_from_all_that_was_opened_and_anyone_can_draw_them_again():
    hashes = {1: "aa", 2: "bb"}
    seed = seed_of(["bb", "aa", "cc"])
    assert seed == seed_of(["cc", "bb", "aa"]) != seed_of(["aa", "bb"])
    order = ranking(
        TieRule.LOT, seed=seed, lot_number=1, hashes=hashes, deductions={1: Fraction(0), 2: Fraction(1, 2)}
    )
    assert order == tuple(sorted(hashes, key=lambda one: drawn(seed, 1, hashes[one])))
    by_value = ranking(
        TieRule.ADDED_VALUE_THEN_LOT,
        seed=seed,
        lot_number=1,
        hashes=hashes,
        deductions={1: Fraction(0), 2: Fraction(1, 9)},
    )
    assert by_value == (2, 1)


def compare(session, calloff, officer):
    inputs = read_inputs(session, calloff=calloff, actor=officer)
    return store_evaluation(
        session, calloff=calloff, inputs=inputs, outcome=work_out(inputs), actor=officer, at=OPENED
    )


@pytest.fixture
def scored(session, cast, calloff, judged, group):
    hand_in(session, calloff, group[0], cast.actor("kitchen"), 3, 5)
    hand_in(session, calloff, group[1], cast.actor("other_kitchen"), 2, 5)


def test_every_krona_is_explained_and_kept(session, calloff, scored, judged, officer):
    kept = compare(session, calloff, officer)
    first, second = judged
    # first: 14 kr less 10 % and 2 000 bp x 2,5/5 = 20 %: 11,20; second: 15 kr less 20 %: 12,00
    assert {line.tender_id for line in kept.lines} == {first.id}
    assert [(line.steps, line.deduction_bp, line.cost_ore, line.comparison_ore) for line in kept.lines] == [
        (200_000, 2_000, 280_000, 224_000),
        (120_000, 2_000, 168_000, 134_400),
    ]
    assert (kept.cost_ore, kept.comparison_ore) == (448_000, 358_400)
    told = kept.explained
    assert told["second"]["comparison_ore"] > kept.comparison_ore
    assert told["alone"]["comparison_ore"] == kept.comparison_ore
    assert {award["tender_id"] for award in told["instead"]["awards"]} == {second.id}
    assert calloff.state is CallOffState.EVALUATED
    assert latest_evaluation(session, calloff_id=calloff.id) is kept


def test_what_two_equal_tenders_get_is_drawn_and_can_be_drawn_again(session, cast, officer):
    calloff = make_opened(session, cast, prices=("14.00", "14.00"), claims=(False, False))
    calloff.dis_category.criteria = []
    session.flush()
    session.refresh(calloff.dis_category, ["criteria"])
    from market.dis.evaluations.group_operations import declare
    from market.dis.evaluations.rules import Declaration

    declare(session, calloff=calloff, declaration=Declaration.IMPARTIAL, note="", actor=officer, at=OPENED)
    kept = compare(session, calloff, officer)
    draw = kept.explained["draw"]
    assert draw["was_needed"]
    assert draw["seed"] == seed_of(draw["opened"])
    hashes = {line.tender_id: line.tender.sha256 for line in kept.lines}
    winners = {line.lot.number: line.tender_id for line in kept.lines}
    for number in draw["lots"]:
        tickets = {one["tender_id"]: one["ticket"] for one in draw["tickets"] if one["number"] == number}
        assert winners[number] == min(tickets, key=lambda one: tickets[one])
        assert tickets[winners[number]] == drawn(draw["seed"], number, hashes[winners[number]])


def test_deliveries_count_once_a_kitchen_and_week(session, cast, officer):
    calloff = make_opened(session, cast, claims=(False, False), counts_delivery=True)
    inputs_criteria = calloff.dis_category.criteria
    assert inputs_criteria
    from market.dis.evaluations.queries import inputs_of

    inputs = replace(inputs_of(session, calloff=calloff), values=())
    outcome = work_out(inputs)
    told = explained(inputs, outcome)
    # a hub (which takes the satellite's too) and Vallentuna's kitchen, four weeks: 8 stops at 250 kr
    assert told["totals"]["deliveries_ore"] == 8 * 25_000
    assert outcome.plan.cost == told["totals"]["cost_ore"]


def test_nothing_is_compared_before_all_is_done(session, cast, calloff, officer):
    lacks = standing(session, calloff=calloff, actor=officer).lacks
    assert lacks == [Lack.OWN_DECLARATION, Lack.CLAIMS, Lack.NO_GROUP]
    with pytest.raises(NotReady):
        read_inputs(session, calloff=calloff, actor=officer)


def test_nothing_is_kept_when_something_has_changed_meanwhile(session, calloff, scored, judged, officer):
    inputs = read_inputs(session, calloff=calloff, actor=officer)
    outcome = work_out(inputs)
    move(session, Thing.TENDER, judged[0], TenderEvent.WITHDRAW, user_id=None, at=OPENED, reason="Konkurs")
    with pytest.raises(InputsChanged):
        store_evaluation(session, calloff=calloff, inputs=inputs, outcome=outcome, actor=officer, at=OPENED)
    assert latest_evaluation(session, calloff_id=calloff.id) is None
    kept = compare(session, calloff, officer)
    assert {line.tender_id for line in kept.lines} == {judged[1].id}
    assert len(kept.explained["draw"]["opened"]) == 2, "the withdrawn one still counts in the draw"


def test_every_input_changes_the_fingerprint():
    inputs = small()
    others = [
        small(points=(4, 3, 5)),
        small(granted=()),
        small(price="13.38"),
        replace(inputs, max_suppliers_per_lot=2),
        replace(inputs, opened=("aa", "bb")),
        replace(inputs, tie_rule=TieRule.LOT),
    ]
    assert len({fingerprint(one) for one in [inputs, *others]}) == 7


def test_only_an_impartial_officer_judges_and_says_why_not(session, cast, calloff, judged):
    other = cast.actor("other_officer")
    pair = (judged[0].id, calloff.dis_category.criteria[0].id)
    with pytest.raises(DeclareFirst):
        judge_claims(session, calloff=calloff, verdicts={pair: Judged(True)}, actor=other, at=OPENED)
    with pytest.raises(WhyNotNeeded):
        judge_claims(
            session,
            calloff=calloff,
            verdicts={pair: Judged(False, " ")},
            actor=cast.actor("procurement_officer"),
            at=OPENED,
        )


def test_it_is_done_over_with_a_reason_and_the_old_one_stays(session, calloff, scored, judged, officer):
    compare(session, calloff, officer)
    with pytest.raises(NotPossibleNow):
        read_inputs(session, calloff=calloff, actor=officer)
    with pytest.raises(ReasonNeeded):
        evaluate_again(session, calloff=calloff, reason="", actor=officer, at=OPENED)
    evaluate_again(session, calloff=calloff, reason="Intyget gällde något annat.", actor=officer, at=OPENED)
    again = compare(session, calloff, officer)
    assert again.number == 2
    assert steps_of(session, Thing.CALLOFF, calloff.id)[-3:] == ["evaluate", "evaluate_again", "evaluate"]
