"""The blueprint that all order pages share, and the order that an address names."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.orders.models import Order
from market.orders.queries import order_for
from market.register.models import Kitchen

orders = Blueprint("orders", __name__)


def the_order(order_id: int) -> Order:
    """The order, or 404 where the actor has no part in it."""
    return shell.found(order_for(shell.session(), actor=shell.actor(), order_id=order_id))


def back_to(order_id: int, done: str, refused: str = "") -> ResponseReturnValue:
    """To the order's page with what happened."""
    flash(refused or done, "error" if refused else "success")
    return redirect(url_for("orders.show", order_id=order_id))


def chosen_kitchen(kitchens: list[Kitchen]) -> Kitchen:
    """The kitchen asked for, else the first; one that is not the actor's to order for is not found."""
    wanted = request.form.get("kitchen") or request.args.get("kitchen")
    if not wanted:
        return shell.found(kitchens[0] if kitchens else None)
    return shell.found(next((k for k in kitchens if str(k.id) == wanted), None))
