"""What may be bought and what was: carve-outs and the limit of direct awards, with the deliveries behind them."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action, Actor
from market.direct import wording as direct_wording
from market.followup.against import Against, against, tiles
from market.followup.blueprint import followup
from market.law.rules import NoValueInForce
from market.register.models import Authority
from market.register.queries import categories


@followup.get("/followup/limits")
@access(Action.SEE_LIMITS)
def limits() -> ResponseReturnValue:
    """Each carve-out month by month, and each kind of goods by procedure against the limit."""
    session = shell.session()
    authority = shell.found(session.get(Authority, shell.actor().authority_id))
    return render_template(
        "followup/limits.html",
        authority=authority,
        found=against(session, authority_id=authority.id, today=shell.today()),
        categories={one.key: one for one in categories(session)},
        words=direct_wording,
        tiles=tiles,
    )


@followup.app_template_global("followup_against")
def for_overview() -> Against | None:
    """For the overview: none where the reader may not see the limits, and where nobody has entered what the law says today."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.authority_id is None or not actor.may(Action.SEE_LIMITS):
        return None
    try:
        return against(shell.session(), authority_id=actor.authority_id, today=shell.today())
    except NoValueInForce:
        return None
