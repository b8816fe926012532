"""From a message to what is read: the words of `templates/emails/KIND.txt`, as plain text and as simple HTML.

The template's first line is the subject and is rendered by itself, so that nothing that people have written can break out of
it. Words and addresses are those of the request at hand, or of `written_for` outside one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, current_app, render_template, url_for
from flask_babel import force_locale, gettext
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Template
from markupsafe import Markup

from market import formatting
from market.config import Settings
from market.notices.delivery import Letter, Told
from market.notices.kinds import DIGEST, can_be_chosen, kind_of
from market.notices.posting import Mail, one_line

_log = logging.getLogger("narmat.mail")
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line: words, or an address to follow."""

    text: str
    is_address: bool


@contextmanager
def written_for(app: Flask, *, base_url: str, language: str) -> Iterator[None]:
    """Outside a request: addresses begin with `base_url`, words are in the reader's language."""
    with app.test_request_context(base_url=base_url or None), force_locale(LOCALES.get(language, "sv_SE")):
        yield


def write(told: Told, *, parts: Sequence[Told] = ()) -> Written:
    """A message in words. Raises jinja2.UndefinedError where the template needs what the message does not carry."""
    subject, body = _templates(told.kind)
    params = _params(told)
    if told.kind == DIGEST:
        params["parts"] = [write(part) for part in parts]
    return Written(subject=one_line(subject.render(params)), body=body.render(params).strip())


def subject_of(told: Told) -> str:
    """The subject alone, for lists; the kind's name for a message that an earlier version wrote otherwise."""
    try:
        return one_line(_templates(told.kind)[0].render(_params(told)))
    except Exception:  # noqa: BLE001 - whatever is missing, the list is shown
        _log.exception("A message of the kind %s can't be shown.", told.kind)
        return str(gettext(kind_of(told.kind).label))


def mail_for(app: Flask, settings: Settings, letter: Letter, domain: str) -> Mail:
    """A letter as it goes to the mail server."""
    with written_for(app, base_url=settings.base_url, language=letter.language):
        written = write(Told(kind=letter.kind, params=letter.params), parts=letter.parts)
        token = None
        if letter.user_id is not None and can_be_chosen(letter.kind):
            token = unsubscribe_token(settings, user_id=letter.user_id, kind=letter.kind)
        address = url_for("notices.unsubscribe", token=token, _external=True) if token else None
        footer = _footer(letter, address)
        return Mail(
            address=letter.address,
            name=letter.name,
            message_id=letter.message_id(domain),
            subject=written.subject,
            text=f"{written.body}\n\n-- \n{footer}\n",
            html=_html(written, footer, letter.language),
            language=letter.language,
            unsubscribe_url=address,
        )


def unsubscribe_token(settings: Settings, *, user_id: int, kind: str) -> str:
    """Signed, so that nobody ends another person's messages; it holds as long as the secret key."""
    return str(_signer(settings).dumps([user_id, kind]))


def read_token(settings: Settings, token: str) -> tuple[int, str] | None:
    """Whose messages of which kind, or None for a token that is not ours."""
    try:
        user_id, kind = _signer(settings).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(kind)


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt="unsubscribe")


def _templates(kind: str) -> tuple[Template, Template]:
    """The first line of a kind's template, and the rest; compiled once for each application."""
    known: dict[str, tuple[Template, Template]] = current_app.extensions.setdefault("narmat.emails", {})
    if kind not in known:
        environment = current_app.jinja_env.overlay(autoescape=False)
        assert environment.loader is not None
        source, _, _ = environment.loader.get_source(environment, f"emails/{kind}.txt")
        subject, _, body = source.lstrip().partition("\n")
        known[kind] = environment.from_string(subject), environment.from_string(body)
    return known[kind]


def _params(told: Told) -> dict[str, Any]:
    """What it carries; of what it carries in both languages (`kind_sv`, `kind_en`) the reader's, as `kind`."""
    ending = f"_{formatting.current_locale().language}"
    own = {name.removesuffix(ending): text for name, text in told.params.items() if name.endswith(ending)}
    return {**told.params, **own, "url_for": partial(url_for, _external=True)}


def _footer(letter: Letter, unsubscribe_url: str | None) -> str:
    if letter.user_id is None:
        return str(gettext("Skickat av Närmat."))
    if unsubscribe_url is None:
        return str(gettext("Det här hör till en affär eller till ditt konto, och skickas alltid."))
    choose = gettext(
        "Välj vad du får, och hur ofta: %(url)s", url=url_for("notices.preferences", _external=True)
    )
    end = gettext("Avsluta sådana mejl: %(url)s", url=unsubscribe_url)
    return f"{choose}\n{end}"


def _html(written: Written, footer: str, language: str) -> str:
    return render_template(
        "emails/_letter.html",
        subject=written.subject,
        blocks=list(_blocks(written.body)),
        footer=[_pieces(line) for line in footer.splitlines()],
        language=language,
    )


def _blocks(text: str) -> Iterator[list[list[Piece]]]:
    """Paragraphs of lines of pieces."""
    for block in re.split(r"\n\s*\n", text):
        if block.strip():
            yield [_pieces(line) for line in block.strip().splitlines()]


def linked(text: str) -> Markup:
    """Plain text as paragraphs with addresses to follow, escaped."""
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(_followed(line) for line in block))
        for block in _blocks(text)
    )


def _followed(line: Sequence[Piece]) -> Markup:
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(piece.text) if piece.is_address else piece.text
        for piece in line
    )


def _pieces(line: str) -> list[Piece]:
    return [Piece(part, bool(ADDRESS.fullmatch(part))) for part in ADDRESS.split(line) if part]
