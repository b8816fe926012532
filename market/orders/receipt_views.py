"""The kitchen receives; both sides see what is to be paid."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.driving.arriving import arriving
from market.orders import documents
from market.orders.blueprint import orders, the_order
from market.orders.invoice_queries import invoice_basis, pay_within
from market.orders.models import Order
from market.orders.operations import receive_order
from market.orders.queries import notice_days, terms_of
from market.orders.receipt_form import ReceiptForm
from market.orders.receipt_rules import TooWarm
from market.orders.rules import OrderState
from market.orders.wording import DEVIATION_NAMES, SIDE_NAMES
from market.photos.uploads import takes_photos
from market.values import Refused, local_date

CONFIRMED = frozenset({OrderState.AGREED, OrderState.RECEIVED})


@orders.route("/orders/<int:order_id>/receive", methods=["GET", "POST"])
@access(Action.RECEIVE_GOODS)
@takes_photos
def receive(order_id: int) -> ResponseReturnValue:
    """Goods receipt: as ordered by one tap, or with deviations."""
    order = the_order(order_id)
    form = ReceiptForm()
    form.offer_lines(order)
    refused, too_warm = "", False
    if form.validate_on_submit():
        try:
            return _received(form, order)
        except Refused as refusal:
            shell.session().rollback()
            refused, too_warm = shell.explain(refusal), isinstance(refusal, TooWarm)
    return render_template(
        "orders/receive.html", form=form, order=order, refused=refused, too_warm=too_warm, today=shell.today(),
        terms=terms_of(shell.session(), authority_id=order.kitchen.authority_id),
        legs=arriving(shell.session(), order_ids=[order.id], now=shell.now()).get(order.id, ()),
    )  # fmt: skip


@orders.get("/orders/<int:order_id>/invoice-basis")
@access(Action.SEE_ORDERS)
def invoice(order_id: int) -> ResponseReturnValue:
    """What the invoice of a received order is to say: lines, credits, VAT, the sum and when it is due."""
    order = the_order(order_id)
    basis = shell.found(invoice_basis(shell.session(), order=order))
    return render_template("orders/invoice.html", order=order, basis=basis, deviations=DEVIATION_NAMES)


@orders.get("/orders/<int:order_id>/confirmation")
@access(Action.SEE_ORDERS)
def confirmation(order_id: int) -> ResponseReturnValue:
    """What was agreed, for both sides to print."""
    order = _agreed(order_id)
    days = _days(order)
    return render_template(
        "orders/confirmation.html",
        order=order,
        pairs=documents.confirmation_pairs(order),
        remarks=documents.confirmation_remarks(order, **days),
        sides=SIDE_NAMES,
    )


@orders.get("/orders/<int:order_id>/confirmation.pdf")
@access(Action.SEE_ORDERS)
def confirmation_pdf(order_id: int) -> ResponseReturnValue:
    """The same as PDF."""
    order = _agreed(order_id)
    template = (
        Path(current_app.root_path, str(current_app.template_folder)) / "documents/order_confirmation.typ"
    )
    pdf = documents.confirmation_document(order, **_days(order), template=template, at=shell.now())
    name = f"orderbekraftelse-{order.id}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def _agreed(order_id: int) -> Order:
    order = the_order(order_id)
    return order if order.state in CONFIRMED else shell.not_found()


def _days(order: Order) -> dict[str, int]:
    session, authority_id, ordered_on = (
        shell.session(),
        order.kitchen.authority_id,
        local_date(order.placed_at),
    )
    return {
        "notice_days": notice_days(session, authority_id=authority_id, on=ordered_on),
        "payment_days": pay_within(session, authority_id=authority_id, on=order.deliver_on)[0],
    }


def _received(form: ReceiptForm, order: Order) -> ResponseReturnValue:
    delivery = receive_order(
        shell.session(),
        order=order,
        received=form.received(order),
        photos=form.photos(),
        decidegrees=form.decidegrees(),
        is_warm_accepted=bool(form.is_warm_accepted.data),
        note=(form.note.data or "").strip(),
        actor=shell.actor(),
        at=shell.now(),
    )
    done = gettext("Mottaget med avvikelse. Producenten ser vad som var fel.")
    flash(done if delivery.has_deviation else gettext("Mottaget. Allt stämde."), "success")
    return redirect(url_for("orders.show", order_id=order.id))
