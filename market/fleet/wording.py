"""The words that carriers and their choices are shown with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from market.fleet.rules import CanDeliver, CarrierKind, OwnDelivery
from market.register.models import TransportModel
from market.register.wording import TRANSPORT_NAMES
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


@dataclass(frozen=True, slots=True)
class Way:
    """A way to get goods to the kitchens: its name, who does it so, and what it means, in the report's words."""

    name: str
    whose: str
    text: str


WAYS: Mapping[TransportModel, Way] = MappingProxyType(
    {
        TransportModel.HUBS_OWN_STAFF: Way(
            TRANSPORT_NAMES[TransportModel.HUBS_OWN_STAFF],
            msg("Som i Kramfors"),
            msg(
                "Varorna levereras till några större kök, i Kramfors fem. Därefter tar kommunens egen personal hand om dem "
                "och kör vidare till de mindre köken."
            ),
        ),
        TransportModel.SUPPLIERS_COLOAD: Way(
            TRANSPORT_NAMES[TransportModel.SUPPLIERS_COLOAD],
            msg("Som i Tierp"),
            msg(
                "Några leverantörer kör åt varandra och åt de andra till en handfull kök. Köken beställer för hela veckan, "
                "fryser in och planerar, så att det blir få transporter."
            ),
        ),
        TransportModel.MUNICIPAL_VANS: Way(
            TRANSPORT_NAMES[TransportModel.MUNICIPAL_VANS],
            msg("Som i Vallentuna"),
            msg(
                "Ett åkeri, eller en producent som hjälper de andra, kör fram till en viss dag. Därefter kör kommunen själv. "
                "De producenter som kan leverera själva fortsätter med det."
            ),
        ),
        TransportModel.PRODUCER_DELIVERS: Way(
            TRANSPORT_NAMES[TransportModel.PRODUCER_DELIVERS],
            msg("Som i Norrtälje"),
            msg(
                "Producenten levererar sina egna varor, till ett pris som köket och producenten kommer överens om."
            ),
        ),
        TransportModel.HUB_COLLECTS: Way(
            TRANSPORT_NAMES[TransportModel.HUB_COLLECTS],
            msg("Som i Bath och nordöstra Somerset"),
            msg(
                "Hubbens egna bilar hämtar hos producenterna, på den dag och tid som de har valt, och kör ut till köken. "
                "Vissa producenter lämnar själva in sina varor. Tiden från beställning till leverans är så kort som möjligt."
            ),
        ),
    }
)
