"""The deliveries behind any figure, with the amounts that it is made of at the foot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.followup import wording
from market.followup.asking import Asked, asked_for, number_asked, picker
from market.followup.behind import BEHIND
from market.followup.blueprint import followup
from market.followup.deliveries import Mark, Wanted, arrivals, find, names_of, sums_within
from market.followup.figures import FIGURES, Figure
from market.followup.queries import sums_by
from market.followup.rules import Route, Verdict

Choice = TypeVar("Choice", bound=StrEnum)


@followup.get("/followup/deliveries")
@access(Action.SEE_FOLLOWUP)
def deliveries() -> ResponseReturnValue:
    """The delivered lines that are asked for; with a figure, also how it comes of them."""
    asked, figure, wanted = asked_for(), _figure(), _wanted()
    session, page = shell.session(), number_asked("page") or 1
    whole = sums_by(session, scope=asked.scope, spans=[asked.span])[asked.span]
    found = find(session, scope=asked.scope, span=asked.span, wanted=wanted, page=page, whole=whole)
    shown = render_template(
        "followup/deliveries.html",
        asked=asked,
        picker=picker(asked),
        wanted=wanted,
        found=found,
        whole=whole,
        within=sums_within(session, scope=asked.scope, span=asked.span, wanted=wanted, whole=whole),
        figure=figure,
        is_behind=figure is not None and _are_behind(wanted, figure),
        behind_url=_behind_url(asked, wanted, figure) if figure else "",
        behind=BEHIND[figure.key] if figure else None,
        pages=_pages(asked, found.page, found.pages),
        words=wording,
        marks=Mark,
    )
    return shown, asked.status


@followup.get("/followup/arrivals")
@access(Action.SEE_FOLLOWUP)
def came() -> ResponseReturnValue:
    """The vehicles that came to the kitchens: what is behind transports per kitchen and week."""
    asked, session = asked_for(), shell.session()
    rows, page, pages = arrivals(session, scope=asked.scope, span=asked.span, page=number_asked("page") or 1)
    shown = render_template(
        "followup/arrivals.html",
        asked=asked,
        picker=picker(asked),
        rows=rows,
        carriers=names_of(session, rows),
        whole=sums_by(session, scope=asked.scope, spans=[asked.span])[asked.span],
        figure=FIGURES["transports"],
        behind=BEHIND["transports"],
        pages=_pages(asked, page, pages, endpoint="followup.came"),
        words=wording,
    )
    return shown, asked.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """For components/cards.html's pagination."""

    page: int
    pages: int
    prev_url: str
    next_url: str

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def _pages(asked: Asked, page: int, pages: int, *, endpoint: str = "followup.deliveries") -> Pages:
    kept = {name: value for name, value in request.args.items() if name in KEPT}
    before, after = (asked.url(endpoint, **kept, page=n) for n in (page - 1, page + 1))
    return Pages(page=page, pages=pages, prev_url=before, next_url=after)


KEPT = ("figure", "route", "local", "mark", "producer")
"""What narrows the deliveries beside period, kitchen and category."""


def _figure() -> Figure | None:
    key = request.args.get("figure", "").strip()
    return shell.found(FIGURES.get(key)) if key else None


def _are_behind(wanted: Wanted, figure: Figure) -> bool:
    """Vehicles are behind transports, no deliveries."""
    return figure.key != "transports" and wanted.are_behind(BEHIND[figure.key].chosen)


def _behind_url(asked: Asked, wanted: Wanted, figure: Figure) -> str:
    """To what the figure is made of, of the same procedure and producer."""
    if figure.key == "transports":
        return asked.url("followup.came")
    same = {"route": wanted.route, "producer": wanted.producer_id}
    chosen = {**same, **BEHIND[figure.key].chosen}
    return asked.url("followup.deliveries", figure=figure.key, **chosen)


def _wanted() -> Wanted:
    """404 for a choice that there is not."""
    return Wanted(
        route=_choice(Route, "route"),
        local=_choice(Verdict, "local"),
        mark=_choice(Mark, "mark"),
        producer_id=number_asked("producer"),
    )


def _choice(kind: type[Choice], name: str) -> Choice | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if text not in {member.value for member in kind}:
        shell.not_found()
    return kind(text)
