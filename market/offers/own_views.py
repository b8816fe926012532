"""A producer's own offers: flag, look, repeat, withdraw."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.offers.blueprint import offers
from market.offers.forms import NEW_PRODUCT, OfferForm
from market.offers.operations import post_offer, repeat_offer, withdraw_offer
from market.offers.queries import offer_made_by, own_offer, own_offers, withdrawn_repeats
from market.orders.queries import orders_from_offer
from market.register.models import Category, Producer, Product, Step
from market.register.operations import add_product
from market.register.queries import categories, producer_of
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
def new() -> ResponseReturnValue:
    """Flag a volume, in under a minute."""
    session = shell.session()
    producer = shell.found(producer_of(session, actor=shell.actor()))
    form = OfferForm()
    form.offer_choices(producer=producer, categories=categories(session), swedish=formatting.is_swedish())
    if request.method == "GET":
        form.fill_in(producer=producer, today=shell.today())
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
    terms = form.terms(form.unit(producer.products))
    site = form.chosen_site(producer)
    offer = post_offer(
        session,
        product=_product(form, producer),
        site=site,
        terms=terms,
        actor=actor,
        at=at,
        request_key=form.request_key.data,
    )
    flash(
        gettext(
            "Klart! Köken ser nu %(what)s.", what=_what(offer.product.name, formatting.quantity(offer.total))
        ),
        "success",
    )
    return redirect(url_for("offers.own_offer_page", offer_id=offer.id))


def _product(form: OfferForm, producer: Producer) -> Product:
    if form.product.data != NEW_PRODUCT:
        return next(p for p in producer.products if str(p.id) == form.product.data)
    session = shell.session()
    return add_product(
        session,
        producer=producer,
        name=form.new_name.data or "",
        category=session.get_one(Category, form.new_category.data),
        unit=form.unit(producer.products),
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
    session, actor = shell.session(), shell.actor()
    offer = shell.found(own_offer(session, actor=actor, offer_id=offer_id))
    orders = orders_from_offer(session, actor=actor, offer_id=offer_id)
    return render_template("offers/own_offer.html", offer=offer, orders=orders, today=shell.today())


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
