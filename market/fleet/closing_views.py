"""Closed days: a list, one period by a form, many by pasted rows."""

from __future__ import annotations

from typing import TypeVar

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import closing_at, fleet, own_authorities, saved
from market.fleet.pasting import RowError, read_rows
from market.fleet.place_forms import ClosingForm, PastedForm, WhereForm
from market.fleet.place_operations import close_days, open_again
from market.fleet.queries import closings_of, stops_of
from market.fleet.rules import ClosedDays
from market.register.models import Authority, Kitchen, ProductionSite
from market.values import Refused

LIST = "fleet.closed_days"
AnyForm = TypeVar("AnyForm", bound=WhereForm)


@fleet.route("/fleet/closed-days", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def closed_days() -> ResponseReturnValue:
    """What is closed from today on, and a form for one period more."""
    form, refused = _offered(ClosingForm()), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _close(form, form.days()))
        if not refused:
            return saved(gettext("Sparat. Inget planeras dit de dagarna."), LIST)
    return _page(form=form, refused=refused)


@fleet.route("/fleet/closed-days/pasted", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def paste_closed_days() -> ResponseReturnValue:
    """Many periods at once: all rows are kept, or none and every error is told with its row."""
    form, refused, errors = _offered(PastedForm()), "", list[tuple[RowError, str]]()
    if form.validate_on_submit():
        try:
            pasted = read_rows(form.rows.data or "")
            if not pasted.errors:
                return _kept(_close(form, pasted.days), len(pasted.days))
            errors = [(error, gettext(error.message, **error.params)) for error in pasted.errors]
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("fleet/paste_closed_days.html", form=form, refused=refused, errors=errors)


@fleet.post("/fleet/closed-days/<int:period_id>/open")
@access(Action.EDIT_VEHICLE)
def open_days(period_id: int) -> ResponseReturnValue:
    """It is not closed after all."""
    closing = closing_at(period_id)
    name = closing.name
    open_again(shell.session(), closing=closing, actor=shell.actor(), at=shell.now())
    return saved(gettext("%(name)s är borttaget. Dagarna går att planera igen.", name=name), LIST)


def _page(*, form: ClosingForm, refused: str) -> ResponseReturnValue:
    found = closings_of(shell.session(), actor=shell.actor(), since=shell.today())
    names = {one.id: one.name for one in own_authorities()}
    return render_template(
        "fleet/closed_days.html", form=form, refused=refused, closings=found, authority_names=names
    )


def _offered(form: AnyForm) -> AnyForm:
    stops = stops_of(shell.session(), actor=shell.actor())
    form.offer_choices(authorities=own_authorities(), stops=stops)
    return form


def _close(form: WhereForm, days: list[ClosedDays]) -> int:
    """How many of them are new."""
    authority, kitchen, site = _where(form)
    made = close_days(
        shell.session(), authority=authority, kitchen=kitchen, site=site, days=days,
        actor=shell.actor(), at=shell.now(),
    )  # fmt: skip
    return len(made)


def _where(form: WhereForm) -> tuple[Authority, Kitchen | None, ProductionSite | None]:
    """The choice is one of those that were offered. A site is closed for the planner's own authority."""
    kind, _, number = (form.where.data or "").partition(":")
    stops, authorities = stops_of(shell.session(), actor=shell.actor()), own_authorities()
    kitchen = next((one for one in stops.kitchens if kind == "kitchen" and str(one.id) == number), None)
    site = next((one for one in stops.sites if kind == "site" and str(one.id) == number), None)
    named = kitchen.authority_id if kitchen else int(number) if kind == "all" else authorities[0].id
    return next(one for one in authorities if one.id == named), kitchen, site


def _kept(new: int, read: int) -> ResponseReturnValue:
    if new == read:
        return saved(gettext("Sparat: %(n)s perioder.", n=new), LIST)
    return saved(gettext("Sparat: %(n)s nya perioder. De andra fanns redan.", n=new), LIST)
