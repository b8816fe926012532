"""What is answered about words of place: by other words, or by a reason that is kept in the file (LOU 4 kap. 1 §)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.rules import NotPossibleNow, ReasonNeeded, Thing
from market.dis.systems.models import WordingAnswer
from market.dis.systems.rules import WarningsOpen
from market.dis.systems.wording_check import Warning_, place_warnings


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text somebody wrote, and a lasting name of where it stands, such as "requirement:12"."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class PlacedWarning:
    """A warning, where it stands, and the answer that was given to it, if any."""

    place: str
    warning: Warning_
    answer: WordingAnswer | None = None


def warnings_of(
    session: Session, *, thing: Thing, subject_id: int, texts: Iterable[FreeText]
) -> list[PlacedWarning]:
    """Every warning about the texts as they are now, each with its latest answer."""
    query = select(WordingAnswer).where(WordingAnswer.thing == thing, WordingAnswer.subject_id == subject_id)
    answers = {(a.place, a.found, a.sentence): a for a in session.scalars(query.order_by(WordingAnswer.id))}
    return [
        PlacedWarning(text.place, warning, answers.get((text.place, warning.found, warning.sentence)))
        for text in texts
        for warning in place_warnings(text.text)
    ]


def answer_warning(
    session: Session,
    *,
    thing: Thing,
    subject_id: int,
    texts: Iterable[FreeText],
    place: str,
    found: str,
    sentence: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> WordingAnswer:
    """Why the word stays. Raises ReasonNeeded, and NotPossibleNow for what does not stand there any longer."""
    if not reason.strip():
        raise ReasonNeeded
    standing = warnings_of(session, thing=thing, subject_id=subject_id, texts=texts)
    asked = (place, found, sentence)
    if asked not in {(one.place, one.warning.found, one.warning.sentence) for one in standing}:
        raise NotPossibleNow
    answer = WordingAnswer(
        thing=thing, subject_id=subject_id, place=place, found=found, sentence=sentence, reason=reason.strip(),
        at=at, user_id=actor.user_id,
    )  # fmt: skip
    session.add(answer)
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"{thing.value}.answer_wording",
        subject=f"{thing.value}:{subject_id}",
        place=place,
        found=found,
        reason=answer.reason,
    )
    return answer


def refuse_open_warnings(
    session: Session, *, thing: Thing, subject_id: int, texts: Iterable[FreeText]
) -> None:
    """Raises WarningsOpen while a warning has no answer."""
    found = warnings_of(session, thing=thing, subject_id=subject_id, texts=texts)
    if any(one.answer is None for one in found):
        raise WarningsOpen
