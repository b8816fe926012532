"""What breaks, what would help, and what was changed, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask_babel import gettext

from market import formatting
from market.planning.changes.telling import DAY_S, goods_name, vehicle_name
from market.planning.naming import FERRY, HUB, OWN, TAIL_LIFT
from market.values import Week, msg
from routing.changes import Change, Kind
from routing.plan import Plan, Visit
from routing.problem import Problem, Temperature, Window

CLASS_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Temperature.AMBIENT.value: msg("varor utan kyla"),
        Temperature.CHILLED.value: msg("kylda varor"),
        Temperature.FROZEN.value: msg("frysta varor"),
    }
)


def minutes(seconds: int) -> str:
    """Whole minutes, begun ones counted; hours from 90 minutes on."""
    whole = -(-seconds // 60)
    if whole < 90:
        return str(gettext("%(number)s min", number=whole))
    return str(gettext("%(hours)s h %(minutes)s min", hours=whole // 60, minutes=whole % 60))


def moment_of(week: Week, second: int) -> str:
    """A second of the week as "tis 24 nov 11:20"."""
    return f"{day_name(week, second // DAY_S)} {formatting.seconds_clock(second % DAY_S)}"


def day_name(week: Week, day: int) -> str:
    """Without the full stop of a shortened month: it may end a sentence."""
    return formatting.short_date(week.monday + timedelta(days=day)).removesuffix(".")


def broken_words(problem: Problem, plan: Plan, change: Change, *, week: Week) -> str:
    """What breaks in the plan by the problem as it was, told in times and amounts."""
    if change.kind in {Kind.STOP_CLOSES_LATER, Kind.STOP_OPENS_EARLIER}:
        return _broken_window(problem, plan, change, week)
    names = _names(problem, change, week)
    return str(gettext(_BROKEN[change.kind], **names))


def remedy_words(problem: Problem, change: Change, *, week: Week) -> str:
    """What would have to be changed for the goods to come along."""
    return str(gettext(_REMEDIES[change.kind], **_names(problem, change, week)))


def _broken_window(problem: Problem, plan: Plan, change: Change, week: Week) -> str:
    stop = next(stop for stop in problem.stops if stop.id == change.where)
    visit = _visit_outside(plan, stop.id, stop.windows)
    if visit is None:
        return remedy_words(problem, change, week=week)
    values = {"place": stop.name, "at": moment_of(week, visit.start_s), "by": minutes(change.amount)}
    window = _nearest(stop.windows, visit.start_s)
    if window.start_s // DAY_S != visit.start_s // DAY_S:
        return str(gettext("%(place)s har inga tider den dagen: bilen skulle komma %(at)s.", **values))
    if visit.start_s > window.end_s:
        last = formatting.seconds_clock(window.end_s % DAY_S)
        return str(gettext(
            "%(place)s: bilen kommer %(at)s, men sista tiden är %(last)s (%(by)s för sent).",
            **values, last=last,
        ))  # fmt: skip
    first = formatting.seconds_clock(window.start_s % DAY_S)
    return str(
        gettext(
            "%(place)s: bilen kommer %(at)s, men öppnar %(first)s (%(by)s för tidigt).", **values, first=first
        )
    )


def _visit_outside(plan: Plan, stop: str, windows: tuple[Window, ...]) -> Visit | None:
    visits = (
        v for route in plan.routes for v in route.visits if v.stop == stop and (v.pickups or v.deliveries)
    )
    return next((visit for visit in visits if not any(visit.start_s in window for window in windows)), None)


def _nearest(windows: tuple[Window, ...], second: int) -> Window:
    return min(windows, key=lambda window: max(window.start_s - second, second - window.end_s))


def _names(problem: Problem, change: Change, week: Week) -> dict[str, Any]:
    """Everything that some text about a change may name."""
    stops = {stop.id: stop.name for stop in problem.stops}
    goods = {shipment.id: shipment for shipment in problem.shipments}
    vehicle = next((one for one in problem.vehicles if one.id == change.where), None)
    names = {
        "place": stops.get(change.where, ""),
        "goods": goods_name(problem, change.where),
        "vehicle": vehicle.name if vehicle else "",
        "by": minutes(change.amount),
        "number": change.amount,
        "weight": formatting.kilograms(change.amount),
        "length": formatting.kilometres(change.amount),
        "price": formatting.whole_kronor(change.amount),
        "places": ", ".join(stops.get(name, name) for name in change.names),
        "classes": ", ".join(gettext(CLASS_NAMES[name]) for name in change.names if name in CLASS_NAMES),
        "names": ", ".join(need_words(name, stops) for name in change.names),
        "other": ", ".join(vehicle_name(problem, name) for name in change.names),
        "owners": ", ".join(_owners(problem, change.names)),
    }
    if vehicle is not None and change.shift is not None:
        shift = vehicle.shifts[change.shift]
        names |= {
            "day": day_name(week, shift.start_s // DAY_S),
            "ends": formatting.seconds_clock(shift.end_s % DAY_S),
            "until": formatting.seconds_clock((shift.end_s + change.amount) % DAY_S),
            "starts": formatting.seconds_clock(shift.start_s % DAY_S),
            "from": formatting.seconds_clock(max(0, shift.start_s - change.amount) % DAY_S),
        }
    if change.kind is Kind.DAY and change.where in goods:
        day = goods[change.where].delivery_windows[0].start_s // DAY_S
        names |= {"agreed": day_name(week, day), "day": day_name(week, day + change.amount // DAY_S)}
    return names


def need_words(need: str, stops: Mapping[str, str]) -> str:
    """What goods or a place need of a vehicle. `stops`: the name of each stop."""
    kind, _, number = need.partition(":")
    if kind == HUB:
        return str(gettext("personal från %(kitchen)s", kitchen=stops.get(f"kitchen:{number}", number)))
    return str(gettext(NEED_NAMES.get(kind, need)))


def _owners(problem: Problem, owners: tuple[str, ...]) -> list[str]:
    """An owner is known by the places that its goods come from."""
    names = {stop.id: stop.name for stop in problem.stops}
    return list(dict.fromkeys(names[one.pickup] for one in problem.shipments if one.owner in owners))


NEED_NAMES: Mapping[str, str] = MappingProxyType(
    {TAIL_LIFT: msg("bakgavellyft"), FERRY: msg("plats på färjan"), OWN: msg("producentens egen bil")}
)
_BROKEN: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PICKUP_EARLIER: msg("%(goods)s hämtas %(by)s tidigare än överenskommet."),
        Kind.PICKUP_LATER: msg("%(goods)s hämtas %(by)s senare än överenskommet."),
        Kind.DELIVERY_EARLIER: msg("%(goods)s lämnas %(by)s tidigare än överenskommet."),
        Kind.DELIVERY_LATER: msg("%(goods)s lämnas %(by)s senare än överenskommet."),
        Kind.GRAMS: msg("%(vehicle)s blir överlastad med %(weight)s."),
        Kind.CRATES: msg("%(vehicle)s får %(number)s backar mer än den har plats för."),
        Kind.PALLETS: msg("%(vehicle)s får %(number)s pallar mer än den har plats för."),
        Kind.SHIFT_ENDS_LATER: msg(
            "%(vehicle)s är tillbaka %(until)s %(day)s, men arbetstiden slutar %(ends)s (%(by)s för sent)."
        ),
        Kind.SHIFT_STARTS_EARLIER: msg(
            "%(vehicle)s måste börja %(from)s %(day)s, men arbetstiden börjar %(starts)s (%(by)s för tidigt)."
        ),
        Kind.DRIVING: msg("%(vehicle)s kör %(by)s mer än en förare får på en dag."),
        Kind.DISTANCE: msg("%(vehicle)s kör %(length)s längre än den får på en dag."),
        Kind.SKILLS: msg("%(vehicle)s saknar utrustning som behövs: %(names)s."),
        Kind.FORBIDDEN_STOPS: msg("%(vehicle)s får inte köra till %(places)s."),
        Kind.OWNERS: msg("%(vehicle)s kör inte varor från %(owners)s."),
        Kind.COMPARTMENT: msg("%(vehicle)s har inget utrymme för %(classes)s."),
        Kind.LOCKS: msg("%(goods)s är låst till ett annat fordon eller en annan dag. Låset hävs."),
        Kind.BAN: msg("%(other)s får inte ta %(goods)s. Förbudet hävs."),
        Kind.APART: msg("%(goods)s ska hållas isär från annat på rutten. Förbudet hävs."),
        Kind.STOP_ORDERS: msg("%(vehicle)s har en bestämd ordning mellan stoppen. Den hävs."),
        Kind.FIXED_ROUTE: msg("%(vehicle)s har en låst rutt %(day)s. Den låses upp."),
        Kind.PRICE: msg("%(goods)s kostar %(price)s mer att köra än den är värd i planen."),
        Kind.DAY: msg(
            "%(goods)s är överenskommen för %(agreed)s och körs i stället %(day)s. Kök och producent får veta det vid publicering."
        ),
    }
)
_REMEDIES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.STOP_OPENS_EARLIER: msg("Låt %(place)s öppna %(by)s tidigare"),
        Kind.STOP_CLOSES_LATER: msg("Låt %(place)s ha öppet %(by)s längre"),
        Kind.PICKUP_EARLIER: msg("Hämta %(goods)s %(by)s tidigare"),
        Kind.PICKUP_LATER: msg("Hämta %(goods)s %(by)s senare"),
        Kind.DELIVERY_EARLIER: msg("Lämna %(goods)s %(by)s tidigare"),
        Kind.DELIVERY_LATER: msg("Lämna %(goods)s %(by)s senare"),
        Kind.GRAMS: msg("Låt %(vehicle)s lasta %(weight)s mer"),
        Kind.CRATES: msg("Ge %(vehicle)s plats för %(number)s backar till"),
        Kind.PALLETS: msg("Ge %(vehicle)s plats för %(number)s pallar till"),
        Kind.SHIFT_ENDS_LATER: msg("Låt %(vehicle)s köra till %(until)s %(day)s (%(by)s längre)"),
        Kind.SHIFT_STARTS_EARLIER: msg("Låt %(vehicle)s börja %(from)s %(day)s (%(by)s tidigare)"),
        Kind.DRIVING: msg("Låt föraren på %(vehicle)s köra %(by)s mer på en dag"),
        Kind.DISTANCE: msg("Låt %(vehicle)s köra %(length)s längre på en dag"),
        Kind.SKILLS: msg("Ge %(vehicle)s den utrustning som behövs: %(names)s"),
        Kind.FORBIDDEN_STOPS: msg("Låt %(vehicle)s köra till %(places)s"),
        Kind.OWNERS: msg("Låt %(vehicle)s köra varor från %(owners)s"),
        Kind.COMPARTMENT: msg("Gör plats för %(classes)s i %(vehicle)s"),
        Kind.LOCKS: msg("Lås upp %(goods)s"),
        Kind.BAN: msg("Låt %(other)s ta %(goods)s"),
        Kind.APART: msg("Låt %(goods)s åka med andra varor"),
        Kind.STOP_ORDERS: msg("Släpp ordningen mellan stoppen för %(vehicle)s"),
        Kind.FIXED_ROUTE: msg("Lås upp rutten för %(vehicle)s %(day)s"),
        Kind.PRICE: msg("Låt det kosta %(price)s mer att köra %(goods)s"),
        Kind.DAY: msg("Kör %(goods)s %(day)s i stället för %(agreed)s"),
    }
)
