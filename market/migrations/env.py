"""How Alembic runs here: on the engine handed over in the configuration."""

from __future__ import annotations

from typing import Any, Literal

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
    on_sqlite = connection.dialect.name == "sqlite"
    if (
        on_sqlite
    ):  # changing a table makes it anew there, which its references would forbid; they are checked below
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"The migration leaves references to nothing: {broken}")
    connection.commit()
    if on_sqlite:
        driver.execute("PRAGMA foreign_keys=ON")
