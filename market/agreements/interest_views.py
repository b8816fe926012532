"""Interest: a kitchen shows it on an offer's page; the meal manager sees the sums and makes an agreement of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.agreements.blueprint import agreements
from market.agreements.forms import InterestForm
from market.agreements.interest_operations import show_interest as shown
from market.agreements.interest_operations import withdraw_interest
from market.agreements.models import Interest
from market.agreements.queries import interest_in, own_interest, wanted
from market.offers.models import Offer
from market.offers.queries import open_offer
from market.register.models import Kitchen
from market.register.queries import kitchens_for
from market.values import Refused, Week


@agreements.get("/interest")
@access(Action.SEE_INTEREST)
def interest() -> ResponseReturnValue:
    """What kitchens would like from this week on: the sum for each offer and week, and who."""
    this_week = Week.containing(shell.today())
    rows = wanted(shell.session(), actor=shell.actor(), since=this_week)
    return render_template("agreements/interest.html", rows=rows)


@agreements.route("/offers/<int:offer_id>/interest", methods=["GET", "POST"])
@access(Action.SHOW_INTEREST)
def show_interest(offer_id: int) -> ResponseReturnValue:
    """Show interest in an offer, or change what was shown. It reserves nothing."""
    offer = shell.found(open_offer(shell.session(), actor=shell.actor(), offer_id=offer_id))
    kitchens = kitchens_for(shell.session(), actor=shell.actor())
    kitchen = _chosen(kitchens)
    form, refused = InterestForm(), ""
    form.offer_choices(offer=offer, kitchens=kitchens, today=shell.today())
    before = interest_in(shell.session(), kitchen_id=kitchen.id, offer_id=offer_id)
    if request.method == "GET":
        _start(form, kitchen, before)
    if form.validate_on_submit():
        try:
            return _shown(form, offer, kitchen)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "agreements/show_interest.html", form=form, offer=offer, kitchen=kitchen, before=before, refused=refused
    )  # fmt: skip


@agreements.post("/interest/<int:interest_id>/withdraw")
@access(Action.SHOW_INTEREST)
def withdraw_shown(interest_id: int) -> ResponseReturnValue:
    """The kitchen no longer wants it."""
    session, actor = shell.session(), shell.actor()
    found = shell.found(own_interest(session, actor=actor, interest_id=interest_id))
    withdraw_interest(session, interest=found, actor=actor, at=shell.now())
    flash(gettext("Intresset är borttaget."), "success")
    return redirect(url_for("agreements.interest"))


def _shown(form: InterestForm, offer: Offer, kitchen: Kitchen) -> ResponseReturnValue:
    quantity = form.quantity(offer.unit)
    shown(
        shell.session(),
        offer=offer,
        kitchen=kitchen,
        week=Week.parse(form.week.data),
        quantity=quantity,
        note=(form.note.data or "").strip(),
        actor=shell.actor(),
        at=shell.now(),
    )
    what = f"{formatting.quantity(quantity)} {offer.product.name}"
    flash(
        gettext("Tack! Kostchefen och producenten ser att ni gärna vill ha %(what)s.", what=what), "success"
    )
    return redirect(url_for("agreements.interest"))


def _start(form: InterestForm, kitchen: Kitchen, before: list[Interest]) -> None:
    form.kitchen.data = str(kitchen.id)
    chosen = [row for row in before if str(row.week) == request.args.get("week")] or before
    if chosen:
        form.fill_in(chosen[0])


def _chosen(kitchens: list[Kitchen]) -> Kitchen:
    """The kitchen asked for, else the first; one that is not the actor's is not found."""
    asked = request.form.get("kitchen") or request.args.get("kitchen")
    return shell.found(next((k for k in kitchens if not asked or str(k.id) == asked), None))
