"""narmat serve: the web application under gunicorn, on loopback unless told otherwise by a proxy in front.

Beside it `narmat work` (what happens by the clock) and `narmat worker` (jobs), each in a process of its own that ends with the
server and whose end does not touch the server.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from market import create_app
from market.config import Settings, environment_of, from_environment
from market.db import make_engine
from market.migrations import upgrade
from market.notices.posting import mailer_from


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


def run(settings: Settings, *, port: int, workers: int, works: bool, **more: Any) -> None:
    """Serve on 127.0.0.1; a port that is taken is said so by gunicorn, which then ends."""
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": workers,
        "threads": 4,
        "worker_class": "gthread",
        "loglevel": "warning",
        **more,
    }
    with ExitStack() as beside:
        for command in ("work", "worker") if works else ():
            beside.enter_context(process_beside(settings, command))
        Server(settings, options).run()


@contextmanager
def process_beside(settings: Settings, command: str) -> Iterator[None]:
    """A command of this program in a process of its own. It reads a pipe that only the server holds open, so that it ends however the server ends."""
    owner = os.getpid()
    words = ["-c", "from market.cli import main; main()", command, "--with-server"]
    worker = subprocess.Popen(  # noqa: S603 - this same program
        [sys.executable, *words], stdin=subprocess.PIPE, env=os.environ | environment_of(settings)
    )
    try:
        yield
    finally:
        if os.getpid() == owner:  # gunicorn's own processes pass here too
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin is not None:
        worker.stdin.close()
    worker.terminate()
    try:
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()


@click.command()
@click.option("--port", default=8000, show_default=True, help="The port on 127.0.0.1.")
@click.option("--workers", default=2, show_default=True, help="How many processes.")
@click.option(
    "--no-work", is_flag=True, help="Start none beside: `narmat work` and `narmat worker` run elsewhere."
)
def serve(port: int, workers: int, no_work: bool) -> None:
    """Upgrade the database, then serve on this machine (put a proxy with TLS in front)."""
    settings = from_environment()
    mailer_from(settings)  # a setting that can't be used is said before anything starts
    upgrade(make_engine(settings.database_url))
    run(settings, port=port, workers=workers, works=not no_work)
