"""Databases on the tests' PostgreSQL: empty, or copied from one that is ready."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import make_url


def let_lose(server: str) -> None:
    """Nothing on it need outlive the machine: it waits for no disk."""
    with psycopg.connect(server, autocommit=True) as admin:
        for careful in ("fsync", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {careful} = off")
        admin.execute("SELECT pg_reload_conf()")


@contextmanager
def database(server: str, *, like: str = "template1") -> Iterator[str]:
    """The address of a new database for as long as the block lasts, a copy of the one called `like`."""
    name = f"narmat_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def name_of(address: str) -> str:
    return str(make_url(address).database)
