"""What has become of a message, in a word and a tone."""

from __future__ import annotations

from dataclasses import dataclass

from market.outbox import MessageState, OutboxMessage
from market.values import msg

FATES = {
    MessageState.WAITING: (msg("Väntar på att mejlas"), "note"),
    MessageState.SENT: (msg("Mejlat"), "good"),
    MessageState.FAILED: (msg("Gick inte att mejla"), "bad"),
    MessageState.DROPPED: (msg("Bara här"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Fate:
    label: str
    tone: str


def fate(message: OutboxMessage) -> Fate:
    """A message held for a digest says so."""
    if message.state is MessageState.WAITING and message.digest_at is not None:
        return Fate(msg("Kommer i nästa sammanfattning"), "note")
    return Fate(*FATES[message.state])
