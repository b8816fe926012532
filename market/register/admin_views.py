"""The administrator's pages: authorities, kitchens and producers, listed, added and changed."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.register.admin_forms import AdministerAuthorityForm, AdministerKitchenForm, AdministerProducerForm
from market.register.admin_operations import (
    add_authority,
    add_kitchen,
    add_producer,
    administer_authority,
    administer_kitchen,
    administer_producer,
)
from market.register.admin_queries import (
    all_authorities,
    all_kitchens,
    all_producers,
    any_authority,
    any_kitchen,
    any_producer,
)
from market.register.blueprint import register, saved
from market.register.models import Authority, Kitchen, Producer
from market.register.wording import KITCHEN_KIND_NAMES, PROCEDURE_NAMES, TRANSPORT_NAMES


@register.get("/register/authorities")
@access(Action.ADMINISTER)
def authorities() -> ResponseReturnValue:
    """Every authority."""
    found = all_authorities(shell.session(), actor=shell.actor())
    return render_template(
        "register/authorities.html", authorities=found, procedures=PROCEDURE_NAMES, transports=TRANSPORT_NAMES
    )


@register.route("/register/authorities/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_authority() -> ResponseReturnValue:
    """Add an authority; its own county counts as local until it says otherwise."""
    form, refused = _authority_form(), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_authority(form))
        if not refused:
            return saved(
                gettext("Myndigheten är tillagd. Nu kan den få kök och konton."), "register.authorities"
            )
    return render_template("register/administer_authority.html", form=form, authority=None, refused=refused)


@register.route("/register/authorities/<int:authority_id>", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def edit_any_authority(authority_id: int) -> ResponseReturnValue:
    """An authority's name, municipality, procedure, transports and planner."""
    authority = shell.found(any_authority(shell.session(), actor=shell.actor(), authority_id=authority_id))
    form, refused = _authority_form(authority), ""
    if request.method == "GET":
        form.fill_in(authority)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _administer_authority(authority, form))
        if not refused:
            return saved(gettext("Myndigheten är sparad."), "register.authorities")
    return render_template(
        "register/administer_authority.html", form=form, authority=authority, refused=refused
    )


@register.get("/register/kitchens")
@access(Action.ADMINISTER)
def kitchens() -> ResponseReturnValue:
    """Every kitchen, closed ones too."""
    found = all_kitchens(shell.session(), actor=shell.actor())
    return render_template("register/kitchens.html", kitchens=found, kinds=KITCHEN_KIND_NAMES)


@register.route("/register/kitchens/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_kitchen() -> ResponseReturnValue:
    """Add a kitchen; its staff fills in the opening hours."""
    form, refused = _kitchen_form(), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_kitchen(form))
        if not refused:
            return saved(gettext("Köket är tillagt. Kökets personal fyller i tiderna."), "register.kitchens")
    return render_template("register/administer_kitchen.html", form=form, kitchen=None, refused=refused)


@register.route("/register/kitchens/<int:kitchen_id>/identity", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def edit_any_kitchen(kitchen_id: int) -> ResponseReturnValue:
    """A kitchen's name, kind, hub, place, and whether it is open."""
    kitchen = shell.found(any_kitchen(shell.session(), actor=shell.actor(), kitchen_id=kitchen_id))
    form, refused = _kitchen_form(kitchen), ""
    if request.method == "GET":
        form.fill_in(kitchen)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _administer_kitchen(kitchen, form))
        if not refused:
            return saved(gettext("Köket är sparat."), "register.kitchens")
    return render_template("register/administer_kitchen.html", form=form, kitchen=kitchen, refused=refused)


@register.get("/register/producers")
@access(Action.ADMINISTER)
def producers() -> ResponseReturnValue:
    """Every producer; a sole trader's number stays hidden here too."""
    found = all_producers(shell.session(), actor=shell.actor())
    return render_template("register/producers.html", producers=found)


@register.route("/register/producers/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_producer() -> ResponseReturnValue:
    """Add a producer; it fills in sites and products itself."""
    form, refused = AdministerProducerForm(), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_producer(form))
        if not refused:
            return saved(
                gettext("Producenten är tillagd. Ge den ett konto under Konton."), "register.producers"
            )
    return render_template("register/administer_producer.html", form=form, producer=None, refused=refused)


@register.route("/register/producers/<int:producer_id>", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def edit_any_producer(producer_id: int) -> ResponseReturnValue:
    """A producer's name and number."""
    producer = shell.found(any_producer(shell.session(), actor=shell.actor(), producer_id=producer_id))
    form, refused = AdministerProducerForm(), ""
    if request.method == "GET":
        form.fill_in(producer)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _administer_producer(producer, form))
        if not refused:
            return saved(gettext("Producenten är sparad."), "register.producers")
    return render_template("register/administer_producer.html", form=form, producer=producer, refused=refused)


def _authority_form(itself: Authority | None = None) -> AdministerAuthorityForm:
    form = AdministerAuthorityForm()
    form.offer_choices(all_authorities(shell.session(), actor=shell.actor()), itself=itself)
    return form


def _kitchen_form(itself: Kitchen | None = None) -> AdministerKitchenForm:
    session, actor = shell.session(), shell.actor()
    form = AdministerKitchenForm()
    form.offer_choices(
        authorities=all_authorities(session, actor=actor),
        kitchens=all_kitchens(session, actor=actor),
        itself=itself,
    )
    return form


def _add_authority(form: AdministerAuthorityForm) -> None:
    add_authority(shell.session(), actor=shell.actor(), at=shell.now(), **form.values())


def _administer_authority(authority: Authority, form: AdministerAuthorityForm) -> None:
    administer_authority(
        shell.session(), authority=authority, actor=shell.actor(), at=shell.now(), **form.values()
    )


def _add_kitchen(form: AdministerKitchenForm) -> None:
    add_kitchen(
        shell.session(),
        authority=form.chosen_authority,
        actor=shell.actor(),
        at=shell.now(),
        **form.values(),
    )


def _administer_kitchen(kitchen: Kitchen, form: AdministerKitchenForm) -> None:
    administer_kitchen(
        shell.session(),
        kitchen=kitchen,
        is_active=bool(form.is_active.data),
        actor=shell.actor(),
        at=shell.now(),
        **form.values(),
    )


def _add_producer(form: AdministerProducerForm) -> None:
    add_producer(shell.session(), actor=shell.actor(), at=shell.now(), **form.values())


def _administer_producer(producer: Producer, form: AdministerProducerForm) -> None:
    administer_producer(
        shell.session(), producer=producer, actor=shell.actor(), at=shell.now(), **form.values(producer)
    )
