"""One rule against one production site: where each kind of rule finds its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from geodata import areas, links, shapes
from geodata.definitions import (
    InCounties,
    InMunicipalityOrNeighbours,
    SchoolDayVisit,
    Simple,
    WithinDistance,
)
from geodata.distances import reach_m
from geodata.evidence import Evidence, EvidenceMethod
from geodata.reasons import Answer, Change, Reason
from geodata.sites import BORDER_BLUR_M, ProductionSite, Situation
from geodata.statements import Fact, Statement, statement
from geodata.travel import Estimator, TravelEngine, TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geodata.points import Point


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one site."""

    reason: Reason
    change: Change | None
    evidence: Evidence

    @property
    def answer(self) -> Answer:
        return self.reason.answer


@runtime_checkable
class Banded(Protocol):
    """An engine that knows how wrong it may be."""

    def bounds(
        self, origins: Sequence[Point], destinations: Sequence[Point]
    ) -> tuple[TravelMatrix, TravelMatrix]:
        """The shortest and the longest that the roads may be."""
        ...


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


def _within_distance(rule: WithinDistance, site: ProductionSite, situation: Situation) -> Finding:
    origin = situation.origin(rule.measured_from, site)
    if origin is None:
        return kitchen_unknown()
    low, high, evidence = _length(rule, origin, site, situation)
    answer = Answer.YES if high <= rule.limit_m else Answer.NO if low > rule.limit_m else Answer.UNCERTAIN
    said = statement(
        f"distance.{answer}",
        low_m=low,
        high_m=high,
        limit_m=rule.limit_m,
        by=rule.by,
        measured_from=rule.measured_from,
        origin=situation.origin_name(rule.measured_from),
    )
    change = statement("change.closer", excess_m=low - rule.limit_m)
    if answer is Answer.UNCERTAIN:
        change = statement("change.measure_road" if rule.by == "road" else "change.finer_border")
    return _finding(answer, said, site, change, evidence)


def _length(
    rule: WithinDistance, origin: Point, site: ProductionSite, situation: Situation
) -> tuple[int, int, Evidence]:
    """Least and greatest metres; equal when the length is known."""
    is_from_border = rule.measured_from == "border"
    if is_from_border and site.possible_codes == {situation.authority_code}:
        return 0, 0, _area_evidence(site)
    blur = BORDER_BLUR_M if is_from_border else 0
    if rule.by == "crow":
        metres = reach_m(origin, site.point)
        return max(0, metres - blur), metres + blur, Evidence("geodesic", "WGS 84")
    shortest, longest = road_bounds(situation.travel, [origin], [site.point])
    low, high = int(shortest.metres[0, 0]), int(longest.metres[0, 0])
    return max(0, low - blur), high + blur, _road_evidence(shortest, longest)


def _school_day_visit(rule: SchoolDayVisit, site: ProductionSite, situation: Situation) -> Finding:
    if situation.kitchen is None:
        return kitchen_unknown()
    there = road_bounds(situation.travel, [situation.kitchen], [site.point])
    back = road_bounds(situation.travel, [site.point], [situation.kitchen])
    low, high = (int(out.seconds[0, 0] + home.seconds[0, 0]) for out, home in zip(there, back, strict=True))
    answer = Answer.YES if high < rule.limit_s else Answer.NO if low >= rule.limit_s else Answer.UNCERTAIN
    said = statement(
        f"visit.{answer}",
        low_s=low,
        high_s=high,
        limit_s=rule.limit_s,
        measured_from="kitchen",
        origin=situation.kitchen_name,
    )
    change = statement("change.shorter_trip", excess_s=low - rule.limit_s)
    if answer is Answer.UNCERTAIN:
        change = statement("change.measure_road")
    return _finding(answer, said, site, change, _road_evidence(*there))


def road_bounds(
    engine: TravelEngine, origins: Sequence[Point], destinations: Sequence[Point]
) -> tuple[TravelMatrix, TravelMatrix]:
    """The shortest and the longest that the roads may be: the same twice when an engine measured them."""
    if isinstance(engine, Banded):
        return engine.bounds(origins, destinations)
    measured = engine.matrix(origins, destinations)
    if not measured.estimated.any():
        return measured, measured
    shortest, longest = Estimator().bounds(origins, destinations)
    return _where_estimated(measured, shortest), _where_estimated(measured, longest)


def _where_estimated(measured: TravelMatrix, bound: TravelMatrix) -> TravelMatrix:
    """The bound where nothing was measured, the measurement elsewhere."""
    gaps = measured.estimated
    if gaps.all():
        return bound
    return replace(
        measured,
        metres=np.where(gaps, bound.metres, measured.metres),
        seconds=np.where(gaps, bound.seconds, measured.seconds),
        reachable=np.where(gaps, bound.reachable, measured.reachable),
    )


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
