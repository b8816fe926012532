"""narmat user: the first people of an installation; everyone else is added on the web by an admin."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask_security import PasswordUtil
from flask_security.utils import hash_password

from market import create_app
from market.accounts.operations import add_user, give_role
from market.accounts.rules import Role
from market.config import from_environment
from market.db import make_engine, transaction
from market.migrations import upgrade
from market.values import Refused

SHORTEST_PASSWORD = 12


@click.group()
def user() -> None:
    """Add the first people of an installation."""


@user.command("add-admin")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.password_option(help="At least 12 characters.")
def add_admin(email: str, name: str, password: str) -> None:
    """Add someone who administers authorities, kitchens, producers and people."""
    if len(password) < SHORTEST_PASSWORD:
        raise click.UsageError(f"The password is too short: use at least {SHORTEST_PASSWORD} characters.")
    settings, at = from_environment(), datetime.now(UTC)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    app = create_app(settings)
    with app.app_context():
        hashed = hash_password(PasswordUtil(app).normalize(password))
    try:
        with transaction(engine) as session:
            person = add_user(session, email=email, name=name, password_hash=hashed, by_user_id=None, at=at)
            give_role(session, user=person, role=Role.ADMIN, by_user_id=None, at=at)
    except Refused as refusal:
        raise click.UsageError(str(refusal)) from None
    click.echo(f"{email} can now sign in.")
