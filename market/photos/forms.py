"""A form's field for a photo: taken with the phone's camera or chosen among its pictures."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from market import shell
from market.photos.encoding import EncodedPhoto, encoded
from market.values import Refused


class PhotoField(FileField):  # type: ignore[misc]
    """After validation `photo` is the photo made anew, or None when none was chosen.

    Its form is sent by post_form(multipart=true) to a view marked with `takes_photos`. With `camera` a phone goes
    straight to the camera at its back; without it one may also choose a picture taken before. The decoding takes a
    moment and happens here, before anything is written, so that others can write meanwhile.
    """

    photo: EncodedPhoto | None = None

    def __init__(self, label: Any = None, *, camera: bool = False, **kwargs: Any) -> None:
        looks: dict[str, Any] = {"accept": "image/*"}
        if camera:
            looks["capture"] = "environment"
        super().__init__(label, render_kw=looks, **kwargs)

    def pre_validate(self, form: Any) -> None:
        del form
        self.photo = None
        if not isinstance(self.data, FileStorage):
            return
        shell.let_go()
        try:
            self.photo = encoded(self.data.stream)
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None

    @property
    def must_be_chosen_again(self) -> str:
        """What to say when the form comes back with errors: a browser never keeps a chosen file."""
        return (
            gettext("Välj fotot igen: det följer inte med när något annat ska rättas.") if self.photo else ""
        )
