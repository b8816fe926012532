"""Drafting an agreement, changing the draft, and sending it to the producer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from market import shell
from market.access import access
from market.actors import Action
from market.agreements import documents
from market.agreements.blueprint import agreement_at, agreements, template
from market.agreements.forms import AgreementForm
from market.agreements.operations import change_draft, draft_agreement, send_agreement
from market.agreements.queries import producers_to_agree_with, terms_of_authority
from market.agreements.rules import AgreementState, DraftHasChanged
from market.law.queries import law_value
from market.law.rules import LawKey
from market.register.models import Authority, Producer
from market.register.queries import authority_of, categories
from market.values import Refused


@agreements.route("/agreements/new", methods=["GET", "POST"])
@access(Action.MAKE_AGREEMENT)
def new() -> ResponseReturnValue:
    """A draft; from the interest page with producer and category filled in."""
    form, refused = _form(), ""
    if request.method == "GET":
        _start(form)
    if form.validate_on_submit():
        try:
            return _drafted(form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("agreements/edit.html", form=form, agreement=None, refused=refused)


@agreements.route("/agreements/<int:agreement_id>/edit", methods=["GET", "POST"])
@access(Action.MAKE_AGREEMENT)
def edit(agreement_id: int) -> ResponseReturnValue:
    """Change what a draft says; what has been sent stays as it is."""
    agreement, form, refused = agreement_at(agreement_id), _form(), ""
    if request.method == "GET" or agreement.state is not AgreementState.DRAFT:
        form.fill_in(agreement)
    form.producer.data = str(agreement.producer_id)
    if form.validate_on_submit():
        try:
            change_draft(
                shell.session(), agreement=agreement, terms=form.terms(), actor=shell.actor(), at=shell.now()
            )
            flash(gettext("Utkastet är sparat."), "success")
            return redirect(url_for("agreements.show", agreement_id=agreement_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("agreements/edit.html", form=form, agreement=agreement, refused=refused)


@agreements.post("/agreements/<int:agreement_id>/send")
@access(Action.MAKE_AGREEMENT)
def send(agreement_id: int) -> ResponseReturnValue:
    """Typeset what it says, with no transaction open, and send exactly that."""
    try:
        content = documents.content_of(shell.session(), agreement_at(agreement_id), on=shell.today())
        shell.let_go()
        pdf = documents.agreement_pdf(content, template=template(), at=shell.now())
        _send(agreement_id, content, pdf)
        flash(gettext("Avtalet är skickat till producenten. Nu kan ni båda skriva under."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("agreements.show", agreement_id=agreement_id))


def _send(agreement_id: int, content: documents.Content, pdf: bytes) -> None:
    """Raises DraftHasChanged when it no longer says what was typeset."""
    session, agreement = shell.session(), agreement_at(agreement_id)
    if documents.content_of(session, agreement, on=shell.today()) != content:
        raise DraftHasChanged
    send_agreement(
        session, agreement=agreement, pdf=pdf, content=content, actor=shell.actor(), at=shell.now()
    )


def _drafted(form: AgreementForm) -> ResponseReturnValue:
    session = shell.session()
    agreement = draft_agreement(
        session,
        authority=_authority(),
        producer=session.get_one(Producer, int(form.producer.data)),
        terms=form.terms(),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Utkastet är sparat. Läs det, och skicka det sedan till producenten."), "success")
    return redirect(url_for("agreements.show", agreement_id=agreement.id))


def _authority() -> Authority:
    return shell.found(authority_of(shell.session(), actor=shell.actor()))


def _form() -> AgreementForm:
    form, session = AgreementForm(), shell.session()
    form.offer_choices(producers=producers_to_agree_with(session), categories=categories(session))
    return form


def _start(form: AgreementForm) -> None:
    """With what most often holds, and what the link says."""
    session, today, authority = shell.session(), shell.today(), _authority()
    form.start_with(
        today=today,
        contact=f"{current_user.name}, {current_user.email}",
        payment_days=int(law_value(session, LawKey.PAYMENT_DAYS, on=today).value),
        terms=terms_of_authority(session, authority_id=authority.id),
    )
    producer = session.get(Producer, request.args.get("producer", 0, type=int))
    if producer is not None:
        form.start_with_producer(producer, request.args.getlist("category"))
