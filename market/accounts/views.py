"""Account pages: choosing a role and a language, and one-click sign-in to the demo."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_security import login_user

from market import shell
from market.access import access
from market.accounts import passkey_views
from market.accounts.blueprint import accounts
from market.accounts.queries import memberships_of, user_by_email
from market.accounts.rules import DEMO_DOMAIN
from market.actors import Action

__all__ = ["accounts", "demo", "passkey_views"]  # the last adds its routes to the blueprint

demo = Blueprint("demo", __name__)
LANGUAGES = ("sv", "en")


@accounts.get("/language/<code>")
@access(Action.READ_PUBLIC)
def language(code: str) -> ResponseReturnValue:
    """Remember the reader's language in the session cookie and go back to the page."""
    if code not in LANGUAGES:
        shell.not_found()
    cookie["language"] = code
    return redirect(shell.safe_next("home.start"))


@accounts.post("/role/<int:membership_id>")
@access(Action.USE_ACCOUNT)
def choose_role(membership_id: int) -> ResponseReturnValue:
    """Act in another of one's own roles."""
    own = {m.id for m in memberships_of(shell.session(), user_id=shell.actor().user_id)}
    if membership_id not in own:
        shell.not_found()
    cookie["membership"] = membership_id
    return redirect(url_for("home.start"))


@demo.route("/demo/sign-in/<persona>", methods=["GET", "POST"])
@access(Action.READ_PUBLIC)
def sign_in(persona: str) -> ResponseReturnValue:
    """Sign in as a demo person. Registered in demo mode only."""
    user = shell.found(user_by_email(shell.session(), email=f"{persona}@{DEMO_DOMAIN}"))
    cookie.pop("membership", None)
    login_user(user)
    return redirect((request.args.get("next") and shell.safe_next("home.start")) or url_for("home.start"))
