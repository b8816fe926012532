"""The words and tones that orders' states and events are shown with."""

from __future__ import annotations

from market.orders.rules import OrderEvent, OrderState
from market.values import msg

STATE_NAMES = {
    OrderState.PROPOSED: msg("Väntar på svar"),
    OrderState.AGREED: msg("Avtalad"),
    OrderState.DECLINED: msg("Avböjd"),
    OrderState.CANCELLED: msg("Avbokad"),
    OrderState.RECEIVED: msg("Mottagen"),
}
STATE_TONES = {
    OrderState.PROPOSED: "warn",
    OrderState.AGREED: "good",
    OrderState.DECLINED: "bad",
    OrderState.CANCELLED: "bad",
    OrderState.RECEIVED: "neutral",
}
EVENT_NAMES = {
    OrderEvent.PROPOSE: msg("Köket beställde och föreslog pris"),
    OrderEvent.ORDER: msg("Köket beställde"),
    OrderEvent.ACCEPT: msg("Producenten tackade ja"),
    OrderEvent.DECLINE: msg("Producenten tackade nej"),
    OrderEvent.CANCEL: msg("Köket avbokade"),
    OrderEvent.RECEIVE: msg("Köket tog emot"),
}
