"""What to answer when the road engine can't: estimates that say they are, and why."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from geodata.points import Point
from geodata.travel.asking import EngineDown, EngineError
from geodata.travel.estimator import Estimator
from geodata.travel.matrices import TravelEngine, TravelMatrix

REST_S = 60.0
"""After an engine was down, how long it isn't asked again: nobody waits through the same time-outs twice."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class WithFallback:
    """An engine; where it fails, what its cache knew, and estimates for the rest.

    The answer then has `is_estimate`, the mask `estimated` for each pair, and in `note` what failed and
    what to do about it. A pair that the engine says is unreachable stays so: that is an answer.
    """

    engine: TravelEngine
    estimator: Estimator = field(default_factory=Estimator)
    rest_s: float = REST_S
    clock: Callable[[], float] = time.monotonic
    _resting_until: float = field(default=float("-inf"), init=False)
    _last_trouble: str = field(default="", init=False)

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """Never raises an `EngineError`."""
        if self.clock() < self._resting_until:
            return self._estimated(origins, destinations, known=None)
        try:
            return self.engine.matrix(origins, destinations)
        except EngineError as error:
            _log.warning("roads are estimated: %s", error)
            self._last_trouble = str(error)
            if isinstance(error, EngineDown):
                self._resting_until = self.clock() + self.rest_s
            return self._estimated(origins, destinations, known=error.known)

    def _estimated(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, known: TravelMatrix | None
    ) -> TravelMatrix:
        estimate = replace(self.estimator.matrix(origins, destinations), note=self._last_trouble)
        return estimate if known is None else _mixed(known, estimate)


def _mixed(known: TravelMatrix, estimate: TravelMatrix) -> TravelMatrix:
    """Measured where it is known, estimated elsewhere."""
    gaps = known.estimated
    if not gaps.any():
        return replace(known, note=estimate.note)
    return TravelMatrix(
        metres=np.where(gaps, estimate.metres, known.metres),
        seconds=np.where(gaps, estimate.seconds, known.seconds),
        engine=f"{known.engine}, {estimate.engine}" if not gaps.all() else estimate.engine,
        data_version=f"{known.data_version}, {estimate.data_version}"
        if not gaps.all()
        else estimate.data_version,
        is_estimate=True,
        reachable=np.where(gaps, estimate.reachable, known.reachable),
        estimated=gaps,
        by_ferry=gaps & estimate.by_ferry,
        note=estimate.note,
    )
