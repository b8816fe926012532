"""Thousands of chains of production sites as arrays: what `geodata.many` calculates with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata import areas, bulk, shapes
from geodata.bulk import NOWHERE
from geodata.definitions import Step
from geodata.limits import Places
from geodata.reasons import Answer
from geodata.sites import BORDER_BLUR_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.points import Point
    from geodata.sites import ProductionSite

NO, UNCERTAIN, YES = (answer.rank for answer in Answer)
_STEPS = {step: number for number, step in enumerate(Step)}


_Counted = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


class _Candidates(NamedTuple):
    """The first row (n,) of each site; the sites (s,) with several; their rows (k,) and starts (s,)."""

    firsts: NDArray[np.int64]
    several: NDArray[np.int64]
    rows: NDArray[np.int64]
    starts: NDArray[np.int64]


@dataclass(frozen=True)
class SiteArrays:
    """Chains of sites one after the other: n sites in all, chain i from `starts[i]` to `starts[i + 1]`."""

    sites: tuple[ProductionSite, ...]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, chains: Sequence[Sequence[ProductionSite]]) -> SiteArrays:
        return cls(
            sites=tuple(site for chain in chains for site in chain),
            starts=np.fromiter(accumulate(map(len, chains), initial=0), np.int64, len(chains) + 1),
        )

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return tuple(site.point for site in self.sites)

    @cached_property
    def places(self) -> Places:
        return Places(*bulk.degrees_of(self.points))

    @cached_property
    def located(self) -> bulk.Located:
        return bulk.locate_rows(self.points)

    @cached_property
    def axes(self) -> NDArray[np.float64]:
        """Eastings and northings (2, n), each in one piece of memory."""
        return np.ascontiguousarray(self.located.positions.T)

    def worst(self, ranks: NDArray[np.int8], steps: tuple[Step, ...]) -> NDArray[np.int8]:
        """The least rank (m,) of each chain's sites that count; uncertain when none does."""
        counting, starts, some = self._counted(steps)
        if len(counting) == len(some) == len(self.starts) - 1:
            return ranks[counting]
        answers = np.full(len(self.starts) - 1, UNCERTAIN, np.int8)
        if len(some):
            answers[some] = np.minimum.reduceat(ranks[counting], starts)
        return answers

    def _counted(self, steps: tuple[Step, ...]) -> _Counted:
        """Which sites count; where each chain's begin among them; which chains have any."""
        wanted = frozenset(steps)
        if wanted not in self._by_steps:
            counting = np.isin(self._steps, [_STEPS[step] for step in wanted])
            offsets = np.concatenate([[0], np.cumsum(counting)])[self.starts]
            some = np.flatnonzero(np.diff(offsets))
            self._by_steps[wanted] = (np.flatnonzero(counting), offsets[some], some)
        return self._by_steps[wanted]

    @cached_property
    def _by_steps(self) -> dict[frozenset[Step], _Counted]:
        return {}

    def in_areas(self, is_wanted: NDArray[np.bool_]) -> NDArray[np.int8]:
        """Ranks (n,): whether all, some or none of the municipalities (290,) a site may lie in are wanted."""
        firsts, several, rows, starts = self._candidates
        ranks = is_wanted[firsts].astype(np.int8) * np.int8(YES)
        if len(several):
            wanted = is_wanted[rows].astype(np.int8)
            ranks[several] = np.minimum.reduceat(wanted, starts) + np.maximum.reduceat(wanted, starts)
        return ranks

    @cached_property
    def sole_rows(self) -> NDArray[np.int64]:
        """The row (n,) of the only municipality that a site may lie in; `NOWHERE` where there are several."""
        firsts, several, _, _ = self._candidates
        rows = firsts.copy()
        rows[several] = NOWHERE
        return rows

    @cached_property
    def _steps(self) -> NDArray[np.int64]:
        return np.fromiter((_STEPS[site.step] for site in self.sites), np.int64, len(self.sites))

    @cached_property
    def _candidates(self) -> _Candidates:
        """Rows that the sites may lie in; see `_Candidates`."""
        declared = np.fromiter(map(_declared_row, self.sites), np.int64, len(self.sites))
        self._check_on_land(declared)
        owners, rows = self.located.candidates(BORDER_BLUR_M)
        open_ones = declared[owners] == NOWHERE
        fixed = np.flatnonzero(declared != NOWHERE)
        owners = np.concatenate([owners[open_ones], fixed])
        order = np.argsort(owners, kind="stable")
        rows = np.concatenate([rows[open_ones], declared[fixed]])[order]
        starts = np.searchsorted(owners[order], np.arange(len(self.sites) + 1))
        counts = np.diff(starts)
        several = np.flatnonzero(counts > 1)
        unsettled = np.repeat(counts > 1, counts)
        begins = np.concatenate([[0], np.cumsum(counts[several])])[:-1]
        return _Candidates(rows[starts[:-1]], several, rows[unsettled], begins)

    def _check_on_land(self, declared: NDArray[np.int64]) -> None:
        """Raise the `NotOnLand` of the first site that is nowhere and says nothing of where it is."""
        lost = np.flatnonzero((self.located.rows == NOWHERE) & (declared == NOWHERE))
        if len(lost):
            areas.locate(self.sites[lost[0]].point)


def _declared_row(site: ProductionSite) -> int:
    return NOWHERE if site.municipality_code is None else shapes.rows()[site.municipality_code]
