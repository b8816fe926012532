"""A form's field for a file: a PDF, or a photo of a paper."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from market import shell
from market.dis.files import CheckedFile, check_file
from market.values import Refused

ACCEPTED = "application/pdf,image/jpeg,image/png,image/webp"


class AttachmentField(FileField):  # type: ignore[misc]
    """After validation `checked` is the file ready to store, or None when none was chosen.

    Its form is sent by post_form(multipart=true) to a view marked with market.photos.uploads.takes_photos. A photo is
    made anew here, before anything is written, so that others can write meanwhile.
    """

    checked: CheckedFile | None = None

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": ACCEPTED}, **kwargs)

    def pre_validate(self, form: Any) -> None:
        del form
        self.checked = None
        if not isinstance(self.data, FileStorage):
            return
        shell.let_go()
        try:
            self.checked = check_file(self.data.filename or "", self.data.stream)
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None

    @property
    def must_be_chosen_again(self) -> str:
        """What to say when the form comes back with errors: a browser never keeps a chosen file."""
        return (
            gettext("Välj filen igen: den följer inte med när något annat ska rättas.")
            if self.checked
            else ""
        )
