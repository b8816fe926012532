"""The page on which an authority says what is local, with what it would mean shown beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from geodata.local import InvalidDefinition, LocalDefinition, from_json, needs_kitchen
from market import formatting, shell
from market.access import access
from market.actors import Action
from market.locality.blueprint import locality
from market.locality.forms import DefinitionForm, PreviewForm, is_nested
from market.locality.models import DefinitionVersion
from market.locality.operations import state_definition
from market.locality.previewing import Preview, features, preview
from market.locality.queries import active_kitchens, latest_version, stated_by
from market.locality.rule_form import KIND_NAMES
from market.locality.rules import EditedMeanwhile
from market.locality.stated import Stated, definition_of, stored_form
from market.register.models import Authority, Kitchen
from market.register.queries import authority_of
from market.values import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the page works on: the authority, its definition in force, its newest version, its kitchens."""

    authority: Authority
    current: Stated
    latest: DefinitionVersion | None
    kitchens: list[Kitchen]

    def draft(self, definition: LocalDefinition, kitchen_id: int | None) -> Stated:
        """A definition as it would stand; its kitchen is the chosen one, else the first, else none."""
        kitchens = [kitchen for kitchen in self.kitchens if kitchen_id in (None, kitchen.id)]
        return Stated(
            code=self.authority.municipality_code,
            definition=definition,
            authority=self.authority,
            kitchen=kitchens[0] if kitchens else None,
        )

    def newest(self) -> Stated | None:
        """The newest version in words, whether or not it applies yet."""
        if self.latest is None:
            return None
        return replace(self.draft(definition_of(self.latest), self.latest.kitchen_id), version=self.latest)


def _desk() -> Desk:
    session, today = shell.session(), shell.today()
    authority = shell.found(authority_of(session, actor=shell.actor()))
    return Desk(
        authority=authority,
        current=stated_by(session, authority=authority, day=today),
        latest=latest_version(session, authority_id=authority.id),
        kitchens=active_kitchens(session, authority_id=authority.id),
    )


@locality.route("/register/authority/definition", methods=["GET", "POST"])
@access(Action.EDIT_AUTHORITY)
def edit() -> ResponseReturnValue:
    """Each button of the form is a submit: add a rule, remove one, look, save."""
    desk, form = _desk(), DefinitionForm()
    form.offer_choices(desk.kitchens)
    if request.method == "GET":
        _fill_in(form, desk)
        return _page(desk, form, shown=_preview(desk, form))
    pressed, _, detail = request.form.get("do", "preview").partition(":")
    if pressed in ("add", "remove"):
        form.add_rule(request.form.get("new_kind", "")) if pressed == "add" else form.remove_rule(detail)
        return _page(desk, form, shown=None, just=pressed)
    if not form.validate_on_submit():
        return _page(desk, form, shown=None)
    return _save(desk, form) if pressed == "save" else _page(desk, form, shown=_preview(desk, form))


@locality.get("/register/authority/definition/preview")
@access(Action.EDIT_AUTHORITY)
def live_preview() -> ResponseReturnValue:
    """What the form as it stands would mean: fetched by htmx at each change."""
    desk, form = _desk(), PreviewForm(request.args)
    form.offer_choices(desk.kitchens)
    shown = _preview(desk, form) if form.validate() else None
    return render_template("locality/_preview.html", preview=shown, errors=_errors(form), map_url=_map_url)


@locality.get("/register/authority/definition/preview.geojson")
@access(Action.EDIT_AUTHORITY)
def preview_features() -> ResponseReturnValue:
    """The area of a draft, and every producer with whether something of it is in."""
    desk = _desk()
    try:
        definition = from_json(json.loads(request.args.get("draft", "")))
    except (ValueError, InvalidDefinition):
        shell.not_found()
    kitchen = request.args.get("kitchen", type=int)
    shown = preview(
        shell.session(),
        draft=desk.draft(definition, kitchen),
        current=desk.current,
        on=shell.today(),
        travel=shell.travel(),
    )
    return jsonify(features(shown, unclear=gettext("Oklart")))


def _fill_in(form: DefinitionForm, desk: Desk) -> None:
    newest = desk.newest() or desk.current
    kitchen_id = newest.version.kitchen_id if newest.version else None
    # A version that is yet to begin keeps its day: saving it once more must not bring it forward.
    begins = newest.version.valid_from if newest.version else shell.today()
    form.fill_in(
        newest.definition,
        wording=newest.wording,
        kitchen_id=kitchen_id,
        valid_from=max(begins, shell.today()),
    )
    form.based_on.data = str(desk.latest.number if desk.latest else 0)


def _save(desk: Desk, form: DefinitionForm) -> ResponseReturnValue:
    session, number = shell.session(), form.based_on.data or ""
    try:
        version = state_definition(
            session,
            authority=desk.authority,
            definition=form.definition(),
            own_wording=form.own_wording.data or "",
            valid_from=form.valid_from.data,  # type: ignore[arg-type]  # the form has seen to it
            kitchen_id=form.kitchen_id,
            based_on=int(number) if number.isdecimal() else 0,
            user_id=shell.actor().user_id,
            at=shell.now(),
        )
    except Refused as refusal:
        session.rollback()
        return _refused(form, refusal)
    flash(
        gettext(
            "Definitionen är sparad. Den gäller från och med %(day)s.",
            day=formatting.full_date(version.valid_from),
        ),
        "success",
    )
    return redirect(url_for("locality.edit"))


def _refused(form: DefinitionForm, refusal: Refused) -> ResponseReturnValue:
    """The page again, with what was written; where someone was quicker, theirs beside it, and saving anew is meant."""
    desk = _desk()
    theirs = None
    if isinstance(refusal, EditedMeanwhile):
        theirs = desk.newest()
        form.based_on.data = str(desk.latest.number if desk.latest else 0)
        form.based_on.raw_data = None
    return _page(desk, form, shown=_preview(desk, form), refused=shell.explain(refusal), theirs=theirs)


def _page(
    desk: Desk,
    form: DefinitionForm,
    *,
    shown: Preview | None,
    refused: str = "",
    theirs: Stated | None = None,
    just: str = "",
) -> ResponseReturnValue:
    return render_template(
        "locality/edit.html",
        desk=desk,
        form=form,
        preview=shown,
        errors=_errors(form) if shown is None else [],
        refused=refused,
        theirs=theirs,
        just=just,
        kinds=KIND_NAMES,
        is_nested=bool(desk.latest) and is_nested(definition_of(desk.latest).rule) if desk.latest else False,
        today=shell.today(),
        map_url=_map_url,
    )


def _preview(desk: Desk, form: DefinitionForm) -> Preview:
    definition = form.definition()
    kitchen_id = form.kitchen_id if needs_kitchen(definition) else None
    return preview(
        shell.session(),
        draft=desk.draft(definition, kitchen_id),
        current=desk.current,
        on=shell.today(),
        travel=shell.travel(),
    )


def _errors(form: DefinitionForm) -> list[str]:
    """Whether something must be put right before a preview says anything."""
    return (
        [gettext("Rätta det som är fel och fyll i det som saknas, så visas följderna här.")]
        if form.errors
        else []
    )


def _map_url(draft: Stated) -> str:
    """Where the map fetches a draft: the definition itself stands in the address."""
    rules = json.dumps(stored_form(draft.definition), separators=(",", ":"))
    kitchen = draft.kitchen.id if draft.kitchen else None
    return url_for("locality.preview_features", draft=rules, kitchen=kitchen)
