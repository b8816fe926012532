"""One rule against one production site: where each kind of rule finds its answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from geodata import areas, links, shapes
from geodata.definitions import (
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    SchoolDayVisit,
    Simple,
    WithinDistance,
)
from geodata.distances import reach_m
from geodata.evidence import Evidence, EvidenceMethod
from geodata.reasons import Answer, Change, Reason
from geodata.road_bands import road_bounds
from geodata.sites import BORDER_BLUR_M, ProductionSite, Situation
from geodata.statements import Fact, Statement, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.points import Point
    from geodata.travel import TravelMatrix


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one site."""

    reason: Reason
    change: Change | None
    evidence: Evidence

    @property
    def answer(self) -> Answer:
        return self.reason.answer


def judge(rule: Simple, site: ProductionSite, situation: Situation) -> Finding:
    """Raises `geodata.points.NotInSweden` for a site without a declared code far out at sea."""
    match rule:
        case InCounties():
            return _in_counties(rule, site, situation)
        case InMunicipalityOrNeighbours():
            return _in_neighbourhood(rule, site, situation)
        case WithinDistance():
            return _within_distance(rule, site, situation)
        case SchoolDayVisit():
            return _school_day_visit(rule, site, situation)
        case ExpandingCircle():
            return circle_unsettled(rule)


def _in_counties(rule: InCounties, site: ProductionSite, situation: Situation) -> Finding:
    wanted = rule.counties_for(situation.authority_code)
    return _in_area(
        "counties",
        site,
        lambda code: code[:2] in wanted,
        facts={"wanted": wanted},
        change=statement("change.other_county", wanted=wanted),
    )


def _in_neighbourhood(
    rule: InMunicipalityOrNeighbours, site: ProductionSite, situation: Situation
) -> Finding:
    wanted = links.neighbourhood(situation.authority_code, rule.rings)
    return _in_area(
        "neighbours",
        site,
        wanted.__contains__,
        facts={"rings": rule.rings, "authority": situation.authority_code},
        change=statement("change.other_municipality"),
    )


def _in_area(
    kind: str,
    site: ProductionSite,
    is_wanted: Callable[[str], bool],
    *,
    facts: dict[str, Fact],
    change: Statement,
) -> Finding:
    codes = site.possible_codes
    answers = {is_wanted(code) for code in codes}
    answer = Answer.UNCERTAIN if len(answers) > 1 else Answer.YES if answers == {True} else Answer.NO
    facts = {**facts, "municipality": site.best_code, "options": tuple(sorted(codes))}
    if answer is Answer.UNCERTAIN:
        change = statement("change.state_municipality")
        facts["border_m"] = areas.locate(site.point).border_m
    said = statement(f"{kind}.{answer}", **facts)
    return _finding(answer, said, site, change, _area_evidence(site))


def _area_evidence(site: ProductionSite) -> Evidence:
    if site.municipality_code is not None:
        return Evidence("declared")
    return Evidence(areas.locate(site.point).method, *shapes.origin())


class _Length(NamedTuple):
    """Least and greatest metres, equal when the length is known; no road leads there unless `is_connected`."""

    low: int
    high: int
    evidence: Evidence
    is_connected: bool = True


def _within_distance(rule: WithinDistance, site: ProductionSite, situation: Situation) -> Finding:
    origin = situation.origin(rule.measured_from, site)
    if origin is None:
        return kitchen_unknown()
    length = _length(rule, origin, site, situation)
    low, high = length.low, length.high
    answer = Answer.YES if high <= rule.limit_m else Answer.NO if low > rule.limit_m else Answer.UNCERTAIN
    kind, lengths = "no_road", {}
    if length.is_connected:
        kind, lengths = "distance", {"low_m": low, "high_m": high}
    said = statement(
        f"{kind}.{answer}",
        **lengths,
        limit_m=rule.limit_m,
        by=rule.by,
        measured_from=rule.measured_from,
        origin=situation.origin_name(rule.measured_from),
    )
    change = _change_of_distance(rule, site, situation, length, answer)
    return _finding(answer, said, site, change, length.evidence)


def _change_of_distance(
    rule: WithinDistance, site: ProductionSite, situation: Situation, length: _Length, answer: Answer
) -> Statement:
    if not length.is_connected:
        return statement("change.other_start" if answer is Answer.UNCERTAIN else "change.road_there")
    if answer is not Answer.UNCERTAIN:
        return statement("change.closer", excess_m=length.low - rule.limit_m)
    if rule.by == "road" and length.evidence.method == "estimated_road":
        return statement("change.measure_road")
    is_own = rule.measured_from == "border" and situation.authority_code in site.possible_codes
    return statement("change.state_municipality" if is_own else "change.finer_border")


def _length(rule: WithinDistance, origin: Point, site: ProductionSite, situation: Situation) -> _Length:
    if rule.measured_from == "border":
        return _length_from_border(rule, origin, site, situation)
    if rule.by == "crow":
        metres = reach_m(origin, site.point)
        return _Length(metres, metres, Evidence("geodesic", "WGS 84"))
    return _road_length(origin, site, situation)


def _length_from_border(
    rule: WithinDistance, origin: Point, site: ProductionSite, situation: Situation
) -> _Length:
    """From the border's nearest point; no road is shorter than the straight line to it.

    That point may lie in a lake or a forest, so a road missing from just there is no reason to say no.
    """
    if site.possible_codes == {situation.authority_code}:
        return _Length(0, 0, _area_evidence(site))
    crow = reach_m(origin, site.point)
    nearest = max(0, crow - BORDER_BLUR_M)
    if rule.by == "crow":
        return _Length(nearest, crow + BORDER_BLUR_M, Evidence("geodesic", "WGS 84"))
    road = _road_length(origin, site, situation)
    if not road.is_connected:
        return road._replace(low=nearest)
    return road._replace(
        low=max(nearest, road.low - BORDER_BLUR_M), high=max(crow, road.high) + BORDER_BLUR_M
    )


def _road_length(origin: Point, site: ProductionSite, situation: Situation) -> _Length:
    shortest, longest = road_bounds(situation.travel, [origin], [site.point])
    return _Length(
        int(shortest.metres[0, 0]),
        int(longest.metres[0, 0]),
        _road_evidence(shortest, longest),
        is_connected=bool(shortest.reachable[0, 0]),
    )


def _school_day_visit(rule: SchoolDayVisit, site: ProductionSite, situation: Situation) -> Finding:
    if situation.kitchen is None:
        return kitchen_unknown()
    there = road_bounds(situation.travel, [situation.kitchen], [site.point])
    back = road_bounds(situation.travel, [site.point], [situation.kitchen])
    low, high = (int(out.seconds[0, 0] + home.seconds[0, 0]) for out, home in zip(there, back, strict=True))
    answer = Answer.YES if high < rule.limit_s else Answer.NO if low >= rule.limit_s else Answer.UNCERTAIN
    is_connected = bool(there[0].reachable[0, 0] and back[0].reachable[0, 0])
    said = statement(
        f"visit.{answer}" if is_connected else "no_road.visit",
        **({"low_s": low, "high_s": high} if is_connected else {}),
        limit_s=rule.limit_s,
        measured_from="kitchen",
        origin=situation.kitchen_name,
    )
    change = statement("change.shorter_trip", excess_s=low - rule.limit_s)
    if not is_connected:
        change = statement("change.road_there")
    elif answer is Answer.UNCERTAIN:
        change = statement("change.measure_road")
    return _finding(answer, said, site, change, _road_evidence(*there))


def _road_evidence(shortest: TravelMatrix, longest: TravelMatrix) -> Evidence:
    method: EvidenceMethod = "estimated_road" if shortest.is_estimate else "measured_road"
    versions = dict.fromkeys((shortest.data_version, longest.data_version))
    return Evidence(method, shortest.engine, " – ".join(versions))


def _finding(
    answer: Answer, said: Statement, site: ProductionSite, change: Statement, evidence: Evidence
) -> Finding:
    reason = Reason(answer=answer, said=said, step=site.step, site=site.label)
    turned = None if answer is Answer.YES else Change(said=change, step=site.step, site=site.label)
    return Finding(reason=reason, change=turned, evidence=evidence)


@cache
def kitchen_unknown() -> Finding:
    """A rule counts from the kitchen and there is none: a question, not an answer."""
    return Finding(
        reason=Reason(answer=Answer.UNCERTAIN, said=statement("question.kitchen_unknown")),
        change=Change(said=statement("change.state_kitchen")),
        evidence=Evidence("none"),
    )


@cache
def circle_unsettled(rule: ExpandingCircle) -> Finding:
    """How far the circle reaches is not known until someone has asked who has the product: a question, too."""
    facts: dict[str, Fact] = {"product": rule.product, "grams": rule.grams}
    return Finding(
        reason=Reason(answer=Answer.UNCERTAIN, said=statement("question.circle_unsettled", **facts)),
        change=Change(said=statement("change.settle_circle", **facts)),
        evidence=Evidence("none"),
    )
