"""An opened call-off with a group of two from its kitchens."""

from __future__ import annotations

import pytest
from evaluation_making import OPENED, make_opened

from market.dis.evaluations.group_operations import add_evaluator, declare
from market.dis.evaluations.operations import Judged, judge_claims
from market.dis.evaluations.rules import Declaration
from market.dis.tenders.queries import valid_tenders


@pytest.fixture
def calloff(session, cast):
    return make_opened(session, cast)


@pytest.fixture
def officer(cast):
    return cast.actor("procurement_officer")


@pytest.fixture
def group(session, cast, calloff, officer):
    """The hub's cook and Vallentuna's, both without an interest; and the officer who judges."""
    seats = [
        add_evaluator(session, calloff=calloff, user_id=cast.actor(name).user_id, actor=officer, at=OPENED)
        for name in ("kitchen", "other_kitchen")
    ]
    for name in ("kitchen", "other_kitchen", "procurement_officer"):
        declare(
            session,
            calloff=calloff,
            declaration=Declaration.IMPARTIAL,
            note="",
            actor=cast.actor(name),
            at=OPENED,
        )
    return seats


@pytest.fixture
def judged(session, calloff, group, officer):
    """The first tender's classes are granted, the second's are not."""
    first, second = valid_tenders(session, calloff_id=calloff.id)
    school = calloff.dis_category.criteria[0].id
    verdicts = {(first.id, school): Judged(True), (second.id, school): Judged(False, "Bara en gång per år.")}
    judge_claims(session, calloff=calloff, verdicts=verdicts, actor=officer, at=OPENED)
    return first, second
