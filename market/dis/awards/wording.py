"""The words and tones of awards, their contracts and notices."""

from __future__ import annotations

from datetime import datetime

from market.agreements.rules import AgreementState
from market.dis.awards.models import AwardContract
from market.dis.awards.queries import UNDECIDED
from market.dis.awards.rules import NoticeState, WhyNotPlaced
from market.values import msg

WHY_NOT_PLACED = {
    WhyNotPlaced.NO_DAY: msg("köket har ingen mottagningsdag kvar den veckan"),
    WhyNotPlaced.NOT_NEEDED: msg("mer tilldelades än vad köken angav behov av"),
}
NOTICE_NAMES = {
    NoticeState.SENT: msg("Skickad"),
    NoticeState.DUE: msg("Ska skickas"),
    NoticeState.LATE: msg("För sent"),
}
NOTICE_TONES = {NoticeState.SENT: "good", NoticeState.DUE: "warn", NoticeState.LATE: "bad"}
DROPPED = (msg("Leverantören har fallit bort"), "bad")
STANDSTILL = (msg("Väntar på avtalsspärren"), "note")
TO_SEND = (msg("Ska skickas till producenten"), "warn")
ORDERED = (msg("Gäller, beställningarna är lagda"), "good")
IN_FORCE = (msg("Gäller, beställningar återstår"), "warn")
AGREEMENTS = {
    AgreementState.SENT: (msg("Väntar på båda"), "warn"),
    AgreementState.SIGNED_BY_PRODUCER: (msg("Väntar på kommunen"), "warn"),
    AgreementState.SIGNED_BY_AUTHORITY: (msg("Väntar på producenten"), "warn"),
    AgreementState.DECLINED: (msg("Producenten avböjde"), "bad"),
    AgreementState.WITHDRAWN: (msg("Tillbakadraget"), "bad"),
    AgreementState.TERMINATED: (msg("Uppsagt"), "bad"),
}


def contract_standing(contract: AwardContract, *, at: datetime) -> tuple[str, str]:
    """Where a contract stands, as words to translate and a tone."""
    agreement = contract.agreement
    if contract.dropped_at is not None or agreement is None:
        return DROPPED
    if agreement.state is AgreementState.IN_FORCE:
        return ORDERED if contract.orders_placed_at is not None else IN_FORCE
    if agreement.state is AgreementState.DRAFT:
        waits = agreement.not_before_at is not None and at < agreement.not_before_at
        return STANDSTILL if waits else TO_SEND
    return AGREEMENTS[agreement.state]


def can_be_dropped(contract: AwardContract) -> bool:
    """A winner that has not signed with its buyer, or said no."""
    agreement = contract.agreement
    if agreement is None or contract.dropped_at is not None:
        return False
    return agreement.state in UNDECIDED | {AgreementState.DECLINED, AgreementState.WITHDRAWN}
