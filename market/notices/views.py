"""Notices: one's own messages, how often they come, one-click unsubscribing, and what an administrator sees of the sending."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.accounts.models import User
from market.actors import Action
from market.notices import need_views
from market.notices.blueprint import notices
from market.notices.delivery import Told
from market.notices.forms import paces_form
from market.notices.kinds import DIGEST, can_be_chosen, kind_of, kinds_for
from market.notices.operations import choose_paces, mark_read, try_again
from market.notices.operations import unsubscribe as end_kind
from market.notices.queries import (
    failed_message,
    message_of,
    messages_of,
    outgoing,
    paces_of,
    parts_of,
    troubled,
)
from market.notices.wording import fate
from market.notices.writing import read_token, subject_of, write
from market.outbox import OutboxMessage

__all__ = ["need_views", "notices"]  # these add their routes to the blueprint


@notices.get("/notices")
@access(Action.USE_ACCOUNT)
def index() -> ResponseReturnValue:
    """What one has been told, newest first."""
    messages = messages_of(shell.session(), actor=shell.actor())
    shown = [(message, subject_of(_told(message)), fate(message)) for message in messages]
    return render_template("notices/index.html", messages=shown, sends=bool(shell.settings().smtp_url))


@notices.get("/notices/<int:message_id>")
@access(Action.USE_ACCOUNT)
def show(message_id: int) -> ResponseReturnValue:
    """One message as it is mailed."""
    session, actor = shell.session(), shell.actor()
    message = shell.found(message_of(session, actor=actor, message_id=message_id))
    parts = parts_of(session, message_ids=[message.id])[message.id] if message.kind == DIGEST else []
    written = write(_told(message), parts=[_told(part) for part in parts])
    return render_template(
        "notices/show.html",
        message=message,
        written=written,
        fate=fate(message),
        kind=kind_of(message.kind),
        sends=bool(shell.settings().smtp_url),
    )


@notices.post("/notices/read")
@access(Action.USE_ACCOUNT)
def read() -> ResponseReturnValue:
    """All seen."""
    mark_read(shell.session(), actor=shell.actor(), at=shell.now())
    return redirect(url_for("notices.index"))


@notices.route("/notices/preferences", methods=["GET", "POST"])
@access(Action.USE_ACCOUNT)
def preferences() -> ResponseReturnValue:
    """How often one wants to hear of what."""
    session, actor = shell.session(), shell.actor()
    user = session.get_one(User, actor.user_id)
    kinds = kinds_for(frozenset(member.role for member in user.memberships))
    form = paces_form(paces_of(session, user_id=actor.user_id), shown=kinds, language=user.language)
    if form.validate_on_submit():
        choose_paces(session, paces=form.chosen(), language=form.language.data, actor=actor, at=shell.now())
        flash(gettext("Sparat. Det gäller från och med nästa meddelande."), "success")
        return redirect(url_for("notices.preferences"))
    always = [kind for kind in kinds.values() if kind.is_needed]
    return render_template("notices/preferences.html", form=form, always=always)


@notices.route("/notices/unsubscribe/<token>", methods=["GET", "POST"])
@access(Action.READ_PUBLIC)
def unsubscribe(token: str) -> ResponseReturnValue:
    """By the link in a mail, without signing in (RFC 8058). GET only asks: mail scanners follow links."""
    user_id, kind = shell.found(read_token(shell.settings(), token))
    if not can_be_chosen(kind):
        shell.not_found()
    is_done = request.method == "POST"
    if is_done:
        end_kind(shell.session(), user_id=user_id, kind=kind, at=shell.now())
    label = gettext("Sammanfattningar") if kind == DIGEST else gettext(kind_of(kind).label)
    return render_template("notices/unsubscribe.html", label=label, is_done=is_done, token=token)


@notices.get("/notices/sending")
@access(Action.ADMINISTER)
def sending() -> ResponseReturnValue:
    """What waits, what failed and why."""
    session = shell.session()
    rows = [(message, user, kind_of(message.kind)) for message, user in troubled(session)]
    return render_template(
        "notices/sending.html", rows=rows, outgoing=outgoing(session), sends=bool(shell.settings().smtp_url)
    )


@notices.post("/notices/sending/<int:message_id>")
@access(Action.ADMINISTER)
def send_again(message_id: int) -> ResponseReturnValue:
    """Try a given-up message again."""
    session = shell.session()
    message = shell.found(failed_message(session, message_id=message_id))
    try_again(session, message=message, actor=shell.actor(), at=shell.now())
    flash(gettext("Meddelandet skickas igen inom kort."), "success")
    return redirect(url_for("notices.sending"))


def _told(message: OutboxMessage) -> Told:
    return Told(kind=message.kind, params=message.params)
