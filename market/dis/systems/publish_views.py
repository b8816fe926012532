"""Publishing a DIS, extending it and ending it. Typesetting is done with no transaction open."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis as dis_blueprint
from market.dis.systems.blueprint import (
    dis_of_officer,
    is_strict,
    notice_template,
    notice_url,
    step_url,
    threshold_today,
)
from market.dis.systems.forms import ExtendForm, PublishForm, ReasonForm, WordingForm
from market.dis.systems.models import Dis
from market.dis.systems.notice import Content, Dates, content_of, notice_pdf
from market.dis.systems.operations import (
    FirstRound,
    check_extension,
    check_ready,
    earliest_first_round,
    end_dis,
    extend_dis,
    publish_dis,
)
from market.dis.systems.readiness import SetUpStep, step_of
from market.dis.systems.rules import AlreadyPublished, DraftHasChanged
from market.dis.systems.set_up_views import page_context
from market.values import Refused


@dis_blueprint.route("/<int:dis_id>/publish", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def publish(dis_id: int) -> ResponseReturnValue:
    """The last step: what is missing, every warning with its answer, and the button that makes it public."""
    dis, form, refused = dis_of_officer(dis_id), PublishForm(), ""
    earliest = earliest_first_round(shell.session(), dis=dis, on=shell.today())
    if request.method == "GET":
        form.last_day.data = earliest
    if form.validate_on_submit():
        try:
            return _published(dis_id, form.first_round())
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return _publish_page(dis_id, form, refused, earliest)


@dis_blueprint.route("/<int:dis_id>/extend", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def extend(dis_id: int) -> ResponseReturnValue:
    """A longer validity, which the notice tells at once."""
    dis, form, refused = dis_of_officer(dis_id), ExtendForm(), ""
    if request.method == "GET":
        form.start_with(Dates.published(dis).last_day if dis.first_round_ends_at else dis.valid_until)
    if form.validate_on_submit():
        try:
            return _extended(dis_id, form.new_last_day())
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    dis = dis_of_officer(dis_id)
    return render_template(
        "dis/systems/extend.html", dis=dis, form=form, refused=refused, is_strict=is_strict(dis)
    )


@dis_blueprint.route("/<int:dis_id>/end", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def end(dis_id: int) -> ResponseReturnValue:
    """End it before its time, with the reason that everyone may read."""
    dis, form, refused = dis_of_officer(dis_id), ReasonForm(), ""
    if form.validate_on_submit():
        try:
            reason = form.reason.data or ""
            end_dis(shell.session(), dis=dis, reason=reason, actor=shell.actor(), at=shell.now())
            flash(gettext("Systemet är avslutat. Avrop som är öppna fullföljs."), "success")
            return redirect(url_for("dis.desk", dis_id=dis_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template(
        "dis/systems/end.html",
        dis=dis_of_officer(dis_id),
        form=form,
        refused=refused,
        is_strict=is_strict(dis),
    )


def _publish_page(dis_id: int, form: PublishForm, refused: str, earliest: date) -> ResponseReturnValue:
    dis = dis_of_officer(dis_id)
    context = page_context(dis, SetUpStep.PUBLISH)
    found = [one for at_place in context["warnings"].values() for one in at_place]
    return render_template(
        "dis/systems/publish.html",
        form=form,
        refused=refused,
        earliest=earliest,
        is_strict=is_strict(dis),
        wording_form=WordingForm(formdata=None),
        open_warnings=[one for one in found if one.answer is None],
        answered=[one for one in found if one.answer is not None],
        place_url=lambda place: step_url(dis, *step_of(dis, place)),
        threshold=threshold_today(),
        **context,
    )


def _published(dis_id: int, first_round: FirstRound) -> ResponseReturnValue:
    content = _content_to_publish(dis_of_officer(dis_id), first_round)
    shell.let_go()
    pdf = notice_pdf(content, template=notice_template(), at=shell.now())
    _publish(dis_id, first_round, content, pdf)
    flash(gettext("Annonsen är publicerad. Nu kan leverantörer ansöka."), "success")
    return redirect(url_for("dis.desk", dis_id=dis_id))


def _publish(dis_id: int, first_round: FirstRound, content: Content, pdf: bytes) -> None:
    """Raises DraftHasChanged when it no longer says what was typeset."""
    dis = dis_of_officer(dis_id)
    if _content_to_publish(dis, first_round) != content:
        raise DraftHasChanged
    publish_dis(
        shell.session(), dis=dis, first_round=first_round, pdf=pdf, actor=shell.actor(), at=shell.now()
    )


def _content_to_publish(dis: Dis, first_round: FirstRound) -> Content:
    """Raises what keeps it from being published."""
    if dis.published_at is not None:
        raise AlreadyPublished
    check_ready(shell.session(), dis=dis, first_round=first_round, at=shell.now())
    return _content(dis, Dates.to_publish(dis, first_round, on=shell.today()), on=shell.today())


def _extended(dis_id: int, last_day: date) -> ResponseReturnValue:
    dis = dis_of_officer(dis_id)
    check_extension(dis, last_day=last_day)
    content = _content(dis, Dates.published(dis, last_day=last_day), on=dis.valid_from)
    shell.let_go()
    pdf = notice_pdf(content, template=notice_template(), at=shell.now())
    dis = dis_of_officer(dis_id)
    extend_dis(shell.session(), dis=dis, last_day=last_day, pdf=pdf, actor=shell.actor(), at=shell.now())
    flash(gettext("Systemet är förlängt, och annonsen säger det."), "success")
    return redirect(url_for("dis.desk", dis_id=dis_id))


def _content(dis: Dis, dates: Dates, **more: Any) -> Content:
    return content_of(shell.session(), dis, dates, url=notice_url(dis), **more)
