"""What the law set when this was written, with its source. The first migration of the table stores it.

The threshold in kronor for 2026 and 2027 is not here: it was not verified, so an administrator enters it with its source.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from market.law.rules import LawKey

Known = tuple[LawKey, Decimal, date, date | None, str]

LIMIT_FROM = date(2022, 2, 1)
KNOWN: tuple[Known, ...] = (
    (LawKey.DIRECT_AWARD_LIMIT, Decimal(700_000), LIMIT_FROM, None, "LOU 19 a kap. 2 §"),
    (LawKey.DOCUMENT_FROM, Decimal(100_000), LIMIT_FROM, None, "LOU 19 a kap. 11 §"),
    (LawKey.DOCUMENT_WITHIN, Decimal(30), LIMIT_FROM, None, "LOU 19 a kap. 11 §"),
    (LawKey.KEEP_DOCUMENTS, Decimal(4), LIMIT_FROM, None, "LOU 19 a kap. 12 §"),
    (
        LawKey.EU_THRESHOLD,
        Decimal(2_236_731),
        date(2022, 1, 1),
        date(2024, 1, 1),
        "LOU 5 kap. 1 §: 215 000 EUR",
    ),
    (
        LawKey.EU_THRESHOLD,
        Decimal(2_389_585),
        date(2024, 1, 1),
        date(2026, 1, 1),
        "LOU 5 kap. 1 §: 221 000 EUR",
    ),
    (LawKey.LOT_LIMIT_EUR, Decimal(80_000), LIMIT_FROM, None, "LOU 5 kap. 8 §"),
    (LawKey.LOT_SHARE, Decimal(20), LIMIT_FROM, None, "LOU 5 kap. 8 §"),
    (LawKey.VAT_FOOD, Decimal(12), LIMIT_FROM, date(2026, 4, 1), "Mervärdesskattelagen: livsmedel"),
    (
        LawKey.VAT_FOOD,
        Decimal(6),
        date(2026, 4, 1),
        date(2028, 1, 1),
        "Mervärdesskattelagen: livsmedel 2026-04-01–2027-12-31",
    ),
    (LawKey.VAT_FOOD, Decimal(12), date(2028, 1, 1), None, "Mervärdesskattelagen: livsmedel"),
    (LawKey.VAT_ALCOHOL, Decimal(25), LIMIT_FROM, None, "Mervärdesskattelagen"),
    (LawKey.PAYMENT_DAYS, Decimal(30), LIMIT_FROM, None, "Lag 2021:579"),
    (LawKey.PERISHABLE_NOTICE, Decimal(30), LIMIT_FROM, None, "Lag 2021:579"),
)

# Stored by the migration that added their names.
KNOWN_OF_DIS: tuple[Known, ...] = (
    (LawKey.DIS_APPLICATION, Decimal(30), LIMIT_FROM, None, "LOU 8 kap. 8 §"),
    (LawKey.DIS_EVALUATION, Decimal(10), LIMIT_FROM, None, "LOU 8 kap. 7 §"),
    (LawKey.DIS_TENDER, Decimal(10), LIMIT_FROM, None, "LOU 8 kap. 11 §"),
    (LawKey.AWARD_NOTICE, Decimal(30), LIMIT_FROM, None, "LOU 10 kap. 4 §, 19 kap. 7 §"),
)
KNOWN_OF_DIS_STEPS: tuple[Known, ...] = (
    (LawKey.DIS_EVALUATION_EXTENDED, Decimal(15), LIMIT_FROM, None, "LOU 8 kap. 7 §"),
    (LawKey.DIS_DECLARATION, Decimal(5), LIMIT_FROM, None, "LOU 8 kap. 13 §"),
    (LawKey.STANDSTILL, Decimal(10), LIMIT_FROM, None, "LOU 20 kap. 1, 15 §§"),
)
