"""Puts the application together: settings, database, extensions, security headers, pages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_compress import Compress
from flask_login import current_user
from flask_wtf import CSRFProtect
from jinja2 import Undefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from market import errors_pages, formatting, navigation, shell
from market.access import actor_for, declared_action, refuse_unless
from market.accounts import oidc, security
from market.accounts.queries import memberships_of
from market.accounts.views import LANGUAGES, accounts, demo
from market.actors import Action
from market.agreements.sealing import seal_of
from market.agreements.views import agreements
from market.config import Settings, from_environment
from market.db import make_engine
from market.direct.views import direct
from market.dis.sealing.operator_key import keeper_of
from market.dis.views import dis
from market.driving.views import driving
from market.feedback.views import feedback
from market.fleet.views import fleet
from market.followup.views import followup
from market.geocoding import geocoder
from market.home.views import home
from market.jobs.views import jobs
from market.law.views import law
from market.limits.views import limits
from market.locality.views import locality
from market.notices.queries import unread_count
from market.notices.views import notices
from market.offers.views import offers
from market.orders.views import orders
from market.photos.uploads import make_room_for_photos
from market.photos.views import photos
from market.planning.views import planning
from market.register.views import register
from market.static_files import static_url
from market.travel import travel_engine
from market.values import LARGEST
from market.visits.views import visits

HERE = Path(__file__).parent
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
MAX_REQUEST = 16 * 1024 * 1024
MOST_TEXT = 4 * 1024 * 1024  # what is too long for a field is then said by the field, in words
SIGN_OUT = "security.logout"


class Unprintable(Undefined):
    """A name that a template was not given may be asked about (`if`), but never printed as nothing."""

    def __str__(self) -> str:
        return str(self._fail_with_undefined_error())


class StorableInteger(IntegerConverter):
    """A number in an address that a column could hold; a larger one leads nowhere."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, *args, **{"max": LARGEST} | options)


def templates_folder() -> Path:
    """The templates beside the code in a wheel, or at the top of a checkout."""
    inside = HERE / "templates"
    return inside if inside.is_dir() else HERE.parent / "templates"


def create_app(settings: Settings | None = None, *, clock: shell.Clock | None = None) -> Flask:
    settings = settings or from_environment()
    app = Flask("market", root_path=str(HERE), template_folder=str(templates_folder()))
    app.extensions["narmat.settings"] = settings
    app.extensions["narmat.engine"] = make_engine(settings.database_url)
    app.extensions["narmat.travel"] = travel_engine(settings, database=app.extensions["narmat.engine"])
    app.extensions["narmat.geocoder"] = geocoder(
        settings, database=app.extensions["narmat.engine"], let_go=shell.let_go
    )
    app.extensions["narmat.seal"] = seal_of(settings)
    if settings.tender_key:  # else a file, when it is first needed
        app.extensions["narmat.keeper"] = keeper_of(settings)
    app.extensions["narmat.clock"] = clock or shell.system_clock
    app.url_map.converters["int"] = StorableInteger
    _configure(app, settings)
    _extend(app, settings)
    _register_pages(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MOST_TEXT,
        SESSION_COOKIE_NAME="narmat",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        REMEMBER_COOKIE_SECURE=settings.cookie_secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="sv_SE",
        BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "application/javascript",
            "application/json",
            "application/geo+json",
            "image/svg+xml",
        ],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br"],
        COMPRESS_BR_LEVEL=5,
    )
    app.jinja_env.undefined = Unprintable
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _extend(app: Flask, settings: Settings) -> None:
    Babel(app, locale_selector=lambda: LOCALES[current_language()])
    Compress(app)
    app.before_request(make_room_for_photos)  # before the token is looked for, which reads the form
    CSRFProtect(app)
    security.set_up(app, settings)
    oidc.set_up(app, settings)
    app.before_request(_know_the_actor)
    app.before_request(_refuse_undeclared)
    app.after_request(_harden)
    app.teardown_request(shell.close_session)
    formatting.add_filters(app.jinja_env)
    errors_pages.add_handlers(app)
    app.context_processor(navigation.page_context)
    app.jinja_env.globals["static_url"] = static_url


def _register_pages(app: Flask, settings: Settings) -> None:
    for pages in (
        home,
        accounts,
        register,
        locality,
        photos,
        offers,
        agreements,
        orders,
        feedback,
        fleet,
        planning,
        driving,
        jobs,
        notices,
        visits,
        law,
        limits,
        direct,
        dis,
        followup,
    ):
        app.register_blueprint(pages)
    app.extensions["csrf"].exempt(
        app.view_functions["notices.unsubscribe"]
    )  # posted by the reader's mail program
    if settings.demo:
        app.register_blueprint(demo)


def current_language() -> str:
    """The reader's choice, else Swedish."""
    chosen = cookie.get("language")
    return chosen if chosen in LANGUAGES else "sv"


def _know_the_actor() -> None:
    g.actor, g.memberships = None, []
    if request.endpoint == "static" or not current_user.is_authenticated:
        return
    g.memberships = memberships_of(shell.session(), user_id=current_user.id)
    chosen = [m for m in g.memberships if m.id == cookie.get("membership")] or g.memberships
    if chosen:
        g.actor = actor_for(chosen[0])
        g.unread = unread_count(shell.session(), user_id=current_user.id)


def _refuse_undeclared() -> ResponseReturnValue | None:
    """Default deny: an endpoint that declares no access answers nobody; foreign ones are checked here."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    action = declared_action(request.endpoint, view)
    if action is None:
        abort(403)
    if action is not Action.READ_PUBLIC and g.actor is None:
        return _turn_away()
    refuse_unless(action)
    return None


def _turn_away() -> ResponseReturnValue | None:
    """Nobody is sent to sign in; someone whose last role has ended is refused, but may sign out."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else "/"))
    if request.endpoint != SIGN_OUT:
        abort(403)
    return None


def _harden(response: Response) -> Response:
    """Security headers on every answer (OWASP secure headers); no inline script or style anywhere."""
    settings = shell.settings()
    images = "img-src 'self' data:" + (f" {_origin(settings.tile_url)}" if settings.tile_url else "")
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; {images}; connect-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    if settings.cookie_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        versioned = "v" in request.args
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].replace("{s}", "*")
    return f"{scheme}://{host}"
