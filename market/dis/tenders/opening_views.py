"""Opening by two, the list of what was opened, each tender, and what an officer may set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.models import CallOff
from market.dis.rules import CallOffState
from market.dis.sealing.at_hand import keeper
from market.dis.systems.desk import register_part
from market.dis.systems.queries import runs as runs_it
from market.dis.tenders import wording
from market.dis.tenders.attesting import attest, confirm_and_attest
from market.dis.tenders.blindness import ScoresFirst, is_blind
from market.dis.tenders.desk_part import load_part
from market.dis.tenders.forms import ReasonForm
from market.dis.tenders.models import Tender
from market.dis.tenders.operations import reject_tender, withdraw_tender
from market.dis.tenders.queries import (
    asked_of,
    calloff_here,
    confirmations,
    is_still_admitted,
    opened_tenders,
    opening_of,
    tender_here,
    why_set_aside,
)
from market.dis.tenders.rules import MAY_REJECT, MAY_WITHDRAW, check_undecided, is_fresh
from market.dis.tenders.summing import summed
from market.values import Refused

register_part("tenders", load_part)
SetAside = Callable[..., None]


@dis.route("/calloffs/<int:calloff_id>/open", methods=["GET", "POST"])
@access(Action.OPEN_TENDERS)
def open_tenders(calloff_id: int) -> ResponseReturnValue:
    """Confirm as one of the two who open."""
    calloff = _calloff(calloff_id)
    if request.method == "POST":
        return _confirm(calloff_id)
    waiting = [
        one
        for one in confirmations(shell.session(), calloff_id=calloff_id)
        if is_fresh(one.at, at=shell.now())
    ]
    return render_template(
        "dis/tenders/open.html",
        calloff=calloff,
        waiting=waiting,
        has_confirmed=any(one.user_id == shell.actor().user_id for one in waiting),
        has_closed=calloff.deadline_at is not None and shell.now() >= calloff.deadline_at,
        words=wording,
    )


@dis.get("/calloffs/<int:calloff_id>/tenders")
@access(Action.FOLLOW_DIS)
def tenders(calloff_id: int) -> ResponseReturnValue:
    """The opened tenders; before the opening only when it can take place."""
    calloff, session = _calloff(calloff_id), shell.session()
    if is_blind(session, actor=shell.actor(), calloff_id=calloff_id):
        flash(shell.explain(ScoresFirst()), "info")
        return redirect(url_for("dis.judging"))
    record = opening_of(session, calloff_id=calloff_id)
    found = opened_tenders(session, calloff_id=calloff_id) if record else []
    return render_template(
        "dis/tenders/index.html",
        calloff=calloff,
        record=record,
        openers=confirmations(session, calloff_id=calloff_id) if record else [],
        rows=[summed(tender) for tender in found],
        taken_back=len(record.taken_back) if record else 0,
        runs=runs_it(shell.actor(), calloff.dis_category.dis),
        has_closed=calloff.deadline_at is not None and shell.now() >= calloff.deadline_at,
        words=wording,
    )


@dis.post("/calloffs/<int:calloff_id>/opening-list")
@access(Action.OPEN_TENDERS)
def attest_opening(calloff_id: int) -> ResponseReturnValue:
    """Make the attested list where the one made at the opening was lost on its way."""
    _calloff(calloff_id)
    shell.close_session()
    attest(shell.engine(), calloff_id=calloff_id, template=_template(), at=shell.now())
    return redirect(url_for("dis.tenders", calloff_id=calloff_id))


@dis.get("/calloffs/<int:calloff_id>/opening-list.pdf")
@access(Action.FOLLOW_DIS)
def opening_list(calloff_id: int) -> ResponseReturnValue:
    """The attested list, byte for byte."""
    _see(calloff_id)
    record = shell.found(opening_of(shell.session(), calloff_id=_calloff(calloff_id).id))
    return _download(shell.found(record.pdf), "application/pdf", f"anbudsoppning-{calloff_id}.pdf")


@dis.get("/tenders/<int:tender_id>")
@access(Action.FOLLOW_DIS)
def opened_tender(tender_id: int) -> ResponseReturnValue:
    """All that one tender says."""
    tender = _tender(tender_id)
    calloff, runs = tender.calloff, _runs(tender)
    return render_template(
        "dis/tenders/show.html",
        tender=tender,
        calloff=calloff,
        row=summed(tender),
        asked=asked_of(calloff),
        is_admitted=is_still_admitted(shell.session(), tender=tender),
        reason=why_set_aside(shell.session(), tender=tender),
        runs=runs,
        can_reject=runs and tender.is_valid and calloff.state in MAY_REJECT,
        can_withdraw=runs and tender.is_valid and calloff.state in MAY_WITHDRAW - {CallOffState.AWARDED},
        is_decided=runs and tender.is_valid and calloff.state is CallOffState.AWARDED,
        words=wording,
    )


@dis.get("/tenders/<int:tender_id>/evidence/<int:criterion_id>")
@access(Action.FOLLOW_DIS)
def tender_evidence(tender_id: int, criterion_id: int) -> ResponseReturnValue:
    """The file that shows an added value."""
    claims = {claim.criterion_id: claim for claim in _tender(tender_id).claims}
    file = shell.found(claims[criterion_id].file if criterion_id in claims else None)
    suffix = ".pdf" if file.content_type == "application/pdf" else ".jpg"
    return _download(file.content, file.content_type, f"mervarde-{tender_id}-{criterion_id}{suffix}")


@dis.get("/tenders/<int:tender_id>/sealed.json")
@access(Action.FOLLOW_DIS)
def tender_content(tender_id: int) -> ResponseReturnValue:
    """What lay in the envelope, byte for byte: its SHA-256 is that of the receipt."""
    return _download(shell.found(_tender(tender_id).content), "application/json", f"anbud-{tender_id}.json")


@dis.route("/tenders/<int:tender_id>/reject", methods=["GET", "POST"], endpoint="reject_tender")
@access(Action.RUN_DIS)
def reject(tender_id: int) -> ResponseReturnValue:
    """Set a tender aside that is not what was asked for."""
    title, lead = (
        gettext("Förkasta anbudet"),
        gettext("Skälen skickas till leverantören och står i beslutet."),
    )
    return _set_aside(tender_id, reject_tender, title, lead)


@dis.route("/tenders/<int:tender_id>/withdraw", methods=["GET", "POST"], endpoint="withdraw_tender")
@access(Action.RUN_DIS)
def withdraw(tender_id: int) -> ResponseReturnValue:
    """The tenderer can no longer deliver."""
    title = gettext("Leverantören kan inte längre leverera")
    lead = gettext(
        "Till exempel konkurs. Anbudet räknas inte längre. Är avropet redan utvärderat görs utvärderingen om."
    )
    return _set_aside(tender_id, withdraw_tender, title, lead)


def _calloff(calloff_id: int) -> CallOff:
    return shell.found(calloff_here(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


def _tender(tender_id: int) -> Tender:
    found = shell.found(tender_here(shell.session(), actor=shell.actor(), tender_id=tender_id))
    _see(found.calloff_id)
    return found


def _see(calloff_id: int) -> None:
    """404 for whoever is to taste blind."""
    if is_blind(shell.session(), actor=shell.actor(), calloff_id=calloff_id):
        shell.not_found()


def _runs(tender: Tender) -> bool:
    return runs_it(shell.actor(), tender.calloff.dis_category.dis)


def _confirm(calloff_id: int) -> ResponseReturnValue:
    """The request's own session, which holds the write lock, is closed before the slow work."""
    actor, key = shell.actor(), keeper()
    shell.close_session()
    try:
        is_open = confirm_and_attest(
            shell.engine(),
            calloff_id=calloff_id,
            keeper=key,
            draw=SystemRandom(),
            actor=actor,
            clock=shell.now_anew,
            template=_template(),
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("dis.open_tenders", calloff_id=calloff_id))
    if not is_open:
        flash(gettext("Din bekräftelse är sparad. Nu behövs en person till, inom två timmar."), "success")
        return redirect(url_for("dis.open_tenders", calloff_id=calloff_id))
    flash(gettext("Anbuden är öppnade."), "success")
    return redirect(url_for("dis.tenders", calloff_id=calloff_id))


def _set_aside(tender_id: int, step: SetAside, title: str, lead: str) -> ResponseReturnValue:
    tender, form, refused = _tender(tender_id), ReasonForm(), ""
    if not _runs(tender):
        shell.not_found()
    if form.validate_on_submit():
        try:
            check_undecided(tender.calloff.state)
            step(
                shell.session(),
                tender=tender,
                reason=form.reason.data or "",
                actor=shell.actor(),
                at=shell.now(),
            )
            return redirect(url_for("dis.opened_tender", tender_id=tender_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/tenders/set_aside.html", tender=tender, form=form, refused=refused, title=title, lead=lead
    )


def _template() -> Path:
    return Path(current_app.root_path, str(current_app.template_folder), "documents", "opening_list.typ")


def _download(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
