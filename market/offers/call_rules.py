"""What a phone call from a producer must tell, and how long its link lives. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from market.values import Refused, msg

LINK_LIVES = timedelta(days=7)


class OralContactNotAllowed(Refused):
    message = msg(
        "Muntlig kontakt är inte tillåten i ett DIS enligt direktivet (LOU 12 kap. 5 §). Be producenten lämna sitt "
        "anbud i systemet i stället."
    )


class NoAddressForTheLink(Refused):
    message = msg("Producenten har varken konto eller e-post i registret. Skriv vart länken ska skickas.")


class CallInTheFuture(Refused):
    message = msg("Samtalet kan inte ligga i framtiden. Ändra dagen eller klockslaget.")


class LinkUsed(Refused):
    message = msg("Länken är redan använd. Erbjudandet är besvarat.")


class LinkExpired(Refused):
    message = msg("Länken gäller inte längre. Be kommunens kostchef att skicka en ny.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotes:
    """Who called, when, and what was said; that it was outside a DIS under the directive; where to send the link."""

    called_at: datetime
    spoke_with: str
    said: str
    is_outside_directive: bool
    email: str = ""


def check_call(notes: CallNotes, *, at: datetime) -> None:
    """Raises OralContactNotAllowed or CallInTheFuture."""
    if not notes.is_outside_directive:
        raise OralContactNotAllowed
    if notes.called_at > at:
        raise CallInTheFuture


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
