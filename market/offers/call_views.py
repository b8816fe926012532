"""Phone-in: the call log, a new call, and the page behind the producer's link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.offers.blueprint import offers
from market.offers.call_form import CallForm
from market.offers.call_operations import answer_by_link, register_call, send_link
from market.offers.call_rules import token_hash
from market.offers.describing import facts_of
from market.offers.models import ConfirmationLink, PhoneCall
from market.offers.operations import withdraw_offer
from market.offers.queries import (
    call_for,
    call_made_by,
    calls_of,
    latest_offer,
    link_with,
    producer_on_the_phone,
    producers_to_call_for,
)
from market.offers.rules import possible_events
from market.register.models import Category, Producer, Product, ProductionSite, Step
from market.register.operations import add_product, add_site
from market.register.place_form import PlaceForm
from market.register.queries import authorities, authority_of, categories
from market.values import Refused

GONE = 410


@offers.get("/calls")
@access(Action.TAKE_CALL)
def calls() -> ResponseReturnValue:
    """The call log: who called, when, what was said, and whether the producer has confirmed."""
    found = calls_of(shell.session(), actor=shell.actor())
    return render_template("offers/calls.html", calls=found, now=shell.now())


@offers.route("/calls/new", methods=["GET", "POST"])
@access(Action.TAKE_CALL)
def new_call() -> ResponseReturnValue:
    """First the producer, from the register; then what was said."""
    session = shell.session()
    producer = _chosen_producer()
    known = call_made_by(session, actor=shell.actor(), request_key=request.form.get("request_key"))
    if known is not None:  # sent twice: the first one has made the new product and place too
        return redirect(url_for("offers.call", call_id=known.id))
    if producer is None:
        return render_template("offers/choose_caller.html", producers=producers_to_call_for(session))
    form, place, refused = _call_form(producer), _place_form(producer), ""
    is_sound = form.validate_on_submit()
    if is_sound and (place is None or place.validate()):
        try:
            return _registered(form, place, producer)
        except Refused as refusal:
            session.rollback()
            refused = shell.explain(refusal)
    return render_template("offers/new_call.html", form=form, place=place, producer=producer, refused=refused)


@offers.get("/calls/<int:call_id>")
@access(Action.TAKE_CALL)
def call(call_id: int) -> ResponseReturnValue:
    """One call with its offer and its links."""
    found = _call(call_id)
    return render_template(
        "offers/call.html",
        call=found,
        told=facts_of(shell.session(), offer=found.offer, today=shell.today()),
        can=possible_events(found.offer.state),
        now=shell.now(),
    )


@offers.post("/calls/<int:call_id>/link")
@access(Action.TAKE_CALL)
def new_link(call_id: int) -> ResponseReturnValue:
    """A new link to the producer; the old one stops working."""
    found = _call(call_id)
    try:
        send_link(shell.session(), call=found, actor=shell.actor(), at=shell.now())
        flash(gettext("En ny länk är på väg. Den gamla fungerar inte längre."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("offers.call", call_id=call_id))


@offers.post("/calls/<int:call_id>/withdraw")
@access(Action.TAKE_CALL)
def withdraw_call(call_id: int) -> ResponseReturnValue:
    """Written down wrongly: the offer goes away before anyone has seen it; the call stays in the log."""
    found = _call(call_id)
    try:
        if "confirm" in possible_events(found.offer.state):
            withdraw_offer(shell.session(), offer=found.offer, actor=shell.actor(), at=shell.now())
            flash(gettext("Erbjudandet är borttaget. Samtalet finns kvar i listan."), "success")
        else:
            flash(gettext("Producenten har redan svarat. Bara producenten kan dra tillbaka det nu."), "error")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("offers.call", call_id=call_id))


@offers.route("/confirm-offer/<token>", methods=["GET", "POST"])
@access(Action.READ_PUBLIC)
def confirm_by_link(token: str) -> ResponseReturnValue:
    """What the meal manager wrote down; yes or no, without an account. Looking changes nothing."""
    link = shell.found(link_with(shell.session(), token_hash=token_hash(token)))
    if request.method == "POST":
        return _answered(link)
    if not link.is_usable(shell.now()):
        return render_template("offers/link_over.html", link=link, refused=""), GONE
    told = facts_of(shell.session(), offer=link.call.offer, today=shell.today())
    return render_template("offers/confirm.html", link=link, told=told, offer=link.call.offer)


def _answered(link: ConfirmationLink) -> ResponseReturnValue:
    answer = request.form.get("answer")
    if answer not in {"yes", "no"}:
        return redirect(request.path)
    is_right = answer == "yes"
    try:
        answer_by_link(shell.session(), link=link, is_right=is_right, at=shell.now())
    except Refused as refusal:
        shell.session().rollback()
        return render_template("offers/link_over.html", link=link, refused=shell.explain(refusal)), GONE
    return render_template("offers/confirmed.html", offer=link.call.offer, is_right=is_right)


def _registered(form: CallForm, place: PlaceForm | None, producer: Producer) -> ResponseReturnValue:
    session, actor, at = shell.session(), shell.actor(), shell.now()
    site = _new_site(place, producer) if place else form.chosen_site(producer)
    product = form.chosen_product(producer)
    made = register_call(
        session,
        authority_id=shell.found(actor.authority_id),
        product=product or _new_product(form, producer, site),
        site=site,
        terms=form.terms(product),
        notes=form.notes(),
        actor=actor,
        at=at,
        request_key=form.request_key.data,
    )
    flash(gettext("Uppskrivet. Producenten får en länk och måste bekräfta innan någon ser det."), "success")
    return redirect(url_for("offers.call", call_id=made.id))


def _new_site(place: PlaceForm, producer: Producer) -> ProductionSite:
    return add_site(
        shell.session(),
        producer=producer,
        name=(place.place.data or "")[:120],
        address="",
        position=place.position,
        collection_note="",
        hours=[],
        actor=shell.actor(),
        at=shell.now(),
    )


def _new_product(form: CallForm, producer: Producer, site: ProductionSite) -> Product:
    session = shell.session()
    return add_product(
        session,
        producer=producer,
        name=form.new_name.data or "",
        category=session.get_one(Category, form.new_category.data),
        unit=form.new_product_unit(),
        grams_per_unit=form.new_weight(),
        chain=[(Step.FARM, site)],
        is_organic=bool(form.is_organic.data),
        user_id=shell.actor().user_id,
        at=shell.now(),
    )


def _chosen_producer() -> Producer | None:
    """The one in the address; none chosen yet is None, and one that does not exist is not found."""
    number = request.args.get("producer", "")
    if not number:
        return None
    wanted = int(number) if number.isdecimal() and len(number) < 10 else 0
    return shell.found(producer_on_the_phone(shell.session(), producer_id=wanted))


def _call_form(producer: Producer) -> CallForm:
    session, form = shell.session(), CallForm()
    form.offer_choices(
        producer=producer,
        categories=categories(session),
        authorities=authorities(session),
        swedish=formatting.is_swedish(),
    )
    if not producer.sites:
        form.needs_no_site()
    if request.method == "GET":
        own = shell.found(authority_of(session, actor=shell.actor()))
        latest = latest_offer(session, producer_id=producer.id)
        form.fill_in(producer=producer, today=shell.today(), latest=latest)
        form.fill_in_call(at=shell.now(), authority_id=own.id)
    return form


def _place_form(producer: Producer) -> PlaceForm | None:
    return None if producer.sites else PlaceForm()


def _call(call_id: int) -> PhoneCall:
    return shell.found(call_for(shell.session(), actor=shell.actor(), call_id=call_id))
