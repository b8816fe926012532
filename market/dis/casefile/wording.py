"""The words of the report of a DIS."""

from __future__ import annotations

from market.dis.rules import CallOffEvent, CallOffState
from market.values import msg

CALLOFF_STATES = {
    CallOffState.DRAFT: msg("Utkast"),
    CallOffState.INVITED: msg("Anbudstid"),
    CallOffState.OPENED: msg("Öppnat"),
    CallOffState.EVALUATED: msg("Utvärderat"),
    CallOffState.AWARDED: msg("Tilldelat"),
    CallOffState.CONCLUDED: msg("Avtalat"),
    CallOffState.ABANDONED: msg("Avbrutet"),
    CallOffState.DISCARDED: msg("Kastat"),
}
STEP_NAMES = {
    CallOffEvent.OPEN: msg("Från inbjudan till öppning"),
    CallOffEvent.EVALUATE: msg("Från öppning till utvärdering"),
    CallOffEvent.AWARD: msg("Från utvärdering till beslut"),
    CallOffEvent.CONCLUDE: msg("Från beslut till avtal"),
}
