"""The page of an authority's own terms for orders and receipt."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.law.queries import law_value
from market.law.rules import LawKey
from market.orders.blueprint import orders
from market.orders.queries import terms_of
from market.orders.terms_form import TermsForm
from market.orders.terms_operations import set_terms
from market.register.queries import authority_of


@orders.route("/register/authority/order-terms", methods=["GET", "POST"])
@access(Action.EDIT_AUTHORITY)
def terms() -> ResponseReturnValue:
    """Notice for perishables, days to pay, temperatures: what is empty follows the law."""
    session, form, refused = shell.session(), TermsForm(), ""
    authority = shell.found(authority_of(session, actor=shell.actor()))
    if request.method == "GET":
        form.fill_in(terms_of(session, authority_id=authority.id))
    if form.validate_on_submit():
        refused = shell.attempt(
            lambda: set_terms(
                session, authority=authority, actor=shell.actor(), at=shell.now(), **form.values()
            )
        )
        if not refused:
            flash(gettext("Villkoren är sparade."), "success")
            return redirect(url_for("register.edit_authority"))
    laws = {
        key: law_value(session, key, on=shell.today())
        for key in (LawKey.PERISHABLE_NOTICE, LawKey.PAYMENT_DAYS)
    }
    return render_template("orders/terms.html", form=form, authority=authority, laws=laws, refused=refused)
