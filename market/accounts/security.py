"""Flask-Security on plain SQLAlchemy: who is signed in, password rules, and its texts in Swedish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_security.signals import password_changed

from market import audit, shell
from market.accounts.forms import ThrottledLoginForm
from market.accounts.models import User
from market.config import Settings

TRANSLATIONS = Path(__file__).parent.parent / "translations"


def _log_change(_app: Flask, *, user: User, **_more: object) -> None:
    """A changed password is a mutation like any other: it leaves an event in the same transaction."""
    audit.record(
        shell.session(),
        user_id=user.id,
        at=shell.now(),
        action="user.change_password",
        subject=f"user:{user.id}",
    )


class _RequestSession:
    """Hands Flask-Security the request's own session, so that its work shares our transaction."""

    def __getattr__(self, name: str) -> Any:
        return getattr(shell.session(), name)


def set_up(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of the scheme)
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_I18N_DIRNAME=["builtin", str(TRANSLATIONS)],
        SECURITY_CSRF_COOKIE_NAME=None,
        SECURITY_URL_PREFIX=None,
    )
    datastore = SQLAlchemySessionUserDatastore(
        _RequestSession(),  # type: ignore[arg-type]
        User,
        None,  # type: ignore[arg-type]  # roles are ours, see market.actors
    )
    Security(app, datastore, login_form=ThrottledLoginForm)
    password_changed.connect(_log_change, app)
