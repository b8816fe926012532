"""Pages for what went wrong: in plain words, with what to do next."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from market import shell
from market.photos.rules import PhotoTooLarge
from market.photos.uploads import has_room_for_photos
from market.values import Refused

TEXTS = {
    400: (_l("Något i förfrågan gick inte att förstå"), _l("Gå tillbaka, ladda om sidan och försök igen.")),
    403: (
        _l("Det här får du inte göra"),
        _l("Din roll saknar behörighet. Byt roll, eller fråga den som är ansvarig."),
    ),
    404: (_l("Sidan finns inte"), _l("Den kan ha flyttats, eller så har du inte tillgång till den.")),
    405: (_l("Så går det inte att göra"), _l("Gå tillbaka och använd knapparna på sidan.")),
    409: (_l("Någon annan hann före"), _l("Ladda om sidan för att se hur det ser ut nu.")),
    413: (_l("Filen är för stor"), _l("Skicka högst 16 MB åt gången.")),
    500: (_l("Något gick fel hos oss"), _l("Inget har sparats. Försök igen om en stund.")),
}


def add_handlers(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Refused, _refused)
    if not app.testing:
        app.register_error_handler(500, _page)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code == 401:
        return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else "/"))
    if error.response is not None:
        return error.response
    if code == 413 and has_room_for_photos():
        return render_template(
            "error.html", heading=TEXTS[413][0], advice=shell.explain(PhotoTooLarge())
        ), 413
    heading, advice = TEXTS.get(code, TEXTS[400] if code < 500 else TEXTS[500])
    return render_template("error.html", heading=heading, advice=advice), code


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    heading = _l("Formuläret hade legat för länge")
    return render_template(
        "error.html", heading=heading, advice=_l("Gå tillbaka, ladda om sidan och skicka igen.")
    ), 400


def _refused(refusal: Refused) -> ResponseReturnValue:
    """A refusal no view caught: its own words, and nothing stored."""
    shell.session().rollback()
    return render_template("error.html", heading=_l("Det gick inte"), advice=shell.explain(refusal)), 409
