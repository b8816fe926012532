"""Applying to a DIS: one page, each part of it saved by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications import wording
from market.dis.applications.apply_operations import (
    begin_application,
    choose_categories,
    lacks_of,
    latest_by_category,
    save_about,
    submit_applications,
)
from market.dis.applications.apply_operations import save_answers as keep_answers
from market.dis.applications.forms import (
    AboutForm,
    AnswersForm,
    CategoriesForm,
    SendForm,
    category_name,
    last_day,
)
from market.dis.applications.models import Application
from market.dis.applications.queries import (
    admitted_counts,
    dis_to_apply_to,
    own_application,
    own_applications_to,
)
from market.dis.applications.rules import LIVE
from market.dis.blueprint import dis as pages
from market.dis.rules import ApplicationState, NotPossibleNow
from market.dis.systems.models import Dis
from market.photos.uploads import takes_photos
from market.values import Refused


@pages.get("/<int:dis_id>/apply")
@access(Action.APPLY_TO_DIS)
def apply(dis_id: int) -> ResponseReturnValue:
    """The whole application: categories, their requirements, where to, who, what is missing, send."""
    return _page(_system(dis_id))


@pages.post("/<int:dis_id>/apply/categories")
@access(Action.APPLY_TO_DIS)
def choose(dis_id: int) -> ResponseReturnValue:
    """Tick categories: each ticked one gives its own requirements."""
    system, form = _system(dis_id), CategoriesForm()
    form.offer_choices(system.categories)
    if not form.validate_on_submit():
        return _page(system, {"categories": form})
    try:
        choose_categories(
            shell.session(), dis=system, category_ids=form.chosen(), actor=shell.actor(), at=shell.now()
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("dis.apply", dis_id=dis_id, _anchor="requirements"))


@pages.post("/applications/<int:application_id>/answers")
@access(Action.APPLY_TO_DIS)
@takes_photos
def save_answers(application_id: int) -> ResponseReturnValue:
    """Save the answers to one category's requirements, complete or not."""
    application = _own(application_id)
    system = _system(application.dis_category.dis_id)
    form = AnswersForm.of(application, is_posted=True)
    if application.state is not ApplicationState.DRAFT or not form.is_whole:
        shell.flash_refusal(NotPossibleNow())
        return redirect(url_for("dis.application", application_id=application_id))
    if not form.validate_on_submit():
        return _page(system, {f"a{application_id}": form})
    keep_answers(
        shell.session(), application=application, given=form.given(), actor=shell.actor(), at=shell.now()
    )
    return _saved(system, f"category-{application_id}")


@pages.post("/<int:dis_id>/apply/about")
@access(Action.APPLY_TO_DIS)
def save_contact(dis_id: int) -> ResponseReturnValue:
    """Save whom to talk to and where one can deliver, for all drafts."""
    system, form = _system(dis_id), AboutForm()
    form.offer_choices(system)
    if not form.validate_on_submit():
        return _page(system, {"about": form})
    try:
        save_about(
            shell.session(), drafts=_drafts(system), about=form.about(), actor=shell.actor(), at=shell.now()
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return _saved(system, "send")


@pages.post("/<int:dis_id>/apply/send")
@access(Action.APPLY_TO_DIS)
def submit(dis_id: int) -> ResponseReturnValue:
    """Send every draft, or say what is missing and send none."""
    system, form = _system(dis_id), SendForm()
    declared = form.validate_on_submit() and bool(form.is_declared.data)
    drafts = _drafts(system)
    if not drafts and _has_sent(system):
        flash(gettext("Ansökan är redan skickad."), "info")  # the phone sent it twice
        return redirect(url_for("dis.own"))
    try:
        submit_applications(
            shell.session(), drafts=drafts, is_declared=declared, actor=shell.actor(), at=shell.now()
        )
    except Refused as refusal:
        shell.session().rollback()
        return _page(_system(dis_id), {"send": form}, refused=shell.explain(refusal))
    flash(gettext("Ansökan är skickad. Ni får svar här och som meddelande."), "success")
    return redirect(url_for("dis.own"))


@pages.post("/applications/<int:application_id>/again")
@access(Action.APPLY_TO_DIS)
def again(application_id: int) -> ResponseReturnValue:
    """Apply once more, beginning with a copy of what was said before."""
    application = _own(application_id)
    category = application.dis_category
    try:
        begun = begin_application(shell.session(), category=category, actor=shell.actor(), at=shell.now())
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("dis.application", application_id=application_id))
    return redirect(url_for("dis.apply", dis_id=category.dis_id, _anchor=f"category-{begun.id}"))


def _system(dis_id: int) -> Dis:
    return shell.found(dis_to_apply_to(shell.session(), dis_id=dis_id))


def _own(application_id: int) -> Application:
    return shell.found(own_application(shell.session(), actor=shell.actor(), application_id=application_id))


def _drafts(system: Dis) -> list[Application]:
    """In the order of the categories."""
    found = own_applications_to(shell.session(), actor=shell.actor(), dis_id=system.id)
    drafts = [one for one in found if one.state is ApplicationState.DRAFT]
    return sorted(drafts, key=lambda one: one.dis_category.position)


def _has_sent(system: Dis) -> bool:
    latest = latest_by_category(shell.session(), dis=system, actor=shell.actor())
    return any(one.state is ApplicationState.SUBMITTED for one in latest.values())


def _saved(system: Dis, anchor: str) -> ResponseReturnValue:
    """Back to the page; to a script only what is missing now."""
    if "HX-Request" in request.headers:
        drafts = _drafts(system)
        return render_template(
            "dis/applications/_missing.html", **_missing(drafts, is_declared=True), dis=system, saved=True
        )
    flash(gettext("Sparat."), "success")
    return redirect(url_for("dis.apply", dis_id=system.id, _anchor=anchor))


def _missing(drafts: list[Application], *, is_declared: bool) -> dict[str, Any]:
    requirements = {r.id: r for one in drafts for r in one.dis_category.requirements}
    return {
        "lacks": lacks_of(drafts, is_declared=is_declared),
        "requirements": requirements,
        "by_id": {one.id: one for one in drafts},
        "lack_texts": wording.LACK_TEXTS,
        "category_name": category_name,
        "saved_at": max((one.saved_at for one in drafts), default=None),
    }


def _page(system: Dis, posted: Mapping[str, Any] | None = None, refused: str = "") -> ResponseReturnValue:
    """The whole page; `posted` holds the one form that came with errors, by its name."""
    drafts, posted = _drafts(system), posted or {}
    latest = latest_by_category(shell.session(), dis=system, actor=shell.actor())
    return render_template(
        "dis/applications/apply.html",
        dis=system,
        is_open=system.is_open(shell.today()),
        drafts=drafts,
        latest=latest,
        last_day=last_day,
        counts=admitted_counts(shell.session(), dis_id=system.id),
        live=LIVE,
        categories_form=posted.get("categories") or _categories_form(system, drafts),
        answer_forms={
            one.id: posted.get(f"a{one.id}") or AnswersForm.of(one, is_posted=False) for one in drafts
        },
        about_form=posted.get("about") or _about_form(system, drafts),
        send_form=posted.get("send") or SendForm(formdata=None),
        form=next(iter(posted.values()), None),
        refused=refused,
        words=wording,
        **_missing(drafts, is_declared=True),
    )


def _categories_form(system: Dis, drafts: list[Application]) -> CategoriesForm:
    form = CategoriesForm(formdata=None)
    form.offer_choices(system.categories)
    form.categories.data = [str(one.dis_category_id) for one in drafts]
    return form


def _about_form(system: Dis, drafts: list[Application]) -> AboutForm:
    form = AboutForm(formdata=None)
    form.offer_choices(system)
    if drafts:
        form.fill_in(drafts[0].about)
    return form
