"""narmat demo: the report's municipalities with invented people, served on this machine."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine, func, select

from market.accounts.models import User
from market.accounts.rules import DEMO_PASSWORD
from market.audit import AuditEvent
from market.commands.serve import run
from market.config import Settings, from_environment
from market.db import make_engine, open_session, transaction
from market.home.queries import demo_people
from market.migrations import upgrade
from market.navigation import ROLE_LABELS
from market.planning.models import WeekPlan

STALE_DAYS = 7


@click.command()
@click.option("--port", default=8000, show_default=True, help="The port on 127.0.0.1.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and make it anew for this week.")
@click.option("--make-only", is_flag=True, help="Make the data and stop.")
@click.option("--no-work", is_flag=True, help="Start no worker: nothing happens by the clock.")
def demo(port: int, fresh: bool, make_only: bool, no_work: bool) -> None:
    """Make the demo's data if it is missing, and serve it. One-click sign-ins are printed."""
    settings = demo_settings()
    if fresh:
        _remove(settings)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    if make_only:
        _fill(engine, settings)
        return
    if not _is_made(engine):
        _fill_apart()
    _say_if_stale(engine)
    _print_sign_ins(engine, port)
    engine.dispose()
    run(
        settings,
        port=port,
        workers=1,
        works=not no_work,
        when_ready=lambda _: _say(f"Ready: http://127.0.0.1:{port}/   (Ctrl-C stops)"),
    )


def demo_settings() -> Settings:
    """Its own database beside the real one; plain HTTP, on loopback only. Invented people get no mail."""
    settings = from_environment()
    return settings.having(
        instance=settings.instance,
        database_url=f"sqlite:///{settings.instance / 'demo.sqlite3'}",
        demo=True,
        cookie_secure=False,
        smtp_url="",
    )


def _remove(settings: Settings) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{settings.instance / 'demo.sqlite3'}{ending}").unlink(missing_ok=True)


def _is_made(engine: Engine) -> bool:
    with open_session(engine, writes=False) as session:
        return bool(session.scalar(select(func.count()).select_from(WeekPlan)))


def _fill_apart() -> None:
    """In a process of its own: whoever has typeset keeps threads that a server forked from it waits for in vain."""
    words = ["-c", "from market.cli import main; main()", "demo", "--make-only"]
    subprocess.run([sys.executable, *words], check=True)  # noqa: S603 - this same program


def _fill(engine: Engine, settings: Settings) -> None:
    """Make what is missing: the data in one transaction, then the week as each planner would plan it."""
    if _is_made(engine):
        return
    with open_session(engine, writes=False) as session:
        has_people = bool(session.scalar(select(func.count()).select_from(User)))
    from market.demo import create_demo
    from market.demo.agreements import seal_demo_agreements
    from market.demo.history import WEEKS
    from market.demo.planned import plan_demo_weeks
    from market.demo.prepared import ask_for_demo_simulation, prepare_demo
    from market.dis.sealing.operator_key import keeper_of

    _say("Making the demo's data ...")
    at = datetime.now(UTC)
    if not has_people:
        with transaction(engine) as session:
            create_demo(
                session, at=at, keeper=keeper_of(settings), password_hash=_hashed(settings), weeks=WEEKS
            )
    plan_demo_weeks(engine, at=at)
    prepare_demo(engine, at=at)
    ask_for_demo_simulation(engine, at=at)
    seal_demo_agreements(engine, folder=settings.instance, at=at)


def _hashed(settings: Settings) -> str:
    """Everyone's password in the demo, for signing."""
    from flask_security import PasswordUtil, hash_password

    from market import create_app

    app = create_app(settings)
    with app.app_context():
        return str(hash_password(PasswordUtil(app).normalize(DEMO_PASSWORD)))


def _say_if_stale(engine: Engine) -> None:
    with open_session(engine, writes=False) as session:
        made: datetime | None = session.scalar(
            select(func.max(AuditEvent.at)).where(AuditEvent.action == "demo.create")
        )
    if made and (datetime.now(UTC) - made).days >= STALE_DAYS:
        _say(f"The demo's data is from {made:%Y-%m-%d}. For this week's: ./run demo --fresh")


def _print_sign_ins(engine: Engine, port: int) -> None:
    with open_session(engine, writes=False) as session:
        people = demo_people(session)
        _say("Sign in with one click as:")
        for key, member in people:
            organisation = member.kitchen or member.producer or member.authority
            where = f", {organisation.name}" if organisation else ""
            _say(f"  http://127.0.0.1:{port}/demo/sign-in/{key}   {ROLE_LABELS[member.role]}{where}")


def _say(text: str) -> None:
    click.echo(text)
    sys.stdout.flush()
