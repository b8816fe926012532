"""What happens by the clock: the officers are reminded of award files that are due, and told of those that are late."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority
from market.accounts.rules import Role
from market.direct.queries import AwardFile, award_file
from market.direct.rules import FileState
from market.limits.models import Award
from market.outbox import OutboxMessage, tell
from market.values import local_date

REMIND_BEFORE = timedelta(days=7)


def remind_of_files(session: Session, *, at: datetime) -> int:
    """Remind once a week before a file is due, and once when it is late. Returns how many files were told of."""
    today = local_date(at)
    due = select(Award).where(Award.due_on <= today + REMIND_BEFORE).order_by(Award.id)
    files = [award_file(session, award=award, today=today) for award in session.scalars(due)]
    return sum(_remind(session, file, at) for file in files)


def _remind(session: Session, file: AwardFile, at: datetime) -> bool:
    """Whether somebody was told of the file just now."""
    if file.state not in {FileState.OPEN, FileState.LATE}:
        return False
    award, key = file.award, f"award:{file.award.id}:{file.state.value}"
    officers = people_of_authority(session, award.authority_id, Role.PROCUREMENT_OFFICER)
    told = select(OutboxMessage.id).where(OutboxMessage.key.startswith(f"{key}:u"))
    if not officers or session.scalars(told.limit(1)).first() is not None:
        return False
    tell(
        session,
        user_ids=officers,
        kind="award_due",
        key=key,
        at=at,
        award_id=award.id,
        supplier=award.supplier_name,
        kind_sv=award.kind_sv,
        kind_en=award.kind_en,
        due_on=award.due_on.isoformat(),
        late=file.state is FileState.LATE,
    )
    return True
