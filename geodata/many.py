"""Thousands of chains against the definitions of many authorities at once, with `verdict`'s answers.

`geodata.verdicts.verdict` explains one answer; this gives all the answers without the reasons. What
is far from a limit is settled by cheap bounds, what is near is measured as `verdict` does it, so the
two always agree. By road the engine is asked for whole matrices, which costs more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata import areas
from geodata.definitions import AllOf, AnyOf, LocalDefinition, NotInForce, Rule
from geodata.known_roads import ask_once
from geodata.many_rules import Asker, rank_sites
from geodata.reasons import Answer
from geodata.site_arrays import SiteArrays
from geodata.travel import Estimator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from geodata.points import Point
    from geodata.sites import ProductionSite
    from geodata.travel import TravelEngine


@dataclass(frozen=True)
class VerdictTable:
    """Answers by chain and authority: `ranks` (chains, authorities) int8, columns in order of `codes`.

    A rank is `Answer.rank`: 0 no, 1 uncertain, 2 yes.
    """

    codes: tuple[str, ...]
    ranks: NDArray[np.int8]

    def answer(self, chain: int, code: str) -> Answer:
        return list(Answer)[int(self.ranks[chain, self._columns[code]])]

    def answers(self, code: str) -> tuple[Answer, ...]:
        """One authority's answers in the order of the chains. Raises KeyError for one not asked about."""
        ladder = list(Answer)
        return tuple(ladder[rank] for rank in self.ranks[:, self._columns[code]].tolist())

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {code: column for column, code in enumerate(self.codes)}


def verdict_many(
    chains: Sequence[Sequence[ProductionSite]],
    *,
    definitions: Mapping[str, LocalDefinition],
    kitchens: Mapping[str, Point] | None = None,
    travel: TravelEngine | None = None,
    on: date,
) -> VerdictTable:
    """The answer of `verdict` for each chain under each authority's definition (by municipality code).

    Where a rule counts from the kitchen and `kitchens` has none for the code, the answer is
    uncertain. Raises `NotInForce` (naming the authority), `geodata.areas.UnknownArea`, and
    `geodata.areas.NotOnLand` for a site at sea when a rule asks for its municipality.
    """
    check_in_force(definitions, on)
    arrays = SiteArrays.of(chains)
    askers = [Asker(code, (kitchens or {}).get(code)) for code in definitions]
    engine = ask_once(
        travel or Estimator(),
        kitchens=[asker.kitchen for asker in askers if asker.kitchen],
        definitions=definitions,
        sites=arrays.points,
    )
    ranks = np.empty((len(chains), len(definitions)), np.int8, order="F")  # filled column by column
    for column, (asker, definition) in enumerate(zip(askers, definitions.values(), strict=True)):
        judged = _rank(definition.rule, arrays, asker, engine)
        ranks[:, column] = arrays.worst(judged, definition.steps)
    return VerdictTable(codes=tuple(definitions), ranks=ranks)


def check_in_force(definitions: Mapping[str, LocalDefinition], on: date) -> None:
    """Raise `NotInForce` with the name of the first authority whose definition doesn't apply that day."""
    for code, definition in definitions.items():
        name = areas.municipality(code).name
        if not definition.is_in_force(on):
            raise NotInForce(
                f"{name} ({code}): the definition is not in force on {on} (from {definition.valid_from}, "
                f"to {definition.valid_to}). Choose the version that is, with geodata.versions.in_force."
            )


def _rank(rule: Rule, arrays: SiteArrays, asker: Asker, engine: TravelEngine) -> NDArray[np.int8]:
    """And is the least of its parts, or the greatest, site by site (n,)."""
    if not isinstance(rule, AllOf | AnyOf):
        return rank_sites(rule, arrays, asker, engine)
    parts = np.stack([_rank(part, arrays, asker, engine) for part in rule.rules])
    ranks: NDArray[np.int8] = parts.min(axis=0) if isinstance(rule, AllOf) else parts.max(axis=0)
    return ranks
