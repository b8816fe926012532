"""The words for whom a plan tells, and what has changed for them."""

from __future__ import annotations

from market.planning.publishing.rules import Change, PartyKind
from market.values import msg

PARTY_NAMES = {
    PartyKind.PRODUCER: msg("Producent"),
    PartyKind.KITCHEN: msg("Kök"),
    PartyKind.DRIVER: msg("Förare"),
}
CHANGE_NAMES = {
    Change.NEW: msg("ny"),
    Change.GONE: msg("inställd"),
    Change.DAY: msg("annan dag"),
    Change.TIME: msg("annan tid"),
    Change.VEHICLE: msg("annat fordon"),
    Change.PLACE: msg("annan plats"),
    Change.AMOUNT: msg("annan mängd"),
}
