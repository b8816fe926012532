"""A producer's own pages: profile, production sites, products."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.register.blueprint import register, saved
from market.register.forms import CertificateForm, ProducerForm, SiteForm
from market.register.models import Category, Producer, Product, ProductionSite
from market.register.operations import (
    add_certificate,
    add_product,
    add_site,
    change_producer,
    change_product,
    change_site,
    revoke_certificate,
)
from market.register.places import municipality_name
from market.register.product_form import ProductForm
from market.register.queries import (
    categories,
    certificate_for,
    producer_of,
    product_for,
    site_for,
    sites_elsewhere,
)
from market.values import Unit

HOME = "register.index"


@register.route("/register/producer", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def edit_producer() -> ResponseReturnValue:
    """How to reach the producer, and its story."""
    producer, form, refused = _producer(), ProducerForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(producer)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_producer(producer, form))
        if not refused:
            return saved(gettext("Uppgifterna är sparade."), HOME)
    return render_template("register/producer.html", form=form, producer=producer, refused=refused)


@register.route("/register/sites/new", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def new_site() -> ResponseReturnValue:
    """A place where the producer does a step of its production."""
    producer, form, refused = _producer(), SiteForm(), ""
    form.offer_choices()
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_site(producer, form))
        if not refused:
            return _site_saved(form)
    return render_template("register/site.html", form=form, site=None, refused=refused)


@register.route("/register/sites/<int:site_id>", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def edit_site(site_id: int) -> ResponseReturnValue:
    """What a site is called, where it is, when and how to collect."""
    site = shell.found(site_for(shell.session(), actor=shell.actor(), site_id=site_id))
    form, refused = SiteForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(site)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_site(site, form))
        if not refused:
            return _site_saved(form)
    return render_template("register/site.html", form=form, site=site, refused=refused)


@register.route("/register/products/new", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def new_product() -> ResponseReturnValue:
    """Something the producer sells, and where each step of it happens."""
    producer, refused = _producer(), ""
    form = _product_form(producer)
    if request.method == "GET":
        form.fill_in_new(producer.sites)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_product(producer, form))
        if not refused:
            return saved(gettext("Varan är sparad. Nu kan du flagga den."), HOME)
    return render_template(
        "register/product.html", form=form, producer=producer, product=None, refused=refused
    )


@register.route("/register/products/<int:product_id>", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def edit_product(product_id: int) -> ResponseReturnValue:
    """All of a product but its unit."""
    product = shell.found(product_for(shell.session(), actor=shell.actor(), product_id=product_id))
    producer, refused = _producer(), ""
    form = _product_form(producer, product)
    if request.method == "GET":
        form.fill_in(product)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_product(product, form))
        if not refused:
            return saved(gettext("Varan är sparad."), HOME)
    return render_template(
        "register/product.html", form=form, producer=producer, product=product, refused=refused
    )


@register.route("/register/certificates/new", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def new_certificate() -> ResponseReturnValue:
    """What makes the producer's organic goods count as organic."""
    producer, form, refused = _producer(), CertificateForm(), ""
    form.offer_choices()
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_certificate(producer, form))
        if not refused:
            return saved(gettext("Certifikatet är sparat."), HOME)
    return render_template("register/certificate.html", form=form, refused=refused)


@register.route("/register/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def remove_certificate(certificate_id: int) -> ResponseReturnValue:
    """Ask, then let it count no longer."""
    session, actor = shell.session(), shell.actor()
    certificate = shell.found(certificate_for(session, actor=actor, certificate_id=certificate_id))
    if request.method == "GET":
        return render_template("register/remove_certificate.html", certificate=certificate)
    revoke_certificate(session, certificate=certificate, actor=actor, at=shell.now())
    return saved(gettext("Certifikatet räknas inte längre."), HOME)


def _add_certificate(producer: Producer, form: CertificateForm) -> None:
    add_certificate(shell.session(), producer=producer, actor=shell.actor(), at=shell.now(), **form.values())


def _producer() -> Producer:
    return shell.found(producer_of(shell.session(), actor=shell.actor()))


def _product_form(producer: Producer, product: Product | None = None) -> ProductForm:
    session, actor = shell.session(), shell.actor()
    form = ProductForm()
    form.offer_choices(
        categories=categories(session),
        own=producer.sites,
        elsewhere=sites_elsewhere(session, actor=actor),
        swedish=formatting.is_swedish(),
        product=product,
    )
    return form


def _site_saved(form: SiteForm) -> ResponseReturnValue:
    name = municipality_name(form.position.municipality_code)
    return saved(gettext("Platsen är sparad. Kommun: %(name)s.", name=name), HOME)


def _change_producer(producer: Producer, form: ProducerForm) -> None:
    change_producer(shell.session(), producer=producer, actor=shell.actor(), at=shell.now(), **form.values())


def _add_site(producer: Producer, form: SiteForm) -> None:
    add_site(shell.session(), producer=producer, actor=shell.actor(), at=shell.now(), **form.values())


def _change_site(site: ProductionSite, form: SiteForm) -> None:
    change_site(shell.session(), site=site, actor=shell.actor(), at=shell.now(), **form.values())


def _add_product(producer: Producer, form: ProductForm) -> None:
    add_product(
        shell.session(),
        producer=producer,
        category=shell.session().get_one(Category, form.category.data),
        unit=Unit(form.unit.data),
        user_id=shell.actor().user_id,
        at=shell.now(),
        **form.values(),
    )


def _change_product(product: Product, form: ProductForm) -> None:
    change_product(
        shell.session(),
        product=product,
        category=shell.session().get_one(Category, form.category.data),
        actor=shell.actor(),
        at=shell.now(),
        **form.values(),
    )
