"""What proves that everyone was invited: the messages as the outbox has sent them, invitation by invitation."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.dis.calloffs.models import CallOff, Invitation
from market.outbox import MessageState, OutboxMessage
from market.sheets.csv_text import as_text
from market.values import local_date


@dataclass(frozen=True, slots=True)
class Sending:
    """One invitation to one reader."""

    invitation: Invitation
    reader: str
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class Proof:
    """`late`: what was sent on a later day than the one that the deadline is counted from; `failed`: never arrived."""

    sendings: Sequence[Sending]

    @property
    def failed(self) -> Sequence[Sending]:
        return [one for one in self.sendings if one.message.state is MessageState.FAILED]

    @property
    def waiting(self) -> Sequence[Sending]:
        return [one for one in self.sendings if one.message.state is MessageState.WAITING]

    @property
    def late(self) -> Sequence[Sending]:
        return [one for one in self.sendings if _sent_on(one) > local_date(one.invitation.invited_at)]


def proof_of(session: Session, *, calloff: CallOff) -> Proof:
    """Every message of the invitation, by supplier. Says nothing of who has read it."""
    by_invitation = defaultdict(list)
    prefix = f"calloff_invited:{calloff.id}:"
    query = select(OutboxMessage, User.email).outerjoin(User, User.id == OutboxMessage.user_id)
    rows = session.execute(
        query.where(OutboxMessage.key.startswith(prefix, autoescape=True)).order_by(OutboxMessage.id)
    )
    for message, email in rows:
        by_invitation[int(message.key.removeprefix(prefix).split(":")[0])].append((message, email))
    return Proof(
        [
            Sending(invitation, message.address or email, message)
            for invitation in calloff.invitations
            for message, email in by_invitation[invitation.id]
        ]
    )


def proof_sheet(calloff: CallOff, proof: Proof) -> str:
    """The same as CSV, as Swedish spreadsheets read it."""
    out = StringIO()
    out.write("\ufeff")
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(("Avrop", "Leverantör", "Inbjuden", "Till", "Läge", "Skickat", "Försök", "Senaste fel"))
    for one in proof.sendings:
        message = one.message
        rows.writerow(
            as_text(cell)
            for cell in (
                calloff.title,
                one.invitation.producer.name,
                one.invitation.invited_at.isoformat(),
                one.reader,
                message.state.value,
                message.sent_at.isoformat() if message.sent_at else "",
                str(message.attempts),
                message.last_error,
            )
        )
    return out.getvalue()


def _sent_on(one: Sending) -> date:
    sent = one.message.sent_at
    return local_date(sent if sent is not None else one.invitation.invited_at)
