"""The kinds of messages: what each is called, and which of them nobody can opt out of.

A kind is one line here and `templates/emails/KIND.txt`. One that is not listed is sent at once and can't be chosen away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from market.values import msg

DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Kind:
    """`is_needed`: part of a deal or of what the law asks for."""

    label: str
    is_needed: bool = True


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "need_matched": Kind(msg("Något ni bevakar har kommit ut"), is_needed=False),
        "order_proposed": Kind(msg("Ett kök föreslår ett pris"), is_needed=False),
        "order_confirmed": Kind(msg("Orderbekräftelse")),
        "order_declined": Kind(msg("Producenten tackade nej")),
        "order_cancelled": Kind(msg("Köket avbokade")),
        "order_deviation": Kind(msg("Leveransen stämde inte"), is_needed=False),
        "order_countered": Kind(msg("Ett nytt bud på en beställning")),
        "order_expired": Kind(msg("Ett förslag gick ut")),
        "order_cancel_asked": Kind(msg("Köket ber om att få avboka")),
        "order_cancel_agreed": Kind(msg("Producenten godtog avbokningen")),
        "order_cancel_refused": Kind(msg("Producenten godtog inte avbokningen")),
        "standing_order_made": Kind(msg("En stående beställning gjordes"), is_needed=False),
        "standing_order_failed": Kind(msg("En stående beställning blev inte av")),
        "offer_to_confirm": Kind(msg("Ett erbjudande att bekräfta")),
        "visit_booked": Kind(msg("Studiebesök bokat"), is_needed=False),
        "visit_cancelled": Kind(msg("Studiebesök inställt")),
        "interest_shown": Kind(msg("Ett kök visar intresse"), is_needed=False),
        "agreement_sent": Kind(msg("Ett avtal att läsa och skriva under")),
        "agreement_signed": Kind(msg("Någon har skrivit under ett avtal")),
        "agreement_in_force": Kind(msg("Ett avtal är undertecknat av båda")),
        "agreement_ended": Kind(msg("Ett avtal är avböjt, tillbakadraget eller uppsagt")),
        "agreement_extended": Kind(msg("Ett avtal är förlängt")),
    }
)
UNKNOWN = Kind(msg("Meddelande"))
CHOOSABLE = tuple(name for name, kind in KINDS.items() if not kind.is_needed)


def kind_of(name: str) -> Kind:
    return KINDS.get(name, UNKNOWN)


def can_be_chosen(name: str) -> bool:
    return name in CHOOSABLE or name == DIGEST
