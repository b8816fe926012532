"""What an authority publishes of its figures."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup.blueprint import followup
from market.followup.settings_forms import FollowupSettingsForm
from market.followup.settings_operations import change_settings, settings_of
from market.register.models import Authority
from market.register.queries import authority_of

OPEN_DATA = "followup.open_data"


@followup.route("/followup/settings", methods=["GET", "POST"])
@access(Action.EDIT_FOLLOWUP)
def settings() -> ResponseReturnValue:
    """Publish as open data or not, and who answers for it."""
    authority = shell.found(authority_of(shell.session(), actor=shell.actor()))
    kept = settings_of(shell.session(), authority_id=authority.id)
    form, refused = FollowupSettingsForm(), ""
    if request.method == "GET" and kept:
        form.fill_in(kept)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change(authority, form))
        if not refused:
            flash(gettext("Inställningarna är sparade."), "success")
            return redirect(url_for("followup.settings"))
    return render_template(
        "followup/settings.html",
        form=form,
        refused=refused,
        authority=authority,
        kept=kept,
        open_url=_open_url(),
    )


def _change(authority: Authority, form: FollowupSettingsForm) -> None:
    change_settings(
        shell.session(), authority=authority, actor=shell.actor(), at=shell.now(), **form.values()
    )


def _open_url() -> str:
    """Where the published figures can be fetched."""
    return url_for(OPEN_DATA) if OPEN_DATA in current_app.view_functions else ""
