"""Who carries, how goods may travel, and what a vehicle must say of itself. Pure."""

from __future__ import annotations

from enum import StrEnum

from market.values import Refused, msg


class CarrierKind(StrEnum):
    """Who runs vehicles. A producer carries its own goods, and those of others where it says so."""

    MUNICIPALITY = "municipality"
    PRODUCER = "producer"
    HAULIER = "haulier"


class OwnDelivery(StrEnum):
    """Whether producers deliver by themselves."""

    NEVER = "never"
    WHEN_CHEAPER = "when_cheaper"  # the plan takes whichever costs less for the whole
    ALWAYS = "always"


class CanDeliver(StrEnum):
    """A producer's answer to the survey of who can deliver by themselves."""

    BY_ITSELF = "by_itself"
    FOR_OTHERS_TOO = "for_others_too"
    MUST_BE_COLLECTED = "must_be_collected"


class VehicleChangedMeanwhile(Refused):
    message = msg("Någon annan har ändrat fordonet sedan du öppnade sidan. Här är det som det ser ut nu.")
