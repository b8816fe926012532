"""What a driver reports, how cold goods must be, and when waiting people are told. Pure."""

from __future__ import annotations

from enum import StrEnum


class ReportKind(StrEnum):
    """One thing that a driver says, in the order in which it happened."""

    LEFT = "left"  # the run has begun
    ARRIVED = "arrived"  # at a stop
    LOADED = "loaded"  # an order: weight, crates, temperature
    DELIVERED = "delivered"  # an order, signed for by name
    DEVIATION = "deviation"  # something is wrong with an order or a stop, with words and a photo
    TEMPERATURE = "temperature"  # in a compartment, for the log of the run
    ENDED = "ended"  # the run is over
