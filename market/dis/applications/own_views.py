"""The producer's own: everything of DIS on one page, one application, taking it back, withdrawing."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications import own_parts, wording
from market.dis.applications.apply_operations import take_back as take_it_back
from market.dis.applications.apply_operations import withdraw_application
from market.dis.applications.forms import InquiryForm, ReasonForm, category_name, last_day
from market.dis.applications.inquiry_operations import answer_inquiry as answered
from market.dis.applications.models import Application
from market.dis.applications.queries import (
    admitted_counts,
    file_of,
    history_of,
    open_systems,
    own_application,
    own_applications,
    own_inquiries,
    own_inquiry,
)
from market.dis.applications.rules import LIVE
from market.dis.blueprint import dis as pages
from market.dis.models import DisFile
from market.dis.rules import ApplicationEvent, Thing, is_possible
from market.values import Refused


@pages.get("/mine")
@access(Action.APPLY_TO_DIS)
def own() -> ResponseReturnValue:
    """What to answer, what one has applied for and how it went, and what one can apply to."""
    session, actor, today = shell.session(), shell.actor(), shell.today()
    applications = [
        one for one in own_applications(session, actor=actor) if one.state in LIVE or one.submitted_at
    ]
    systems = open_systems(session, on=today)
    return render_template(
        "dis/applications/own.html",
        applications=applications,
        drafts={one.dis.id: one.dis for one in applications if one.state == "draft"},
        inquiries=[one for one in own_inquiries(session, actor=actor) if one.answered_at is None],
        systems=systems,
        counts={one.id: admitted_counts(session, dis_id=one.id) for one in systems},
        applied={one.dis_category_id: one for one in reversed(applications)},
        last_day=last_day,
        parts=[_drawn(part) for part in own_parts.parts_of(session, actor=actor, at=shell.now())],
        today=today,
        words=wording,
        category_name=category_name,
    )


@pages.get("/applications/<int:application_id>")
@access(Action.APPLY_TO_DIS)
def application(application_id: int) -> ResponseReturnValue:
    """One's own application: what was said, how it stands, what was decided and why."""
    found = _own(application_id)
    return render_template(
        "dis/applications/application.html",
        application=found,
        history=history_of(shell.session(), application=found),
        can={event: is_possible(Thing.APPLICATION, found.state, event) for event in ApplicationEvent},
        is_open=found.dis.is_open(shell.today()),
        can_begin=found.state not in LIVE,
        today=shell.today(),
        words=wording,
        category_name=category_name,
    )


@pages.get("/applications/<int:application_id>/files/<int:requirement_id>")
@access(Action.APPLY_TO_DIS)
def application_file(application_id: int, requirement_id: int) -> ResponseReturnValue:
    """A file that one has attached."""
    found = file_of(shell.session(), application=_own(application_id), requirement_id=requirement_id)
    return download(shell.found(found))


@pages.route("/applications/<int:application_id>/take-back", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
def take_back(application_id: int) -> ResponseReturnValue:
    """Back to a draft, to change it before it is decided."""
    found, form = _own(application_id), ReasonForm()
    if form.validate_on_submit():
        try:
            take_it_back(shell.session(), application=found, actor=shell.actor(), at=shell.now())
        except Refused as refusal:
            shell.flash_refusal(refusal)
            return redirect(url_for("dis.application", application_id=application_id))
        flash(gettext("Ansökan är tillbaka hos er. Ändra den och skicka igen."), "success")
        return redirect(url_for("dis.apply", dis_id=found.dis_category.dis_id))
    return render_template("dis/applications/take_back.html", application=found, form=form)


@pages.route("/applications/<int:application_id>/withdraw", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
def withdraw(application_id: int) -> ResponseReturnValue:
    """The applicant no longer wants to take part."""
    found, form = _own(application_id), ReasonForm()
    if form.validate_on_submit():
        try:
            reason, actor = form.reason.data or "", shell.actor()
            withdraw_application(
                shell.session(), application=found, reason=reason, actor=actor, at=shell.now()
            )
            flash(gettext("Ansökan är återkallad. Ni kan ansöka igen när ni vill."), "success")
        except Refused as refusal:
            shell.flash_refusal(refusal)
        return redirect(url_for("dis.own"))
    return render_template("dis/applications/withdraw.html", application=found, form=form)


@pages.route("/inquiries/<int:inquiry_id>", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
def answer_inquiry(inquiry_id: int) -> ResponseReturnValue:
    """Answer what an authority has asked: a new self-declaration, or one's view before a decision."""
    inquiry = shell.found(own_inquiry(shell.session(), actor=shell.actor(), inquiry_id=inquiry_id))
    form, refused = InquiryForm(), ""
    form.offer_choices(inquiry.kind)
    if form.validate_on_submit():
        try:
            said, affirmed = form.answer.data or "", form.is_affirmed()
            answered(
                shell.session(), inquiry=inquiry, is_affirmed=affirmed, answer=said, actor=shell.actor(), at=shell.now()
            )  # fmt: skip
            flash(gettext("Tack, svaret är skickat."), "success")
            return redirect(url_for("dis.own"))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/applications/answer_inquiry.html", inquiry=inquiry, form=form, refused=refused, today=shell.today()
    )  # fmt: skip


def download(file: DisFile) -> Response:
    """The file to keep; the name is ours or made harmless, and the browser is told not to guess the type."""
    answer = Response(file.content, mimetype=file.content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer


def _drawn(part: own_parts.OwnPart) -> Markup:
    return Markup(render_template(part.template, **part.variables))  # noqa: S704 - a template


def _own(application_id: int) -> Application:
    return shell.found(own_application(shell.session(), actor=shell.actor(), application_id=application_id))
