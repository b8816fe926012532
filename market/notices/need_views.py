"""What kitchens watch for: saved from a search with one button, or written on a page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.notices.blueprint import notices
from market.notices.forms import NeedForm
from market.notices.operations import end_need, save_need
from market.notices.queries import need_for, needs_of
from market.register.models import Kitchen
from market.register.queries import categories, kitchens_for
from market.values import Refused


@notices.get("/needs")
@access(Action.WATCH_OFFERS)
def needs() -> ResponseReturnValue:
    """What one's kitchens watch for now."""
    found = needs_of(shell.session(), actor=shell.actor(), today=shell.today())
    return render_template("notices/needs.html", needs=found)


@notices.route("/needs/new", methods=["GET", "POST"])
@access(Action.WATCH_OFFERS)
def new_need() -> ResponseReturnValue:
    """Watch for something; GET with a search's filters has them filled in."""
    form, kitchens, refused = _form()
    if request.method == "GET":
        form.fill_in(request.args)
    if form.validate_on_submit():
        try:
            return _saved(form, kitchens)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("notices/need.html", form=form, refused=refused)


@notices.route("/needs/<int:need_id>/end", methods=["POST"])
@access(Action.WATCH_OFFERS)
def stop_watching(need_id: int) -> ResponseReturnValue:
    """Watch no longer."""
    session, actor = shell.session(), shell.actor()
    need = shell.found(need_for(session, actor=actor, need_id=need_id))
    end_need(session, need=need, actor=actor, at=shell.now())
    flash(gettext("Bevakningen är avslutad."), "success")
    return redirect(url_for("notices.needs"))


def _form() -> tuple[NeedForm, list[Kitchen], str]:
    session, actor = shell.session(), shell.actor()
    kitchens = kitchens_for(session, actor=actor)
    shell.found(kitchens or None)
    form = NeedForm()
    form.offer_choices(kitchens=kitchens, categories=categories(session), swedish=formatting.is_swedish())
    return form, kitchens, ""


def _saved(form: NeedForm, kitchens: list[Kitchen]) -> ResponseReturnValue:
    """The kitchen chosen, else the first."""
    kitchen = next((k for k in kitchens if str(k.id) == form.kitchen.data), kitchens[0])
    save_need(
        shell.session(),
        kitchen=kitchen,
        need=form.need(),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Bevakas. Ni får veta inom en minut när något nytt passar."), "success")
    return redirect(url_for("notices.needs"))
