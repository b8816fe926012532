"""The producer's page of everything DIS leads to what to answer, to each invitation and to each decision."""

from __future__ import annotations

import pytest
from dis_awarding import make_awarded
from dis_making import DAY
from factories import AT
from need_making import admit_both, make_draft, make_invited, officer

from market.dis.calloffs.invite_operations import answer_deadline, propose_deadline
from market.dis.rules import Regime

MINE = "/dis/mine"


def test_an_open_invitation_is_found_until_its_deadline_and_then_among_the_earlier(
    session, cast, client_for, clock
):
    calloff = make_invited(session, cast)
    link, until = f"/dis/calloffs/{calloff.id}/invitation", "lämna anbud före"
    session.commit()
    page = client_for("producer").get(MINE).text
    assert link in page
    assert until in page
    clock.at = calloff.deadline_at
    page = client_for("producer").get(MINE).text
    assert link in page
    assert until not in page
    assert "Tidigare inbjudningar" in page


def test_a_shorter_time_is_asked_until_it_is_answered(session, cast, client_for):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    short = AT + 5 * DAY
    propose_deadline(session, calloff=calloff, deadline_at=short, actor=officer(cast), at=AT)
    producer, link = cast.actor("producer"), f"/dis/calloffs/{calloff.id}/shorter-time/answer"
    session.commit()
    assert link in client_for("producer").get(MINE).text
    answer_deadline(session, calloff=calloff, deadline_at=short, agrees=True, actor=producer, at=AT)
    session.commit()
    assert link not in client_for("producer").get(MINE).text
    assert link in client_for("other_producer").get(MINE).text


@pytest.mark.parametrize("page", [MINE, "/dis/calloffs/{id}/invitation"])
def test_the_decision_is_found(session, cast, client_for, page):
    calloff = make_awarded(session, cast).calloff
    session.commit()
    for name in ("producer", "other_producer"):
        shown = client_for(name).get(page.format(id=calloff.id)).text
        assert f"/dis/calloffs/{calloff.id}/outcome" in shown
