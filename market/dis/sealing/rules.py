"""What goes wrong with a sealed envelope, in words; whose envelope it is; what it remembers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from market.values import Refused, msg


class WrongOperatorKey(Refused):
    message = msg(
        "Servern har inte nyckeln som avropets anbud är förseglade med. Inget är öppnat och inget är ändrat. "
        "Den som driver Närmat behöver lägga tillbaka anbudsnyckeln; försök sedan igen."
    )


class DamagedEnvelope(Refused):
    message = msg(
        "Kuvert nummer %(number)s går inte att öppna: det har skadats i databasen. Inget anbud är öppnat. "
        "Den som driver Närmat behöver hämta kuvertet ur en säkerhetskopia; försök sedan igen."
    )


class TooMuchInside(Refused):
    message = msg(
        "Anbudet får inte plats i kuvertet. Korta texterna, ta bort en fil eller välj en mindre. "
        "Ett foto av en sida tar mindre plats än en inläst PDF."
    )


class AlreadyReleased(Refused):
    message = msg("Anbuden är redan öppnade.")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose envelope: what is made for one place opens in no other."""

    calloff_id: int
    invitation_id: int

    def about(self, purpose: str) -> bytes:
        return f"narmat/{purpose}/{self.calloff_id}/{self.invitation_id}".encode()


class VersionKind(StrEnum):
    TENDER = "tender"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Version:
    """That something was put into the envelope, when, and the hash of it."""

    kind: VersionKind
    at: datetime
    sha256: str
