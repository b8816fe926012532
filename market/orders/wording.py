"""The words and tones that orders' states and events are shown with."""

from __future__ import annotations

from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderEvent, OrderState, Side
from market.orders.standing_rules import StandingState, WhyNot
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
WEEKDAY_NAMES = {
    1: msg("måndag"),
    2: msg("tisdag"),
    3: msg("onsdag"),
    4: msg("torsdag"),
    5: msg("fredag"),
    6: msg("lördag"),
    7: msg("söndag"),
}
STANDING_NAMES = {
    StandingState.ACTIVE: msg("Beställer varje vecka"),
    StandingState.PAUSED: msg("Pausad"),
    StandingState.ENDED: msg("Avslutad"),
}
STANDING_TONES = {
    StandingState.ACTIVE: "good",
    StandingState.PAUSED: "warn",
    StandingState.ENDED: "neutral",
}
WHY_NOT_NAMES = {
    WhyNot.NO_OFFER: msg("Producenten har inte flaggat varan den dagen."),
    WhyNot.NOT_ENOUGH: msg("Det finns inte så mycket kvar. Beställ mindre, eller av någon annan."),
    WhyNot.PRICE_ABOVE: msg("Priset är högre än ert högsta pris."),
    WhyNot.NO_PRICE: msg("Priset avgörs vid beställning, och ni har inget högsta pris. Beställ för hand."),
    WhyNot.PACKAGES: msg("Varan säljs i förpackningar som mängden inte går jämnt upp i."),
    WhyNot.KITCHEN_CLOSED: msg("Köket tar inte emot varor den veckodagen."),
    WhyNot.LIMIT_REACHED: msg("Direktupphandlingsgränsen är nådd. Tala med upphandlaren."),
    WhyNot.REFUSED: msg("Beställningen gick inte att göra."),
}
