"""The words and tones that orders' states and events are shown with."""

from __future__ import annotations

from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderEvent, OrderState, Side
from market.values import msg

STATE_NAMES = {
    OrderState.PROPOSED: msg("Väntar på svar"),
    OrderState.AGREED: msg("Avtalad"),
    OrderState.DECLINED: msg("Avböjd"),
    OrderState.CANCELLED: msg("Avbokad"),
    OrderState.EXPIRED: msg("Utgången"),
    OrderState.RECEIVED: msg("Mottagen"),
}
STATE_TONES = {
    OrderState.PROPOSED: "warn",
    OrderState.AGREED: "good",
    OrderState.DECLINED: "bad",
    OrderState.CANCELLED: "bad",
    OrderState.EXPIRED: "bad",
    OrderState.RECEIVED: "neutral",
}
SIDE_NAMES = {Side.KITCHEN: msg("Köket"), Side.PRODUCER: msg("Producenten")}
EVENT_NAMES = {
    (OrderEvent.PROPOSE, Side.KITCHEN): msg("Köket beställde och föreslog pris"),
    (OrderEvent.ORDER, Side.KITCHEN): msg("Köket beställde"),
    (OrderEvent.COUNTER, Side.KITCHEN): msg("Köket lade ett motbud"),
    (OrderEvent.COUNTER, Side.PRODUCER): msg("Producenten lade ett motbud"),
    (OrderEvent.ACCEPT, Side.KITCHEN): msg("Köket tackade ja"),
    (OrderEvent.ACCEPT, Side.PRODUCER): msg("Producenten tackade ja"),
    (OrderEvent.DECLINE, Side.PRODUCER): msg("Producenten tackade nej"),
    (OrderEvent.CANCEL, Side.KITCHEN): msg("Köket avbokade"),
    (OrderEvent.EXPIRE, None): msg("Ingen svarade i tid"),
    (OrderEvent.ASK_CANCEL, Side.KITCHEN): msg("Köket bad producenten godta en avbokning"),
    (OrderEvent.REFUSE_CANCEL, Side.PRODUCER): msg("Producenten godtog inte avbokningen"),
    (OrderEvent.CONSENT_CANCEL, Side.PRODUCER): msg("Producenten godtog avbokningen"),
    (OrderEvent.RECEIVE, Side.KITCHEN): msg("Köket tog emot"),
}
DEVIATION_NAMES = {
    DeviationKind.SHORT: msg("Det fattades varor"),
    DeviationKind.DAMAGED: msg("Skadat"),
    DeviationKind.TEMPERATURE: msg("Fel temperatur"),
    DeviationKind.WRONG_GOODS: msg("Fel vara"),
}
