"""The words for rounds of needs."""

from __future__ import annotations

from market.dis.rules import NeedRoundEvent, NeedRoundState
from market.values import msg

STATE_NAMES = {
    NeedRoundState.OPEN: msg("Öppen"),
    NeedRoundState.CLOSED: msg("Stängd"),
    NeedRoundState.MERGED: msg("Med i ett avrop"),
}
STATE_TONES = {
    NeedRoundState.OPEN: "note",
    NeedRoundState.CLOSED: "neutral",
    NeedRoundState.MERGED: "good",
}
EVENT_NAMES = {
    NeedRoundEvent.BEGIN: msg("Frågan gick ut till köken"),
    NeedRoundEvent.CLOSE: msg("Omgången stängdes"),
    NeedRoundEvent.REOPEN: msg("Omgången öppnades igen"),
    NeedRoundEvent.MERGE: msg("Behoven lades ihop till ett avrop"),
}
