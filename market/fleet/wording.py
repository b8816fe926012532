"""The words that carriers and their choices are shown with."""

from __future__ import annotations

from market.fleet.rules import CanDeliver, CarrierKind, OwnDelivery
from market.values import msg

CARRIER_NAMES = {
    CarrierKind.MUNICIPALITY: msg("Kommunen"),
    CarrierKind.PRODUCER: msg("Producent"),
    CarrierKind.HAULIER: msg("Åkeri"),
}
OWN_DELIVERY_NAMES = {
    OwnDelivery.NEVER: msg("Producenterna kör inte själva"),
    OwnDelivery.WHEN_CHEAPER: msg("Producenten kör själv när det blir billigare för helheten"),
    OwnDelivery.ALWAYS: msg("Varje producent kör sina egna varor"),
}
CAN_DELIVER_NAMES = {
    CanDeliver.BY_ITSELF: msg("Kör själv"),
    CanDeliver.FOR_OTHERS_TOO: msg("Kör själv och kan ta med andras varor"),
    CanDeliver.MUST_BE_COLLECTED: msg("Behöver bli hämtad"),
}
