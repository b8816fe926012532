"""Närmat: marketplace for local food in public kitchens (a Flask application)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from market.config import Settings
    from market.shell import Clock

__version__ = "0.1.0"


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """The web application: wiring, nothing else (see market.wiring, loaded here so that `import market` stays light)."""
    from market import wiring

    return wiring.create_app(settings, clock=clock)
