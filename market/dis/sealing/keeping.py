"""The operator's key: it wraps each call-off's private key and closes every envelope's outer layer. It is not in the database."""

from __future__ import annotations

from dataclasses import dataclass, field

from market.dis.sealing.boxes import WillNotOpen, derived, locked, unlocked
from market.dis.sealing.rules import Place, WrongOperatorKey


@dataclass(frozen=True, slots=True)
class Keeper:
    """Holds the operator's key of 32 bytes, and never shows it."""

    key: bytes = field(repr=False)

    def wrapped(self, private_key: bytes, *, calloff_id: int) -> bytes:
        """A call-off's private key as the database may hold it."""
        return locked(self._for("call-off key"), private_key, about=_about_key(calloff_id))

    def unwrapped(self, box: bytes, *, calloff_id: int) -> bytes:
        """The private key. Only the opening asks for it. Raises WrongOperatorKey."""
        try:
            return unlocked(self._for("call-off key"), box, about=_about_key(calloff_id))
        except WillNotOpen:
            raise WrongOperatorKey from None

    def closed(self, inner: bytes, *, place: Place) -> bytes:
        """The outer layer around what lies inside: new bytes each time, also around the same."""
        return locked(self._for("outer layer"), inner, about=place.about("outer"))

    def looked_into(self, content: bytes, *, place: Place) -> bytes:
        """What the outer layer holds, which is itself sealed. Raises WillNotOpen."""
        return unlocked(self._for("outer layer"), content, about=place.about("outer"))

    def _for(self, purpose: str) -> bytes:
        return derived(self.key, about=f"narmat/{purpose}".encode())


def _about_key(calloff_id: int) -> bytes:
    return f"narmat/call-off key/{calloff_id}".encode()
