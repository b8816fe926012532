"""Requests that carry a photo may be larger than others; only those of views that say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request, session

from market.photos.rules import MOST_BYTES

MOST_BESIDE = 1024 * 1024  # the form's other fields
SIGNED_IN = "_user_id"  # Flask-Login's, in the signed cookie

View = TypeVar("View", bound=Callable[..., object])


def takes_photos(view: View) -> View:
    """Mark a view whose form has a PhotoField. Stands below @access, closest to the view."""
    view.takes_photos = True  # type: ignore[attr-defined]
    return view


def has_room_for_photos() -> bool:
    """Only a form with files is spooled to disk; one without is read into memory and stays small."""
    if request.mimetype != "multipart/form-data":
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "takes_photos", False)) and SIGNED_IN in session


def make_room_for_photos() -> None:
    """Before the form is read, which spools a large file to disk. Asks no database, so that no lock is held meanwhile."""
    if has_room_for_photos():
        request.max_content_length = MOST_BYTES + MOST_BESIDE
