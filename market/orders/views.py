"""Orders: place, look, answer, cancel, receive."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.offers.describing import facts_of
from market.offers.locality import see, viewpoint_from
from market.offers.models import Offer
from market.offers.queries import open_offer
from market.offers.settling import first_week
from market.orders.forms import DEVIATION_NAMES, OrderForm, ReasonForm, ReceiptForm
from market.orders.models import Order
from market.orders.operations import answer_order, place_order, receive_order
from market.orders.queries import order_for, orders_in
from market.orders.rules import OrderEvent, OrderState, possible_events
from market.orders.wording import EVENT_NAMES, STATE_NAMES, STATE_TONES
from market.planning.queries import expected_arrivals
from market.register.models import Kitchen
from market.register.queries import kitchens_for
from market.values import Refused, Week

orders = Blueprint("orders", __name__)


@orders.get("/orders")
@access(Action.SEE_ORDERS)
def index() -> ResponseReturnValue:
    """A week's orders, by day."""
    session, actor = shell.session(), shell.actor()
    week = _week(request.args.get("week", ""))
    found = orders_in(session, actor=actor, period=week.period)
    arrivals = expected_arrivals(session, order_ids=[order.id for order in found])
    return render_template(
        "orders/index.html", week=week, orders=found, arrivals=arrivals, names=STATE_NAMES, tones=STATE_TONES
    )


@orders.get("/orders/<int:order_id>")
@access(Action.SEE_ORDERS)
def show(order_id: int) -> ResponseReturnValue:
    """One order: what, when, how it stands, its history and what can be done now."""
    order = _order(order_id)
    arrivals = expected_arrivals(shell.session(), order_ids=[order.id])
    return render_template(
        "orders/show.html",
        order=order,
        arrival=arrivals.get(order.id),
        can=_buttons(order),
        names=STATE_NAMES,
        tones=STATE_TONES,
        events=EVENT_NAMES,
        deviations=DEVIATION_NAMES,
        today=shell.today(),
    )


@orders.route("/offers/<int:offer_id>/order", methods=["GET", "POST"])
@access(Action.PLACE_ORDER)
def place(offer_id: int) -> ResponseReturnValue:
    """An offer as its buyer sees it, with the order form beside it."""
    session, actor = shell.session(), shell.actor()
    offer = shell.found(open_offer(session, actor=actor, offer_id=offer_id))
    kitchens = kitchens_for(session, actor=actor)
    chosen = _chosen_kitchen(kitchens)
    form = OrderForm()
    form.offer_choices(offer=offer, kitchens=kitchens, chosen=chosen, today=shell.today())
    refused = ""
    if form.validate_on_submit():
        try:
            return _placed(form, offer, chosen)
        except Refused as refusal:
            session.rollback()
            refused = shell.explain(refusal)
    week = first_week(offer, today=shell.today())
    viewpoint = viewpoint_from(session, kitchen=chosen, on=shell.today(), during=week.period)
    seen = see([offer], viewpoint=viewpoint, on=shell.today(), travel=shell.travel())[0]
    return render_template(
        "orders/place.html",
        form=form,
        offer=offer,
        seen=seen,
        told=facts_of(session, offer=offer, today=shell.today()),
        price=offer.price_on(shell.today()),
        today=shell.today(),
        kitchen=chosen,
        refused=refused,
    )


def _placed(form: OrderForm, offer: Offer, kitchen: Kitchen) -> ResponseReturnValue:
    form.check_seen(offer)
    quantity = form.quantity(offer)
    order = place_order(
        shell.session(),
        offer=offer,
        kitchen=kitchen,
        quantity=quantity,
        deliver_on=form.day(),
        proposed_price=form.price.data,
        note=(form.note.data or "").strip(),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    text = gettext(
        "Beställt: %(what)s.",
        what=f"{formatting.goods_amount(quantity, offer.piece_grams)} {offer.product.name}",
    )
    if order.state is OrderState.PROPOSED:
        text = gettext(
            "Skickat till producenten, som svarar på ditt prisförslag. Mängden är reserverad så länge."
        )
    flash(text, "success")
    return redirect(url_for("orders.show", order_id=order.id))


@orders.route("/orders/<int:order_id>/accept", methods=["POST"])
@access(Action.ANSWER_ORDER)
def accept(order_id: int) -> ResponseReturnValue:
    """The producer takes the proposed price."""
    return _answer(order_id, OrderEvent.ACCEPT, gettext("Tack! Köket ser att du har tackat ja."))


@orders.route("/orders/<int:order_id>/decline", methods=["GET", "POST"])
@access(Action.ANSWER_ORDER)
def decline(order_id: int) -> ResponseReturnValue:
    """The producer says no, with a reason; the stock comes back."""
    return _end(
        order_id, OrderEvent.DECLINE, "orders/decline.html", gettext("Du har tackat nej. Köket ser varför.")
    )


@orders.route("/orders/<int:order_id>/cancel", methods=["GET", "POST"])
@access(Action.CANCEL_ORDER)
def cancel(order_id: int) -> ResponseReturnValue:
    """The kitchen takes the order back, with a reason; the stock comes back."""
    return _end(order_id, OrderEvent.CANCEL, "orders/cancel.html", gettext("Beställningen är avbokad."))


@orders.route("/orders/<int:order_id>/receive", methods=["GET", "POST"])
@access(Action.RECEIVE_GOODS)
def receive(order_id: int) -> ResponseReturnValue:
    """Goods receipt: as ordered by one tap, or with deviations."""
    order = _order(order_id)
    form = ReceiptForm()
    form.offer_lines(order)
    refused = ""
    if form.validate_on_submit():
        try:
            return _received(form, order)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "orders/receive.html", form=form, order=order, refused=refused, today=shell.today()
    )


def _received(form: ReceiptForm, order: Order) -> ResponseReturnValue:
    delivery = receive_order(
        shell.session(),
        order=order,
        received=form.received(order),
        decidegrees=form.decidegrees(),
        note=(form.note.data or "").strip(),
        actor=shell.actor(),
        at=shell.now(),
    )
    done = gettext("Mottaget med avvikelse. Producenten ser vad som var fel.")
    flash(done if delivery.has_deviation else gettext("Mottaget. Allt stämde."), "success")
    return redirect(url_for("orders.show", order_id=order.id))


def _order(order_id: int) -> Order:
    return shell.found(order_for(shell.session(), actor=shell.actor(), order_id=order_id))


def _answer(order_id: int, event: OrderEvent, done: str, reason: str = "") -> ResponseReturnValue:
    order = _order(order_id)
    try:
        answer_order(
            shell.session(), order=order, event=event, reason=reason, actor=shell.actor(), at=shell.now()
        )
        flash(done, "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("orders.show", order_id=order_id))


def _end(order_id: int, event: OrderEvent, template: str, done: str) -> ResponseReturnValue:
    """Ask for the reason first; without one an agreed order stays as it is."""
    order, form = _order(order_id), ReasonForm()
    reason = (form.reason.data or "").strip()
    if request.method == "GET" or (order.state is OrderState.AGREED and not reason):
        missing = request.method == "POST"
        return render_template(template, order=order, form=form, missing=missing)
    return _answer(order_id, event, done, reason)


def _buttons(order: Order) -> dict[str, bool]:
    """Which buttons the page shows: what the transition table allows and the actor may."""
    actor, events = shell.actor(), possible_events(order.state)
    return {
        "accept": OrderEvent.ACCEPT in events and actor.may(Action.ANSWER_ORDER),
        "decline": OrderEvent.DECLINE in events and actor.may(Action.ANSWER_ORDER),
        "cancel": OrderEvent.CANCEL in events and actor.may(Action.CANCEL_ORDER),
        "receive": OrderEvent.RECEIVE in events and actor.may(Action.RECEIVE_GOODS),
    }


def _chosen_kitchen(kitchens: list[Kitchen]) -> Kitchen:
    """The kitchen asked for, else the first; one that is not the actor's to order for is not found."""
    wanted = request.form.get("kitchen") or request.args.get("kitchen")
    if not wanted:
        return shell.found(kitchens[0] if kitchens else None)
    return shell.found(next((k for k in kitchens if str(k.id) == wanted), None))


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        return Week.containing(shell.today())
