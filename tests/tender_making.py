"""Two who are invited to tender, with their envelopes, and what a tender's form says: for the tests of tenders."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from dis_making import DAY, admit, invite, make_calloff, make_dis
from factories import AT, Cast
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from market.db import open_session
from market.dis.calloffs.models import CallOff
from market.dis.rules import Regime
from market.dis.sealing.operations import prepare_envelopes
from market.dis.sealing.operator_key import keeper_of
from market.dis.tenders.models import Tender

DEADLINE = AT + 14 * DAY
SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
FIRST, SECOND_PERSON = "procurement_officer", "other_meal_manager"


def make_invited(
    session: Session,
    cast: Cast,
    app: Flask,
    *,
    counts_delivery: bool = False,
    regime: Regime = Regime.NATIONAL,
) -> CallOff:
    """Both producers of the cast are invited; the deadline is 14 days after AT."""
    dis = make_dis(session, cast, regime=regime)
    calloff = make_calloff(session, cast, dis)
    calloff.counts_delivery = counts_delivery
    invited = invite(session, calloff, [admit(session, dis, p) for p in (cast.producer, cast.other_producer)])
    keeper = keeper_of(app.extensions["narmat.settings"])
    prepare_envelopes(
        session, calloff_id=calloff.id, invitation_ids=[one.id for one in invited], keeper=keeper, at=AT
    )
    session.commit()
    return calloff


def url(calloff: CallOff) -> str:
    """The supplier's page of a tender."""
    return f"/dis/calloffs/{calloff.id}/tender"


def typed(**more: object) -> dict[str, object]:
    """What a tender's form sends: the whole first lot at 13,37 kronor a kilogram."""
    named: dict[str, object] = {
        "do": "seal",
        "lots-0-price": "13,37",
        "lots-0-weekdays": ["2", "4"],
        "note": "Vi kommer gärna",
        "request_key": "first",
    }
    return named | more


def text_of(answer: TestResponse) -> str:
    """The words of a page's main part."""
    body = answer.text[answer.text.index("<main") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def code_in(answer: TestResponse) -> str:
    """The reading code on a receipt."""
    found = re.search(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}", answer.text)
    assert found
    return found.group()


def opening(calloff) -> str:
    return f"/dis/calloffs/{calloff.id}/open"


def open_both(client_for, calloff):
    client_for(FIRST).post(opening(calloff))
    return client_for(SECOND_PERSON).post(opening(calloff), follow_redirects=True)


def fresh(engine):
    return open_session(engine, writes=False)


def tender_of(engine, calloff, producer) -> int:
    with fresh(engine) as session:
        return session.query(Tender.id).filter_by(calloff_id=calloff.id, producer_id=producer.id).scalar()
