"""The parts of follow-up as links above its pages: those that there are and that the reader may open."""

from __future__ import annotations

from flask import current_app, g, url_for
from flask_babel import gettext

from market import shell
from market.access import declared_action
from market.actors import Actor
from market.navigation import Link
from market.values import msg

PARTS = (
    ("followup.index", msg("Översikt")),
    ("followup.deliveries", msg("Leveranser")),
    ("followup.goals", msg("Mål")),
    ("followup.definitions", msg("Lokalt på olika sätt")),
    ("followup.limits", msg("Mot gränserna")),
    ("followup.direct_and_dis", msg("Direkt och DIS")),
    ("followup.supply", msg("Vem odlar vad")),
    ("followup.scenarios", msg("Beredskap")),
    ("followup.simulation", msg("Simulering")),
    ("followup.year_report", msg("Matåret")),
    ("followup.settings", msg("Inställningar")),
)
"""In this order; the year's report is that of the year before until the summer."""
SUMMER = 7


def followup_parts(here: str) -> list[Link]:
    """`here` is the endpoint of the part that the page belongs to."""
    actor: Actor | None = g.get("actor")
    links = []
    for endpoint, label in PARTS:
        view = current_app.view_functions.get(endpoint)
        action = declared_action(endpoint, view) if view else None
        if actor is not None and action is not None and actor.may(action):
            links.append(Link(gettext(label), _url(endpoint), is_current=endpoint == here))
    return links


def _url(endpoint: str) -> str:
    if endpoint != "followup.year_report":
        return url_for(endpoint)
    today = shell.today()
    return url_for(endpoint, year=today.year - (today.month < SUMMER))
