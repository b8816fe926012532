"""How the goods were, where they come from, and the card that tells it in the dining hall."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.feedback import documents, queries
from market.feedback.forms import FeedbackForm, StoryForm
from market.feedback.models import OriginStory
from market.feedback.operations import give_feedback, tell_story
from market.feedback.rules import last_day, summary
from market.orders.models import DeliveryLine
from market.orders.queries import order_for
from market.photos.uploads import takes_photos
from market.register.models import Producer, Product
from market.register.queries import producer_of
from market.values import Refused, local_date

feedback = Blueprint("feedback", __name__)


@feedback.route("/orders/<int:order_id>/feedback", methods=["GET", "POST"])
@access(Action.GIVE_FEEDBACK)
def give(order_id: int) -> ResponseReturnValue:
    """How the goods of a received order were."""
    session, form, refused = shell.session(), FeedbackForm(), ""
    order = shell.found(order_for(session, actor=shell.actor(), order_id=order_id))
    delivery = shell.found(order.delivery)
    form.offer_choices()
    said = queries.feedback_of_line(session, line=delivery.lines[0])
    if request.method == "GET" and said is not None:
        form.fill_in(said)
    if form.validate_on_submit():
        refused = _give(form, delivery.lines[0])
        if not refused:
            flash(gettext("Tack! Producenten och era andra kök ser omdömet."), "success")
            return redirect(url_for("orders.show", order_id=order_id))
    last = last_day(local_date(delivery.received_at))
    return render_template(
        "feedback/give.html", form=form, order=order, said=said, last=last, refused=refused
    )


@feedback.get("/products/<int:product_id>/about")
@access(Action.SEE_STORIES)
def product(product_id: int) -> ResponseReturnValue:
    """What is said of a product and where it comes from; htmx gets only that part."""
    session, actor = shell.session(), shell.actor()
    found = _product(product_id)
    said = queries.feedback_on(session, actor=actor, product_id=found.id)
    template = "feedback/_about.html" if "HX-Request" in request.headers else "feedback/product.html"
    return render_template(
        template, product=found, said=said, summary=summary([one.opinion for one in said]),
        story=queries.story_of(session, product=found),
    )  # fmt: skip


@feedback.get("/my-feedback")
@access(Action.EDIT_PRODUCER)
def own() -> ResponseReturnValue:
    """What kitchens say of the producer's goods, and what it has told of them."""
    session, actor = shell.session(), shell.actor()
    said = queries.feedback_on(session, actor=actor)
    return render_template(
        "feedback/own.html",
        producer=_producer(),
        said=said,
        summary=summary([one.opinion for one in said]),
        stories=queries.own_stories(session, actor=actor),
    )


@feedback.route("/my-story", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
@takes_photos
def producer_story() -> ResponseReturnValue:
    """The producer's story of itself."""
    return _story_page(_producer(), None)


@feedback.route("/products/<int:product_id>/story", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
@takes_photos
def product_story(product_id: int) -> ResponseReturnValue:
    """The producer's story of one product."""
    return _story_page(_producer(), _product(product_id))


@feedback.get("/products/<int:product_id>/card")
@access(Action.SEE_STORIES)
def card(product_id: int) -> ResponseReturnValue:
    """The origin card as a page to print."""
    found = _product(product_id)
    story = _story(found)
    return render_template(
        "feedback/card.html", product=found, story=story, facts_told=documents.card_facts(story)
    )


@feedback.get("/products/<int:product_id>/card.pdf")
@access(Action.SEE_STORIES)
def card_pdf(product_id: int) -> ResponseReturnValue:
    """The origin card as PDF: A5, or A6 by `?size=a6`."""
    found = _product(product_id)
    story = _story(found)
    size = "a6" if request.args.get("size") == "a6" else "a5"
    photo = queries.photo_of(shell.session(), story=story)
    template = Path(current_app.root_path, str(current_app.template_folder)) / "documents/origin_card.typ"
    made = documents.origin_card(
        found, story, photo=photo.image if photo else None, size=size, template=template, at=shell.now()
    )
    headers = {"Content-Disposition": f'attachment; filename="ursprungskort-{found.id}-{size}.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _give(form: FeedbackForm, line: DeliveryLine) -> str:
    """What refuses it, in words; empty when it is kept."""
    try:
        give_feedback(
            shell.session(),
            line=line,
            received_at=line.delivery.received_at,
            opinion=form.opinion(),
            actor=shell.actor(),
            at=shell.now(),
        )
    except Refused as refusal:
        shell.session().rollback()
        return shell.explain(refusal)
    return ""


def _story_page(producer: Producer, product: Product | None) -> ResponseReturnValue:
    form, refused = StoryForm(), ""
    story = queries.own_story(
        shell.session(), actor=shell.actor(), product_id=product.id if product else None
    )
    if request.method == "GET" and story is not None:
        form.fill_in(story)
    if form.validate_on_submit():
        refused = _tell(form, producer, product)
        if not refused:
            flash(gettext("Berättelsen är sparad. Köken kan skriva ut den som ett ursprungskort."), "success")
            return redirect(url_for("feedback.own"))
    return render_template(
        "feedback/story.html", form=form, producer=producer, product=product, story=story, refused=refused
    )


def _tell(form: StoryForm, producer: Producer, product: Product | None) -> str:
    """What refuses it, in words; empty when it is kept."""
    try:
        tell_story(
            shell.session(),
            producer=producer,
            product=product,
            actor=shell.actor(),
            at=shell.now(),
            **form.values(),
        )
    except Refused as refusal:
        shell.session().rollback()
        return shell.explain(refusal)
    return ""


def _producer() -> Producer:
    return shell.found(producer_of(shell.session(), actor=shell.actor()))


def _product(product_id: int) -> Product:
    return shell.found(queries.product_seen(shell.session(), actor=shell.actor(), product_id=product_id))


def _story(product: Product) -> OriginStory:
    return shell.found(queries.story_of(shell.session(), product=product))
