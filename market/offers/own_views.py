"""A producer's own offers: flag, look, change, pause, repeat, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.offers.blueprint import offers
from market.offers.call_operations import confirm_offer
from market.offers.describing import facts_of, history_of
from market.offers.forms import ChangeForm, OfferForm
from market.offers.models import Offer
from market.offers.operations import (
    change_offer,
    pause_offer,
    post_offer,
    repeat_offer,
    repeat_weekly,
    resume_offer,
    withdraw_offer,
)
from market.offers.queries import latest_offer, offer_made_by, own_offer, own_offers, withdrawn_repeats
from market.offers.rules import CHANGEABLE, possible_events
from market.orders.queries import orders_from_offer
from market.photos.operations import store_photo
from market.photos.uploads import takes_photos
from market.register.models import Category, Producer, Product, Step
from market.register.operations import add_product
from market.register.queries import authorities, categories, producer_of
from market.values import Refused

SHOWN_DAYS_BACK = 14


@offers.get("/my-offers")
@access(Action.POST_OFFER)
def own() -> ResponseReturnValue:
    """What the producer has offered, now and lately."""
    since = shell.today() - timedelta(days=SHOWN_DAYS_BACK)
    found = own_offers(shell.session(), actor=shell.actor(), since=since)
    return render_template("offers/own.html", offers=found, today=shell.today())


@offers.route("/my-offers/new", methods=["GET", "POST"])
@access(Action.POST_OFFER)
@takes_photos
def new() -> ResponseReturnValue:
    """Flag a volume, in under a minute."""
    session = shell.session()
    producer = shell.found(producer_of(session, actor=shell.actor()))
    form = OfferForm()
    form.offer_choices(
        producer=producer,
        categories=categories(session),
        authorities=authorities(session),
        swedish=formatting.is_swedish(),
    )
    if request.method == "GET":
        form.fill_in(
            producer=producer,
            today=shell.today(),
            latest=latest_offer(session, producer_id=producer.id),
        )
    refused = ""
    if form.validate_on_submit():
        try:
            return _posted(form, producer)
        except Refused as refusal:
            session.rollback()
            refused = shell.explain(refusal)
    return render_template("offers/new.html", form=form, producer=producer, refused=refused)


def _posted(form: OfferForm, producer: Producer) -> ResponseReturnValue:
    session, actor, at = shell.session(), shell.actor(), shell.now()
    made = offer_made_by(session, actor=actor, request_key=form.request_key.data)
    if made is not None:  # sent twice: the first one has made the new product too
        return redirect(url_for("offers.own_offer_page", offer_id=made.id))
    chosen = form.chosen_product(producer)
    terms = form.terms(chosen)
    ready = form.photo.photo
    offer = post_offer(
        session,
        product=chosen or _new_product(form, producer),
        site=form.chosen_site(producer),
        terms=terms,
        actor=actor,
        at=at,
        request_key=form.request_key.data,
        photo=store_photo(session, data=ready, actor=actor, at=at) if ready else None,
    )
    amount = formatting.goods_amount(offer.total, offer.piece_grams)
    flash(gettext("Klart! Köken ser nu %(what)s.", what=_what(offer.product.name, amount)), "success")
    return redirect(url_for("offers.own_offer_page", offer_id=offer.id))


def _new_product(form: OfferForm, producer: Producer) -> Product:
    session = shell.session()
    return add_product(
        session,
        producer=producer,
        name=form.new_name.data or "",
        category=session.get_one(Category, form.new_category.data),
        unit=form.new_product_unit(),
        grams_per_unit=form.new_weight(),
        chain=[(Step.FARM, form.chosen_site(producer))],
        is_organic=bool(form.is_organic.data),
        user_id=shell.actor().user_id,
        at=shell.now(),
    )


def _what(product: str, amount: str) -> str:
    return f"{amount} {product}"


@offers.get("/my-offers/<int:offer_id>")
@access(Action.POST_OFFER)
def own_offer_page(offer_id: int) -> ResponseReturnValue:
    """One own offer: what is left, and who has ordered."""
    session, actor, offer = shell.session(), shell.actor(), _own(offer_id)
    return render_template(
        "offers/own_offer.html",
        offer=offer,
        orders=orders_from_offer(session, actor=actor, offer_id=offer_id),
        told=facts_of(session, offer=offer, today=shell.today()),
        history=history_of(offer),
        can=possible_events(offer.state),
        is_changeable=offer.state in CHANGEABLE,
        today=shell.today(),
    )


@offers.route("/my-offers/<int:offer_id>/change", methods=["GET", "POST"])
@access(Action.POST_OFFER)
def change(offer_id: int) -> ResponseReturnValue:
    """How much, at what price, when: orders already made stay as they are."""
    offer, form, refused = _own(offer_id), ChangeForm(), ""
    if request.method == "GET":
        form.fill_in(offer)
    if form.validate_on_submit():
        try:
            return _changed(form, offer)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("offers/change.html", form=form, offer=offer, refused=refused)


def _changed(form: ChangeForm, offer: Offer) -> ResponseReturnValue:
    change_offer(
        shell.session(),
        offer=offer,
        change=form.change(offer),
        seen_version=form.seen_version(),
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Ändrat. Beställningar som redan finns gäller som de är."), "success")
    return redirect(url_for("offers.own_offer_page", offer_id=offer.id))


@offers.post("/my-offers/<int:offer_id>/pause")
@access(Action.POST_OFFER)
def pause(offer_id: int) -> ResponseReturnValue:
    """Off the map for now."""
    return _do(offer_id, pause_offer, gettext("Pausat. Köken ser det inte förrän du sätter igång det igen."))


@offers.post("/my-offers/<int:offer_id>/resume")
@access(Action.POST_OFFER)
def resume(offer_id: int) -> ResponseReturnValue:
    """On the map again."""
    return _do(offer_id, resume_offer, gettext("Igång igen. Köken ser erbjudandet."))


@offers.post("/my-offers/<int:offer_id>/confirm")
@access(Action.POST_OFFER)
def confirm(offer_id: int) -> ResponseReturnValue:
    """What was told over the phone is right."""
    return _do(offer_id, confirm_offer, gettext("Tack! Köken ser erbjudandet nu."))


@offers.post("/my-offers/<int:offer_id>/weekly")
@access(Action.POST_OFFER)
def weekly(offer_id: int) -> ResponseReturnValue:
    """The same every week until further notice, or no longer."""
    is_on = request.form.get("on") == "1"
    done = (
        gettext("Samma läggs ut varje vecka tills du stoppar det.")
        if is_on
        else gettext("Det läggs inte ut fler veckor. Det som är ute ligger kvar.")
    )
    return _do(offer_id, partial(repeat_weekly, is_standing=is_on), done)


def _do(offer_id: int, operation: Callable[..., None], done: str) -> ResponseReturnValue:
    offer = _own(offer_id)
    try:
        operation(shell.session(), offer=offer, actor=shell.actor(), at=shell.now())
        flash(done, "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("offers.own_offer_page", offer_id=offer_id))


def _own(offer_id: int) -> Offer:
    return shell.found(own_offer(shell.session(), actor=shell.actor(), offer_id=offer_id))


@offers.post("/my-offers/<int:offer_id>/repeat")
@access(Action.POST_OFFER)
def repeat(offer_id: int) -> ResponseReturnValue:
    """The same again, a week later: one tap."""
    session, actor = shell.session(), shell.actor()
    offer = shell.found(own_offer(session, actor=actor, offer_id=offer_id))
    taken_back = withdrawn_repeats(session, offer_id=offer.id)
    key = f"repeat-{offer.id}-{shell.today().isoformat()}-{taken_back}"  # a second tap is the same repeat
    again = repeat_offer(session, offer=offer, actor=actor, at=shell.now(), request_key=key)
    when = formatting.day_span(again.period.start, again.period.last)
    flash(gettext("Samma igen (%(when)s). Blev det fel kan du dra tillbaka det.", when=when), "success")
    return redirect(url_for("offers.own_offer_page", offer_id=again.id))


@offers.route("/my-offers/<int:offer_id>/withdraw", methods=["GET", "POST"])
@access(Action.POST_OFFER)
def withdraw(offer_id: int) -> ResponseReturnValue:
    """Ask, then take the offer off the map; orders already made stand."""
    session, actor = shell.session(), shell.actor()
    offer = shell.found(own_offer(session, actor=actor, offer_id=offer_id))
    if request.method == "GET":
        return render_template("offers/withdraw.html", offer=offer)
    try:
        withdraw_offer(session, offer=offer, actor=actor, at=shell.now())
        flash(gettext("Erbjudandet är tillbakadraget. Beställningar som redan finns gäller."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("offers.own_offer_page", offer_id=offer_id))
