"""Who produces what, white spots, and letters that invite producers."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup.blueprint import followup
from market.followup.supply import wording
from market.followup.supply.forms import InvitationForm, SupplyForm
from market.followup.supply.letter import letter_pdf
from market.followup.supply.looking import Supply, look
from market.followup.supply.operations import Written, invite_supplier
from market.followup.supply.pages import (
    Invited,
    drafted,
    drawn,
    features,
    kilos,
    month_name,
    page_of,
    whole_kilos,
    year_before,
)
from market.followup.supply.queries import letter_for, letters_of, producer_to_invite
from market.register.models import Authority
from market.register.queries import categories

MOST_CLOSINGS = 15

followup.add_app_template_filter(month_name, "month_name")
followup.add_app_template_filter(year_before, "year_before")
followup.add_app_template_filter(kilos, "kilos")
followup.add_app_template_filter(whole_kilos, "whole_kilos")


@followup.get("/followup/supply")
@access(Action.SEE_FOLLOWUP)
def supply() -> ResponseReturnValue:
    """Producers inside an area with what they offer, on a map and in a table."""
    form, found = _seen()
    template = _template("producers")
    return render_template(
        template,
        form=form,
        supply=found,
        page=page_of(found.producers, request.args.get("page", "")),
        names=wording,
    )


@followup.get("/followup/supply.geojson")
@access(Action.SEE_FOLLOWUP)
def supply_features() -> ResponseReturnValue:
    """The same producers, where their production begins, to about a kilometre."""
    _, found = _seen()
    return jsonify(features(found))


@followup.get("/followup/supply/definition.geojson")
@access(Action.SEE_FOLLOWUP)
def supply_definition() -> ResponseReturnValue:
    """The area that counts as local."""
    return jsonify(_seen()[1].stated.area())


@followup.get("/followup/supply/white-spots")
@access(Action.SEE_FOLLOWUP)
def white_spots() -> ResponseReturnValue:
    """Need against supply by category and month, who could close the gap, and what nobody produces."""
    form, found = _seen()
    template = _template("spots")
    return render_template(
        template, form=form, supply=found, drawn=drawn(found), most=MOST_CLOSINGS, names=wording
    )


@followup.get("/followup/supply/letters")
@access(Action.INVITE_SUPPLIER)
def letters() -> ResponseReturnValue:
    """The letters that the authority has written."""
    session = shell.session()
    kinds = {kind.key: kind for kind in categories(session)}
    return render_template(
        "followup/supply/letters.html", letters=letters_of(session, actor=shell.actor()), kinds=kinds
    )


@followup.route("/followup/supply/invite", methods=["GET", "POST"])
@access(Action.INVITE_SUPPLIER)
def invite() -> ResponseReturnValue:
    """A letter to a producer of the register (`producer`) or to any other, about a `category`; edited, then printed or mailed."""
    invited, form, refused = _invited(), InvitationForm(), ""
    if request.method == "GET":
        form.start_with(_draft(invited))
    elif form.validate_on_submit():
        refused = shell.attempt(lambda: _write(form, invited))
        if not refused:
            return redirect(url_for("followup.letters"))
    return render_template("followup/supply/invite.html", form=form, invited=invited, refused=refused)


@followup.get("/followup/supply/letters/<int:letter_id>.pdf")
@access(Action.INVITE_SUPPLIER)
def letter_document(letter_id: int) -> ResponseReturnValue:
    """A letter to print."""
    session = shell.session()
    found = shell.found(letter_for(session, actor=shell.actor(), letter_id=letter_id))
    authority = session.get_one(Authority, found.authority_id)
    folder = Path(current_app.root_path, str(current_app.template_folder))
    template = folder / "documents" / "supplier_invitation.typ"
    pdf = letter_pdf(found, template=template, authority=authority.name, at=shell.now())
    headers = {"Content-Disposition": f'attachment; filename="narmat-brev-{letter_id}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def _template(name: str) -> str:
    """The whole page, or the part of it that htmx swaps."""
    return f"followup/supply/{'_' if 'HX-Request' in request.headers else ''}{name}.html"


def _seen() -> tuple[SupplyForm, Supply]:
    form, session = SupplyForm(request.args), shell.session()
    form.offer_choices(categories(session))
    found = look(session, actor=shell.actor(), asked=form.asked(), today=shell.today(), travel=shell.travel())
    return form, shell.found(found)


def _invited() -> Invited:
    """Who is written to about what, by the address; 404 for what there is not."""
    session, asked = shell.session(), request.args.get("producer", "")
    producer = None
    if asked:
        producer = shell.found(producer_to_invite(session, producer_id=_number(asked)))
    kinds = categories(session)
    wanted = request.args.get("category") or kinds[0].key
    kind = shell.found(next((one for one in kinds if one.key == wanted), None))
    return Invited(producer=producer, category=kind)


def _draft(invited: Invited) -> dict[str, str]:
    return drafted(
        shell.session(),
        invited=invited,
        actor=shell.actor(),
        today=shell.today(),
        home_url=url_for("home.start", _external=True),
        dis_url=lambda dis: url_for("dis.show", dis_id=dis.id, _external=True),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _write(form: InvitationForm, invited: Invited) -> None:
    is_mailed = request.form.get("deed") == "mail"
    written = Written(
        producer=invited.producer,
        name=(form.name.data or "").strip(),
        email=(form.email.data or "").strip(),
        category=invited.category,
        letter=form.letter.data or "",
    )
    invite_supplier(
        shell.session(), written=written, is_mailed=is_mailed, request_key=form.request_key.data or "",
        actor=shell.actor(), at=shell.now(),
    )  # fmt: skip
    flash(
        gettext("Brevet skickas.") if is_mailed else gettext("Brevet är sparat. Skriv ut det här nedanför."),
        "success",
    )
