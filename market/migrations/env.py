"""How Alembic runs here: on the engine handed over in the configuration."""

from __future__ import annotations

from typing import Literal

from alembic import context

from market.db import WRITES, Base, EnumText, UtcDateTime
from market.migrations import load_tables

load_tables()


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column types as the plain types they are stored as, so that old migrations never change with the code."""
    if kind == "type" and isinstance(item, EnumText):
        return "sa.String(32)"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


engine = context.config.attributes["engine"].execution_options(**{WRITES: True})

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
