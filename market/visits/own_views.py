"""Study visits as a producer meets them: the days offered, one more, one taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.register.models import ProductionSite
from market.register.queries import producer_of
from market.values import Refused
from market.visits.blueprint import STATE_NAMES, STATE_TONES, visits
from market.visits.forms import DayForm, ReasonForm
from market.visits.operations import offer_day, withdraw_day
from market.visits.queries import own_day, own_days


@visits.get("/my-visits")
@access(Action.OFFER_VISIT)
def own() -> ResponseReturnValue:
    """The days from today on, and who comes."""
    days = own_days(shell.session(), actor=shell.actor(), since=shell.today())
    return render_template(
        "visits/own.html", days=days, names=STATE_NAMES, tones=STATE_TONES, now=shell.now()
    )


@visits.route("/my-visits/new", methods=["GET", "POST"])
@access(Action.OFFER_VISIT)
def new_day() -> ResponseReturnValue:
    """Offer a day."""
    producer = shell.found(producer_of(shell.session(), actor=shell.actor()))
    form, refused = DayForm(), ""
    form.offer_choices(producer.sites)
    if form.validate_on_submit():
        try:
            return _offered(form, producer.sites)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("visits/new.html", form=form, refused=refused, producer=producer)


def _offered(form: DayForm, sites: list[ProductionSite]) -> ResponseReturnValue:
    offer_day(
        shell.session(),
        site=next(site for site in sites if str(site.id) == form.site.data),
        terms=form.terms(),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Dagen är ute. Du får veta när en skola bokar den."), "success")
    return redirect(url_for("visits.own"))


@visits.route("/my-visits/<int:day_id>/withdraw", methods=["GET", "POST"])
@access(Action.OFFER_VISIT)
def withdraw(day_id: int) -> ResponseReturnValue:
    """Take a day back; a class that has booked it is told why."""
    session, actor = shell.session(), shell.actor()
    day, form = shell.found(own_day(session, actor=actor, day_id=day_id)), ReasonForm()
    reason = (form.reason.data or "").strip()
    if request.method == "GET" or not form.validate() or (day.booking and not reason):
        return render_template("visits/withdraw.html", day=day, missing=request.method == "POST")
    try:
        withdraw_day(session, day=day, reason=reason, actor=actor, at=shell.now())
        flash(gettext("Dagen är inställd."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("visits.own"))
