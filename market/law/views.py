"""The values of the law by date: everyone signed in reads them, an administrator enters and ends them."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.law.forms import EndForm, LawValueForm
from market.law.models import LawValue
from market.law.operations import add_value, end_value
from market.law.queries import law_value_by_id, law_values, missing_on
from market.law.wording import NAMES, shown_value
from market.values import Refused

law = Blueprint("law", __name__)
law.add_app_template_filter(shown_value, "law_value")


@law.app_template_filter("last_day")
def last_day(valid_until: date | None) -> date | None:
    """The day before a half-open period's end."""
    return None if valid_until is None else valid_until - timedelta(days=1)


@law.get("/law")
@access(Action.USE_ACCOUNT)
def index() -> ResponseReturnValue:
    """Every value with its days and its source, and what is missing today."""
    session, today = shell.session(), shell.today()
    return render_template(
        "law/index.html",
        values=law_values(session),
        missing=missing_on(session, on=today),
        names=NAMES,
        today=today,
    )


@law.route("/law/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new() -> ResponseReturnValue:
    """Enter a value with its days and its source."""
    form, refused = LawValueForm(), ""
    form.offer_choices()
    if form.validate_on_submit():
        try:
            add_value(shell.session(), actor=shell.actor(), at=shell.now(), **form.values())
            return _saved(gettext("Värdet är inlagt."))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("law/new.html", form=form, refused=refused)


@law.route("/law/<int:value_id>/end", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def end(value_id: int) -> ResponseReturnValue:
    """Say on which day a value holds for the last time."""
    value: LawValue = shell.found(law_value_by_id(shell.session(), value_id=value_id))
    form, refused = EndForm(), ""
    if form.validate_on_submit():
        try:
            until = form.valid_until()
            end_value(shell.session(), value=value, valid_until=until, actor=shell.actor(), at=shell.now())
            return _saved(gettext("Värdet har fått en sista dag."))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("law/end.html", form=form, value=value, names=NAMES, refused=refused)


def _saved(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("law.index"))
