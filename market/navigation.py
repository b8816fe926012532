"""What every page shows around its content: navigation, who is signed in, languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user

from market import shell
from market.accounts.rules import Role
from market.actors import Action, Actor
from market.values import msg

ROLE_LABELS = {
    Role.PRODUCER: msg("Producent"),
    Role.KITCHEN: msg("Kök"),
    Role.MEAL_MANAGER: msg("Kostchef"),
    Role.PROCUREMENT_OFFICER: msg("Upphandlare"),
    Role.LOGISTICS_PLANNER: msg("Logistik"),
    Role.DRIVER: msg("Förare"),
    Role.ADMIN: msg("Administratör"),
}

# endpoint, label, icon, action: shown to those who may, in this order; the first entry of an endpoint counts
PLACES = (
    ("home.start", msg("Hem"), "home", Action.USE_ACCOUNT),
    ("offers.own", msg("Mina erbjudanden"), "offer", Action.POST_OFFER),
    ("driving.today", msg("Mina rutter"), "delivery", Action.DRIVE),
    ("planning.index", msg("Körplan"), "plan", Action.PLAN_WEEK),
    ("limits.index", msg("Direktupphandling"), "chart", Action.MANAGE_LIMITS),
    ("dis.index", msg("DIS"), "lock", Action.RUN_DIS),
    ("offers.map_page", msg("Hitta mat"), "map", Action.SEE_OFFERS),
    ("orders.index", msg("Beställningar"), "order", Action.SEE_ORDERS),
    ("agreements.index", msg("Avtal"), "document", Action.SEE_AGREEMENTS),
    ("offers.calls", msg("Samtal"), "phone", Action.TAKE_CALL),
    ("locality.where", msg("Lokalt"), "map", Action.EDIT_PRODUCER),
    ("visits.own", msg("Studiebesök"), "people", Action.OFFER_VISIT),
    ("visits.index", msg("Studiebesök"), "people", Action.BOOK_VISIT),
    ("planning.index", msg("Körplan"), "plan", Action.SEE_PLAN),
    ("planning.transports", msg("Transporter"), "delivery", Action.SEE_TRANSPORTS),
    ("limits.index", msg("Direktupphandling"), "chart", Action.SEE_LIMITS),
    ("dis.index", msg("DIS"), "lock", Action.APPLY_TO_DIS),
    ("dis.index", msg("DIS"), "lock", Action.STATE_NEEDS),
    ("followup.index", msg("Uppföljning"), "chart", Action.SEE_FOLLOWUP),
    ("register.index", msg("Uppgifter"), "settings", Action.USE_ACCOUNT),
)
BELONGS_WITH = {
    "orders.place": "offers.map_page",
    "offers.show": "offers.map_page",
    "offers.circle": "offers.map_page",
    "offers.new_call": "offers.calls",
    "offers.call": "offers.calls",
    "locality.edit": "register.index",
    "accounts.passkeys": "register.index",
    "agreements.show_interest": "offers.map_page",
    "notices.needs": "offers.map_page",
    "notices.new_need": "offers.map_page",
    "feedback.own": "register.index",
    "feedback.producer_story": "register.index",
    "feedback.product_story": "register.index",
    "feedback.give": "orders.index",
    "feedback.product": "offers.map_page",
    "feedback.card": "offers.map_page",
    "orders.terms": "register.index",
    "planning.calendar": "planning.transports",
    "planning.make_calendar": "planning.transports",
    "driving.follow_run": "planning.index",
    "law.index": "register.index",
    "law.new": "register.index",
    "law.end": "register.index",
}
IN_THE_BAR = 5
"""How many places the bar of a phone has room for; with more of them, the last is "Mer"."""

NAMES = {"sv": "Svenska", "en": "English"}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_current: bool
    code: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class AccountBadge:
    name: str
    organisation_name: str
    role_label: str


def page_context() -> dict[str, Any]:
    """Variables of templates/base.html."""
    current: Actor | None = g.get("actor")
    language = "en" if cookie.get("language") == "en" else "sv"
    places = _places(current) if current else []
    return {
        "page_nav": places,
        "nav_folded": range(IN_THE_BAR - 1, len(places)) if len(places) > IN_THE_BAR else (),
        "current_actor": _badge(current) if current else None,
        "has_no_role": current is None and bool(current_user.is_authenticated),
        "other_roles": [m for m in g.get("memberships", []) if current and m.id != current.membership_id],
        "role_labels": ROLE_LABELS,
        "language_links": [_language(code, current=language) for code in NAMES],
        "current_language": language,
        "tiles": {"url": shell.settings().tile_url, "attribution": shell.settings().tile_attribution},
        "uses_openstreetmap": shell.settings().uses_openstreetmap,
        "unread": g.get("unread", 0),
        "driver_id": current.user_id if current and current.may(Action.DRIVE) else "",
        "is_demo": shell.settings().demo,
        "may": lambda name: bool(current and current.may(Action(name))),
    }


def _places(current: Actor) -> list[Link]:
    shown: dict[str, Link] = {}
    for endpoint, label, icon, action in PLACES:
        if current.may(action) and endpoint not in shown:
            link = Link(gettext(label), url_for(endpoint), is_current=_is_here(endpoint), icon=icon)
            shown[endpoint] = link
    return list(shown.values())


def _is_here(endpoint: str) -> bool:
    """The page itself, or for a noun's first page any page of that noun that has no place of its own."""
    here = BELONGS_WITH.get(request.endpoint or "", request.endpoint or "")
    if here.startswith("direct."):
        here = "limits.index"
    if here.startswith("fleet."):
        here = "register.index"
    if here == endpoint:
        return True
    listed = {place for place, *_ in PLACES}
    return (
        here not in listed
        and here.split(".")[0] == endpoint.split(".", maxsplit=1)[0]
        and endpoint not in {"offers.own", "planning.transports"}
    )


def _badge(current: Actor) -> AccountBadge:
    return AccountBadge(current.name, current.organisation_name, gettext(ROLE_LABELS[current.role]))


def _language(code: str, *, current: str) -> Link:
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return Link(NAMES[code], url_for("accounts.language", code=code, next=here), code == current, code)
