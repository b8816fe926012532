"""A round of needs and a call-off made of it, through the operations themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dis_making import admit, make_dis
from factories import AT, MONDAY, Cast
from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.applications.models import Application
from market.dis.calloffs.invite_operations import invite_all, propose_deadline
from market.dis.calloffs.lots import LotPeriod
from market.dis.calloffs.models import CallOff
from market.dis.calloffs.operations import draft_calloff
from market.dis.needs.models import NeedRound
from market.dis.needs.operations import Asked, open_round, save_needs
from market.dis.needs.queries import stated
from market.dis.needs.rules import AskedProduct, Cell, fingerprint
from market.dis.rules import Regime
from market.dis.sealing.keeping import Keeper
from market.dis.systems.models import Dis
from market.outbox import OutboxMessage
from market.register.models import Kitchen
from market.values import Unit

FIRST = MONDAY + timedelta(weeks=6)
WEEKS = [FIRST + timedelta(weeks=n) for n in range(4)]
CLOSES = AT + timedelta(days=7)
KEEPER = Keeper(b"k" * 32)


def make_round(session: Session, cast: Cast, dis: Dis | None = None, *, key: str = "round") -> NeedRound:
    """Carrots in kilograms and cabbages in pieces, for the four weeks from FIRST, to be answered within a week."""
    dis = dis or make_dis(session, cast)
    asked = Asked(
        name="Rotfrukter",
        first_week_on=FIRST,
        weeks=4,
        closes_at=CLOSES,
        products=[
            AskedProduct("Morötter", Unit.KILOGRAM, "Tvättade"),
            AskedProduct("Vitkål", Unit.PIECE),
        ],
    )
    return open_round(
        session, category=dis.categories[0], asked=asked, wording_reason="", request_key=key,
        actor=cast.actor("procurement_officer"), at=AT,
    )  # fmt: skip


def state(
    session: Session,
    cast: Cast,
    need_round: NeedRound,
    kitchen: Kitchen,
    needs: Mapping[tuple[int, date], int],
    *,
    who: str = "kitchen",
    at: datetime = AT,
) -> None:
    """State needs by the position of the product (0, 1) and the week, in steps."""
    seen = fingerprint(stated(session, round_id=need_round.id, kitchen_ids=[kitchen.id]))
    save_needs(
        session,
        need_round=need_round,
        kitchen_ids=[kitchen.id],
        needs={
            Cell(need_round.products[n].id, kitchen.id, week): steps for (n, week), steps in needs.items()
        },
        seen=seen,
        actor=cast.actor(who),
        at=at,
    )


def answered_round(session: Session, cast: Cast, dis: Dis | None = None) -> NeedRound:
    """Two kitchens of the one authority and one of the other want carrots; the hub also cabbages."""
    made = make_round(session, cast, dis)
    state(session, cast, made, cast.hub, {(0, week): 40_001 for week in WEEKS} | {(1, WEEKS[0]): 30})
    state(session, cast, made, cast.satellite, {(0, WEEKS[0]): 10_000}, who="satellite")
    state(session, cast, made, cast.other_kitchen, {(0, WEEKS[1]): 20_000}, who="other_kitchen")
    return made


def make_draft(session: Session, cast: Cast, *, regime: Regime = Regime.NATIONAL) -> CallOff:
    """A draft of those needs: carrots for each authority, and cabbages."""
    made = answered_round(session, cast, make_dis(session, cast, regime=regime))
    return draft_calloff(
        session, need_round=made, period=LotPeriod.WHOLE, request_key="draft",
        actor=cast.actor("procurement_officer"), at=AT,
    )  # fmt: skip


def admit_both(session: Session, cast: Cast, thing: CallOff | NeedRound) -> list[Application]:
    """Both growers, to the category of the call-off or the round."""
    dis = thing.dis_category.dis
    return [admit(session, dis, producer) for producer in (cast.producer, cast.other_producer)]


def send(
    session: Session,
    cast: Cast,
    calloff: CallOff,
    *,
    deadline_at: datetime = AT + timedelta(days=14),
    reason: str = "",
    at: datetime = AT,
) -> None:
    invite_all(
        session, calloff=calloff, deadline_at=deadline_at, reason=reason, keeper=KEEPER,
        actor=cast.actor("procurement_officer"), at=at,
    )  # fmt: skip


def make_invited(session: Session, cast: Cast, *, regime: Regime = Regime.NATIONAL) -> CallOff:
    """Both growers are admitted and invited, for two weeks."""
    calloff = make_draft(session, cast, regime=regime)
    admit_both(session, cast, calloff)
    send(session, cast, calloff)
    return calloff


def officer(cast: Cast) -> Actor:
    """Of the authority that runs the DIS."""
    return cast.actor("procurement_officer")


def messages(session: Session, kind: str) -> list[OutboxMessage]:
    return session.query(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id).all()


def draft_again(
    session: Session, cast: Cast, need_round: NeedRound, key: str, period: LotPeriod = LotPeriod.WHOLE
) -> CallOff:
    """Another draft of what is left of the needs."""
    return draft_calloff(
        session, need_round=need_round, period=period, request_key=key, actor=officer(cast), at=AT
    )


def make_world(session: Session, cast: Cast) -> dict[str, int]:
    """An open round, and a call-off that the one grower was asked about and is invited to; of one authority alone."""
    dis = make_dis(session, cast)
    dis.authorities = [cast.authority]
    admit(session, dis, cast.producer)
    made = answered_round(session, cast, dis)
    officer = cast.actor("procurement_officer")
    calloff = draft_calloff(
        session, need_round=made, period=LotPeriod.WHOLE, request_key="world", actor=officer, at=AT
    )
    propose_deadline(session, calloff=calloff, deadline_at=AT + timedelta(days=5), actor=officer, at=AT)
    send(session, cast, calloff)
    open_round_id = make_round(session, cast, dis, key="world").id
    return {"round_id": open_round_id, "calloff_id": calloff.id, "asked_id": calloff.id}
