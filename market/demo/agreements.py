"""The demo's agreements and interest: two agreements in force, one that waits for the producer, a draft, and what kitchens want.

The organisation numbers are of a series that nobody is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.access import actor_for
from market.accounts.queries import memberships_of, user_by_email
from market.accounts.rules import DEMO_DOMAIN, Role
from market.actors import Actor
from market.agreements import documents
from market.agreements.interest_operations import show_interest
from market.agreements.models import Agreement, AgreementDocument
from market.agreements.operations import draft_agreement, save_authority_terms, send_agreement
from market.agreements.rules import (
    AgreementKind,
    AgreementState,
    DocumentKind,
    Method,
    Proof,
    Terms,
    years_later,
)
from market.agreements.seals import demo_seal
from market.agreements.signing_operations import finish_agreement, sign_agreement
from market.db import open_session
from market.demo.farms import HEBY_GROWER, MEAT_FARM, VEGETABLE_GROWER
from market.demo.personas import Cast
from market.demo.story import Step
from market.offers.models import Offer
from market.register.models import Authority, Kitchen, Producer
from market.values import Period, Quantity, Unit, Week, local_date

AUTHORITY, AUTHORITY_NUMBER = "Norrtälje kommun", "999900-0103"
NUMBERS = {
    f"{VEGETABLE_GROWER} (demo)": "999900-0202",
    f"{MEAT_FARM} (demo)": "999900-0301",
    f"{HEBY_GROWER} (demo)": "999900-0525",
}
DELIVERY_TERMS = (
    "Varorna lämnas vid det kök som beställer, tisdagar och torsdagar mellan klockan 7 och 11.\n"
    "Kylvaror håller högst 8 grader vid mottagandet.\n"
    "Säljaren märker varje låda med vara, vikt, packdag och bäst före-dag."
)
WANTED = ((3, 40), (5, 25), (2, 30))
"""So many kitchens, each wanting so many kilograms, of the first offers of the week sold by kilogram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An agreement of the demo. `days_ago` is when it was drafted; `steps` how far it has come."""

    farm: str
    categories: tuple[str, ...]
    kind: AgreementKind
    days_ago: int
    steps: tuple[str, ...]


SEND, SIGN_A, SIGN_P = "send", "sign as authority", "sign as producer"
DRAFTS = (
    Draft(
        farm=VEGETABLE_GROWER, categories=("vegetables",), kind=AgreementKind.FRAME, days_ago=40,
        steps=(SEND, SIGN_P, SIGN_A),
    ),
    Draft(farm=MEAT_FARM, categories=("beef",), kind=AgreementKind.FRAME, days_ago=36, steps=(SEND, SIGN_A, SIGN_P)),
    Draft(
        farm=VEGETABLE_GROWER, categories=("potatoes",), kind=AgreementKind.ONE_OFF, days_ago=16, steps=(SEND, SIGN_A)
    ),
    Draft(farm=MEAT_FARM, categories=("charcuterie",), kind=AgreementKind.FRAME, days_ago=15, steps=()),
)  # fmt: skip


def agreement_steps(
    session: Session, *, authorities: Iterable[Authority], producers: Mapping[str, Producer], at: datetime
) -> list[Step]:
    """All of them, each step some hours after the one before."""
    authority = next(authority for authority in authorities if authority.name == AUTHORITY)
    buyer = _person(session, "meal-manager")
    sellers = {VEGETABLE_GROWER: _person(session, "producer"), MEAT_FARM: _person(session, "producer2")}
    for name, number in NUMBERS.items():
        producers[name].organisation_number = number
    terms_at = at - timedelta(days=50)
    steps: list[Step] = [(terms_at, partial(_state_terms, session, authority, buyer, terms_at))]
    for draft in DRAFTS:
        producer, made_at = producers[f"{draft.farm} (demo)"], at - timedelta(days=draft.days_ago)
        steps.append(
            (
                made_at,
                partial(
                    _draft, session, draft, authority=authority, producer=producer, buyer=buyer, at=made_at
                ),
            )
        )
        for hours, step in enumerate(draft.steps, 1):
            step_at = made_at + timedelta(hours=3 * hours)
            actor = sellers[draft.farm] if step == SIGN_P else buyer
            steps.append((step_at, partial(_go_on, session, draft, step, actor, step_at)))
    return steps


def _state_terms(session: Session, authority: Authority, buyer: Actor, at: datetime) -> None:
    save_authority_terms(
        session, authority_id=authority.id, number=AUTHORITY_NUMBER, delivery_terms=DELIVERY_TERMS,
        orders_need_agreement=False, actor=buyer, at=at,
    )  # fmt: skip


def _draft(
    session: Session,
    draft: Draft,
    *,
    authority: Authority,
    producer: Producer,
    buyer: Actor,
    at: datetime,
) -> None:
    draft_agreement(
        session, authority=authority, producer=producer, terms=_terms(draft, local_date(at), producer),
        request_key=_key(draft), actor=buyer, at=at,
    )  # fmt: skip


def _go_on(session: Session, draft: Draft, step: str, actor: Actor, at: datetime) -> None:
    agreement = session.scalars(select(Agreement).where(Agreement.request_key == _key(draft))).one()
    if step == SEND:
        _send(session, agreement, actor, at)
    else:
        _sign(session, agreement, actor, at)


def _key(draft: Draft) -> str:
    return f"demo-{draft.farm}-{draft.categories[0]}"


def add_interest(
    session: Session,
    *,
    cast: Cast,
    kitchens: Iterable[Kitchen],
    offers: Iterable[Offer],
    week: Week,
    at: datetime,
) -> None:
    """What the kitchens of one municipality would like in a week."""
    buyers = [kitchen for kitchen in kitchens if kitchen.authority.name == AUTHORITY]
    liked = [o for o in offers if o.unit is Unit.KILOGRAM and o.period.overlaps(week.period) and o.is_open]
    for offer, (count, kilograms) in zip(liked, WANTED, strict=False):
        for number, kitchen in enumerate(buyers[:count]):
            show_interest(
                session, offer=offer, kitchen=kitchen, week=week,
                quantity=Quantity.of(kilograms - 5 * number, Unit.KILOGRAM), note="",
                actor=cast.kitchen(kitchen), at=at,
            )  # fmt: skip


def seal_demo_agreements(engine: Engine, *, folder: Path, at: datetime) -> int:
    """Finish and seal what both have signed, with the demo's own certificate. Returns how many there are."""
    seal = demo_seal(folder, at=at)
    with open_session(engine, writes=False) as session:
        buyer = _person(session, "meal-manager")
        ids: Sequence[int] = session.scalars(
            select(Agreement.id).where(Agreement.state == AgreementState.IN_FORCE).order_by(Agreement.id)
        ).all()
    for agreement_id in ids:
        finish_agreement(
            engine, agreement_id=agreement_id, actor=buyer, at=at, seal=seal, template=_template()
        )
    return len(ids)


def _terms(draft: Draft, first: date, producer: Producer) -> Terms:
    is_frame = draft.kind is AgreementKind.FRAME
    end = years_later(first, 3) if is_frame else first + timedelta(days=120)
    return Terms(
        kind=draft.kind,
        period=Period(first, end),
        has_extension=is_frame,
        categories=draft.categories,
        delivery_terms=DELIVERY_TERMS,
        payment_days=30,
        authority_contact=f"Maria Ek, meal-manager@{DEMO_DOMAIN}",
        producer_contact=", ".join(filter(None, (producer.phone, producer.email))) or producer.name,
    )


def _send(session: Session, agreement: Agreement, buyer: Actor, at: datetime) -> None:
    content = documents.content_of(session, agreement, on=local_date(at))
    pdf = documents.agreement_pdf(content, template=_template(), at=at)
    send_agreement(session, agreement=agreement, pdf=pdf, content=content, actor=buyer, at=at)


def _sign(session: Session, agreement: Agreement, actor: Actor, at: datetime) -> None:
    sha256 = session.scalars(
        select(AgreementDocument.sha256).where(
            AgreementDocument.agreement_id == agreement.id, AgreementDocument.kind == DocumentKind.TO_SIGN
        )
    ).one()
    proof = Proof(
        user_id=actor.user_id, method=Method.PASSWORD, proved_at=at, document_sha256=sha256, evidence={}
    )
    sign_agreement(session, agreement=agreement, proof=proof, actor=actor, at=at)


def _person(session: Session, key: str) -> Actor:
    user = user_by_email(session, email=f"{key}@{DEMO_DOMAIN}")
    assert user is not None
    member = next(m for m in memberships_of(session, user_id=user.id) if m.role is not Role.ADMIN)
    return actor_for(member)


def _template() -> Path:
    from market.wiring import templates_folder

    return templates_folder() / "documents" / "agreement.typ"
