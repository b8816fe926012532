"""The words for call-offs."""

from __future__ import annotations

from market.dis.calloffs.lots import Split
from market.dis.rules import CallOffEvent, CallOffState
from market.outbox import MessageState
from market.values import msg

STATE_NAMES = {
    CallOffState.DRAFT: msg("Utkast"),
    CallOffState.INVITED: msg("Inbjudan ute"),
    CallOffState.OPENED: msg("Anbuden öppnade"),
    CallOffState.EVALUATED: msg("Utvärderat"),
    CallOffState.AWARDED: msg("Tilldelat"),
    CallOffState.CONCLUDED: msg("Avslutat med avtal"),
    CallOffState.ABANDONED: msg("Avbrutet"),
    CallOffState.DISCARDED: msg("Slängt"),
}
STATE_TONES = {
    CallOffState.DRAFT: "neutral",
    CallOffState.INVITED: "note",
    CallOffState.OPENED: "note",
    CallOffState.EVALUATED: "note",
    CallOffState.AWARDED: "good",
    CallOffState.CONCLUDED: "good",
    CallOffState.ABANDONED: "bad",
    CallOffState.DISCARDED: "neutral",
}
EVENT_NAMES = {
    CallOffEvent.DRAFT: msg("Behoven lades ihop till ett utkast"),
    CallOffEvent.INVITE: msg("Alla godkända leverantörer bjöds in"),
    CallOffEvent.EXTEND_DEADLINE: msg("Anbudstiden förlängdes"),
    CallOffEvent.OPEN: msg("Anbuden öppnades"),
    CallOffEvent.EVALUATE: msg("Anbuden utvärderades"),
    CallOffEvent.EVALUATE_AGAIN: msg("Utvärderingen görs om"),
    CallOffEvent.AWARD: msg("Tilldelningsbeslut fattades"),
    CallOffEvent.CONCLUDE: msg("Avtal är slutna"),
    CallOffEvent.ABANDON: msg("Avropet avbröts"),
    CallOffEvent.DISCARD: msg("Utkastet slängdes"),
}
SPLIT_NAMES = {
    Split.KITCHENS: msg("Dela per kök"),
    Split.MONTHS: msg("Dela per månad"),
    Split.WEEKS: msg("Dela per vecka"),
    Split.HALVES: msg("Dela på hälften"),
}
SENDING_NAMES = {
    MessageState.WAITING: msg("Väntar på att skickas"),
    MessageState.SENT: msg("Skickat"),
    MessageState.FAILED: msg("Gick inte fram"),
    MessageState.DROPPED: msg("Läses på sidan, utan e-post"),
}
SENDING_TONES = {
    MessageState.WAITING: "note",
    MessageState.SENT: "good",
    MessageState.FAILED: "bad",
    MessageState.DROPPED: "neutral",
}
