"""The experiment in pieces, shared out over processes. Whoever does a piece, it comes out the same; they are put together in order."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market.followup.simulation.draws import Assumptions, draw
from market.followup.simulation.measures import MEASURES
from market.followup.simulation.playing import play, terms_of
from market.followup.simulation.rules import RUNS_A_SET, Experiment

Told = Callable[[int, int], bool]
"""Told how many pieces of all are done; False: end with what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Values [measure, scene, number of suppliers, run], in the order of MEASURES, SCENES and the experiment's counts."""

    values: NDArray[np.float64]
    assumptions: Assumptions


def measure_piece(experiment: Experiment, piece: int) -> Measured:
    """Every number of suppliers in the piece's markets."""
    market = draw(seed=experiment.seed, piece=piece, sets=experiment.pieces[piece], runs_a_set=RUNS_A_SET)
    terms, assumed = terms_of(market.assumptions), market.assumptions
    columns = []
    for suppliers in experiment.counts:
        played = play(market, terms, suppliers=suppliers)
        columns.append([one.of(played, assumed) for one in MEASURES])
    values = np.array(columns, dtype=np.float64).transpose(1, 2, 0, 3)
    return Measured(values=values, assumptions=assumed)


def measure(experiment: Experiment, *, workers: int, told: Told = lambda _done, _of: True) -> Measured:
    """All pieces, or as many as were done when `told` said no: always the first ones, and at least one."""
    done: list[Measured] = []
    for piece in _each(experiment, workers):
        done.append(piece)
        if not told(len(done), len(experiment.pieces)):
            break
    return _joined(done)


def _each(experiment: Experiment, workers: int) -> Iterator[Measured]:
    """The pieces in order. Processes are begun anew rather than forked: the caller may have threads."""
    pieces = range(len(experiment.pieces))
    if min(workers, len(pieces)) <= 1:
        yield from (measure_piece(experiment, piece) for piece in pieces)
        return
    anew = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(pieces)), mp_context=anew, initializer=_end_with_parent
    ) as pool:
        try:
            yield from pool.map(measure_piece, [experiment] * len(pieces), pieces)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _end_with_parent() -> None:
    """A process of the pool waits for pieces for ever, also when whoever began it was ended at once."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _joined(parts: list[Measured]) -> Measured:
    keys = parts[0].assumptions.keys()
    return Measured(
        values=np.concatenate([part.values for part in parts], axis=-1),
        assumptions={key: np.concatenate([part.assumptions[key] for part in parts]) for key in keys},
    )
