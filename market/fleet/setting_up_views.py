"""Pages that set up how an authority gets its goods: the five ways, and what has been set up."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import fleet, saved
from market.fleet.queries import planned_authority, planned_by
from market.fleet.setting_up_forms import form_for
from market.fleet.setting_up_operations import set_up_transports
from market.fleet.setting_up_parts_form import SetUpForm
from market.fleet.setting_up_queries import Grounds, grounds_of
from market.fleet.wording import CARRIER_NAMES, OWN_DELIVERY_NAMES, WAYS
from market.register.models import Authority, TransportModel
from market.register.wording import WEEKDAYS


@fleet.get("/fleet/setting-up")
@access(Action.EDIT_VEHICLE)
def setting_up() -> ResponseReturnValue:
    """How goods travel today for each authority that is planned for, and the ways to choose from."""
    session = shell.session()
    planned = [grounds_of(session, authority=one) for one in planned_by(session, actor=shell.actor())]
    return render_template(
        "fleet/setting_up/index.html",
        planned=planned,
        ways=WAYS,
        carriers=CARRIER_NAMES,
        own_delivery=OWN_DELIVERY_NAMES,
        weekdays=WEEKDAYS,
    )


@fleet.route("/fleet/setting-up/<int:authority_id>/<model>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def set_up(authority_id: int, model: str) -> ResponseReturnValue:
    """The form of one way, filled in as it is now; saving it makes it so."""
    way, grounds = _way(model), grounds_of(shell.session(), authority=_authority(authority_id))
    if not grounds.kitchens:
        return render_template("fleet/setting_up/no_kitchens.html", authority=grounds.authority, ways=WAYS)
    form, refused = form_for(way, grounds), ""
    if request.method == "GET":
        form.fill_in(grounds)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _make(form, grounds))
        if not refused:
            return saved(gettext("Sparat. Så här körs varorna från och med nästa plan."), "fleet.setting_up")
    return render_template(
        f"fleet/setting_up/{way.value}.html", form=form, grounds=grounds, way=WAYS[way], refused=refused
    )


def _make(form: SetUpForm, grounds: Grounds) -> None:
    set_up_transports(
        shell.session(),
        authority=grounds.authority,
        wish=form.wish(grounds),
        actor=shell.actor(),
        at=shell.now(),
    )


def _way(model: str) -> TransportModel:
    return TransportModel(model) if model in set(TransportModel) else shell.not_found()


def _authority(authority_id: int) -> Authority:
    return shell.found(planned_authority(shell.session(), actor=shell.actor(), authority_id=authority_id))
