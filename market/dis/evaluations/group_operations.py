"""The working group: who is of it, what they declare, what they score; nobody sees another's scores before all are in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from market import audit, outbox
from market.actors import Actor
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluator, Score, ScoringClosure
from market.dis.evaluations.queries import (
    closure_of,
    own_declaration,
    possible_evaluators,
    samples_of,
    scored_criteria,
    scoring_of,
)
from market.dis.evaluations.rules import GROUPING, Declaration
from market.dis.rules import CallOffState, NotPossibleNow, ReasonNeeded
from market.values import Refused, msg

Points = Mapping[tuple[int, int], int]
"""By tender and criterion."""


class CanNotJoin(Refused):
    message = msg("Personen kan inte vara med i arbetsgruppen. Välj någon i listan.")


class ScoringIsOver(Refused):
    message = msg("Bedömningen är avslutad. Den kan inte ändras längre.")


class AlreadyDeclared(Refused):
    message = msg("Du har redan svarat. Har något ändrats: hör av dig till upphandlaren.")


class NoteNeeded(Refused):
    message = msg("Skriv vilket intresse du har. Det sparas i handlingarna.")


class NotYours(Refused):
    message = msg("Du bedömer inte proverna i det här avropet.")


class WrongPoints(Refused):
    message = msg("Poängen för %(name)s, prov %(label)s, ska vara ett heltal mellan 0 och %(most)s.")


class PointsMissing(Refused):
    message = msg("Alla prover behöver poäng innan du lämnar in. Spara så länge om du vill fortsätta senare.")


class NobodyScored(Refused):
    message = msg("Ingen har lämnat in poäng än. Minst en måste ha gjort det innan bedömningen avslutas.")


def add_evaluator(
    session: Session, *, calloff: CallOff, user_id: int, actor: Actor, at: datetime
) -> Evaluator:
    """Name someone for the working group; they are told. Raises CanNotJoin, ScoringIsOver."""
    _in_state(calloff, GROUPING)
    if scoring_of(session, calloff=calloff).is_over:
        raise ScoringIsOver
    if user_id not in {one.user_id for one in possible_evaluators(session, calloff=calloff)}:
        raise CanNotJoin
    seat = Evaluator(calloff_id=calloff.id, user_id=user_id, is_scorer=True, added_at=at)
    session.add(seat)
    session.flush()
    _log(session, seat, "dis_evaluator.add", actor, at)
    outbox.tell(
        session, user_ids=[user_id], kind="dis_judging", key=f"dis_judging:{seat.id}", at=at,
        calloff_id=calloff.id, title=calloff.title, dis=calloff.dis_category.dis.name,
    )  # fmt: skip
    return seat


def remove_evaluator(
    session: Session, *, seat: Evaluator, calloff: CallOff, reason: str, actor: Actor, at: datetime
) -> None:
    """Who leaves, or turns out to have an interest: the scores are kept aside and count no more. Raises ReasonNeeded."""
    _in_state(calloff, GROUPING)
    if not reason.strip():
        raise ReasonNeeded
    if seat.removed_at is not None:
        raise NotPossibleNow
    seat.removed_at, seat.removal_reason = at, reason.strip()
    _log(session, seat, "dis_evaluator.remove", actor, at)


def declare(
    session: Session, *, calloff: CallOff, declaration: Declaration, note: str, actor: Actor, at: datetime
) -> Evaluator:
    """The actor says whether they have an interest of their own in the outcome (jäv); who has one is barred.

    An officer who judges the added values is not of the working group and gets a row of their own here.
    Raises AlreadyDeclared, NoteNeeded.
    """
    _in_state(calloff, GROUPING)
    seat = own_declaration(session, actor=actor, calloff_id=calloff.id)
    if seat is None:
        seat = Evaluator(calloff_id=calloff.id, user_id=actor.user_id, is_scorer=False, added_at=at)
        session.add(seat)
    if seat.declaration is not None or seat.removed_at is not None:
        raise AlreadyDeclared
    if declaration is Declaration.CONFLICT and not note.strip():
        raise NoteNeeded
    seat.declaration, seat.declared_at, seat.declaration_note = declaration, at, note.strip()
    session.flush()
    _log(session, seat, "dis_evaluator.declare", actor, at, declaration=declaration.value)
    return seat


def save_scores(
    session: Session,
    *,
    seat: Evaluator,
    calloff: CallOff,
    points: Points,
    notes: Mapping[int, str],
    actor: Actor,
    at: datetime,
) -> None:
    """Keep the actor's own points so far; notes are by tender. Raises NotYours, ScoringIsOver, WrongPoints."""
    _may_score(session, seat, calloff, actor)
    labels = {sample.tender_id: sample.label for sample in samples_of(session, calloff_id=calloff.id)}
    criteria = {one.id: one for one in scored_criteria(calloff)}
    known = {(score.tender_id, score.criterion_id): score for score in seat.scores}
    for (tender_id, criterion_id), given in points.items():
        if tender_id not in labels or criterion_id not in criteria:
            raise NotPossibleNow
        criterion = criteria[criterion_id]
        if not 0 <= given <= (criterion.max_points or 0):
            raise WrongPoints(name=criterion.name, label=labels[tender_id], most=criterion.max_points)
        row = known.get((tender_id, criterion_id))
        if row is None:
            row = Score(tender_id=tender_id, criterion_id=criterion_id)
            seat.scores.append(row)
        row.points, row.note, row.scored_at = given, notes.get(tender_id, "").strip(), at
    session.flush()
    _log(session, seat, "dis_evaluator.score", actor, at)


def submit_scores(session: Session, *, seat: Evaluator, calloff: CallOff, actor: Actor, at: datetime) -> None:
    """Lock the actor's points: from now on they count. Raises PointsMissing, NotYours, ScoringIsOver."""
    _may_score(session, seat, calloff, actor)
    needed = {
        (sample.tender_id, criterion.id)
        for sample in samples_of(session, calloff_id=calloff.id)
        for criterion in scored_criteria(calloff)
    }
    if not needed or needed - {(score.tender_id, score.criterion_id) for score in seat.scores}:
        raise PointsMissing
    session.flush()
    locked = session.execute(
        update(Evaluator)
        .where(Evaluator.id == seat.id, Evaluator.submitted_at.is_(None))
        .values(submitted_at=at)
    )
    if locked.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(seat, ["submitted_at"])
    _log(session, seat, "dis_evaluator.submit", actor, at)


def close_scoring(session: Session, *, calloff: CallOff, reason: str, actor: Actor, at: datetime) -> None:
    """End the scoring without those whose points are not in. Raises ReasonNeeded, NobodyScored, ScoringIsOver."""
    _in_state(calloff, {CallOffState.OPENED})
    if not reason.strip():
        raise ReasonNeeded
    scoring = scoring_of(session, calloff=calloff)
    if scoring.is_over:
        raise ScoringIsOver
    if scoring.counted == 0:
        raise NobodyScored
    session.add(
        ScoringClosure(calloff_id=calloff.id, closed_at=at, closed_by_id=actor.user_id, reason=reason.strip())
    )
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="dis_scoring.close", subject=f"calloff:{calloff.id}"
    )


def _may_score(session: Session, seat: Evaluator, calloff: CallOff, actor: Actor) -> None:
    _in_state(calloff, {CallOffState.OPENED})
    if seat.user_id != actor.user_id or not seat.is_scorer or not seat.is_impartial:
        raise NotYours
    if seat.submitted_at is not None or closure_of(session, calloff_id=calloff.id) is not None:
        raise ScoringIsOver


def _in_state(calloff: CallOff, states: frozenset[CallOffState] | set[CallOffState]) -> None:
    if calloff.state not in states:
        raise NotPossibleNow


def _log(session: Session, seat: Evaluator, action: str, actor: Actor, at: datetime, **data: str) -> None:
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=action,
        subject=f"calloff:{seat.calloff_id}",
        evaluator=seat.id,
        **data,
    )
