"""First pages: what waits for the one who looks, and what Närmat is for those who are not signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.accounts.rules import Role
from market.actors import Action, Actor
from market.dis.calloffs.queries import closing_soon
from market.dis.evaluations.queries import seats_of
from market.dis.needs.queries import rounds_for
from market.dis.rules import NeedRoundState
from market.feedback.queries import waiting_for_feedback
from market.fleet.survey_queries import unanswered_by
from market.home.queries import demo_people, numbers
from market.notices.queries import outgoing
from market.offers.queries import Filters, open_offers, own_offers
from market.orders.queries import orders_in, waiting_for_answer
from market.orders.rules import OrderState, Side
from market.orders.wording import STATE_NAMES, STATE_TONES
from market.planning.queries import expected_arrivals
from market.register.queries import authority_of
from market.values import Period, Week

home = Blueprint("home", __name__)
DAYS_AHEAD = 7


@home.get("/")
@access(Action.READ_PUBLIC)
def start() -> ResponseReturnValue:
    """Everyone's own first page."""
    actor: Actor | None = g.actor
    if actor is None:
        people = demo_people(shell.session()) if shell.settings().demo else []
        return render_template("home/public.html", people=people)
    return PAGES[actor.role](actor)


@home.get("/about")
@access(Action.READ_PUBLIC)
def about() -> ResponseReturnValue:
    """What Närmat is and where its data comes from."""
    return render_template("home/about.html")


@home.get("/accessibility")
@access(Action.READ_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (DOS-lagen 2018:1937)."""
    return render_template("home/accessibility.html")


@home.get("/patterns")
@access(Action.READ_PUBLIC)
def patterns() -> ResponseReturnValue:
    """Every pattern of the interface on one page, for whoever builds the next."""
    return render_template("patterns.html")


def _waiting_in_dis(actor: Actor) -> dict[str, Any]:
    """What the purchasing systems want of the actor: a tender, the kitchen's needs, points to samples."""
    session, at = shell.session(), shell.now()
    states, judges = actor.may(Action.STATE_NEEDS), actor.may(Action.JUDGE_TENDERS)
    rounds = rounds_for(session, actor=actor) if states else []
    seats = seats_of(session, actor=actor) if judges else []
    return {
        "closing": closing_soon(session, actor=actor, at=at) if actor.may(Action.APPLY_TO_DIS) else [],
        "asked": [one for one in rounds if one.state is NeedRoundState.OPEN],
        "seats": [
            (seat, calloff)
            for seat, calloff in seats
            if seat.submitted_at is None and seat.removed_at is None
        ],
    }


def _producer(actor: Actor) -> ResponseReturnValue:
    session, today = shell.session(), shell.today()
    coming = orders_in(session, actor=actor, period=Period(today, today + timedelta(days=DAYS_AHEAD)))
    agreed = [order for order in coming if order.state is OrderState.AGREED]
    return render_template(
        "home/producer.html",
        **_waiting_in_dis(actor),
        offers=[offer for offer in own_offers(session, actor=actor, since=today) if offer.is_open],
        waiting=waiting_for_answer(session, actor=actor, today=today, side=Side.PRODUCER),
        coming=agreed,
        arrivals=expected_arrivals(session, order_ids=[order.id for order in agreed]),
        surveys=unanswered_by(session, actor=actor, today=today),
        today=today,
    )


def _kitchen(actor: Actor) -> ResponseReturnValue:
    session, today = shell.session(), shell.today()
    week = Week.containing(today)
    orders = orders_in(session, actor=actor, period=Period(week.monday, today + timedelta(days=DAYS_AHEAD)))
    live = [o for o in orders if o.state in (OrderState.AGREED, OrderState.PROPOSED)]
    ahead = Filters(period=Period(today, today + timedelta(weeks=2)), only_surplus=True)
    return render_template(
        "home/kitchen.html",
        **_waiting_in_dis(actor),
        waiting=waiting_for_answer(session, actor=actor, today=today, side=Side.KITCHEN),
        eaten=waiting_for_feedback(session, actor=actor),
        late=[o for o in live if o.deliver_on < today and o.state is OrderState.AGREED],
        todays=[o for o in live if o.deliver_on == today],
        coming=[o for o in live if o.deliver_on > today],
        surplus=open_offers(session, authority_id=actor.authority_id, filters=ahead, today=today)[:4],
        arrivals=expected_arrivals(session, order_ids=[o.id for o in live]),
        names=STATE_NAMES,
        tones=STATE_TONES,
        today=today,
    )


def _authority(actor: Actor) -> ResponseReturnValue:
    session, today = shell.session(), shell.today()
    week = Week.containing(today)
    orders = orders_in(session, actor=actor, period=Period(week.monday, week.monday + timedelta(weeks=2)))
    return render_template(
        "home/authority.html",
        **_waiting_in_dis(actor),
        authority=authority_of(session, actor=actor),
        orders=[o for o in orders if o.state is not OrderState.CANCELLED],
        week=week,
        names=STATE_NAMES,
        tones=STATE_TONES,
        plan_url=url_for("planning.index") if actor.may(Action.SEE_PLAN) else None,
    )


def _admin(actor: Actor) -> ResponseReturnValue:
    del actor
    session = shell.session()
    return render_template(
        "home/admin.html",
        numbers=numbers(session),
        outgoing=outgoing(session),
        sends=bool(shell.settings().smtp_url),
    )


def _driver(actor: Actor) -> ResponseReturnValue:
    del actor
    return redirect(url_for("register.index"))


PAGES: dict[Role, Callable[[Actor], ResponseReturnValue]] = {
    Role.PRODUCER: _producer,
    Role.KITCHEN: _kitchen,
    Role.MEAL_MANAGER: _authority,
    Role.PROCUREMENT_OFFICER: _authority,
    Role.LOGISTICS_PLANNER: _authority,
    Role.DRIVER: _driver,
    Role.ADMIN: _admin,
}
