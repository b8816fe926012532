"""narmat serve: the web application under gunicorn, on loopback unless told otherwise by a proxy in front."""

from __future__ import annotations

from typing import Any

import click
from gunicorn.app.base import BaseApplication

from market import create_app
from market.config import Settings, from_environment
from market.db import make_engine
from market.migrations import upgrade


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings from the command line."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.narmat_settings, self.options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.narmat_settings)


def run(settings: Settings, *, port: int, workers: int, **more: Any) -> None:
    """Serve on 127.0.0.1; a port that is taken is said so by gunicorn, which then ends."""
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": workers,
        "threads": 4,
        "worker_class": "gthread",
        "loglevel": "warning",
        **more,
    }
    Server(settings, options).run()


@click.command()
@click.option("--port", default=8000, show_default=True, help="The port on 127.0.0.1.")
@click.option("--workers", default=2, show_default=True, help="How many processes.")
def serve(port: int, workers: int) -> None:
    """Upgrade the database, then serve on this machine (put a proxy with TLS in front)."""
    settings = from_environment()
    upgrade(make_engine(settings.database_url))
    run(settings, port=port, workers=workers)
