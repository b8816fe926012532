"""Showing who one is at the moment it matters: the password again, throttled like signing in; where passkeys belong."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from flask_login import current_user
from flask_security import PasswordUtil

from market import shell
from market.accounts.operations import may_try, note_failure
from market.accounts.passkeys import Site
from market.accounts.rules import TooManyFailures, who_hash
from market.values import Refused, msg


class WrongPassword(Refused):
    message = msg("Lösenordet stämmer inte. Försök igen.")


class NoPassword(Refused):
    message = msg(
        "Ditt konto har inget lösenord. Använd en passkey, eller be administratören om ett lösenord."
    )


def who_tries(email: str) -> dict[str, str]:
    """The account and the network address, as keyed hashes."""
    key = shell.settings().secret_key
    return {
        "account": who_hash(key=key, kind="account", text=email),
        "address": who_hash(key=key, kind="address", text=request.remote_addr or ""),
    }


def password_trouble(password: str) -> str:
    """What is wrong with the password of whoever is signed in; empty when it is right.

    A failure is noted in the request's session: answer with a page, do not roll back.
    """
    session, at, who = shell.session(), shell.now(), who_tries(current_user.email)
    if not may_try(session, at=at, **who):
        return shell.explain(TooManyFailures())
    if not current_user.password:
        return shell.explain(NoPassword())
    if current_user.verify_and_update_password(PasswordUtil(current_app).normalize(password)):
        return ""
    note_failure(session, at=at, **who)
    return shell.explain(WrongPassword())


def site_here() -> Site:
    """The host name and origin of this request, as the browser sees them (see NARMAT_TRUSTED_PROXIES)."""
    parts = urlsplit(request.host_url)
    return Site(host=parts.hostname or "", origin=request.host_url.rstrip("/"))
