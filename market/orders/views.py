"""Orders: place, look, answer, cancel, receive."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.driving.arriving import arriving
from market.limits.operations import note_blocked
from market.limits.queries import room_left
from market.limits.rules import LimitReached
from market.offers.describing import facts_of
from market.offers.locality import see, viewpoint_from
from market.offers.models import Offer
from market.offers.queries import open_offer
from market.offers.settling import first_week
from market.orders import answer_views, receipt_views, standing_views, terms_views
from market.orders.blueprint import chosen_kitchen, orders, the_order
from market.orders.forms import OrderForm
from market.orders.models import Order
from market.orders.operations import place_order
from market.orders.queries import orders_in, terms_of
from market.orders.rules import OrderEvent, OrderState, possible_events
from market.orders.steps import side_of
from market.orders.wording import DEVIATION_NAMES, EVENT_NAMES, SIDE_NAMES, STATE_NAMES, STATE_TONES
from market.planning.queries import expected_arrivals
from market.register.models import Kitchen
from market.register.queries import kitchens_for
from market.values import Refused, Week

# these add their routes to the blueprint
__all__ = ["answer_views", "orders", "receipt_views", "standing_views", "terms_views"]


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
    order = the_order(order_id)
    arrivals = expected_arrivals(shell.session(), order_ids=[order.id])
    return render_template(
        "orders/show.html",
        order=order,
        arrival=arrivals.get(order.id),
        legs=arriving(shell.session(), order_ids=[order.id], now=shell.now()).get(order.id, ()),
        can=_buttons(order),
        names=STATE_NAMES,
        tones=STATE_TONES,
        events=EVENT_NAMES,
        sides=SIDE_NAMES,
        deviations=DEVIATION_NAMES,
        terms=terms_of(shell.session(), authority_id=order.kitchen.authority_id),
    )


@orders.route("/offers/<int:offer_id>/order", methods=["GET", "POST"])
@access(Action.PLACE_ORDER)
def place(offer_id: int) -> ResponseReturnValue:
    """An offer as its buyer sees it, with the order form beside it."""
    session, actor = shell.session(), shell.actor()
    offer = shell.found(open_offer(session, actor=actor, offer_id=offer_id))
    kitchens = kitchens_for(session, actor=actor)
    chosen = chosen_kitchen(kitchens)
    form = OrderForm()
    form.offer_choices(offer=offer, kitchens=kitchens, chosen=chosen, today=shell.today())
    refused = ""
    if form.validate_on_submit():
        try:
            return _placed(form, offer, chosen)
        except Refused as refusal:
            session.rollback()
            refused = shell.explain(refusal)
            if isinstance(refusal, LimitReached):
                note_blocked(session, kitchen=chosen, refusal=refusal, actor=actor, at=shell.now())
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
        room=room_left(session, kitchen=chosen, category_key=offer.product.category_key, on=shell.today()),
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


def _buttons(order: Order) -> dict[str, bool]:
    """Which buttons the page shows: what the transition table allows, whose turn it is, and what the actor may."""
    actor, events = shell.actor(), possible_events(order.state)
    is_their_turn = actor.may(Action.NEGOTIATE_ORDER) and side_of(actor) is not order.position.side
    is_asked = order.cancel_asked_at is not None
    return {
        "accept": OrderEvent.ACCEPT in events and is_their_turn,
        "counter": OrderEvent.COUNTER in events and is_their_turn,
        "decline": OrderEvent.DECLINE in events and actor.may(Action.ANSWER_ORDER),
        "cancel": OrderEvent.CANCEL in events and actor.may(Action.CANCEL_ORDER) and not is_asked,
        "answer_cancel": OrderEvent.CONSENT_CANCEL in events and actor.may(Action.ANSWER_ORDER) and is_asked,
        "receive": OrderEvent.RECEIVE in events and actor.may(Action.RECEIVE_GOODS),
    }


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError:
        return Week.containing(shell.today())
