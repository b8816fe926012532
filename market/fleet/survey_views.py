"""Pages of the survey of who can deliver by themselves: the planner's, and the producer's on a phone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import fleet, saved
from market.fleet.models import TransportAnswer
from market.fleet.queries import planned_authority, planned_by
from market.fleet.setting_up_queries import Grounds, grounds_of
from market.fleet.survey_forms import AnswerForm, AskForm
from market.fleet.survey_operations import answer_survey, ask_producers, take_into_fleet
from market.fleet.survey_queries import answer_of, asked_in, asked_of, survey_for, surveys_of
from market.fleet.wording import CAN_DELIVER_NAMES
from market.register.wording import WEEKDAYS


@fleet.get("/fleet/surveys")
@access(Action.EDIT_VEHICLE)
def surveys() -> ResponseReturnValue:
    """All of them, with how many have answered, and a button for each authority that can ask."""
    session, actor = shell.session(), shell.actor()
    return render_template(
        "fleet/setting_up/surveys.html",
        surveys=surveys_of(session, actor=actor),
        authorities=planned_by(session, actor=actor),
        today=shell.today(),
    )


@fleet.route("/fleet/surveys/<int:authority_id>/new", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def new_survey(authority_id: int) -> ResponseReturnValue:
    """Ask the producers that sell to an authority."""
    grounds, form, refused = _grounds(authority_id), AskForm(), ""
    form.offer_choices(grounds)
    if request.method == "GET":
        form.producers.data = [str(one.id) for one in grounds.producers]
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _ask(form, grounds))
        if not refused:
            return saved(gettext("Frågan är skickad. Svaren kommer hit allt eftersom."), "fleet.surveys")
    return render_template("fleet/setting_up/ask.html", form=form, grounds=grounds, refused=refused)


@fleet.get("/fleet/surveys/<int:survey_id>")
@access(Action.EDIT_VEHICLE)
def survey(survey_id: int) -> ResponseReturnValue:
    """What each has answered, and who drives already."""
    session = shell.session()
    found = shell.found(survey_for(session, actor=shell.actor(), survey_id=survey_id))
    grounds = grounds_of(session, authority=found.authority)
    return render_template(
        "fleet/setting_up/survey.html",
        survey=found,
        driving=grounds.driving,
        words=CAN_DELIVER_NAMES,
        weekdays=WEEKDAYS,
    )


@fleet.post("/fleet/surveys/answers/<int:answer_id>/take-in")
@access(Action.EDIT_VEHICLE)
def take_in(answer_id: int) -> ResponseReturnValue:
    """A producer that can drive becomes a carrier with a vehicle, in one press."""
    session, actor = shell.session(), shell.actor()
    answer = shell.found(answer_of(session, actor=actor, answer_id=answer_id))
    survey_id, name = answer.survey_id, answer.producer.name
    refused = shell.attempt(lambda: take_into_fleet(session, answer=answer, actor=actor, at=shell.now()))
    if refused:
        return _back(survey_id, refused, "error")
    return _back(survey_id, gettext("%(name)s kör nu, med en bil efter svaret.", name=name), "success")


@fleet.get("/transport-surveys")
@access(Action.ANSWER_SURVEY)
def own_surveys() -> ResponseReturnValue:
    """What authorities ask the producer, and what it has answered."""
    asked = asked_of(shell.session(), actor=shell.actor())
    return render_template(
        "fleet/setting_up/own_surveys.html", asked=asked, today=shell.today(), words=CAN_DELIVER_NAMES
    )


@fleet.route("/transport-surveys/<int:survey_id>", methods=["GET", "POST"])
@access(Action.ANSWER_SURVEY)
def answer(survey_id: int) -> ResponseReturnValue:
    """Answer, or change the answer until the last day."""
    asked = shell.found(asked_in(shell.session(), actor=shell.actor(), survey_id=survey_id))
    form, refused = AnswerForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(asked)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _answer(form, asked))
        if not refused:
            return saved(gettext("Tack! Svaret är skickat till kommunen."), "fleet.own_surveys")
    return render_template("fleet/setting_up/answer.html", form=form, asked=asked, refused=refused)


def _grounds(authority_id: int) -> Grounds:
    session = shell.session()
    authority = planned_authority(session, actor=shell.actor(), authority_id=authority_id)
    return grounds_of(session, authority=shell.found(authority))


def _ask(form: AskForm, grounds: Grounds) -> None:
    ask_producers(
        shell.session(),
        authority=grounds.authority,
        producers=form.chosen(grounds),
        question=form.question.data or "",
        closes_on=form.last_day(),
        actor=shell.actor(),
        at=shell.now(),
    )


def _answer(form: AnswerForm, asked: TransportAnswer) -> None:
    answer_survey(shell.session(), asked=asked, answer=form.answer(), actor=shell.actor(), at=shell.now())


def _back(survey_id: int, text: str, tone: str) -> ResponseReturnValue:
    flash(text, tone)
    return redirect(url_for("fleet.survey", survey_id=survey_id))
