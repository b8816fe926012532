"""narmat db: create and upgrade the database."""

from __future__ import annotations

import click

from market.config import from_environment
from market.db import make_engine
from market.migrations import is_current, upgrade


@click.group()
def db() -> None:
    """Create or upgrade the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to this version's schema."""
    engine = make_engine(from_environment().database_url)
    already = is_current(engine)
    upgrade(engine)
    click.echo("The database was up to date." if already else "The database is now up to date.")
