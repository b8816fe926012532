"""What happens by the clock. A chore is one line in CHORES; `narmat work` runs each when it is due.

`run(session, at=...)` does the work in one transaction and returns how many things it did. It may be run again for the
same instant, by another worker, after a crash: what is done stays done. An errand is a chore that opens transactions of its own,
because it asks the network in between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market import chore_runs
from market.db import open_session, transaction
from market.direct import chores as direct
from market.dis.applications import chores as applications
from market.dis.awards import chores as awards
from market.dis.needs import chores as needs
from market.dis.sealing.keeping import Keeper
from market.dis.systems import chores as dis_systems
from market.dis.tenders import chores as tenders
from market.followup import chores as followup
from market.notices import chores as notices
from market.offers import chores as offers
from market.orders import chores as orders

_log = logging.getLogger("narmat.work")


class Run(Protocol):
    def __call__(self, session: Session, *, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What an errand works with: the database, what measures roads, and where the key of sealed tenders is had."""

    engine: Engine
    travel: TravelEngine
    keeper: Callable[[], Keeper] | None = None


class RunErrand(Protocol):
    def __call__(self, engine: Engine, *, travel: TravelEngine, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Chore:
    name: str
    every: timedelta
    run: Run

    def do(self, desk: Desk, *, at: datetime) -> int:
        with transaction(desk.engine) as session:
            return self.run(session, at=at)


class RunSome(Protocol):
    def __call__(self, session: Session, *, at: datetime, most: int | None) -> int: ...


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A chore that does each thing in a transaction of its own.

    An order holds the ledger, the stock and the log until it commits; two in one transaction could wait for somebody
    who waits for them.
    """

    name: str
    every: timedelta
    run: RunSome

    def do(self, desk: Desk, *, at: datetime) -> int:
        done = 0
        while True:
            with transaction(desk.engine) as session:
                more = self.run(session, at=at, most=1)
            if not more:
                return done
            done += more


@dataclass(frozen=True, slots=True)
class Errand:
    name: str
    every: timedelta
    run: RunErrand

    def do(self, desk: Desk, *, at: datetime) -> int:
        return self.run(desk.engine, travel=desk.travel, at=at)


class RunWithKey(Protocol):
    def __call__(self, engine: Engine, *, keeper: Callable[[], Keeper], at: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class KeyErrand:
    """An errand with the key of sealed tenders; without one at hand there is nothing to do."""

    name: str
    every: timedelta
    run: RunWithKey

    def do(self, desk: Desk, *, at: datetime) -> int:
        return self.run(desk.engine, keeper=desk.keeper, at=at) if desk.keeper else 0


CHORES: Sequence[Chore | OneByOne | Errand | KeyErrand] = (
    OneByOne("repeat_offers", every=timedelta(minutes=15), run=offers.repeat_standing_offers),
    Chore("forget_looks", every=timedelta(seconds=15), run=notices.forget_looks),
    Errand("match_needs", every=timedelta(seconds=15), run=notices.match_needs),
    Chore("sort_messages", every=timedelta(seconds=15), run=notices.sort_messages),
    Chore("gather_digests", every=timedelta(minutes=1), run=notices.gather_digests),
    OneByOne("expire_proposals", every=timedelta(minutes=1), run=orders.expire_proposals),
    Chore("remind_of_files", every=timedelta(hours=1), run=direct.remind_of_files),
    Chore("keep_standstills", every=timedelta(minutes=1), run=awards.keep_standstills),
    OneByOne("follow_contracts", every=timedelta(minutes=1), run=awards.follow_contracts),
    Chore("remind_of_contracts", every=timedelta(minutes=10), run=awards.remind_of_contracts),
    Chore("remind_of_notices", every=timedelta(hours=1), run=awards.remind_of_notices),
    Chore("lapse_applications", every=timedelta(minutes=15), run=applications.lapse_applications),
    Chore("remind_of_applications", every=timedelta(hours=1), run=applications.remind_of_applications),
    Chore("close_need_rounds", every=timedelta(minutes=1), run=needs.close_rounds),
    Chore("end_dis", every=timedelta(minutes=1), run=dis_systems.end_what_is_over),
    OneByOne("make_standing_orders", every=timedelta(minutes=10), run=orders.make_standing_orders),
    Chore("tell_of_openings", every=timedelta(minutes=1), run=tenders.tell_of_openings),
    Errand("count_earlier_deliveries", every=timedelta(minutes=5), run=followup.count_earlier_deliveries),
    KeyErrand("renew_envelopes", every=timedelta(hours=1), run=tenders.renew_envelopes),
)


def run_due(
    desk: Desk, *, at: datetime, chores: Sequence[Chore | OneByOne | Errand | KeyErrand] = CHORES
) -> int:
    """Run every chore that is due and that no other worker holds. One that fails is logged and stops no other."""
    with open_session(desk.engine, writes=False) as session:
        due = chore_runs.next_due(session)
    waiting = [chore for chore in chores if due.get(chore.name, at) <= at]
    return sum(_run(desk, chore, at=at) for chore in waiting)


def _run(desk: Desk, chore: Chore | OneByOne | Errand | KeyErrand, *, at: datetime) -> int:
    with transaction(desk.engine) as session:
        lease = chore_runs.claim(session, name=chore.name, at=at)
    if lease is None:
        return 0
    try:
        done = chore.do(desk, at=at)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        _log.exception("The chore %s failed; it will be tried again.", chore.name)
        text = f"{type(error).__name__}: {error}"
        with transaction(desk.engine) as session:
            chore_runs.fail(session, name=chore.name, lease=lease, every=chore.every, error=text, at=at)
        return 0
    with transaction(desk.engine) as session:
        chore_runs.finish(session, name=chore.name, lease=lease, every=chore.every, done=done, at=at)
    return done
