"""The ledger of direct awards. A purchase is committed, settled at what was delivered, or released; nothing else counts.

The check is atomic. Every change of an authority's ledger first raises `turns` in the authority's row of
`limit_settings`: on PostgreSQL the row stays locked until the transaction ends, on SQLite writers queue anyway. So what
is summed after that is what holds, and two kitchens can not together pass the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_authority
from market.accounts.rules import Role
from market.actors import Actor
from market.limits.award_operations import open_award
from market.limits.models import LimitEntry, LimitEntryStep, LimitSettings
from market.limits.queries import (
    counted,
    kind_of,
    lifted_ore,
    limit_ore,
    settings_of,
)
from market.limits.rules import (
    COUNTED,
    Counting,
    EntryEvent,
    EntryState,
    Kind,
    LimitReached,
    NotPossibleNow,
    fullest,
    is_under,
    levels_reached,
    room_ore,
    state_after,
)
from market.outbox import tell
from market.register.models import Kitchen, Producer
from market.values import Money, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is spent of a kind beside one purchase, and how far it may go, in öre."""

    kind: Kind
    counting: Counting
    spent_ore: int
    limit_ore: int
    ceiling_ore: int

    def refusal(self, ore: int) -> LimitReached:
        """Why a purchase of `ore` is refused, with what would work."""
        return LimitReached(
            kind_key=self.kind.key,
            kind=self.kind.name,
            spent=Money(self.spent_ore),
            limit=Money(self.ceiling_ore),
            wanted=Money(ore),
            room=Money(room_ore(self.spent_ore, self.ceiling_ore)),
        )


def commit_value(
    session: Session,
    *,
    authority_id: int,
    category_key: str,
    subject: str,
    ore: int,
    on: date,
    actor_user_id: int | None,
    at: datetime,
    supplier: Producer | None = None,
) -> LimitEntry:
    """Take `ore` of the limit for `subject`, counted on the day `on`; the same subject again changes its value.

    Raises LimitReached, then nothing is taken. Less than before is always taken, also above the limit.
    """
    settings = take_turn(session, authority_id=authority_id)
    entry = _entry(session, subject, category_key)
    held = entry.ore if entry is not None and entry.state in COUNTED else 0
    if entry is not None and (entry.state, held, entry.counts_on) == (EntryState.COMMITTED, ore, on):
        return entry
    besides = entry.id if entry else None
    stands = standing(session, settings=settings, category_key=category_key, on=on, at=at, besides=besides)
    if ore > held and not is_under(stands.spent_ore + ore, stands.ceiling_ore):
        raise stands.refusal(ore)
    if entry is None:
        entry = LimitEntry(
            authority_id=authority_id,
            category_key=category_key,
            subject=subject,
            supplier=supplier,
            supplier_name=supplier.name if supplier else "",
            entered_at=at,
            entered_by_id=actor_user_id,
            counts_on=on,
            ordered_ore=ore,
            ore=ore,
            state=state_after(None, EntryEvent.COMMIT),
        )
        session.add(entry)
        session.flush()
    else:
        _move(session, entry, EntryEvent.COMMIT, ore=ore, ordered_ore=ore, counts_on=on)
    log_step(session, entry=entry, event=EntryEvent.COMMIT, user_id=actor_user_id, at=at)
    follow_up(session, settings=settings, stands=stands, entry=entry, held=held, at=at)
    return entry


def release_value(
    session: Session, *, subject: str, at: datetime, actor_user_id: int | None = None, reason: str = ""
) -> None:
    """Give back what `subject` took, once; a subject that took nothing is left as it is."""
    for entry in _entries(session, subject):
        if entry.state in COUNTED:
            take_turn(session, authority_id=entry.authority_id)
            _move(session, entry, EntryEvent.RELEASE)
            log_step(
                session, entry=entry, event=EntryEvent.RELEASE, user_id=actor_user_id, at=at, reason=reason
            )


def settle_value(
    session: Session,
    *,
    subject: str,
    delivered_ore: int,
    at: datetime,
    category_key: str | None = None,
    actor_user_id: int | None = None,
) -> None:
    """Count what was delivered instead of what was ordered; again with another value when it is credited.

    More than was ordered is counted too, also above the limit: the goods have come. Then the officers are told. With
    several categories in one subject, each is settled by its `category_key`.
    """
    for entry in _entries(session, subject):
        if entry.state in COUNTED and category_key in {None, entry.category_key}:
            settings = take_turn(session, authority_id=entry.authority_id)
            held = entry.ore
            stands = standing(
                session,
                settings=settings,
                category_key=entry.category_key,
                on=entry.counts_on,
                at=at,
                besides=entry.id,
            )
            _move(session, entry, EntryEvent.SETTLE, ore=delivered_ore)
            log_step(session, entry=entry, event=EntryEvent.SETTLE, user_id=actor_user_id, at=at)
            follow_up(session, settings=settings, stands=stands, entry=entry, held=held, at=at)


def note_blocked(
    session: Session, *, kitchen: Kitchen, refusal: LimitReached, actor: Actor, at: datetime
) -> None:
    """Log that a kitchen was stopped by the limit, and tell the officers, once a day for each kind."""
    said = refusal.params
    audit.record(
        session, user_id=actor.user_id, at=at, action="limit.blocked", subject=f"kitchen:{kitchen.id}",
        kind=said["kind_key"], wanted_ore=said["wanted"].ore, room_ore=said["room"].ore,
    )  # fmt: skip
    day = local_date(at).isoformat()
    tell(
        session,
        user_ids=people_of_authority(session, kitchen.authority_id, Role.PROCUREMENT_OFFICER),
        kind="limit_blocked",
        key=f"limit:{kitchen.authority_id}:{said['kind_key']}:blocked:{day}",
        at=at,
        kitchen=kitchen.name,
        kind_key=said["kind_key"],
        kind_sv=said["kind"].swedish,
        kind_en=said["kind"].english,
        wanted_ore=said["wanted"].ore,
        room_ore=said["room"].ore,
    )


def take_turn(session: Session, *, authority_id: int) -> LimitSettings:
    """Lock an authority's ledger until the transaction ends; its settings, as they are now."""
    if session.get(LimitSettings, authority_id) is None:
        try:
            with session.begin_nested():
                session.add(settings_of(session, authority_id=authority_id))
        except IntegrityError:
            pass  # another process was first: its row is the one to lock
    session.execute(
        update(LimitSettings)
        .where(LimitSettings.authority_id == authority_id)
        .values(turns=LimitSettings.turns + 1)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(LimitSettings, authority_id, populate_existing=True)


def standing(
    session: Session,
    *,
    settings: LimitSettings,
    category_key: str,
    on: date,
    at: datetime,
    besides: int | None = None,
) -> Standing:
    """How a category's kind stands for a purchase on `on`, without the entry `besides`. Call it after take_turn."""
    authority_id, counting = settings.authority_id, settings.counting
    kind = kind_of(session, authority_id=authority_id, category_key=category_key)
    rows = counted(
        session,
        authority_id=authority_id,
        categories=kind.categories,
        period=counting.affected(on),
        besides=besides,
    )
    limit = limit_ore(session, on=on)
    lifted = lifted_ore(session, authority_id=authority_id, kind_key=kind.key, on=local_date(at))
    return Standing(
        kind=kind,
        counting=counting,
        spent_ore=fullest(rows, on=on, counting=counting),
        limit_ore=limit,
        ceiling_ore=limit + lifted,
    )


def follow_up(
    session: Session, *, settings: LimitSettings, stands: Standing, entry: LimitEntry, held: int, at: datetime
) -> None:
    """What a changed sum leads to: warnings, and a file for a supplier whose sum must be documented."""
    before, after = stands.spent_ore + held, stands.spent_ore + entry.ore
    _warn(session, settings, stands, entry, before=before, after=after, at=at)
    open_award(session, entry=entry, kind=stands.kind, counting=stands.counting, at=at)


def log_step(
    session: Session,
    *,
    entry: LimitEntry,
    event: EntryEvent,
    user_id: int | None,
    at: datetime,
    reason: str = "",
) -> None:
    """The row of an entry's history, and the log's."""
    session.add(
        LimitEntryStep(
            entry_id=entry.id,
            event=event,
            to_state=entry.state,
            ore=entry.ore,
            at=at,
            user_id=user_id,
            reason=reason.strip(),
        )
    )
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action=f"limit.{event.value}",
        subject=f"limit-entry:{entry.id}",
        about=entry.subject,
        category=entry.category_key,
        ore=entry.ore,
        on=entry.counts_on.isoformat(),
        reason=reason.strip(),
    )


def _entry(session: Session, subject: str, category_key: str) -> LimitEntry | None:
    return next((e for e in _entries(session, subject) if e.category_key == category_key), None)


def _entries(session: Session, subject: str) -> list[LimitEntry]:
    """As they are stored now, whatever the session has seen before."""
    query = select(LimitEntry).where(LimitEntry.subject == subject).order_by(LimitEntry.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _move(session: Session, entry: LimitEntry, event: EntryEvent, **values: object) -> None:
    """Change the entry only if it still is what the caller saw; a race loses with NotPossibleNow."""
    after = state_after(entry.state, event)
    changed = session.execute(
        update(LimitEntry)
        .where(LimitEntry.id == entry.id, LimitEntry.state == entry.state, LimitEntry.ore == entry.ore)
        .values(state=after, **values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(entry)


def _warn(
    session: Session,
    settings: LimitSettings,
    stands: Standing,
    entry: LimitEntry,
    *,
    before: int,
    after: int,
    at: datetime,
) -> None:
    """Tell the officers and meal managers once for each level and period (rolling: once a month)."""
    reached = levels_reached(settings.levels, before_ore=before, after_ore=after, limit_ore=stands.limit_ore)
    over = is_under(before, stands.ceiling_ore) and not is_under(after, stands.ceiling_ore)
    if not reached and not over:
        return
    since = stands.counting.told_since(entry.counts_on).isoformat()
    told = "over" if over else str(reached[-1])
    for role in (Role.PROCUREMENT_OFFICER, Role.MEAL_MANAGER):
        tell(
            session,
            user_ids=people_of_authority(session, settings.authority_id, role),
            kind="limit_warning",
            key=f"limit:{settings.authority_id}:{stands.kind.key}:{since}:{told}",
            at=at,
            kind_key=stands.kind.key,
            kind_sv=stands.kind.name.swedish,
            kind_en=stands.kind.name.english,
            percent=after * 100 // stands.limit_ore,
            spent_ore=after,
            limit_ore=stands.limit_ore,
            over=over,
        )
