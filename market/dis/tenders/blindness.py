"""Who may not see the tenders just now: whoever is to score their samples blind. Later steps say who that is."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from market.actors import Actor
from market.values import Refused, msg

Asks = Callable[[Session, Actor, int], bool]

_askers: list[Asks] = []


class ScoresFirst(Refused):
    message = msg(
        "Du ska bedöma proverna utan att veta vems de är. Lämna in dina poäng först; sedan kan du läsa anbuden."
    )


def blind_by(asks: Asks) -> None:
    """Let a later step say whether an actor tastes blind in a call-off, by its number."""
    _askers.append(asks)


def is_blind(session: Session, *, actor: Actor, calloff_id: int) -> bool:
    return any(asks(session, actor, calloff_id) for asks in _askers)
