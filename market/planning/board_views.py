"""The desk's pages: a plan as a board or a table, and one stop of it with what can be done about it."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.fleet import wording as fleet_wording
from market.planning import board_wording, documents, wording
from market.planning.blueprint import planning
from market.planning.board import Board, board_of, stay_of
from market.planning.board_queries import carriers_in
from market.planning.changes.opened import revision_of
from market.planning.models import WeekPlan
from market.planning.queries import plan_for, plans_of
from market.planning.rules import PlanEvent, possible_events
from market.planning.week_choice import week_named
from market.register import wording as register_wording

WORDS = {
    "words": wording,
    "say": board_wording,
    "doing": documents,
    "fleet_words": fleet_wording,
    "cold": register_wording,
}


@planning.get("/plans/<int:plan_id>/board")
@access(Action.SEE_PLAN)
def board(plan_id: int) -> ResponseReturnValue:
    """The plan as a board; ?day=2026-12-01 shows that day alone, ?as=table the same in a table."""
    plan = _plan(plan_id)
    page = _board(plan, focus=_day(request.args.get("day", "")))
    template = "table" if request.args.get("as") == "table" else "board"
    return render_template(
        f"planning/board/{template}.html", page=page, can_change=_can_change(plan), **WORDS
    )


@planning.get("/plans/<int:plan_id>/board/<int:vehicle>-<int:shift>-<int:position>")
@access(Action.SEE_PLAN)
def board_stop(plan_id: int, vehicle: int, shift: int, position: int) -> ResponseReturnValue:
    """One stop: what is done there, and where it can go. With htmx only the part beside the board."""
    plan, is_part = _plan(plan_id), "HX-Request" in request.headers
    page = _board(plan, focus=None)
    lane, stay = shell.found(stay_of(page, f"{vehicle}-{shift}-{position}"))
    template = f"planning/board/{'_stop' if is_part else 'stop'}.html"
    return render_template(
        template, page=page, lane=lane, stay=stay, can_change=_can_change(plan), is_part=is_part, **WORDS
    )


@planning.get("/planning/<week>/board")
@access(Action.SEE_PLAN)
def week_board(week: str) -> ResponseReturnValue:
    """The board of a week: of the plan that is published, else the newest; without a plan the week's page."""
    chosen = shell.found(week_named(week))
    plans = plans_of(shell.session(), actor=shell.actor(), week=chosen)
    if not plans:
        return redirect(url_for("planning.week", week=chosen))
    return redirect(url_for("planning.board", plan_id=plans[0].id))


def _can_change(plan: WeekPlan) -> bool:
    """Only a draft is changed, by whoever plans."""
    return shell.actor().may(Action.PLAN_WEEK) and PlanEvent.PUBLISH in possible_events(plan.state)


def _plan(plan_id: int) -> WeekPlan:
    return shell.found(plan_for(shell.session(), actor=shell.actor(), plan_id=plan_id))


def _board(plan: WeekPlan, *, focus: date | None) -> Board:
    problem, content = revision_of(shell.session(), plan_id=plan.id, number=plan.revision)
    return board_of(
        plan,
        problem=problem,
        content=content,
        carriers=carriers_in(shell.session(), plan=plan),
        focus=focus,
        today=shell.today(),
    )


def _day(text: str) -> date | None:
    """The day asked for; what is no day shows the whole week."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
