"""What the pages of an evaluation show, read in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation, Evaluator, ScoringClosure
from market.dis.evaluations.queries import (
    Person,
    Sample,
    closure_of,
    evaluable,
    evaluators_of,
    latest_evaluation,
    possible_evaluators,
    samples_of,
    scored_criteria,
    standing,
)
from market.dis.evaluations.rules import GROUPING, Standing
from market.dis.rules import CallOffEvent, Thing, is_possible
from market.dis.systems.models import Criterion, Dis
from market.dis.systems.queries import runs


@dataclass(frozen=True, slots=True)
class Merged:
    """What all who count gave a sample in a criterion."""

    sample: Sample
    points: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPage:
    """`merged` is empty until the scoring is over: nobody sees another's points before."""

    calloff: CallOff
    runs: bool
    standing: Standing
    group: Sequence[Evaluator]
    officers: Sequence[Evaluator]
    people: Sequence[Person]
    closure: ScoringClosure | None
    criteria: Sequence[Criterion]
    merged: Sequence[Merged]
    evaluation: Evaluation | None

    @property
    def can_group(self) -> bool:
        return self.runs and self.calloff.state in GROUPING and not self.standing.scoring.is_over

    @property
    def can_remove(self) -> bool:
        return self.runs and self.calloff.state in GROUPING

    @property
    def can_declare(self) -> bool:
        return self.runs and self.calloff.state in GROUPING and self.standing.declaration is None

    @property
    def can_evaluate(self) -> bool:
        return self.runs and is_possible(Thing.CALLOFF, self.calloff.state, CallOffEvent.EVALUATE)

    @property
    def can_close(self) -> bool:
        scoring = self.standing.scoring
        return self.can_evaluate and scoring.counted > 0 and not scoring.is_over

    @property
    def can_repeat(self) -> bool:
        return self.runs and self.calloff.state == "evaluated"

    @property
    def explained(self) -> Mapping[str, Any] | None:
        """The latest comparison; while the tenders are compared again it is what was, and said to be."""
        return self.evaluation.explained if self.evaluation else None


def evaluation_page(session: Session, *, calloff: CallOff, actor: Actor) -> EvaluationPage:
    everyone = evaluators_of(session, calloff_id=calloff.id)
    is_run = runs(actor, calloff.dis_category.dis)
    stands = standing(session, calloff=calloff, actor=actor)
    return EvaluationPage(
        calloff=calloff,
        runs=is_run,
        standing=stands,
        group=[one for one in everyone if one.is_scorer],
        officers=[one for one in everyone if not one.is_scorer],
        people=possible_evaluators(session, calloff=calloff) if is_run else [],
        closure=closure_of(session, calloff_id=calloff.id),
        criteria=scored_criteria(calloff),
        merged=merged(session, calloff=calloff) if stands.scoring.is_over else [],
        evaluation=latest_evaluation(session, calloff_id=calloff.id),
    )


def merged(session: Session, *, calloff: CallOff) -> list[Merged]:
    """The points of all who count, by sample. Only for when the scoring is over."""
    counted = [one for one in evaluators_of(session, calloff_id=calloff.id) if one.counts]
    given = {(one.id, s.tender_id, s.criterion_id): s.points for one in counted for s in one.scores}
    return [
        Merged(
            sample,
            {
                criterion.id: tuple(
                    given[one.id, sample.tender_id, criterion.id]
                    for one in counted
                    if (one.id, sample.tender_id, criterion.id) in given
                )
                for criterion in scored_criteria(calloff)
            },
        )
        for sample in samples_of(session, calloff_id=calloff.id)
    ]


def on_desk(session: Session, dis: Dis, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The variables of `dis/evaluations/_on_desk.html`."""
    del at
    found = evaluable(session, actor=actor, dis_id=dis.id)
    return {"calloffs": found, "runs": runs(actor, dis)}
