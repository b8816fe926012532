"""A kitchen's standing orders: what they have made, and changing, pausing and ending them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.offers.models import Offer
from market.offers.queries import open_offer
from market.orders import wording
from market.orders.blueprint import chosen_kitchen, orders
from market.orders.models import StandingOrder
from market.orders.queries import standing_order_for, standing_orders
from market.orders.standing_form import StandingForm
from market.orders.standing_operations import (
    change_standing_order,
    make_standing_order,
    turn_standing_order,
)
from market.orders.standing_rules import STANDING_TRANSITIONS, StandingEvent
from market.register.models import Kitchen
from market.register.queries import kitchens_for


@orders.get("/standing-orders")
@access(Action.PLACE_ORDER)
def standing() -> ResponseReturnValue:
    """All of them, with what became of the latest weeks."""
    found = standing_orders(shell.session(), actor=shell.actor())
    return render_template("orders/standing.html", standing=found, words=wording)


@orders.route("/offers/<int:offer_id>/standing-order", methods=["GET", "POST"])
@access(Action.PLACE_ORDER)
def new_standing(offer_id: int) -> ResponseReturnValue:
    """The goods of an offer, every week from the next one on."""
    session, form, refused = shell.session(), StandingForm(), ""
    offer = shell.found(open_offer(session, actor=shell.actor(), offer_id=offer_id))
    kitchens = kitchens_for(session, actor=shell.actor())
    kitchen = chosen_kitchen(kitchens)
    form.offer_choices(kitchens=kitchens, chosen=kitchen)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _make(form, offer, kitchen))
        if not refused:
            return _done(gettext("Från nästa vecka beställs varan av sig själv. Ni får veta hur det går."))
    return render_template(
        "orders/standing_new.html",
        form=form,
        product=offer.product,
        offer=offer,
        kitchen=kitchen,
        refused=refused,
    )


@orders.route("/standing-orders/<int:standing_id>", methods=["GET", "POST"])
@access(Action.PLACE_ORDER)
def edit_standing(standing_id: int) -> ResponseReturnValue:
    """Another amount, day, price or end for the weeks to come."""
    found, form, refused = _standing(standing_id), StandingForm(), ""
    form.offer_choices(kitchens=[found.kitchen], chosen=found.kitchen)
    if request.method == "GET":
        form.fill_in(found)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change(form, found))
        if not refused:
            return _done(gettext("Sparat. Det gäller veckorna som kommer; gjorda beställningar står kvar."))
    can = {event.value: (found.state, event) in STANDING_TRANSITIONS for event in StandingEvent}
    return render_template(
        "orders/standing_edit.html", form=form, standing=found, can=can, words=wording, refused=refused
    )


@orders.post("/standing-orders/<int:standing_id>/pause")
@access(Action.PLACE_ORDER)
def pause_standing(standing_id: int) -> ResponseReturnValue:
    """No more orders until it is resumed."""
    return _turn(standing_id, StandingEvent.PAUSE, gettext("Pausad. Inga nya beställningar görs."))


@orders.post("/standing-orders/<int:standing_id>/resume")
@access(Action.PLACE_ORDER)
def resume_standing(standing_id: int) -> ResponseReturnValue:
    """Go on from next week."""
    return _turn(standing_id, StandingEvent.RESUME, gettext("I gång igen från nästa vecka."))


@orders.route("/standing-orders/<int:standing_id>/end", methods=["GET", "POST"])
@access(Action.PLACE_ORDER)
def end_standing(standing_id: int) -> ResponseReturnValue:
    """For good; asked for once more first."""
    if request.method == "GET":
        return render_template("orders/standing_end.html", standing=_standing(standing_id))
    done = gettext("Avslutad. Beställningar som redan är gjorda står kvar.")
    return _turn(standing_id, StandingEvent.END, done)


def _make(form: StandingForm, offer: Offer, kitchen: Kitchen) -> None:
    make_standing_order(
        shell.session(),
        product=offer.product,
        kitchen=kitchen,
        wish=form.wish(offer.product.unit),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )


def _change(form: StandingForm, found: StandingOrder) -> None:
    wish = form.wish(found.product.unit)
    change_standing_order(shell.session(), standing=found, wish=wish, actor=shell.actor(), at=shell.now())


def _turn(standing_id: int, event: StandingEvent, done: str) -> ResponseReturnValue:
    found = _standing(standing_id)
    refused = shell.attempt(
        lambda: turn_standing_order(
            shell.session(), standing=found, event=event, actor=shell.actor(), at=shell.now()
        )
    )
    return _done(done, refused)


def _standing(standing_id: int) -> StandingOrder:
    return shell.found(standing_order_for(shell.session(), actor=shell.actor(), standing_id=standing_id))


def _done(text: str, refused: str = "") -> ResponseReturnValue:
    flash(refused or text, "error" if refused else "success")
    return redirect(url_for("orders.standing"))
