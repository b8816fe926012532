"""Whether an authority publishes its figures as open data, and who answers for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.followup.models import FollowupSettings
from market.register.models import Authority
from market.values import Refused, local_date, msg


class ContactMissing(Refused):
    message = msg(
        "Den som använder öppna data måste kunna fråga någon. Fyll i ett namn och en e-postadress, eller publicera inte."
    )


def settings_of(session: Session, *, authority_id: int) -> FollowupSettings | None:
    """What the authority has said; none until it has: then nothing is published."""
    return session.get(FollowupSettings, authority_id)


def change_settings(
    session: Session,
    *,
    authority: Authority,
    is_open: bool,
    contact_name: str,
    contact_email: str,
    actor: Actor,
    at: datetime,
) -> FollowupSettings:
    """Publish or stop publishing. The day on which it was opened stays while it is open. Raises ContactMissing."""
    name, email = " ".join(contact_name.split()), contact_email.strip().lower()
    if is_open and not (name and email):
        raise ContactMissing
    kept = settings_of(session, authority_id=authority.id)
    if kept is None:
        kept = FollowupSettings(authority_id=authority.id, is_open=False)
        session.add(kept)
    was_open = kept.is_open
    kept.opened_on = (kept.opened_on if was_open else local_date(at)) if is_open else None
    kept.is_open, kept.contact_name, kept.contact_email, kept.changed_at = is_open, name, email, at
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="followup.settings", subject=f"authority:{authority.id}",
        is_open=is_open, was_open=was_open,
    )  # fmt: skip
    return kept
