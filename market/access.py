"""Who may do what. Every endpoint declares an action; what no role is given, nobody may do.

An outsider to a thing (another municipality's order) gets 404 from the scoped query; a signed-in reader without the
action gets 403 here; someone not signed in is sent to sign in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from flask import abort, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from market.accounts.models import Membership
from market.actors import PUBLIC_ACTIONS, Action, Actor

# Endpoints that other packages define, with the action they belong to.
FOREIGN_ENDPOINTS: Mapping[str, Action] = MappingProxyType(
    {
        "static": Action.READ_PUBLIC,
        "security.login": Action.READ_PUBLIC,
        "security.logout": Action.USE_ACCOUNT,
        "security.change_password": Action.USE_ACCOUNT,
        "security.verify": Action.USE_ACCOUNT,
    }
)


def actor_for(membership: Membership) -> Actor:
    """The actor of a membership. For kitchen staff the kitchen's authority is known too."""
    kitchen, producer, authority = membership.kitchen, membership.producer, membership.authority
    organisation = kitchen or producer or authority
    return Actor(
        user_id=membership.user_id,
        membership_id=membership.id,
        name=membership.user.name,
        role=membership.role,
        organisation_name=organisation.name if organisation else "Närmat",
        authority_id=kitchen.authority_id if kitchen else membership.authority_id,
        kitchen_id=membership.kitchen_id,
        producer_id=membership.producer_id,
    )


P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def access(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a view lets someone do; checks it, then commits once when the view answers without an error."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            refuse_unless(action)
            answer = view(*args, **kwargs)
            _finish(answer)
            return answer

        guarded.declared_access = action  # type: ignore[attr-defined]
        return guarded

    return declare


def declared_action(endpoint: str, view: Callable[..., object]) -> Action | None:
    """The action an endpoint declares, or None: such an endpoint answers nobody."""
    declared = getattr(view, "declared_access", None)
    return declared if isinstance(declared, Action) else FOREIGN_ENDPOINTS.get(endpoint)


def refuse_unless(action: Action) -> None:
    """Abort unless the current actor may: 401 (sign in first) without an actor, 403 with one who may not."""
    actor: Actor | None = g.actor
    if action in PUBLIC_ACTIONS:
        return
    if actor is None:
        abort(401)
    if not actor.may(action):
        abort(403)


def _finish(answer: ResponseReturnValue) -> None:
    """One commit per request; an answer that reports an error (status 400 and up) leaves nothing behind."""
    session: Session | None = g.get("session")
    if session is None:
        return
    if current_app.make_response(answer).status_code < 400:
        session.commit()
    else:
        session.rollback()
