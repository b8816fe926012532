"""Agreements: the lists, one agreement, drafting and sending, ending and extending."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.agreements import documents, draft_views, interest_views, settings_views, sign_views, wording
from market.agreements.blueprint import (
    agreement_at,
    agreements,
    document_at,
    download,
    seal_now,
    template,
)
from market.agreements.forms import EndForm
from market.agreements.models import Agreement
from market.agreements.operations import end_agreement, extend_agreement
from market.agreements.queries import agreements_in_force, own_agreements, side_of
from market.agreements.rules import (
    AgreementEvent,
    AgreementState,
    DocumentKind,
    extended_end,
    possible_events,
)
from market.agreements.signing_operations import finish_agreement
from market.offers.models import Offer
from market.offers.queries import Filters, open_offers
from market.register.queries import categories
from market.values import Period, Refused

AHEAD = timedelta(weeks=4)

__all__ = [
    "agreements",
    "draft_views",
    "interest_views",
    "settings_views",
    "sign_views",
]  # they add their routes

ENDINGS = {
    "decline": (AgreementEvent.DECLINE, "agreements/decline.html"),
    "withdraw": (AgreementEvent.WITHDRAW, "agreements/withdraw.html"),
    "terminate": (AgreementEvent.TERMINATE, "agreements/terminate.html"),
}


@agreements.get("/agreements")
@access(Action.SEE_AGREEMENTS)
def index() -> ResponseReturnValue:
    """What waits for one's own side, all others, and who sells what to the authority now."""
    session, actor, today = shell.session(), shell.actor(), shell.today()
    own = own_agreements(session, actor=actor)
    waiting = [a for a in own if _waits(a)]
    return render_template(
        "agreements/index.html",
        waiting=waiting,
        others=[a for a in own if a not in waiting],
        in_force=agreements_in_force(session, actor=actor, on=today) if actor.authority_id else [],
        offered=_offered() if actor.authority_id else {},
        offer_link=_offer_link,
        categories=categories(session),
        standing=wording.standing,
        kinds=wording.KIND_NAMES,
        today=today,
    )


@agreements.get("/agreements/<int:agreement_id>")
@access(Action.OPEN_AGREEMENT)
def show(agreement_id: int) -> ResponseReturnValue:
    """One agreement: what it says, its documents and signatures, its history, and what can be done now."""
    agreement = agreement_at(agreement_id)
    return render_template(
        "agreements/show.html",
        agreement=agreement,
        signed=document_at(agreement, DocumentKind.TO_SIGN),
        finished=document_at(agreement, DocumentKind.FINISHED),
        can=_buttons(agreement),
        has_seal=shell.settings().demo or current_app.extensions["narmat.seal"] is not None,
        words=wording,
        today=shell.today(),
    )


@agreements.get("/agreements/<int:agreement_id>/agreement.pdf")
@access(Action.OPEN_AGREEMENT)
def document(agreement_id: int) -> ResponseReturnValue:
    """The PDF that both sign, or while it is a draft, how it would look."""
    agreement = agreement_at(agreement_id)
    stored = document_at(agreement, DocumentKind.TO_SIGN)
    if stored is not None:
        return download(stored.pdf, f"avtal-{agreement_id}.pdf")
    content = documents.content_of(shell.session(), agreement, on=shell.today(), is_draft=True)
    made = documents.agreement_pdf(content, template=template(), at=shell.now())
    return download(made, f"avtal-{agreement_id}-utkast.pdf")


@agreements.get("/agreements/<int:agreement_id>/finished.pdf")
@access(Action.OPEN_AGREEMENT)
def finished(agreement_id: int) -> ResponseReturnValue:
    """The finished PDF: with the signatures and, where there was a key, the seal."""
    stored = shell.found(document_at(agreement_at(agreement_id), DocumentKind.FINISHED))
    ending = "" if stored.sealed_at else "-oforseglat"
    return download(stored.pdf, f"avtal-{agreement_id}-undertecknat{ending}.pdf")


@agreements.post("/agreements/<int:agreement_id>/seal")
@access(Action.MAKE_AGREEMENT)
def seal(agreement_id: int) -> ResponseReturnValue:
    """Finish and seal what was signed before there was a key, or when sealing was interrupted."""
    agreement_at(agreement_id)
    actor, at, own_seal = shell.actor(), shell.now(), seal_now()
    shell.close_session()
    try:
        is_sealed = finish_agreement(
            shell.engine(), agreement_id=agreement_id, actor=actor, at=at, seal=own_seal, template=template()
        )
        flash(gettext("Avtalet är förseglat.") if is_sealed else gettext("Filen är gjord."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("agreements.show", agreement_id=agreement_id))


@agreements.route("/agreements/<int:agreement_id>/decline", methods=["GET", "POST"])
@access(Action.DECLINE_AGREEMENT)
def decline(agreement_id: int) -> ResponseReturnValue:
    """The producer says no, with a reason."""
    return _end(agreement_id, "decline", gettext("Du har avböjt avtalet. Kommunen ser varför."))


@agreements.route("/agreements/<int:agreement_id>/withdraw", methods=["GET", "POST"])
@access(Action.MAKE_AGREEMENT)
def withdraw(agreement_id: int) -> ResponseReturnValue:
    """The authority takes it back before it is in force."""
    return _end(agreement_id, "withdraw", gettext("Avtalet är tillbakadraget."))


@agreements.route("/agreements/<int:agreement_id>/terminate", methods=["GET", "POST"])
@access(Action.SIGN_AGREEMENT)
def terminate(agreement_id: int) -> ResponseReturnValue:
    """Either side ends an agreement in force; orders already agreed stand."""
    return _end(
        agreement_id, "terminate", gettext("Avtalet är uppsagt. Redan avtalade beställningar gäller.")
    )


@agreements.route("/agreements/<int:agreement_id>/extend", methods=["GET", "POST"])
@access(Action.MAKE_AGREEMENT)
def extend(agreement_id: int) -> ResponseReturnValue:
    """The authority's notice that the agreement goes on for one more year."""
    agreement = agreement_at(agreement_id)
    if request.method == "GET":
        return render_template("agreements/extend.html", agreement=agreement)
    try:
        extend_agreement(shell.session(), agreement=agreement, actor=shell.actor(), at=shell.now())
        flash(gettext("Avtalet är förlängt. Producenten får veta det."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("agreements.show", agreement_id=agreement_id))


def _end(agreement_id: int, how: str, done: str) -> ResponseReturnValue:
    """Ask for the reason first; without one nothing that the other side has seen ends."""
    agreement, form, (event, page) = agreement_at(agreement_id), EndForm(), ENDINGS[how]
    refused = ""
    if form.validate_on_submit():
        reason = (form.reason.data or "").strip()
        try:
            end_agreement(
                shell.session(), agreement=agreement, event=event, reason=reason, actor=shell.actor(), at=shell.now()
            )  # fmt: skip
            flash(done, "success")
            return redirect(url_for("agreements.show", agreement_id=agreement_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(page, agreement=agreement, form=form, refused=refused)


def _offered() -> dict[tuple[int, str], list[Offer]]:
    """What can be bought in the weeks ahead, by producer and category."""
    ahead = Filters(period=Period(shell.today(), shell.today() + AHEAD))
    found: dict[tuple[int, str], list[Offer]] = defaultdict(list)
    authority_id = shell.actor().authority_id
    for offer in open_offers(shell.session(), authority_id=authority_id, filters=ahead, today=shell.today()):
        found[offer.product.producer_id, offer.product.category_key].append(offer)
    return found


def _offer_link(offer: Offer) -> str:
    endpoint = "orders.place" if shell.actor().may(Action.PLACE_ORDER) else "offers.show"
    return url_for(endpoint, offer_id=offer.id)


def _waits(agreement: Agreement) -> bool:
    """For the actor's own side: to be sent, or to be signed."""
    side = side_of(shell.actor())
    if side is None:
        return False
    return bool(_OWN_TURN & possible_events(agreement.state, side=side))


_OWN_TURN = frozenset(
    {AgreementEvent.SEND, AgreementEvent.SIGN_AS_AUTHORITY, AgreementEvent.SIGN_AS_PRODUCER}
)


def _buttons(agreement: Agreement) -> dict[str, bool]:
    """Which buttons the page shows: what the transition table allows the actor's side."""
    side, actor = side_of(shell.actor()), shell.actor()
    events = possible_events(agreement.state, side=side) if side else frozenset()
    is_over = agreement.is_over(shell.today())
    return {
        "change": agreement.state is AgreementState.DRAFT and actor.may(Action.MAKE_AGREEMENT),
        "send": AgreementEvent.SEND in events,
        "sign": bool(events & {AgreementEvent.SIGN_AS_AUTHORITY, AgreementEvent.SIGN_AS_PRODUCER}),
        "decline": AgreementEvent.DECLINE in events,
        "withdraw": AgreementEvent.WITHDRAW in events,
        "extend": AgreementEvent.EXTEND in events and not is_over and _may_extend(agreement),
        "terminate": AgreementEvent.TERMINATE in events and not is_over,
        "seal": agreement.state is AgreementState.IN_FORCE and actor.may(Action.MAKE_AGREEMENT),
    }


def _may_extend(agreement: Agreement) -> bool:
    try:
        extended_end(
            agreement.valid_until,
            has_extension=agreement.has_extension,
            is_extended=agreement.is_extended,
            today=shell.today(),
        )
    except Refused:
        return False
    return True
