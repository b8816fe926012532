"""Evaluation: who may judge, when the scoring is over, and what must be done before the comparison. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from market.dis.rules import CallOffState


class Declaration(StrEnum):
    """What an evaluator says of their own interest in the outcome; barred is who has one (jäv)."""

    IMPARTIAL = "impartial"
    CONFLICT = "conflict"


GROUPING = frozenset({CallOffState.INVITED, CallOffState.OPENED})
"""While the working group can be put together, and people declare."""


class Lack(StrEnum):
    """What must be done before the tenders can be compared."""

    NO_TENDERS = "no_tenders"
    OWN_DECLARATION = "own_declaration"
    BARRED = "barred"
    CLAIMS = "claims"
    NO_GROUP = "no_group"
    SCORES = "scores"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How far the working group has come. `awaited` are those whose scores are not in; `counted` whose are."""

    is_needed: bool
    awaited: int
    counted: int
    is_closed: bool

    @property
    def is_over(self) -> bool:
        """Everyone's scores are in, or the officer has closed: from now on they may be seen together."""
        return self.counted > 0 and (self.is_closed or self.awaited == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a call-off stands before its evaluation, for the officer who looks."""

    tenders: int
    declaration: Declaration | None
    unjudged: int
    scoring: Scoring

    @property
    def lacks(self) -> list[Lack]:
        """In the order in which it is done; nothing when the tenders can be compared."""
        barred = self.declaration is Declaration.CONFLICT
        found = {
            Lack.NO_TENDERS: self.tenders == 0,
            Lack.OWN_DECLARATION: self.declaration is None,
            Lack.BARRED: barred,
            Lack.CLAIMS: self.unjudged > 0,
            Lack.NO_GROUP: self.scoring.is_needed and not (self.scoring.awaited or self.scoring.counted),
            Lack.SCORES: self.scoring.is_needed and not self.scoring.is_over and self.scoring.awaited > 0,
        }
        return [lack for lack, missing in found.items() if missing]
