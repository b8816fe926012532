"""What is said to stand behind a figure makes that figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from factories import Cast
from followup_making import delivered, some_offer
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from market.followup.behind import BEHIND, Amount, AmountUnit
from market.followup.deliveries import Mark, Wanted, find, sums_within
from market.followup.figures import ADDED, FIGURES, FigureUnit, Sums
from market.followup.periods import Span
from market.followup.queries import Scope, sums_by
from market.followup.rules import Route, Verdict
from market.orders.receipt_rules import DeviationKind
from market.register.models import SizeClass

SUMS = st.fixed_dictionaries({name: st.integers(0, 10**9) for name in ADDED}).map(lambda d: Sums(**d))
TIMES = {FigureUnit.PERCENT: 100, FigureUnit.G_PER_KG: 1000}


def test_every_figure_says_what_is_behind_it():
    assert set(BEHIND) == set(FIGURES)


@given(SUMS)
@settings(max_examples=15, deadline=None)
def test_the_amounts_make_the_figure(sums):
    for key, figure in FIGURES.items():
        behind, value = BEHIND[key], figure.of(sums)
        top = behind.top.of(sums)
        if behind.bottom is None:
            assert value == top, key
            continue
        bottom = behind.bottom.of(sums)
        if not bottom:
            assert value is None, key
            continue
        part = top - bottom if key == "against_list" else top
        assert value is not None
        assert abs(value - part / bottom * TIMES.get(figure.unit, 1)) <= abs(value) * Decimal("1e-20"), key


def wanted_by(chosen: Mapping[str, str]) -> Wanted:
    route, local, mark = chosen.get("route"), chosen.get("local"), chosen.get("mark")
    return Wanted(
        route=Route(route) if route else None,
        local=Verdict(local) if local else None,
        mark=Mark(mark) if mark else None,
    )


def test_the_lines_that_are_chosen_add_up_to_the_top(session: Session, cast: Cast) -> None:
    """And leaving some out would not: the choice is exactly what counts."""
    offer, day = some_offer(session, cast), date(2026, 11, 23)
    cast.producer.size = SizeClass.MICRO
    for n in range(4):
        delivered(
            session, cast, offer, day=day, kilograms=10 + n, is_organic=n == 1, taste=n + 1 if n < 2 else None,
            deviation=DeviationKind.SHORT if n == 2 else None, producer=cast.other_producer if n == 3 else None,
        )  # fmt: skip
    session.flush()
    scope, span = Scope(authority_id=cast.authority.id), Span.parse("2026-11")
    whole = sums_by(session, scope=scope, spans=[span])[span]
    for key, behind in BEHIND.items():
        if key == "transports":
            continue
        found = find(session, scope=scope, span=span, wanted=wanted_by(behind.chosen), page=1, whole=whole)
        assert behind.top.of(found.sums) == behind.top.of(whole), key
        assert len(found.lines) == found.sums.lines
    direct = Wanted(route=Route.DIRECT)  # all of them are: added up from the lines instead of the kept sums
    everything = find(session, scope=scope, span=span, wanted=direct, page=99, whole=whole)
    assert everything.sums == replace(whole, arrivals=0, kitchen_weeks=0)
    assert (
        find(session, scope=scope, span=span, wanted=Wanted(), page=1, whole=whole).lines == everything.lines
    )
    assert everything.page == everything.pages == 1


def test_amounts_have_a_unit_that_is_written():
    amounts: list[Amount] = [a for b in BEHIND.values() for a in (b.top, b.bottom) if a]
    assert {amount.unit for amount in amounts} == set(AmountUnit)


def test_a_procedures_figure_is_divided_by_its_own_deliveries(session: Session, cast: Cast) -> None:
    """What is wanted beside the procedure and the producer is the part that counts, not another whole."""
    offer, span = some_offer(session, cast), Span.parse("2026-11")
    delivered(session, cast, offer, day=date(2026, 11, 2), kilograms=10, taste=2)
    delivered(session, cast, offer, day=date(2026, 11, 3), kilograms=30, taste=5, is_direct=False)
    scope = Scope(authority_id=cast.authority.id)
    whole = sums_by(session, scope=scope, spans=[span])[span]
    wanted = Wanted(route=Route.DIS, mark=Mark.GRADED)
    within = sums_within(session, scope=scope, span=span, wanted=wanted, whole=whole)
    assert (within.lines, within.grams, FIGURES["grade"].of(within)) == (1, 30_000, 5)
    assert sums_within(session, scope=scope, span=span, wanted=Wanted(mark=Mark.GRADED), whole=whole) == whole
