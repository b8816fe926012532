"""The words for what a plan is compared with."""

from __future__ import annotations

from market.planning.comparing.figures import Basis
from market.values import msg

BASIS_NAMES = {
    Basis.THIS: msg("Den här planen"),
    Basis.ALONE: msg("Alla kör själva"),
    Basis.LAST_WEEK: msg("Förra veckans rutter"),
    Basis.LAST_YEAR: msg("Samma vecka i fjol"),
}
MISSING = {
    Basis.LAST_WEEK: msg(
        "Förra veckan har ingen publicerad plan vars rutter går att köra med den här veckans varor."
    ),
    Basis.LAST_YEAR: msg(
        "Samma vecka i fjol har ingen publicerad plan. Den kommer med när systemet har använts ett år."
    ),
}
