"""Photos as images, for those who may see them."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.photos.queries import photo_for

photos = Blueprint("photos", __name__)


@photos.get("/photos/<int:photo_id>")
@access(Action.USE_ACCOUNT)
def show(photo_id: int) -> ResponseReturnValue:
    """The photo in its full stored size."""
    photo = shell.found(photo_for(shell.session(), actor=shell.actor(), photo_id=photo_id))
    return _image(photo.image, photo.sha256)


@photos.get("/photos/<int:photo_id>/thumbnail")
@access(Action.USE_ACCOUNT)
def thumbnail(photo_id: int) -> ResponseReturnValue:
    """The same, small."""
    photo = shell.found(photo_for(shell.session(), actor=shell.actor(), photo_id=photo_id, small=True))
    return _image(photo.thumbnail, f"{photo.sha256}-small")


def _image(data: bytes, tag: str) -> Response:
    """The bytes never change; the browser keeps them for a day, and nobody in between does."""
    answer = Response(data, mimetype="image/jpeg")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.make_conditional(request)
    return answer
