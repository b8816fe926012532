"""The two sides of an order answer each other: take the latest bid, counter it, walk away, or ask to be let off."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.orders.blueprint import back_to, orders, the_order
from market.orders.forms import CounterForm, PositionForm, ReasonForm
from market.orders.models import Order
from market.orders.negotiation_operations import counter_order
from market.orders.operations import answer_cancellation, answer_order, ask_to_cancel, check_cancellable
from market.orders.rules import NoticeTooShort, OrderEvent, OrderState
from market.values import Refused


@orders.post("/orders/<int:order_id>/accept")
@access(Action.NEGOTIATE_ORDER)
def accept(order_id: int) -> ResponseReturnValue:
    """Take exactly the bid that the page showed."""
    order, position_id = the_order(order_id), PositionForm().position_id()
    return _answer(
        order,
        OrderEvent.ACCEPT,
        gettext("Ni är överens. Bekräftelsen är skickad till båda."),
        "",
        position_id,
    )


@orders.route("/orders/<int:order_id>/counter", methods=["GET", "POST"])
@access(Action.NEGOTIATE_ORDER)
def counter(order_id: int) -> ResponseReturnValue:
    """Another amount, day or price, filled in with the bid that it answers."""
    order, form = the_order(order_id), CounterForm()
    form.offer_choices(order, today=shell.today())
    refused = ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _counter(order, form))
        if not refused:
            return back_to(order_id, gettext("Motbudet är skickat. Den andra parten svarar."))
        order = the_order(order_id)
    return render_template("orders/counter.html", order=order, form=form, refused=refused)


@orders.route("/orders/<int:order_id>/decline", methods=["GET", "POST"])
@access(Action.ANSWER_ORDER)
def decline(order_id: int) -> ResponseReturnValue:
    """The producer says no, with a reason; the stock comes back."""
    done = gettext("Du har tackat nej. Köket ser varför.")
    return _end(the_order(order_id), OrderEvent.DECLINE, "orders/decline.html", done)


@orders.route("/orders/<int:order_id>/cancel", methods=["GET", "POST"])
@access(Action.CANCEL_ORDER)
def cancel(order_id: int) -> ResponseReturnValue:
    """The kitchen takes the order back, with a reason; perishables too late only with the producer's consent."""
    order = the_order(order_id)
    late = _too_late(order)
    if late is not None:
        return render_template("orders/ask_cancel.html", order=order, why=shell.explain(late), missing=False)
    done = gettext("Beställningen är avbokad.")
    return _end(order, OrderEvent.CANCEL, "orders/cancel.html", done)


@orders.route("/orders/<int:order_id>/ask-cancel", methods=["GET", "POST"])
@access(Action.CANCEL_ORDER)
def ask_cancel(order_id: int) -> ResponseReturnValue:
    """Ask the producer to agree to a cancellation that comes too late."""
    order, reason = the_order(order_id), _reason()
    if not reason:
        late, missing = _too_late(order), request.method == "POST"
        why = shell.explain(late) if late else ""
        return render_template("orders/ask_cancel.html", order=order, why=why, missing=missing)
    refused = shell.attempt(
        lambda: ask_to_cancel(
            shell.session(), order=order, reason=reason, actor=shell.actor(), at=shell.now()
        )
    )
    return back_to(
        order_id, gettext("Producenten har fått frågan. Tills dess gäller beställningen."), refused
    )


@orders.post("/orders/<int:order_id>/consent-cancel")
@access(Action.ANSWER_ORDER)
def consent_cancel(order_id: int) -> ResponseReturnValue:
    """The producer lets the kitchen off."""
    done = gettext("Du har godtagit avbokningen. Mängden är ledig igen.")
    return _about_cancelling(order_id, OrderEvent.CONSENT_CANCEL, done)


@orders.post("/orders/<int:order_id>/refuse-cancel")
@access(Action.ANSWER_ORDER)
def refuse_cancel(order_id: int) -> ResponseReturnValue:
    """The producer does not; the order stands."""
    return _about_cancelling(
        order_id, OrderEvent.REFUSE_CANCEL, gettext("Beställningen står kvar. Köket ser det.")
    )


def _counter(order: Order, form: CounterForm) -> None:
    counter_order(
        shell.session(),
        order=order,
        position_id=form.position_id(),
        bid=form.bid(order.lines[0].unit),
        note=(form.note.data or "").strip(),
        actor=shell.actor(),
        at=shell.now(),
    )


def _about_cancelling(order_id: int, event: OrderEvent, done: str) -> ResponseReturnValue:
    order = the_order(order_id)
    refused = shell.attempt(
        lambda: answer_cancellation(
            shell.session(), order=order, event=event, reason=_reason(), actor=shell.actor(), at=shell.now()
        )
    )
    return back_to(order_id, done, refused)


def _too_late(order: Order) -> Refused | None:
    """Why an agreed order can not be cancelled any more by the kitchen alone."""
    if order.state is not OrderState.AGREED:
        return None
    try:
        check_cancellable(shell.session(), order=order, at=shell.now())
    except NoticeTooShort as refusal:
        return refusal
    return None


def _answer(
    order: Order, event: OrderEvent, done: str, reason: str, position_id: int | None = None
) -> ResponseReturnValue:
    refused = shell.attempt(
        lambda: answer_order(
            shell.session(),
            order=order,
            event=event,
            reason=reason,
            position_id=position_id,
            actor=shell.actor(),
            at=shell.now(),
        )
    )
    return back_to(order.id, done, refused)


def _end(order: Order, event: OrderEvent, template: str, done: str) -> ResponseReturnValue:
    """Ask for the reason first; without one an agreed order stays as it is."""
    reason = _reason()
    if request.method == "GET" or (order.state is OrderState.AGREED and not reason):
        missing = request.method == "POST"
        return render_template(template, order=order, form=ReasonForm(), missing=missing)
    return _answer(order, event, done, reason)


def _reason() -> str:
    form = ReasonForm()
    form.validate()
    return "" if form.reason.errors else (form.reason.data or "").strip()
