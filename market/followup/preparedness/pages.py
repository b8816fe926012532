"""What the pages of preparedness show: a scenario beside its newest answer, and several side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from market.followup.preparedness.models import Scenario, ScenarioResult
from market.followup.preparedness.outcome import CategoryAnswer, Outcome, PointAnswer
from market.followup.preparedness.queries import kitchen_names, outcomes_of
from market.followup.preparedness.rules import Assumptions, PointKind

MOST_COMPARED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPage:
    """A scenario with its newest answer, if it has one; `earlier` are the answers before it, the newest first."""

    scenario: Scenario
    supposed: Assumptions
    kitchens: dict[int, str]
    result: ScenarioResult | None
    outcome: Outcome | None
    earlier: tuple[ScenarioResult, ...]

    @property
    def points(self) -> tuple[PointAnswer, ...]:
        """Those that cost meals."""
        return tuple(point for point in self._points if point.meals_lost)

    @property
    def harmless(self) -> int:
        return len(self._points) - len(self.points)

    @property
    def untried(self) -> int:
        return sum(self.outcome.untried.values()) if self.outcome else 0

    @property
    def _points(self) -> tuple[PointAnswer, ...]:
        return self.outcome.points if self.outcome else ()


def scenario_pages(session: Session, scenarios: Sequence[Scenario]) -> list[ScenarioPage]:
    """As many queries whatever their number: the names of the authority's kitchens are asked for once."""
    if not scenarios:
        return []
    names = kitchen_names(session, authority_id=scenarios[0].authority_id)
    newest = [scenario.results[0].id for scenario in scenarios if scenario.results]
    outcomes = outcomes_of(session, result_ids=newest)
    return [_page(scenario, names, outcomes) for scenario in scenarios]


def _page(scenario: Scenario, names: dict[int, str], outcomes: Mapping[int, dict[str, Any]]) -> ScenarioPage:
    newest = next(iter(scenario.results), None)
    return ScenarioPage(
        scenario=scenario,
        supposed=Assumptions.from_plain(scenario.params),
        kitchens=names,
        result=newest,
        outcome=None if newest is None else Outcome.from_plain(outcomes[newest.id]),
        earlier=tuple(scenario.results[1:]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Scenarios that are worked out, side by side; `keys` are the categories that any of them asks for."""

    pages: tuple[ScenarioPage, ...]
    keys: tuple[str, ...]

    def category(self, page: ScenarioPage, key: str) -> CategoryAnswer | None:
        answers = page.outcome.categories if page.outcome else ()
        return next((one for one in answers if one.key == key), None)

    def worst(self, page: ScenarioPage, kind: PointKind) -> PointAnswer | None:
        """What most hangs on, of one kind."""
        return next((point for point in page.points if point.kind is kind), None)


def compared(pages: Iterable[ScenarioPage]) -> Comparison:
    """Those that have an answer."""
    answered = tuple(page for page in pages if page.outcome is not None)
    keys = dict.fromkeys(one.key for page in answered if page.outcome for one in page.outcome.categories)
    return Comparison(pages=answered, keys=tuple(keys))
