"""What Norrtälje has bought by direct award before and beside the marketplace this year, so that its meters say something.

Vegetables are close to the limit, fish past the first warning; files are late, due soon, and not begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import Membership, User
from market.accounts.rules import Role
from market.actors import Actor
from market.demo.farms import MEAT_FARM, VEGETABLE_GROWER
from market.demo.personas import LIMITS_OFFICER
from market.direct.operations import add_carve_out, state_guidelines, write_note
from market.direct.rules import Measure, Written
from market.limits.models import Award
from market.limits.officer_operations import record_purchase, save_kind
from market.limits.queries import meters
from market.register.models import Authority, Category
from market.values import local_date

NEARLY_FULL_ORE = 69_200_000
"""Where the vegetables stand: a school's order still fits, a large one does not."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase made elsewhere. `days_ago` is as long ago, but never in the year before."""

    category: str
    supplier: str
    kronor: int
    days_ago: int
    what: str


PURCHASES = (
    Bought(
        "vegetables",
        f"{VEGETABLE_GROWER} (demo)",
        128_000,
        75,
        "Grönsaker på faktura innan köken började i Närmat",
    ),
    Bought(
        "vegetables", "Broströms trädgård (demo)", 165_000, 12, "Rotfrukter till vintern, avtal per telefon"
    ),
    Bought("vegetables", "Torghandeln i Rimbo (demo)", 92_500, 160, "Sommarens gurka och sallad"),
    Bought("vegetables", "Skolträdgården på Väddö (demo)", 88_000, 200, "Vårens primörer"),
    Bought("fish", "Öregrunds fiske (demo)", 97_000, 190, "Strömming våren"),
    Bought("fish", "Singö fisk (demo)", 96_500, 130, "Gös och abborre"),
    Bought("fish", "Björkö fiskarlag (demo)", 318_000, 26, "Gädda och braxen till färs, hela höstens fångst"),
    Bought("beef", f"{MEAT_FARM} (demo)", 214_000, 40, "Två djur om månaden under våren"),
)
GUIDELINES = (
    "Köket frågar minst tre leverantörer när det går, och jämför pris, kvalitet och leverans.\n\n"
    "Var en vara kommer ifrån får aldrig avgöra vem som får sälja den."
)


def add_limits(session: Session, *, at: datetime) -> None:
    """After the orders have been played: what the ledger then lacks up to its levels is bought elsewhere."""
    actor = _officer(session)
    authority = session.get_one(Authority, actor.authority_id)
    save_kind(
        session,
        authority=authority,
        kind=None,
        name="Bröd, mjöl och gryn",
        categories=["bread", "grain"],
        actor=actor,
        at=at,
    )
    for number, bought in enumerate(PURCHASES):
        _record(session, authority, bought, number=number, actor=actor, at=at)
    _fill_up(session, authority, actor=actor, at=at)
    _write(session, authority, actor=actor, at=at)
    state_guidelines(
        session,
        authority=authority,
        decided_on=local_date(at) - timedelta(days=400),
        reference="Kommunstyrelsen, dnr KS 2025-117 (demo)",
        text=GUIDELINES,
        actor=actor,
        at=at,
    )
    for category, measure, total, share in (
        ("vegetables", Measure.WEIGHT, 60_000_000, Decimal(5)),
        ("beef", Measure.MONEY, 480_000_000, Decimal(7)),
    ):
        year = local_date(at).year
        add_carve_out(
            session,
            authority=authority,
            category=session.get_one(Category, category),
            contract="Grossistavtal livsmedel (demo)",
            measure=measure,
            total=total,
            share=share,
            valid_from=date(year, 1, 1),
            valid_until=date(year + 1, 1, 1),
            actor=actor,
            at=at,
        )


def _record(
    session: Session, authority: Authority, bought: Bought, *, number: int, actor: Actor, at: datetime
) -> None:
    today = local_date(at)
    record_purchase(
        session,
        authority=authority,
        category_key=bought.category,
        supplier_name=bought.supplier,
        ore=bought.kronor * 100,
        on=max(date(today.year, 1, 1), today - timedelta(days=bought.days_ago)),
        reason=bought.what,
        although_over=True,
        request_key=f"demo-{number}",
        actor=actor,
        at=at,
    )


def _fill_up(session: Session, authority: Authority, *, actor: Actor, at: datetime) -> None:
    """Vegetables up to NEARLY_FULL_ORE, from suppliers below the value that is documented."""
    found = meters(session, authority_id=authority.id, today=local_date(at))
    spent = next(meter.spent_ore for meter in found if meter.kind.key == "vegetables")
    for number, supplier in enumerate(
        ("Edsbro odling (demo)", "Häverö gårdar (demo)", "Lohärads grönt (demo)")
    ):
        part = (NEARLY_FULL_ORE - spent) // 3 // 100
        if part > 0:
            bought = Bought("vegetables", supplier, part, 100 + number * 20, "Grönsaker till förskolorna")
            _record(session, authority, bought, number=100 + number, actor=actor, at=at)


def _write(session: Session, authority: Authority, *, actor: Actor, at: datetime) -> None:
    """One file is almost done: only the contract is missing."""
    award = session.scalars(
        select(Award).where(Award.authority_id == authority.id, Award.kind_key == "fish").order_by(Award.id)
    ).first()
    if award is None:
        return
    written = Written(
        reason="Fisket är säsongsbundet och värdet för perioden är under gränsen.",
        asked="Tre fiskarlag tillfrågades per telefon i september.",
        asked_several=True,
        notified_on=award.reached_on,
        comparison="Två lämnade pris. Skillnaden var 4 kronor kilot; det lägre valdes.",
    )
    write_note(session, award=award, written=written, actor=actor, at=at)


def _officer(session: Session) -> Actor:
    query = select(Membership).join(Membership.user).where(User.email == LIMITS_OFFICER.email)
    membership = session.scalars(query).one()
    return Actor(
        user_id=membership.user_id,
        membership_id=membership.id,
        name=membership.user.name,
        role=Role.PROCUREMENT_OFFICER,
        organisation_name=LIMITS_OFFICER.organisation,
        authority_id=membership.authority_id,
    )
