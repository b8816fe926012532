"""The published rule for equal comparisons: the larger deduction, then lots drawn so that anyone can draw them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction

from market.dis.systems.rules import TieRule


def seed_of(hashes: Iterable[str]) -> str:
    """The SHA-256 of the opened tenders' SHA-256, sorted, one to a line.

    Every tender that was opened counts, also one that was rejected or withdrawn since: nobody steers the draw by that,
    and whoever wrote a tender did not know the others'.
    """
    return _sha256("\n".join(sorted(hashes)))


def drawn(seed: str, lot_number: int, tender_sha256: str) -> str:
    """A tender's lot in a lot's draw: SHA-256 of "seed:number:tender". The smallest comes first."""
    return _sha256(f"{seed}:{lot_number}:{tender_sha256}")


def ranking(
    rule: TieRule,
    *,
    seed: str,
    lot_number: int,
    hashes: Mapping[int, str],
    deductions: Mapping[int, Fraction],
) -> tuple[int, ...]:
    """The tenders' ids in the order in which they are preferred when their comparisons are equal in this lot."""

    def place(tender_id: int) -> tuple[Fraction, str]:
        ticket = drawn(seed, lot_number, hashes[tender_id])
        weighed = -deductions[tender_id] if rule is TieRule.ADDED_VALUE_THEN_LOT else Fraction(0)
        return weighed, ticket

    return tuple(sorted(hashes, key=place))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
