"""A person's own passkeys: see, add, remove."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from market import shell
from market.access import access
from market.accounts import passkeys as ceremony
from market.accounts.blueprint import accounts
from market.accounts.fresh import password_trouble, site_here
from market.accounts.passkey_form import PasskeyForm
from market.accounts.passkey_operations import add_passkey, remove_passkey
from market.accounts.passkey_queries import passkey_for, passkeys_of
from market.actors import Action
from market.values import Refused

NONCE = "passkey_nonce"


@accounts.route("/account/passkeys", methods=["GET", "POST"])
@access(Action.USE_ACCOUNT)
def passkeys() -> ResponseReturnValue:
    """The person's passkeys, and the form that adds one, which asks for the password."""
    form, refused = PasskeyForm(), ""
    if form.validate_on_submit():
        refused = password_trouble(form.password.data or "")
        if not refused:
            try:
                return _added(form)
            except Refused as refusal:
                shell.session().rollback()
                refused = shell.explain(refusal)
    own = passkeys_of(shell.session(), user_id=current_user.id)
    can_add = site_here().can_have_passkeys
    return render_template(
        "accounts/passkeys.html", form=form, passkeys=own, refused=refused, can_add=can_add
    )


@accounts.get("/account/passkeys/question")
@access(Action.USE_ACCOUNT)
def passkey_question() -> ResponseReturnValue:
    """What the browser is asked when a passkey is added."""
    nonce = ceremony.fresh_nonce()
    cookie[NONCE] = nonce
    known = passkeys_of(shell.session(), user_id=current_user.id)
    options: dict[str, Any] = ceremony.making_options(current_user, site_here(), nonce=nonce, known=known)
    return jsonify(options)


@accounts.post("/account/passkeys/<int:passkey_id>/remove")
@access(Action.USE_ACCOUNT)
def remove(passkey_id: int) -> ResponseReturnValue:
    """The passkey can no longer be used here. What it has signed stays signed."""
    session = shell.session()
    found = shell.found(passkey_for(session, user_id=current_user.id, passkey_id=passkey_id))
    remove_passkey(session, passkey=found, actor=shell.actor(), at=shell.now())
    flash(gettext("Passkeyn är borttagen här. Ta också bort den på din enhet."), "success")
    return redirect(url_for("accounts.passkeys"))


def _added(form: PasskeyForm) -> ResponseReturnValue:
    made = ceremony.made_passkey(
        form.answer.data or "", current_user, site_here(), nonce=cookie.pop(NONCE, "")
    )
    name = (form.name.data or "").strip()
    add_passkey(shell.session(), name=name, actor=shell.actor(), at=shell.now(), **made)
    flash(gettext("Passkeyn är tillagd. Nu kan du skriva under med den."), "success")
    return redirect(url_for("accounts.passkeys"))
