"""What a DIS is made of: kinds of requirements and criteria, how ties are broken. Pure."""

from __future__ import annotations

from enum import StrEnum

MOST_DEDUCTION_BP = 5_000
"""What all added values of a category may take off a price together: 50 %, in hundredths of a per cent."""


class RequirementKind(StrEnum):
    """How a supplier shows that it meets a qualification requirement."""

    DECLARATION = "declaration"  # it says so itself (egen försäkran, LOU 15 kap. 1 §)
    DOCUMENT = "document"  # it attaches proof
    TEXT = "text"  # it describes


class CriterionKind(StrEnum):
    """How an added value is judged. The price is always there and needs no row."""

    STATEMENT = "statement"  # offered or not, with evidence: receives school classes, visits schools
    SCORED = "scored"  # points by a working group that tastes blind: taste, consistency, fluid loss, thawing


class TieRule(StrEnum):
    """What decides between equal comparison prices, published with the notice."""

    ADDED_VALUE_THEN_LOT = "added_value_then_lot"  # the larger granted deduction, then drawing lots
    LOT = "lot"  # drawing lots
