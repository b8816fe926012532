"""Setting up a DIS, step by step, as a draft. What is published is changed no more (LOU 8 kap. 1, 4 §§)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.rules import DisEvent, DisState, Thing
from market.dis.steps import begin, move
from market.dis.systems.models import Criterion, Dis, DisCategory, Requirement
from market.dis.systems.readiness import texts_of
from market.dis.systems.rules import (
    AlreadyPublished,
    AuthorityMissing,
    Basics,
    CategoryText,
    CriterionKind,
    CriterionText,
    EndsTooEarly,
    RequirementText,
    TermsText,
    check_category,
    check_regime,
    check_standstill,
)
from market.dis.systems.starting_points import StartingPoint
from market.dis.systems.wording_operations import answer_warning
from market.law.queries import law_value, law_value_or_none
from market.law.rules import LawKey
from market.register.models import Authority, Category
from market.values import local_date

ONE_DAY = timedelta(days=1)


def draft_dis(
    session: Session,
    *,
    authority: Authority,
    basics: Basics,
    starting_point: StartingPoint | None,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> Dis:
    """A draft that the authority runs, alone until others are named. The same key again returns the one already made."""
    made = session.scalar(select(Dis).where(Dis.request_key == request_key))
    if made is not None:
        return made
    dis = Dis(authority=authority, authorities=[authority], request_key=request_key, created_at=at)
    _say_basics(session, dis, basics, at)
    if starting_point is not None:
        _fill(dis, starting_point)
    try:
        with session.begin_nested():
            begin(session, Thing.DIS, dis, DisEvent.DRAFT, user_id=actor.user_id, at=at)
    except IntegrityError:  # the same submit may have come first in another process
        return session.scalars(select(Dis).where(Dis.request_key == request_key)).one()
    return dis


def change_basics(session: Session, *, dis: Dis, basics: Basics, actor: Actor, at: datetime) -> None:
    """Name, what it is for, how long, how much, and which rules. Raises AlreadyPublished and what check_regime does."""
    lock_draft(session, dis=dis)
    _say_basics(session, dis, basics, at)
    _log(session, "dis.change_basics", dis, actor, at)


def name_authorities(
    session: Session, *, dis: Dis, authorities: Sequence[Authority], actor: Actor, at: datetime
) -> None:
    """Who may call off: named now, or never (LOU 8 kap. 4 §). Raises AlreadyPublished, AuthorityMissing."""
    lock_draft(session, dis=dis)
    if dis.authority_id not in {one.id for one in authorities}:
        raise AuthorityMissing
    dis.authorities = sorted(authorities, key=lambda one: one.name)
    _log(session, "dis.name_authorities", dis, actor, at, authorities=sorted(one.id for one in authorities))


def choose_categories(
    session: Session, *, dis: Dis, categories: Sequence[Category], actor: Actor, at: datetime
) -> None:
    """Which categories there are (LOU 8 kap. 2 §), in the register's order. What those that stay say is kept."""
    lock_draft(session, dis=dis)
    kept = {one.category_key: one for one in dis.categories}
    chosen = sorted(categories, key=lambda one: one.position)
    dis.categories = [kept.get(one.key) or DisCategory(category=one, position=0) for one in chosen]
    for position, one in enumerate(dis.categories, 1):
        one.position = position
    _log(session, "dis.choose_categories", dis, actor, at, categories=[one.key for one in chosen])


def change_category(
    session: Session, *, category: DisCategory, content: CategoryText, actor: Actor, at: datetime
) -> None:
    """What a category says. Raises AlreadyPublished and what check_category does."""
    lock_draft(session, dis=category.dis)
    check_category(content)
    _say_category(category, content)
    _log(session, "dis.change_category", category.dis, actor, at, category=category.category_key)


def change_terms(session: Session, *, dis: Dis, terms: TermsText, actor: Actor, at: datetime) -> None:
    """What every contract says, and how ties are broken. Raises AlreadyPublished, StandstillTooShort."""
    lock_draft(session, dis=dis)
    least = int(law_value(session, LawKey.STANDSTILL, on=local_date(at)).value)
    check_standstill(terms.standstill_days, least=least)
    _say_terms(dis, terms)
    _log(session, "dis.change_terms", dis, actor, at)


def answer_wording(
    session: Session,
    *,
    dis: Dis,
    place: str,
    found: str,
    sentence: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Why a word of place stays. Raises AlreadyPublished, ReasonNeeded, NotPossibleNow."""
    lock_draft(session, dis=dis)
    answer_warning(
        session, thing=Thing.DIS, subject_id=dis.id, texts=texts_of(dis), place=place, found=found,
        sentence=sentence, reason=reason, actor=actor, at=at,
    )  # fmt: skip


def discard_dis(session: Session, *, dis: Dis, actor: Actor, at: datetime) -> None:
    """A draft that comes to nothing. Raises NotPossibleNow for what is published."""
    move(session, Thing.DIS, dis, DisEvent.DISCARD, user_id=actor.user_id, at=at)


def lock_draft(session: Session, *, dis: Dis) -> None:
    """Hold the DIS as it is. Raises AlreadyPublished for anything but a draft."""
    session.flush()
    session.refresh(dis, ["state"], with_for_update=True)
    if dis.state is not DisState.DRAFT:
        raise AlreadyPublished


def _check_basics(session: Session, basics: Basics, *, at: datetime) -> None:
    """Raises EndsTooEarly and what check_regime does, by the threshold of the day (LOU 5 kap. 5 §)."""
    day = local_date(at)
    if basics.last_day <= day:
        raise EndsTooEarly
    threshold = law_value_or_none(session, LawKey.EU_THRESHOLD, on=day)
    check_regime(basics, threshold=threshold.value if threshold else None)


def _say_basics(session: Session, dis: Dis, basics: Basics, at: datetime) -> None:
    with session.no_autoflush:
        _check_basics(session, basics, at=at)
    dis.name, dis.description, dis.contact = basics.name, basics.description, basics.contact
    dis.valid_from, dis.valid_until = local_date(at), basics.last_day + ONE_DAY
    dis.estimated_value_ore, dis.regime = basics.value_ore, basics.regime
    dis.regime_reason = basics.regime_reason.strip()


def _fill(dis: Dis, start: StartingPoint) -> None:
    dis.description = dis.description or start.description
    _say_terms(dis, start.terms)
    for position, (key, content) in enumerate(start.categories.items(), 1):
        category = DisCategory(category_key=key, position=position)
        _say_category(category, content)
        dis.categories.append(category)


def _say_terms(dis: Dis, terms: TermsText) -> None:
    dis.tie_rule, dis.standstill_days = terms.tie_rule, terms.standstill_days
    dis.contract_terms = terms.contract_terms


def _say_category(category: DisCategory, content: CategoryText) -> None:
    category.description = content.description
    category.max_suppliers_per_lot = content.max_suppliers_per_lot
    category.max_lots_per_supplier = content.max_lots_per_supplier
    rows = {row.id: row for row in category.requirements}
    category.requirements = [
        _say_requirement(rows.get(text.id or 0) or Requirement(), text, position)
        for position, text in enumerate(content.requirements, 1)
    ]
    criteria = {row.id: row for row in category.criteria}
    category.criteria = [
        _say_criterion(criteria.get(text.id or 0) or Criterion(), text, position)
        for position, text in enumerate(content.criteria, 1)
    ]


def _say_requirement(row: Requirement, text: RequirementText, position: int) -> Requirement:
    row.kind, row.text, row.proof, row.position = text.kind, text.text, text.proof, position
    return row


def _say_criterion(row: Criterion, text: CriterionText, position: int) -> Criterion:
    row.kind, row.name, row.description, row.position = text.kind, text.name, text.description, position
    row.max_deduction_bp = text.max_deduction_bp
    row.max_points = text.max_points if text.kind is CriterionKind.SCORED else None
    row.needs_evidence = text.needs_evidence
    return row


def _log(session: Session, action: str, dis: Dis, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=f"dis:{dis.id}", **data)
