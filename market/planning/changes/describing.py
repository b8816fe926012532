"""A change that is tried, a plan's history and the ways out, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext

from market import formatting
from market.planning.changes.asking import Asked, What
from market.planning.changes.lines import Line
from market.planning.changes.pages import FITS, NOTHING_HELPS, PRICE, WAITS, Help, WayOut
from market.planning.changes.telling import DAY_S, goods_name, vehicle_name
from market.planning.changes.wording import broken_words, day_name, remedy_words
from market.planning.rules import RevisionKind
from market.values import Week, msg
from routing.problem import Problem

__all__ = [
    "asked_words",
    "broken_words",
    "effect_words",
    "goods_name",
    "help_words",
    "line_words",
    "more",
    "price_words",
    "ways_words",
]

KIND_NAMES: Mapping[RevisionKind, str] = MappingProxyType(
    {
        RevisionKind.MADE: msg("Planen gjordes"),
        RevisionKind.MOVED: msg("Flyttat"),
        RevisionKind.LOCKED: msg("Låst"),
        RevisionKind.UNLOCKED: msg("Upplåst"),
        RevisionKind.FORBIDDEN: msg("Förbjudet"),
        RevisionKind.ALLOWED: msg("Tillåtet igen"),
        RevisionKind.RELAXED: msg("Ändrad regel"),
        RevisionKind.REPLANNED: msg("Planerat om"),
        RevisionKind.INSERTED: msg("Ny beställning"),
        RevisionKind.DISRUPTED: msg("Omplanerat efter en händelse"),
        RevisionKind.UNDONE: msg("Ångrat"),
    }
)


MINUS = "\N{MINUS SIGN}"


def more(text: object, number: int) -> str:
    """A difference with its sign; none where it rounds to nothing."""
    amount = str(text).lstrip(f"-{MINUS}")
    if not any(digit in "123456789" for digit in amount):
        return amount
    return f"{'+' if number > 0 else MINUS}{amount}"


def asked_words(problem: Problem, asked: Asked, *, week: Week) -> str:
    """The change that is tried, as a heading."""
    names = {
        "what": _goods(asked_place(problem, asked), len(asked.shipments), goods_of(problem, asked.shipments)),
        "vehicle": vehicle_name(problem, asked.vehicle),
        "when": _when(problem, asked, week),
        "apart": goods_name(problem, asked.apart) if asked.apart else "",
    }
    if asked.what in {What.FORBID, What.ALLOW} and asked.apart:
        text = msg("Håll isär: %(what)s och %(apart)s")
        return str(
            gettext(
                text if asked.what is What.FORBID else msg("Tillåt tillsammans: %(what)s och %(apart)s"),
                **names,
            )
        )
    return str(gettext(_ASKED[asked.what], **names)).strip()


def asked_place(problem: Problem, asked: Asked) -> str:
    return next((stop.name for stop in problem.stops if stop.id == asked.stop), "")


def goods_of(problem: Problem, shipments: tuple[str, ...]) -> list[str]:
    return [goods_name(problem, name) for name in shipments]


def _goods(place: str, count: int, names: list[str]) -> str:
    """The stop by its place, else the goods by their ends."""
    if place:
        return place
    if not names:
        return str(gettext("hela rutten"))
    return (
        names[0] if count == 1 else gettext("%(first)s och %(number)s till", first=names[0], number=count - 1)
    )


def _when(problem: Problem, asked: Asked, week: Week) -> str:
    shifts = next((one.shifts for one in problem.vehicles if one.id == asked.vehicle), ())
    return "" if asked.shift is None or not shifts else day_name(week, shifts[asked.shift].start_s // DAY_S)


_ASKED: Mapping[What, str] = MappingProxyType(
    {
        What.MOVE: msg("Flytta %(what)s till %(vehicle)s %(when)s"),
        What.LOCK: msg("Lås %(what)s %(vehicle)s %(when)s"),
        What.UNLOCK: msg("Lås upp %(what)s %(vehicle)s %(when)s"),
        What.FORBID: msg("Förbjud %(vehicle)s att ta %(what)s"),
        What.ALLOW: msg("Låt %(vehicle)s ta %(what)s igen"),
        What.RELAX: msg("Ge plats för %(what)s"),
    }
)


def line_words(line: Line) -> str:
    """A line of the history: the kind of change and what it was about."""
    params, kind = line.params, str(gettext(KIND_NAMES[line.kind]))
    about = params.get("place") or ", ".join(params.get("goods", ())) or params.get("vehicle", "")
    if not about:
        return kind
    to = params.get("vehicle", "") if line.kind in {RevisionKind.MOVED, RevisionKind.RELAXED} else ""
    text = gettext("%(kind)s: %(about)s", kind=kind, about=about)
    return str(gettext("%(text)s till %(vehicle)s", text=text, vehicle=to)) if to else text


def effect_words(params: Mapping[str, Any]) -> str:
    """What a change came to in kilometres and money."""
    if "distance_m" not in params:
        return ""
    metres, ore = params["distance_m"], params["cost_ore"]
    return f"{more(formatting.kilometres(metres), metres)}, {more(formatting.whole_kronor(ore), ore)}"


# -- what would help -----------------------------------------------------------------------------------------------


def help_words(help_: Help) -> str:
    """What the ways out are for."""
    if not help_.ways and help_.code not in _HELP:
        return str(gettext(_HELP[NOTHING_HELPS]))
    return str(gettext(_HELP.get(help_.code, ANY_HELPS)))


ANY_HELPS = msg("Vilket som helst av det här skulle ge varorna plats:")
_HELP: Mapping[str, str] = MappingProxyType(
    {
        FITS: msg("Det finns plats; sökningen hann inte hitta den:"),
        PRICE: msg("Det finns plats, men det kostar mer än varorna är värda i planen:"),
        WAITS: msg("Varorna väntar på andra som inte är med i planen. Få med dem först."),
        NOTHING_HELPS: msg(
            "Ingen ändring av tider, plats eller fordon räcker. Byt dag eller lägg till ett fordon."
        ),
    }
)


def ways_words(problem: Problem, way: WayOut, *, week: Week) -> str:
    """All that would have to be changed, in one sentence."""
    texts = list(dict.fromkeys(remedy_words(problem, change, week=week) for change in way.changes))
    return "; ".join(texts) if texts else gettext("Lägg till på rutten som den är")


def price_words(way: WayOut) -> str:
    price = more(formatting.whole_kronor(way.price_ore), way.price_ore)
    return str(gettext("Då tar %(vehicle)s varorna, för %(price)s.", vehicle=way.vehicle, price=price))
