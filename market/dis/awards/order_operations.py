"""A contract in force: its day is kept, and its orders are placed to the kitchens as stated in their needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from market import audit
from market.accounts.rules import Role
from market.actors import Actor
from market.agreements.models import Agreement, Signature
from market.agreements.rules import AgreementState, Side
from market.dis.awards import telling
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.operations import conclude_when_done
from market.dis.awards.queries import lines_by_contract
from market.dis.awards.rules import NoSiteKnown, NotInForceYet, WhyNotPlaced, notice_due
from market.dis.awards.sharing import Cell, DeliveryDay, Shared, delivery_day, share_out
from market.dis.evaluations.models import EvaluationLine
from market.dis.tenders.models import TenderLine
from market.dis.working_days import is_working_day
from market.law.queries import law_value
from market.law.rules import LawKey
from market.offers.models import Offer
from market.offers.operations import post_offer, withdraw_offer
from market.offers.rules import Handover, OfferTerms
from market.orders.contract_operations import place_contract_order
from market.register.models import Category, Kitchen, KitchenWindow, Product, ProductionSite, Step
from market.register.operations import add_product
from market.values import Period, Quantity, Unit, local_date

LONGEST_NAME = 120
GRAMS_OF_A_LITRE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What goes to one kitchen in one week; without a day it has no order, and `why` says why."""

    line: EvaluationLine
    cell: Cell | None
    steps: int
    day: DeliveryDay | None
    why: WhyNotPlaced | None = None


def settle_contract(session: Session, *, contract: AwardContract, at: datetime) -> bool:
    """Keep the day of a contract that both have signed, and when its notice is due; end the call-off with the last one.

    Returns whether anything was new.
    """
    agreement = contract.agreement
    if agreement is None or contract.agreed_on is not None:
        return False
    signed = [one.at for one in agreement.transitions if one.to_state is AgreementState.IN_FORCE]
    if not signed:
        return False
    contract.agreed_on = local_date(min(signed))
    contract.notice_due_on = due_day(session, contract=contract)
    session.flush()
    audit.record(
        session, user_id=None, at=at, action="award.contract_made", subject=f"calloff:{contract.award.calloff_id}",
        contract=contract.id, agreement=agreement.id, agreed_on=contract.agreed_on.isoformat(),
    )  # fmt: skip
    conclude_when_done(session, award=contract.award, at=at)
    return True


def due_day(session: Session, *, contract: AwardContract) -> date:
    """The last day of a contract's notice, as its DIS announces."""
    assert contract.agreed_on is not None
    days = int(law_value(session, LawKey.AWARD_NOTICE, on=contract.agreed_on).value)
    collects = contract.award.calloff.dis_category.dis.collects_notices
    return notice_due(contract.agreed_on, collects=collects, days=days)


def place_orders(session: Session, *, contract: AwardContract, at: datetime) -> int:
    """Place every order of a contract in force, once; whoever comes second places none. Returns how many.

    The clock acts for whoever signed for the buyer, and no longer needs that person. Raises NotInForceYet, NoSiteKnown.
    """
    agreement = contract.agreement
    if agreement is None or agreement.state is not AgreementState.IN_FORCE:
        raise NotInForceYet
    settle_contract(session, contract=contract, at=at)
    if not _claimed(session, contract, at):
        return 0
    actor = _on_behalf_of(contract, agreement)
    parts = parts_of(session, contract=contract, at=at)
    placed = [part for part in parts if part.day is not None]
    for line_parts in _by_line(placed).values():
        _place_line(session, contract, agreement, line_parts, actor=actor, at=at)
    contract.unplaced = [_unplaced(session, part) for part in parts if part.day is None]
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="award.orders_placed",
        subject=f"calloff:{contract.award.calloff_id}", contract=contract.id, orders=len(placed),
        unplaced=len(contract.unplaced),
    )  # fmt: skip
    kitchens = {part.cell.kitchen_id for part in placed if part.cell is not None}
    telling.tell_of_orders(session, contract, kitchen_ids=sorted(kitchens), orders=len(placed), at=at)
    return len(placed)


def parts_of(session: Session, *, contract: AwardContract, at: datetime) -> list[Part]:
    """How the contract is spread over kitchens and weeks, lot by lot; the other winners' parts are theirs whatever becomes of them."""
    own = lines_by_contract(contract.award)[contract.producer_id, contract.authority_id]
    return [part for line in own for part in _parts_of_line(session, contract, line, at)]


def _parts_of_line(
    session: Session, contract: AwardContract, line: EvaluationLine, at: datetime
) -> list[Part]:
    shared = _shared(contract.award, line)
    tendered = _tendered(line)
    windows = _open_weekdays(session, [need.kitchen for need in line.lot.needs])
    assert contract.agreement is not None
    parts = []
    for cell, steps in sorted(shared.parts[line.tender_id].items()):
        day = delivery_day(
            cell.week_on,
            tendered=tendered.weekdays,
            open_weekdays=windows[cell.kitchen_id],
            not_before=local_date(at) + timedelta(days=1),
            before=contract.agreement.period.end,
            is_day_off=lambda one: not is_working_day(one),
        )
        why = None if day else WhyNotPlaced.NO_DAY
        parts.append(Part(line=line, cell=cell, steps=steps, day=day, why=why))
    if shared.left[line.tender_id]:
        left = shared.left[line.tender_id]
        parts.append(Part(line=line, cell=None, steps=left, day=None, why=WhyNotPlaced.NOT_NEEDED))
    return parts


def _shared(award: CallOffAward, line: EvaluationLine) -> Shared:
    """The whole lot between all of its winners, so that each contract's part is the same whichever is signed first."""
    needs = {Cell(need.kitchen_id, need.week_on): need.steps for need in line.lot.needs}
    awarded = {one.tender_id: one.steps for one in award.evaluation.lines if one.lot_id == line.lot_id}
    return share_out(needs, awarded)


def _open_weekdays(session: Session, kitchens: Sequence[Kitchen]) -> Mapping[int, set[int]]:
    """The weekdays on which goods for each kitchen are taken in: a satellite's are those of its hub."""
    receiving = {kitchen.id: kitchen.receiving_kitchen_id for kitchen in kitchens}
    rows = session.execute(
        select(KitchenWindow.kitchen_id, KitchenWindow.weekday).where(
            KitchenWindow.kitchen_id.in_(set(receiving.values()))
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for kitchen_id, weekday in rows:
        found[kitchen_id].add(weekday)
    return {kitchen_id: found[hub_id] for kitchen_id, hub_id in receiving.items()}


def _place_line(
    session: Session,
    contract: AwardContract,
    agreement: Agreement,
    parts: Sequence[Part],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """An offer of exactly this for exactly this buyer, and its orders; then it is off the map for all."""
    line = parts[0].line
    offer = _offer(session, contract, parts, actor=actor, at=at)
    for part in parts:
        assert part.cell is not None
        assert part.day is not None
        place_contract_order(
            session,
            agreement=agreement,
            offer=offer,
            kitchen=session.get_one(Kitchen, part.cell.kitchen_id),
            quantity=Quantity(part.steps, line.lot.unit),
            deliver_on=part.day.day,
            price=line.price,
            note=_note(contract, line, part.day),
            request_key=f"award:{contract.id}:{line.lot_id}:{part.cell.kitchen_id}:{part.cell.week_on}",
            actor=actor,
            at=at,
        )
    withdraw_offer(session, offer=offer, actor=actor, at=at)


def _offer(
    session: Session, contract: AwardContract, parts: Sequence[Part], *, actor: Actor, at: datetime
) -> Offer:
    line = parts[0].line
    days = [part.day.day for part in parts if part.day is not None]
    tendered = _tendered(line)
    product = _product(session, contract, tendered, line.lot.unit, actor=actor, at=at)
    terms = OfferTerms(
        quantity=Quantity(sum(part.steps for part in parts), line.lot.unit),
        period=Period(min(days), max(days) + timedelta(days=1)),
        price=line.price or None,
        is_organic=tendered.is_organic,
        note=_title(contract, line),
        authority_ids=(contract.authority_id,),
        handover=Handover(is_collected=False, is_delivered=True),
    )
    return post_offer(
        session, product=product, site=_site(contract, product), terms=terms, actor=actor, at=at,
        request_key=f"award:{contract.id}:{line.lot_id}",
    )  # fmt: skip


def _product(
    session: Session, contract: AwardContract, tendered: TenderLine, unit: Unit, *, actor: Actor, at: datetime
) -> Product:
    """The producer's own of that name, category and unit; else a new one of that name."""
    producer, key = contract.producer, contract.award.calloff.dis_category.category_key
    wanted = tendered.product_name.strip()[:LONGEST_NAME]
    names = {product.name.casefold(): product for product in producer.products}
    known = names.get(wanted.casefold())
    if known is not None and (known.category_key, known.unit) == (key, unit):
        return known
    if known is not None:
        wanted = f"{wanted[: LONGEST_NAME - 20]} (avtal {contract.agreement_id})"
    made = add_product(
        session,
        producer=producer,
        name=wanted,
        category=session.get_one(Category, key),
        unit=unit,
        grams_per_unit=GRAMS_OF_A_LITRE,
        chain=[(Step.PACKING, _first_site(contract))],
        is_organic=tendered.is_organic,
        user_id=actor.user_id,
        at=at,
    )
    session.expire(producer, ["products"])
    return made


def _site(contract: AwardContract, product: Product) -> ProductionSite:
    """Where the goods leave from: the last step of the product's chain."""
    return product.chain[-1].site if product.chain else _first_site(contract)


def _first_site(contract: AwardContract) -> ProductionSite:
    if not contract.producer.sites:
        raise NoSiteKnown(producer=contract.producer.name)
    return contract.producer.sites[0]


def _tendered(line: EvaluationLine) -> TenderLine:
    return next(one for one in line.tender.lines if one.lot_id == line.lot_id)


def _title(contract: AwardContract, line: EvaluationLine) -> str:
    award = contract.award
    return f"Avtal {contract.agreement_id}: {award.calloff.title}, del {line.lot.number}"


def _note(contract: AwardContract, line: EvaluationLine, day: DeliveryDay) -> str:
    said = _title(contract, line) + "."
    if not day.is_as_tendered:
        said += " Köket tar inte emot på anbudets leveransdagar den veckan; detta är närmaste möjliga dag."
    return said


def _by_line(parts: Sequence[Part]) -> Mapping[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.line.id].append(part)
    return found


def _unplaced(session: Session, part: Part) -> dict[str, Any]:
    kitchen = session.get_one(Kitchen, part.cell.kitchen_id).name if part.cell else ""
    return {
        "lot": part.line.lot.number,
        "kitchen": kitchen,
        "week_on": part.cell.week_on.isoformat() if part.cell else "",
        "steps": part.steps,
        "unit": part.line.lot.unit.value,
        "why": part.why.value if part.why else "",
    }


def _claimed(session: Session, contract: AwardContract, at: datetime) -> bool:
    """Whether this caller is the one to place the orders."""
    changed = session.execute(
        update(AwardContract)
        .where(AwardContract.id == contract.id, AwardContract.orders_placed_at.is_(None))
        .values(orders_placed_at=at),
        execution_options={"synchronize_session": False},
    )
    session.refresh(contract, ["orders_placed_at"])
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _on_behalf_of(contract: AwardContract, agreement: Agreement) -> Actor:
    """The buyer, in the person of whoever signed for it; that person may have left since."""
    signed: Signature = next(one for one in agreement.signatures if one.side is Side.AUTHORITY)
    return Actor(
        user_id=signed.user_id,
        membership_id=0,
        name=signed.name,
        role=Role.MEAL_MANAGER,
        organisation_name=contract.authority.name,
        authority_id=contract.authority_id,
    )
