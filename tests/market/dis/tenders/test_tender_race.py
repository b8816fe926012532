"""Several suppliers give tenders, and several people open, at the same moment: nothing is lost, and it opens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest
from dis_making import admit, invite, make_calloff, make_dis
from factories import AT, make_cast
from sqlalchemy import Engine
from tender_making import DEADLINE, FIRST, SECOND_PERSON

from market.db import make_engine, transaction
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.rules import NotPossibleNow
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operations import prepare_envelopes
from market.dis.tenders.models import Tender
from market.dis.tenders.opening_operations import confirm_opening
from market.dis.tenders.operations import give_tender, hold_calloff
from market.dis.tenders.rules import OfferedLot, Written

KEEPER = Keeper(b"k" * 32)
TIMES = 6


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Do them together; what each returned, or the name of what it raised."""
    start, told = threading.Barrier(len(steps)), list[str]()

    def run(step: Callable[[], object]) -> None:
        start.wait()
        try:
            told.append(str(step()))
        except Exception as error:  # noqa: BLE001 - the test says which are right
            told.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def give(engine: Engine, invitation_id: int, actor, price: int) -> None:
    with transaction(engine) as session:
        invitation = session.get_one(Invitation, invitation_id)
        hold_calloff(session, calloff=invitation.calloff)
        lot = invitation.calloff.lots[0]
        offered = OfferedLot(
            lot_id=lot.id, product_name="Morot", price=price, min_steps=1_000, max_steps=lot.steps, weekdays=(1,)
        )  # fmt: skip
        written = Written(lots=(offered,), deliveries={}, min_total_ore=0, claims=(), note="")
        give_tender(
            session, invitation=invitation, written=written, code="K" * 24, request_key=str(price), keeper=KEEPER,
            actor=actor, at=AT,
        )  # fmt: skip


def confirm(engine: Engine, calloff_id: int, actor) -> bool:
    with transaction(engine) as session:
        calloff = session.get_one(CallOff, calloff_id)
        return confirm_opening(
            session, calloff=calloff, keeper=KEEPER, draw=Random(1), actor=actor, at=DEADLINE
        )


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def test_nothing_is_lost_and_it_opens_once(database, migrated_url):
    engine = make_engine(migrated_url(database))
    with transaction(engine) as session:
        cast = make_cast(session)
        dis = make_dis(session, cast)
        calloff = make_calloff(session, cast, dis)
        invited = invite(
            session, calloff, [admit(session, dis, one) for one in (cast.producer, cast.other_producer)]
        )
        calloff_id, mine, other = calloff.id, invited[0].id, invited[1].id
        prepare_envelopes(session, calloff_id=calloff_id, invitation_ids=[mine, other], keeper=KEEPER, at=AT)
    actors = {
        name: cast.actor(name)
        for name in ("producer", "other_producer", FIRST, SECOND_PERSON, "meal_manager")
    }
    gifts = [
        lambda number=number, name=name, n=n: give(engine, number, actors[name], n)
        for n in range(1, TIMES + 1)
        for number, name in ((mine, "producer"), (other, "other_producer"))
    ]
    assert at_once(*gifts) == ["None"] * (2 * TIMES)
    told = at_once(
        *(
            lambda name=name: confirm(engine, calloff_id, actors[name])
            for name in (FIRST, SECOND_PERSON, "meal_manager")
        )
    )
    assert told == ["False", NotPossibleNow.__name__, "True"]
    with transaction(engine) as session:
        assert [len(row.versions) for row in session.query(Tender)] == [TIMES, TIMES]
    engine.dispose()
