"""What the procedure adviser is asked, what it must know, and what it answers with. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Route(StrEnum):
    DIRECT_AWARD = "direct_award"
    LOTS = "lots"
    NATIONAL_DIS = "national_dis"
    DIRECTIVE_DIS = "directive_dis"


class Verdict(StrEnum):
    """Unknown: something must be known first; it is said what."""

    LAWFUL = "lawful"
    UNLAWFUL = "unlawful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, to be translated when it is shown; amounts and dates in `params`."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A planned purchase. `ore` is its whole value over `months`, with options and prolongations, excluding VAT.

    `whole_ore` is the larger procurement that it is a part of, with all its lots, or None; `lots_ore` what has been
    taken out of that one already.
    """

    ore: int
    months: int
    recurs: bool
    on: date
    whole_ore: int | None = None
    lots_ore: int = 0
    kronor_per_euro: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the law and the ledger say on the day.

    `spent_ore` is what is bought of the same kind in the period that ends on `period_end`.
    """

    limit_ore: int
    threshold_ore: int | None
    document_from_ore: int
    document_days: int
    lot_limit_eur: Decimal
    lot_share: Decimal
    application_days: int
    evaluation_days: int
    tender_days: int
    notice_days: int
    spent_ore: int
    period_end: date
    has_guidelines: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One route: whether it is lawful and why, by which paragraphs, what time it takes, what is missing."""

    route: Route
    verdict: Verdict
    why: Said
    paragraphs: str
    steps: tuple[Said, ...] = ()
    lacks: tuple[Said, ...] = ()
    days: int | None = None

    @property
    def is_lawful(self) -> bool:
        return self.verdict is Verdict.LAWFUL
