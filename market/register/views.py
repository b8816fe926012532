"""The first page of the register: what the actor may look after. The other pages share its blueprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.locality.queries import stated_by
from market.locality.stated import Stated
from market.register import admin_views, organisation_views, own_views, user_views
from market.register.admin_queries import counts
from market.register.blueprint import register
from market.register.models import Authority, Kitchen, Producer
from market.register.queries import authority_of, kitchens_for, producer_of
from market.register.wording import KITCHEN_KIND_NAMES, PROCEDURE_NAMES, SIZE_NAMES, TRANSPORT_NAMES

__all__ = ["admin_views", "organisation_views", "own_views", "register", "user_views"]

VEHICLES = "fleet.index"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """What templates/register/index.html shows; None and empty for what is not the actor's."""

    producer: Producer | None
    kitchens: Sequence[Kitchen]
    authority: Authority | None
    stated: Stated | None
    counts: dict[str, int]
    vehicles_url: str
    today: date


@register.get("/register")
@access(Action.USE_ACCOUNT)
def index() -> ResponseReturnValue:
    """What the actor may look after, as cards."""
    session, actor = shell.session(), shell.actor()
    authority = authority_of(session, actor=actor)
    page = RegisterPage(
        producer=producer_of(session, actor=actor),
        kitchens=kitchens_for(session, actor=actor) if actor.may(Action.EDIT_KITCHEN) else [],
        authority=authority,
        stated=stated_by(session, authority=authority, day=shell.today()) if authority else None,
        counts=counts(session, actor=actor) if actor.may(Action.ADMINISTER) else {},
        vehicles_url=_vehicles_url() if actor.may(Action.EDIT_VEHICLE) else "",
        today=shell.today(),
    )
    return render_template(
        "register/index.html",
        page=page,
        kinds=KITCHEN_KIND_NAMES,
        sizes=SIZE_NAMES,
        procedures=PROCEDURE_NAMES,
        transports=TRANSPORT_NAMES,
    )


def _vehicles_url() -> str:
    """Vehicles belong to planning; without that page there is nothing to link to."""
    return url_for(VEHICLES) if VEHICLES in current_app.view_functions else ""
