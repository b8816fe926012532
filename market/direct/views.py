"""Award files, the wholesaler contract's carve-out, guidelines, and the procedure adviser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.direct import documents, wording
from market.direct.advice import advise
from market.direct.forms import AdviserForm, AwardForm, CarveOutForm, GuidelinesForm
from market.direct.knowing import facts_for
from market.direct.need import Advice, Facts
from market.direct.operations import (
    add_carve_out,
    complete_award,
    remove_carve_out,
    state_guidelines,
    write_note,
)
from market.direct.queries import (
    AwardFile,
    agreement_of,
    award_file,
    award_files,
    award_for,
    carve_out_for,
    carve_outs_of,
    document_of,
    guidelines_of,
    written,
)
from market.limits.models import Award
from market.limits.queries import authority_seen_by
from market.register.models import Authority, Category
from market.register.queries import categories

direct = Blueprint("direct", __name__)
direct.add_app_template_filter(wording.said, "advised")


@direct.get("/limits/awards")
@access(Action.SEE_LIMITS)
def awards() -> ResponseReturnValue:
    """Every award that must be documented, with what is missing and how long there is."""
    files = award_files(shell.session(), authority_id=_authority().id, today=shell.today())
    return render_template("direct/awards.html", files=files, names=wording)


@direct.get("/limits/awards/<int:award_id>")
@access(Action.SEE_LIMITS)
def award(award_id: int) -> ResponseReturnValue:
    """One file: what the marketplace knows, what the officer has written, what is missing."""
    file = award_file(shell.session(), award=_award(award_id), today=shell.today())
    return render_template("direct/award.html", file=file, names=wording)


@direct.route("/limits/awards/<int:award_id>/write", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def write(award_id: int) -> ResponseReturnValue:
    """What only a person knows of an award; saved as far as it has come."""
    found, form, refused = _award(award_id), AwardForm(), ""
    file = award_file(shell.session(), award=found, today=shell.today())
    if request.method == "GET":
        known = agreement_of(shell.session(), award=found)
        form.fill_in(wording.with_agreement(written(file.note), known))
    if form.validate_on_submit():
        text = form.written()
        refused = shell.attempt(lambda: write_note(shell.session(), award=found, written=text, **_by()))
        if not refused:
            return _done(gettext("Sparat. Det som saknas står överst."), "direct.award", award_id=award_id)
    return render_template("direct/write.html", file=file, form=form, refused=refused)


@direct.post("/limits/awards/<int:award_id>/complete")
@access(Action.MANAGE_LIMITS)
def complete(award_id: int) -> ResponseReturnValue:
    """Keep the file as it is now, as a PDF."""
    found = _award(award_id)
    refused = shell.attempt(lambda: complete_award(shell.session(), award=found, make_pdf=_pdf, **_by()))
    if refused:
        flash(refused, "error")
        return redirect(url_for("direct.award", award_id=award_id))
    return _done(gettext("Akten är slutförd och sparad."), "direct.award", award_id=award_id)


@direct.get("/limits/awards/<int:award_id>/<int:version>.pdf")
@access(Action.SEE_LIMITS)
def award_document(award_id: int, version: int) -> ResponseReturnValue:
    """A kept file, byte for byte."""
    document = shell.found(document_of(shell.session(), award=_award(award_id), version=version))
    name = f"direktupphandling-{award_id}-{version}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(document.pdf, mimetype="application/pdf", headers=headers)


@direct.get("/limits/carve-outs")
@access(Action.SEE_LIMITS)
def carve_outs() -> ResponseReturnValue:
    """What is bought outside the wholesaler contract, against the share that may be."""
    found = carve_outs_of(shell.session(), authority_id=_authority().id)
    return render_template("direct/carve_outs.html", carve_outs=found, names=wording, today=shell.today())


@direct.route("/limits/carve-outs/new", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def new_carve_out() -> ResponseReturnValue:
    """Enter a category of the wholesaler contract and the share outside it."""
    authority, form, refused = _authority(), CarveOutForm(), ""
    form.offer_choices(categories(shell.session()))
    if form.validate_on_submit():
        category = shell.session().get_one(Category, form.category.data)
        refused = shell.attempt(
            lambda: add_carve_out(
                shell.session(), authority=authority, category=category, **form.values(), **_by()
            )
        )
        if not refused:
            return _done(gettext("Andelen mäts nu."), "direct.carve_outs")
    return render_template("direct/new_carve_out.html", form=form, refused=refused)


@direct.route("/limits/carve-outs/<int:carve_out_id>/remove", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def drop_carve_out(carve_out_id: int) -> ResponseReturnValue:
    """Take away one that was entered wrongly."""
    found = shell.found(carve_out_for(shell.session(), actor=shell.actor(), carve_out_id=carve_out_id))
    if request.method == "GET":
        return render_template("direct/remove_carve_out.html", carve_out=found)
    remove_carve_out(shell.session(), carve_out=found, **_by())
    return _done(gettext("Andelen mäts inte längre."), "direct.carve_outs")


@direct.get("/limits/guidelines")
@access(Action.SEE_LIMITS)
def guidelines() -> ResponseReturnValue:
    """The authority's guidelines for direct awards, or that they are missing."""
    found = guidelines_of(shell.session(), authority_id=_authority().id)
    return render_template("direct/guidelines.html", found=found)


@direct.route("/limits/guidelines/write", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def write_guidelines() -> ResponseReturnValue:
    """State what has been decided."""
    authority, form, refused = _authority(), GuidelinesForm(), ""
    found = guidelines_of(shell.session(), authority_id=authority.id)
    if request.method == "GET" and found is not None:
        form.fill_in(found)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _state(authority, form))
        if not refused:
            return _done(gettext("Riktlinjerna är sparade."), "direct.guidelines")
    return render_template("direct/write_guidelines.html", form=form, refused=refused)


@direct.get("/limits/adviser")
@access(Action.SEE_LIMITS)
def adviser() -> ResponseReturnValue:
    """For a planned purchase: which routes are lawful, which is quickest, what each asks for."""
    authority, asked = _authority(), "value" in request.args
    form = AdviserForm(request.args if asked else None)
    form.offer_choices(categories(shell.session()))
    advice: list[Advice] = []
    facts: Facts | None = None
    if asked and form.validate():
        key, today = form.category.data, shell.today()
        facts = facts_for(shell.session(), authority_id=authority.id, category_key=key, on=today)
        advice = advise(form.need(today), facts)
    return render_template("direct/adviser.html", form=form, advice=advice, facts=facts, names=wording)


def _state(authority: Authority, form: GuidelinesForm) -> None:
    decided_on = form.decided_on.data
    assert decided_on is not None
    state_guidelines(
        shell.session(),
        authority=authority,
        decided_on=decided_on,
        reference=form.reference.data or "",
        text=form.text.data or "",
        **_by(),
    )


def _pdf(file: AwardFile) -> bytes:
    folder = Path(current_app.root_path, str(current_app.template_folder))
    return documents.award_pdf(
        file,
        template=folder / "documents" / "award_file.typ",
        authority_name=_authority().name,
        officer_name=shell.actor().name,
        at=shell.now(),
    )


def _authority() -> Authority:
    return shell.found(authority_seen_by(shell.session(), actor=shell.actor()))


def _award(award_id: int) -> Award:
    return shell.found(award_for(shell.session(), actor=shell.actor(), award_id=award_id))


def _by() -> dict[str, Any]:
    return {"actor": shell.actor(), "at": shell.now()}


def _done(text: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for(endpoint, **values))
