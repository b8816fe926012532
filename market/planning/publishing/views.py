"""Publishing a plan, each one's own transports, and the calendar feed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from market import shell
from market.access import access, actor_for
from market.actors import Action
from market.notices.writing import LOCALES
from market.planning.blueprint import planning
from market.planning.models import WeekPlan
from market.planning.operations import UNSEEN, publish_plan, published_beside, withdraw_plan
from market.planning.publishing import wording
from market.planning.publishing.calendar_feed import feed
from market.planning.publishing.operations import make_feed, revoke_feed, token_hash
from market.planning.publishing.pages import TransportsPage, calls_from, transports_page
from market.planning.publishing.previews import publish_page
from market.planning.publishing.queries import (
    TRAVELLING,
    feed_by_hash,
    latest_step,
    live_feed,
    next_transport,
    own_shares,
    own_version,
    published_at,
    state_of,
    transports_in,
)
from market.planning.queries import plan_for
from market.planning.week_choice import week_named
from market.values import Period, Refused, Week

NOTHING_NEW = ("", 204)
FEED_WEEKS = 5
"""A calendar shows last week and so many from then on."""


@planning.get("/plans/<int:plan_id>/publish")
@access(Action.PLAN_WEEK)
def before_publishing(plan_id: int) -> ResponseReturnValue:
    """Who is told what, before it is done."""
    page = publish_page(shell.session(), plan=_plan(plan_id), at=shell.now())
    return render_template("planning/publishing/publish.html", page=page, words=wording)


@planning.post("/plans/<int:plan_id>/publish")
@access(Action.PLAN_WEEK)
def publish(plan_id: int) -> ResponseReturnValue:
    """Make a plan the one that everyone goes by."""
    plan = _plan(plan_id)
    seen = request.form.get("seen", UNSEEN, type=int) or None
    looked_at = request.form.get("revision", type=int)
    try:
        publish_plan(
            shell.session(), plan=plan, actor=shell.actor(), at=shell.now(), seen=seen, revision=looked_at
        )
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("planning.before_publishing", plan_id=plan_id))
    flash(gettext("Planen är publicerad. De som berörs har fått besked."), "success")
    return redirect(url_for("planning.plan", plan_id=plan_id))


@planning.post("/plans/<int:plan_id>/withdraw")
@access(Action.PLAN_WEEK)
def withdraw(plan_id: int) -> ResponseReturnValue:
    """Take a published plan back, with nothing in its place."""
    plan = _plan(plan_id)
    try:
        withdraw_plan(shell.session(), plan=plan, actor=shell.actor(), at=shell.now())
    except Refused as refusal:
        shell.flash_refusal(refusal)
    else:
        flash(gettext("Planen är tillbakadragen. De som räknade med den har fått besked."), "success")
    return redirect(url_for("planning.plan", plan_id=plan_id))


@planning.get("/plans/<int:plan_id>/news")
@access(Action.SEE_PLAN)
def news(plan_id: int) -> ResponseReturnValue:
    """Asked every other second by a plan's open page: whether the plan still is what the page shows."""
    shown = request.args.get("state", "")
    if shell.found(state_of(shell.session(), actor=shell.actor(), plan_id=plan_id)) == shown:
        return NOTHING_NEW
    plan = _plan(plan_id)
    other = published_beside(shell.session(), plan=plan)
    return render_template("planning/publishing/_news.html", plan=plan, other=other, shown=shown)


@planning.get("/transports/watch")
@access(Action.USE_ACCOUNT)
def watch() -> ResponseReturnValue:
    """Asked every other second by pages that name times: whether anything that is published has changed for whoever looks."""
    step, known = request.args.get("step", type=int), request.args.get("known", "")
    latest = latest_step(shell.session())
    if step == latest:
        return NOTHING_NEW
    version = own_version(shell.session(), actor=shell.actor(), today=shell.today())
    is_new = known not in {"", version}
    return render_template("planning/publishing/_watch.html", step=latest, known=version, is_new=is_new)


@planning.get("/transports")
@access(Action.SEE_TRANSPORTS)
def transports() -> ResponseReturnValue:
    """What is collected or comes when, and by whom. Its list looks for something new every other second."""
    seen = request.args.get("seen", type=int)
    if seen is not None and seen == latest_step(shell.session()):
        return NOTHING_NEW
    template = "_transports.html" if seen is not None else "transports.html"
    return render_template(f"planning/publishing/{template}", page=_transports())


@planning.get("/calendar")
@access(Action.USE_ACCOUNT)
def calendar() -> ResponseReturnValue:
    """Whether there is an address for a calendar program, and how to get one."""
    if shell.actor().role not in TRAVELLING:
        shell.not_found()
    found = live_feed(shell.session(), actor=shell.actor())
    return render_template("planning/publishing/calendar.html", feed=found, address="")


@planning.post("/calendar")
@access(Action.USE_ACCOUNT)
def make_calendar() -> ResponseReturnValue:
    """A new address, shown this once."""
    if shell.actor().role not in TRAVELLING:
        shell.not_found()
    token = make_feed(shell.session(), actor=shell.actor(), at=shell.now())
    address = url_for("planning.calendar_feed", token=token, _external=True)
    found = live_feed(shell.session(), actor=shell.actor())
    return render_template("planning/publishing/calendar.html", feed=found, address=address)


@planning.post("/calendar/revoke")
@access(Action.USE_ACCOUNT)
def revoke_calendar() -> ResponseReturnValue:
    """The address answers no more."""
    revoke_feed(shell.session(), actor=shell.actor(), at=shell.now())
    flash(gettext("Kalenderadressen gäller inte längre."), "success")
    return redirect(url_for("planning.calendar"))


@planning.get("/calendar/<token>.ics")
@access(Action.READ_PUBLIC)
def calendar_feed(token: str) -> ResponseReturnValue:
    """The transports of whoever made the address, for a calendar program that can't sign in: the token is the key."""
    session = shell.session()
    found = shell.found(feed_by_hash(session, token_hash=token_hash(token)))
    actor, week = actor_for(found.membership), Week.containing(shell.today()).shifted(-1)
    period = Period(week.monday, week.shifted(FEED_WEEKS).period.end)
    carried = transports_in(session, actor=actor, period=period)
    plans = frozenset(entry.run.week_plan_id for entry in carried)
    at = published_at(session, plan_ids=plans) or found.created_at
    with force_locale(LOCALES.get(found.membership.user.language, "sv_SE")):
        title = gettext("Transporter, %(name)s", name=actor.organisation_name)
        content = feed(calls_from(carried), title=title, domain=request.host.partition(":")[0], at=at)
    return _calendar(content)


def _calendar(content: bytes) -> Response:
    """Not sent again as long as nothing has changed."""
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _transports() -> TransportsPage:
    """The week asked for, else the first with something to carry from today on."""
    session, actor = shell.session(), shell.actor()
    seen = latest_step(session)
    day = next_transport(session, actor=actor, today=shell.today()) or shell.today()
    week = shell.found(week_named(request.args.get("week", str(Week.containing(day)))))
    carried = transports_in(session, actor=actor, period=week.period)
    plans = frozenset(entry.run.week_plan_id for entry in carried)
    return transports_page(
        carried,
        week=week,
        seen=seen,
        published_at=published_at(session, plan_ids=plans),
        shares=own_shares(session, actor=actor, week=week),
        role=actor.role,
        producer_id=actor.producer_id,
    )


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))
