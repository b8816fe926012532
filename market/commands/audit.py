"""narmat audit: whether the chain of events is whole."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from market import audit
from market.config import from_environment
from market.db import make_engine, open_session


@click.group("audit")
def audit_group() -> None:
    """Verify the chain of audit events."""


@audit_group.command("verify")
def verify_command() -> None:
    """Recompute every event's hash. Exit 0 with the count and last hash, or 1 with the first break."""
    with open_session(make_engine(from_environment().database_url), writes=False) as session:
        count, broken = audit.verify(session)
        head = session.scalar(select(audit.AuditHead.hash))
    if broken:
        click.echo(
            f"Broken at event {broken.event_id}: {broken.reason}. {count} events before it hold.", err=True
        )
        sys.exit(1)
    click.echo(f"{count} events, whole chain holds. Last hash {head}")
