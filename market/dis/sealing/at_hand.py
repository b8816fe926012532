"""The keeper of this installation, in a request."""

from __future__ import annotations

from flask import current_app

from market import shell
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operator_key import keeper_of


def keeper() -> Keeper:
    """Made at the first use; a program that never deals with tenders needs no key."""
    kept: Keeper | None = current_app.extensions.get("narmat.keeper")
    if kept is None:
        kept = current_app.extensions["narmat.keeper"] = keeper_of(shell.settings())
    return kept
