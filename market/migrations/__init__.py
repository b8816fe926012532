"""Schema migrations (Alembic), run from the installed package: no ini file is needed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).parent
TABLES_BESIDE_THE_NOUNS = ("audit", "chore_runs", "geocode_cache", "outbox", "travel_cache")


def load_tables() -> None:
    """Import every module with tables, so that the metadata knows all of them."""
    for path in sorted(HERE.parent.glob("**/models.py")):
        import_module(".".join(("market", *path.relative_to(HERE.parent).with_suffix("").parts)))
    for name in TABLES_BESIDE_THE_NOUNS:
        import_module(f"market.{name}")


def config(engine: Engine) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; does nothing when it is there already."""
    if revision == "head" and is_current(engine):
        return
    command.upgrade(config(engine), revision)


def is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    return revision == ScriptDirectory(str(HERE)).get_current_head()
