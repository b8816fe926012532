"""What an authority says in each of its agreements."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.agreements.blueprint import agreements
from market.agreements.forms import AuthorityTermsForm
from market.agreements.operations import save_authority_terms
from market.agreements.queries import terms_of_authority
from market.register.queries import authority_of
from market.values import Refused


@agreements.route("/agreements/settings", methods=["GET", "POST"])
@access(Action.MAKE_AGREEMENT)
def settings() -> ResponseReturnValue:
    """Organisation number, usual delivery terms, and whether orders need an agreement."""
    authority = shell.found(authority_of(shell.session(), actor=shell.actor()))
    form, refused = AuthorityTermsForm(), ""
    if request.method == "GET":
        form.fill_in(terms_of_authority(shell.session(), authority_id=authority.id))
    if form.validate_on_submit():
        try:
            _save(form, authority.id)
            flash(gettext("Inställningarna är sparade."), "success")
            return redirect(url_for("agreements.index"))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("agreements/settings.html", form=form, authority=authority, refused=refused)


def _save(form: AuthorityTermsForm, authority_id: int) -> None:
    save_authority_terms(
        shell.session(),
        authority_id=authority_id,
        number=form.number.data or "",
        delivery_terms=form.delivery_terms.data or "",
        orders_need_agreement=bool(form.orders_need_agreement.data),
        actor=shell.actor(),
        at=shell.now(),
    )
