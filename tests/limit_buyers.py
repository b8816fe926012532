"""Buyers in processes of their own, who all buy at once against one authority's limit."""

from __future__ import annotations

import multiprocessing
import os
from datetime import date, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from market.db import make_engine, transaction
from market.limits.operations import commit_value
from market.limits.rules import LimitReached

HERE = Path(__file__).parent
PATIENCE_S = 120


def buy(url: str, authority_id: int, number: int, ore: int, on: date, at: datetime, start: Barrier) -> None:
    """One purchase; ends with 0 when it was let through, with 3 when it was refused."""
    engine = make_engine(url)
    engine.connect().close()
    start.wait(timeout=PATIENCE_S)
    try:
        with transaction(engine) as session:
            commit_value(
                session,
                authority_id=authority_id,
                category_key="vegetables",
                subject=f"order:{number}",
                ore=ore,
                on=on,
                actor_user_id=None,
                at=at,
            )
    except LimitReached:
        raise SystemExit(3) from None


def race(url: str, *, authority_id: int, ores: list[int], on: date, at: datetime) -> list[int]:
    """How each buyer ended. The processes are forked from a clean one that has the modules already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["limit_buyers", "psycopg"])
    start = context.Barrier(len(ores))
    buyers = [
        context.Process(target=buy, args=(url, authority_id, n, ore, on, at, start))
        for n, ore in enumerate(ores)
    ]
    with (
        pytest.MonkeyPatch.context() as patch
    ):  # the clean process must find this module to load it once for all
        patch.setenv("PYTHONPATH", os.pathsep.join(map(str, (HERE, HERE.parent))))
        for buyer in buyers:
            buyer.start()
    for buyer in buyers:
        buyer.join(timeout=PATIENCE_S)
    return [buyer.exitcode if buyer.exitcode is not None else -1 for buyer in buyers]
