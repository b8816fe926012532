"""An experiment: what may be asked for, and how it is read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from market.values import Refused, msg

MOST_SUPPLIERS = 60
LEAST_RUNS, MOST_RUNS, USUAL_RUNS = 10, 10_000, 1_000
USUAL_SUPPLIERS = (1, 30)
USUAL_SEED, MOST_SEED = 1, 2**31 - 1
RUNS_A_SET = 10
"""Markets that share a set of assumptions; a band over sets says what the assumptions do, with luck evened out."""
SETS_A_PIECE = 10
SUPPLIERS = re.compile(r"([0-9]{1,6})(?:\.\.([0-9]{1,6}))?")


class NotSuppliers(Refused):
    message = msg("Skriv antalet leverantörer från och till, som 1..30. Minst 1 och högst %(most)s.")


class NotRuns(Refused):
    message = msg("Välj mellan %(least)s och %(most)s körningar, i hela tiotal.")


class NotSeed(Refused):
    message = msg("Skriv ett helt tal mellan 0 och %(most)s som frö.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Numbers of suppliers from `first` to `last`, each played `runs` times. Raises NotSuppliers, NotRuns, NotSeed."""

    first: int = USUAL_SUPPLIERS[0]
    last: int = USUAL_SUPPLIERS[1]
    runs: int = USUAL_RUNS
    seed: int = USUAL_SEED

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last <= MOST_SUPPLIERS:
            raise NotSuppliers(most=MOST_SUPPLIERS)
        if not LEAST_RUNS <= self.runs <= MOST_RUNS or self.runs % RUNS_A_SET:
            raise NotRuns(least=LEAST_RUNS, most=MOST_RUNS)
        if not 0 <= self.seed <= MOST_SEED:
            raise NotSeed(most=MOST_SEED)

    @property
    def counts(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def pieces(self) -> tuple[int, ...]:
        """Sets of assumptions in each piece of the work; how it is cut depends on the runs alone, never on who does it."""
        whole, rest = divmod(self.runs // RUNS_A_SET, SETS_A_PIECE)
        return (SETS_A_PIECE,) * whole + ((rest,) if rest else ())

    def as_params(self) -> dict[str, int]:
        return {"first": self.first, "last": self.last, "runs": self.runs, "seed": self.seed}


def experiment_from(params: dict[str, Any]) -> Experiment:
    return Experiment(**{name: int(params[name]) for name in ("first", "last", "runs", "seed")})


def suppliers_from(text: str) -> tuple[int, int]:
    """Either "1..30" or "10". Raises NotSuppliers."""
    match = SUPPLIERS.fullmatch("".join(text.split()))
    if match is None:
        raise NotSuppliers(most=MOST_SUPPLIERS)
    first = int(match[1])
    return first, int(match[2] or first)
