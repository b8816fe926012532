"""Showing who one is through an OpenID Connect provider, such as a broker for e-identification, by Authlib.

The provider is asked for a new sign-in (prompt=login, max_age=0), with PKCE, state and nonce. What it says must be about
the person who is signed in here: the verified e-mail address, or the claim that the operator has chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from market import shell
from market.config import Settings
from market.values import Refused, msg

NAME = "narmat"
TIMEOUT_S = 10


class NotIdentified(Refused):
    message = msg(
        "Det gick inte att visa att det är du genom %(name)s. Försök igen, eller välj ett annat sätt."
    )


class SomeoneElse(Refused):
    message = msg(
        "%(name)s säger att du är någon annan än den som är inloggad här. Använd din egen inloggning."
    )


class NoTimeGiven(Refused):
    message = msg("%(name)s säger inte när du visade vem du är, så det räcker inte här. Välj ett annat sätt.")


def set_up(app: Flask, settings: Settings) -> None:
    """Register the provider; without one configured, nothing."""
    app.extensions["narmat.oidc"] = None
    if not settings.oidc_issuer:
        return
    from authlib.integrations.flask_client import OAuth

    oauth = OAuth(app)
    oauth.register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_S,
        },
    )
    app.extensions["narmat.oidc"] = oauth.create_client(NAME)


def provider_name() -> str:
    """What people call the provider; empty without one."""
    settings = shell.settings()
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


def ask(callback: str) -> ResponseReturnValue:
    """Send the browser to the provider, with no transaction open meanwhile. Raises NotIdentified."""
    client = current_app.extensions["narmat.oidc"]
    shell.let_go()
    try:
        answer: ResponseReturnValue = client.authorize_redirect(callback, prompt="login", max_age=0)
    except Exception as error:
        raise _refusal(error) from error
    return answer


def answered(email: str) -> dict[str, Any]:
    """What the provider says of whoever came back: issuer, subject, acr, and when they showed who they are.

    Raises NotIdentified, SomeoneElse, NoTimeGiven.
    """
    client = current_app.extensions["narmat.oidc"]
    shell.let_go()
    try:
        claims = _claims(client)
    except Exception as error:
        raise _refusal(error) from error
    if not _is(claims, email):
        raise SomeoneElse(name=provider_name())
    if not isinstance(claims.get("auth_time"), int | float):
        raise NoTimeGiven(name=provider_name())
    return {
        "issuer": claims["iss"],
        "subject": claims["sub"],
        "acr": claims.get("acr", ""),
        "auth_time": int(claims["auth_time"]),
    }


def shown_at(evidence: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(evidence["auth_time"], tz=UTC)


def _claims(client: Any) -> dict[str, Any]:
    """The verified ID token's claims, and what only the userinfo endpoint tells about the same person."""
    token = client.authorize_access_token()
    claims = dict(token["userinfo"])
    if str(claims["iss"]).rstrip("/") != shell.settings().oidc_issuer:
        raise ValueError("the token is another issuer's")
    if _wanted() not in claims and client.server_metadata.get("userinfo_endpoint"):
        more = client.userinfo(token=token)
        if more["sub"] == claims["sub"]:
            claims = {**more, **claims}
    return claims


def _wanted() -> str:
    return shell.settings().oidc_claim or "email"


def _is(claims: Mapping[str, Any], email: str) -> bool:
    """A verified address, or the operator's own claim, equals that of the account."""
    if _wanted() == "email" and claims.get("email_verified") is not True:
        return False
    return str(claims.get(_wanted(), "")).strip().lower() == email


def _refusal(error: Exception) -> Exception:
    """Whatever goes wrong between here and the provider is one refusal to the person; a mistake of ours stays one."""
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    expected = (OAuthError, JoseError, RequestException, ValueError, KeyError)
    return NotIdentified(name=provider_name()) if isinstance(error, expected) else error
