"""Setting up a DIS, one page a step. Each saves, warns of words of place, and leads on."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis as dis_blueprint
from market.dis.rules import DisState, Thing
from market.dis.systems.blueprint import (
    STEP_NAMES,
    category_of_officer,
    dis_of_officer,
    gap_url,
    step_url,
    threshold_today,
)
from market.dis.systems.category_form import CategoryForm
from market.dis.systems.draft_operations import (
    answer_wording,
    change_basics,
    change_category,
    change_terms,
    choose_categories,
    discard_dis,
    draft_dis,
    name_authorities,
)
from market.dis.systems.forms import (
    AuthoritiesForm,
    BasicsForm,
    CategoriesForm,
    NewForm,
    TermsForm,
    WordingForm,
)
from market.dis.systems.models import Dis, DisCategory
from market.dis.systems.readiness import SetUpStep, gaps_of, texts_in, texts_of
from market.dis.systems.starting_points import STARTING_POINTS
from market.dis.systems.wording_check import PLACE_LAW
from market.dis.systems.wording_operations import PlacedWarning, warnings_of
from market.register.queries import authorities, authority_of, categories
from market.values import Refused


@dis_blueprint.route("/new", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def new() -> ResponseReturnValue:
    """The first step: it makes the draft."""
    form, refused = NewForm(), ""
    form.offer_choices()
    form.offer_starting_points(STARTING_POINTS)
    if request.method == "GET":
        form.contact.data = f"{current_user.name}, {current_user.email}"
    if form.validate_on_submit():
        try:
            return _drafted(form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/systems/new.html",
        form=form,
        refused=refused,
        threshold=threshold_today(),
        points=STARTING_POINTS,
    )


@dis_blueprint.route("/<int:dis_id>/edit", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit(dis_id: int) -> ResponseReturnValue:
    """Name, purpose, validity, value, regime."""
    dis, form, refused = dis_of_officer(dis_id), BasicsForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(dis)
    if form.validate_on_submit():
        try:
            change_basics(shell.session(), dis=dis, basics=form.basics(), actor=shell.actor(), at=shell.now())
            return _saved(dis, SetUpStep.BASICS, ("name", "description"))
        except Refused as refusal:
            refused = _refused(refusal)
    return _page("edit", SetUpStep.BASICS, dis_id, form, refused, threshold=threshold_today())


@dis_blueprint.route("/<int:dis_id>/edit/authorities", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit_authorities(dis_id: int) -> ResponseReturnValue:
    """Who may call off, named from the start."""
    dis, form, refused = dis_of_officer(dis_id), AuthoritiesForm(), ""
    known = authorities(shell.session())
    form.offer_choices(known)
    if request.method == "GET":
        form.authorities.data = [str(one.id) for one in dis.authorities]
    if form.validate_on_submit():
        try:
            _name(dis, form, known)
            return _saved(dis, SetUpStep.AUTHORITIES, ())
        except Refused as refusal:
            refused = _refused(refusal)
    return _page("edit_authorities", SetUpStep.AUTHORITIES, dis_id, form, refused)


@dis_blueprint.route("/<int:dis_id>/edit/categories", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit_categories(dis_id: int) -> ResponseReturnValue:
    """Which categories of goods; each leads to a page of its own."""
    dis, form, refused = dis_of_officer(dis_id), CategoriesForm(), ""
    known = categories(shell.session())
    form.offer_choices(known)
    if request.method == "GET":
        form.categories.data = [one.category_key for one in dis.categories]
    if form.validate_on_submit():
        try:
            choose_categories(
                shell.session(), dis=dis, categories=form.chosen(known), actor=shell.actor(), at=shell.now()
            )
            flash(gettext("Kategorierna är sparade. Fyll i krav och mervärden för var och en."), "success")
            return redirect(url_for("dis.edit_categories", dis_id=dis_id))
        except Refused as refusal:
            refused = _refused(refusal)
    return _page("edit_categories", SetUpStep.CATEGORIES, dis_id, form, refused)


@dis_blueprint.route("/categories/<int:dis_category_id>/edit", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit_category(dis_category_id: int) -> ResponseReturnValue:
    """What one category asks and weighs. "add" gives one more row; "copy" shows another category's rows."""
    category, form, refused = category_of_officer(dis_category_id), CategoryForm(), ""
    if request.method == "GET":
        _start(form, category)
    elif request.form.get("add") in {"requirements", "criteria"}:
        form.add_row(request.form["add"])
    form.offer_choices()
    if "add" not in request.form and form.validate_on_submit():
        try:
            _change(category, form)
            return _saved_category(category)
        except Refused as refusal:
            refused = _refused(refusal)
    category = category_of_officer(dis_category_id)
    return _page("edit_category", SetUpStep.CATEGORIES, category.dis_id, form, refused, category=category)


@dis_blueprint.route("/<int:dis_id>/edit/terms", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def edit_terms(dis_id: int) -> ResponseReturnValue:
    """Contract terms, the rule for ties, the standstill."""
    dis, form, refused = dis_of_officer(dis_id), TermsForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(dis)
    if form.validate_on_submit():
        try:
            change_terms(shell.session(), dis=dis, terms=form.terms(), actor=shell.actor(), at=shell.now())
            return _saved(dis, SetUpStep.TERMS, ("contract_terms",))
        except Refused as refusal:
            refused = _refused(refusal)
    return _page("edit_terms", SetUpStep.TERMS, dis_id, form, refused)


@dis_blueprint.post("/<int:dis_id>/wording")
@access(Action.RUN_DIS)
def answer_warning(dis_id: int) -> ResponseReturnValue:
    """Say why a word of place stays; the reason is kept in the file."""
    dis, form = dis_of_officer(dis_id), WordingForm()
    if not form.validate_on_submit():
        flash(gettext("Skriv varför ordet inte gynnar någon, eller ändra texten."), "error")
        return redirect(f"{url_for('dis.publish', dis_id=dis_id)}#warnings")
    said = {name: form[name].data or "" for name in ("place", "found", "sentence", "reason")}
    try:
        answer_wording(shell.session(), dis=dis, **said, actor=shell.actor(), at=shell.now())
        flash(gettext("Skälet är sparat i handlingarna."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(f"{url_for('dis.publish', dis_id=dis_id)}#warnings")


@dis_blueprint.post("/<int:dis_id>/discard")
@access(Action.RUN_DIS)
def discard(dis_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    dis = dis_of_officer(dis_id)
    try:
        discard_dis(shell.session(), dis=dis, actor=shell.actor(), at=shell.now())
        flash(gettext("Utkastet är kastat."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("dis.desk", dis_id=dis_id))
    return redirect(url_for("dis.index"))


def page_context(dis: Dis, step: SetUpStep) -> dict[str, Any]:
    """What every page of setting up shows: the steps, what is missing, and the warnings by place."""
    found = warnings_of(shell.session(), thing=Thing.DIS, subject_id=dis.id, texts=texts_of(dis))
    by_place: dict[str, list[PlacedWarning]] = {}
    for one in found:
        by_place.setdefault(one.place, []).append(one)
    return {
        "dis": dis,
        "step": step,
        "steps": [(one, name, step_url(dis, one)) for one, name in STEP_NAMES.items()],
        "gaps": gaps_of(dis),
        "gap_url": gap_url,
        "is_draft": dis.state is DisState.DRAFT,
        "warnings": by_place,
        "place_law": PLACE_LAW,
    }


def _page(
    name: str, step: SetUpStep, dis_id: int, form: Any, refused: str, **more: Any
) -> ResponseReturnValue:
    context = page_context(dis_of_officer(dis_id), step)
    return render_template(f"dis/systems/{name}.html", form=form, refused=refused, **context, **more)


def _drafted(form: NewForm) -> ResponseReturnValue:
    session = shell.session()
    dis = draft_dis(
        session,
        authority=shell.found(authority_of(session, actor=shell.actor())),
        basics=form.basics(),
        starting_point=STARTING_POINTS.get(form.starting_point.data or ""),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    return _saved(dis, SetUpStep.BASICS, ("name", "description"))


def _saved(dis: Dis, step: SetUpStep, places: tuple[str, ...]) -> ResponseReturnValue:
    """On to the next step, or back to the same one when what was written holds words of place without an answer."""
    open_here = _open_at(dis, places)
    if open_here:
        _flash_warnings(open_here)
        return redirect(step_url(dis, step))
    flash(gettext("Sparat."), "success")
    steps = list(STEP_NAMES)
    return redirect(step_url(dis, steps[steps.index(step) + 1]))


def _saved_category(category: DisCategory) -> ResponseReturnValue:
    dis = category.dis
    open_here = _open_at(dis, tuple(text.place for text in texts_in(category)))
    if open_here:
        _flash_warnings(open_here)
        return redirect(url_for("dis.edit_category", dis_category_id=category.id))
    flash(gettext("Kategorin är sparad."), "success")
    return redirect(url_for("dis.edit_categories", dis_id=dis.id))


def _flash_warnings(number: int) -> None:
    said = ngettext(
        "Sparat, men %(num)s ord verkar handla om plats eller avstånd. Läs vid texten.",
        "Sparat, men %(num)s ord verkar handla om plats eller avstånd. Läs vid texterna.",
        number,
    )
    flash(said, "warning")


def _open_at(dis: Dis, places: tuple[str, ...]) -> int:
    texts = [text for text in texts_of(dis) if text.place in places]
    found = warnings_of(shell.session(), thing=Thing.DIS, subject_id=dis.id, texts=texts)
    return sum(one.answer is None for one in found)


def _name(dis: Dis, form: AuthoritiesForm, known: list[Any]) -> None:
    name_authorities(
        shell.session(), dis=dis, authorities=form.chosen(known), actor=shell.actor(), at=shell.now()
    )


def _change(category: DisCategory, form: CategoryForm) -> None:
    change_category(
        shell.session(), category=category, content=form.content(), actor=shell.actor(), at=shell.now()
    )


def _start(form: CategoryForm, category: DisCategory) -> None:
    copied = request.args.get("copy", 0, type=int)
    source = next((one for one in category.dis.categories if one.id == copied), None)
    form.fill_in(category) if source is None else form.fill_in(source, as_copy=True)
    if source is not None:
        form.description.data = category.description
    form.add_row("requirements")
    form.add_row("criteria")


def _refused(refusal: Refused) -> str:
    shell.session().rollback()
    return shell.explain(refusal)
