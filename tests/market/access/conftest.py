"""One database with something behind every address: an offer, orders in each state, a plan with its runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from access_making import fleet_ids, goal_ids, make_limits, make_survey, make_vehicle, scenario_ids
from agreements import make_sent, make_signed
from dis_awarding import award_ids
from dis_making import admit, invite, make_calloff, make_dis
from driving_making import make_trip
from evaluation_making import make_seat
from factories import AT, HOUR, MONDAY, Cast, make_call, make_offer, make_order, tiny_photo
from need_making import make_world
from reusing import share_statements
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.accounts.operations import give_role
from market.accounts.passkey_operations import add_passkey
from market.accounts.rules import Role
from market.agreements.interest_operations import show_interest
from market.agreements.models import AgreementDocument
from market.agreements.rules import DocumentKind
from market.db import make_engine, transaction
from market.dis.applications.apply_operations import (
    Given,
    begin_application,
    save_answers,
    submit_applications,
)
from market.dis.applications.inquiry_operations import ask_hearing
from market.dis.files import check_file
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.operations import prepare_envelopes
from market.dis.systems.models import Dis
from market.dis.tenders.models import OpeningRecord, Tender
from market.dis.tenders.opening_operations import confirm_opening
from market.dis.tenders.operations import give_tender
from market.dis.tenders.rules import Claimed, Evidence, OfferedLot, Written
from market.feedback.operations import tell_story
from market.followup.supply.models import SupplierInvitation
from market.jobs.operations import enqueue
from market.notices.operations import save_need
from market.notices.rules import Need
from market.offers.models import Offer
from market.orders.operations import answer_order, receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderEvent
from market.orders.standing_operations import Wish, make_standing_order
from market.outbox import MessageState, OutboxMessage
from market.photos.operations import store_photo
from market.planning.models import Run
from market.planning.operations import plan_week
from market.register.models import CertificateScheme
from market.register.operations import add_certificate
from market.values import Quantity, Unit, Week
from market.visits.operations import SchoolClass, book_day, offer_day
from market.visits.rules import VisitTerms
from routing.solve import Limit

Ids = dict[str, int]


@pytest.fixture(scope="module")
def world_template(
    cast_template: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ids]:
    """The file, and the id of each thing by the name that addresses use."""
    path = tmp_path_factory.mktemp("world") / "narmat.sqlite3"
    shutil.copy(cast_template[0], path)
    engine = share_statements(make_engine(f"sqlite:///{path}"))
    with transaction(engine) as session:
        cast = _attached(session, cast_template[1])
        ids = _fill(session, cast)
    week = Week.containing(MONDAY)
    plan_id = plan_week(
        engine, actor=cast.actor("logistics_planner"), week=week, at=AT, limit=Limit(iterations=50)
    )
    with transaction(engine) as session:
        run = session.scalars(select(Run)).first()
        assert run is not None
        ids |= {"plan_id": plan_id, "run_id": run.id, "vehicle": run.vehicle_id, "shift": 0, "position": 2}
        trip = make_trip(
            session, _attached(session, cast), vehicle=run.vehicle, day=MONDAY + timedelta(days=7)
        )
        driven = trip.run(session).plan_row
        driven.problem, driven.plan = run.plan_row.problem, run.plan_row.plan
        ids["day"] = str(trip.day)  # type: ignore[assignment]
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path, ids


@pytest.fixture
def engine(world_template: tuple[Path, Ids], tmp_path: Path) -> Iterator[Engine]:
    """A copy of it for each test, instead of the bare cast."""
    path = tmp_path / "narmat.sqlite3"
    shutil.copy(world_template[0], path)
    made = share_statements(make_engine(f"sqlite:///{path}"))
    yield made
    made.dispose()


@pytest.fixture
def ids(world_template: tuple[Path, Ids]) -> Ids:
    return world_template[1]


def _attached(session: Session, cast: Cast) -> Cast:
    return Cast(
        **{
            name: session.get_one(type(thing), thing.id) if hasattr(thing, "__tablename__") else thing
            for name, thing in vars(cast).items()
        }
    )


def _fill(session: Session, cast: Cast) -> Ids:
    offer, by_agreement = make_offer(session, cast), make_offer(session, cast, price=None)
    agreed = make_order(session, cast, offer, key="agreed")
    proposed = make_order(session, cast, by_agreement, key="proposed")
    declined = make_order(session, cast, offer, key="declined")
    answer_order(
        session,
        order=declined,
        event=OrderEvent.DECLINE,
        reason="Slut",
        actor=cast.actor("producer"),
        at=AT + timedelta(hours=1),
    )
    received = make_order(session, cast, offer, kilograms=10, key="received")
    receive_order(
        session, order=received, received=[ReceivedLine(line_id=received.lines[0].id, accepted=10_000)],
        decidegrees=None, note="", actor=cast.actor("kitchen"), at=AT + timedelta(days=2),
    )  # fmt: skip
    wish = Wish(quantity=Quantity.of(10, Unit.KILOGRAM), weekday=3, highest_price=None, until_on=None)
    standing = make_standing_order(
        session, product=cast.carrots, kitchen=cast.hub, wish=wish, request_key="standing",
        actor=cast.actor("kitchen"), at=AT,
    )  # fmt: skip
    tell_story(
        session, producer=cast.producer, product=cast.carrots, text="Sandjord vid ån.", place="Åkerbo",
        year=2026, photo=None, actor=cast.actor("producer"), at=AT,
    )  # fmt: skip
    vehicle = make_vehicle(cast.authority.id)
    session.add(vehicle)
    planner = cast.actor("logistics_planner")
    job = enqueue(
        session, kind="plan_week", params={}, authority_id=planner.authority_id, user_id=planner.user_id, at=AT
    )  # fmt: skip
    person = session.scalars(select(User).where(User.email == "producer@example.se")).one()
    second = give_role(
        session, user=person, role=Role.KITCHEN, kitchen_id=cast.hub.id, by_user_id=None, at=AT
    )
    call = make_call(session, cast)
    certificate = add_certificate(
        session,
        producer=cast.producer,
        scheme=CertificateScheme.KRAV,
        number="1234",
        last_valid_on=MONDAY + timedelta(days=300),
        actor=cast.actor("producer"),
        at=AT,
    )
    photo = store_photo(session, data=tiny_photo(), actor=cast.actor("producer"), at=AT)
    session.flush()
    day, booking = _visit(session, cast)
    return (
        make_limits(session, cast)
        | make_survey(session, cast)
        | _dis(session, cast)
        | make_world(session, cast)
        | _with_agreements(session, cast, offer)
        | _tender(session, cast)
        | goal_ids(session, cast)
        | scenario_ids(session, cast)
        | award_ids(session, cast)
        | {
            "photo_id": photo.id,
            "message_id": _failed_message(session, cast),
            "need_id": _need(session, cast),
            "letter_id": _letter(session, cast),
            "day_id": day,
            "booking_id": booking,
            "call_id": call.id,
            "job_id": job.id,
            "certificate_id": certificate.id,
            "offer_id": offer.id,
            "order_id": agreed.id,
            "proposed_id": proposed.id,
            "received_id": received.id,
            "standing_id": standing.id,
            "kitchen_id": cast.hub.id,
            "site_id": cast.site.id,
            "product_id": cast.carrots.id,
            "producer_id": cast.producer.id,
            "authority_id": cast.authority.id,
            "user_id": person.id,
            "membership_id": second.id,
            **fleet_ids(session, cast, vehicle),
        }
    )


def _with_agreements(session: Session, cast: Cast, offer: Offer) -> Ids:
    """Interest in the offer, an agreement to sign, one that is finished, and a passkey of the producer's person."""
    kitchen = cast.actor("kitchen")
    week, wanted = Week.containing(MONDAY), Quantity.of(30, Unit.KILOGRAM)
    interest = show_interest(
        session, offer=offer, kitchen=cast.hub, week=week, quantity=wanted, note="", actor=kitchen, at=AT
    )
    sent, signed = make_sent(session, cast), make_signed(session, cast)
    session.add(
        AgreementDocument(
            agreement_id=signed.id,
            kind=DocumentKind.FINISHED,
            pdf=b"%PDF",
            sha256="0" * 64,
            content={},
            made_at=AT,
        )
    )
    passkey = add_passkey(
        session, credential_id="a2V5", public_key=b"key", sign_count=0, name="x", actor=cast.actor("producer"), at=AT
    )  # fmt: skip
    return {
        "interest_id": interest.id,
        "agreement_id": sent.id,
        "finished_id": signed.id,
        "passkey_id": passkey.id,
    }


def _application(session: Session, cast: Cast, dis: Dis) -> Ids:
    """A producer's application to it with a file, and a question to the producer."""
    producer, officer = cast.actor("producer"), cast.actor("procurement_officer")
    application = begin_application(session, category=dis.categories[0], actor=producer, at=AT)
    declaration, text = application.dis_category.requirements
    file = check_file("intyg.jpg", tiny_photo())
    given = {declaration.id: Given(is_met=True, file=file), text.id: Given(text="Märkning.")}
    save_answers(session, application=application, given=given, actor=producer, at=AT)
    submit_applications(session, drafts=[application], is_declared=True, actor=producer, at=AT)
    inquiry = ask_hearing(
        session, dis=dis, producer=cast.producer, text="Skulder?", due_on=MONDAY + timedelta(days=5),
        actor=officer, at=AT,
    )  # fmt: skip
    return {
        "application_id": application.id,
        "requirement_id": declaration.id,
        "inquiry_id": inquiry.id,
    }


def _failed_message(session: Session, cast: Cast) -> int:
    """One to the kitchen that could not be mailed."""
    message = session.scalars(
        select(OutboxMessage).where(OutboxMessage.user_id == cast.actor("kitchen").user_id)
    ).first()
    assert message is not None
    message.state = MessageState.FAILED
    return message.id


def _need(session: Session, cast: Cast) -> int:
    saved = save_need(
        session,
        kitchen=cast.hub,
        need=Need(words="morötter"),
        request_key="need",
        actor=cast.actor("kitchen"),
        at=AT,
    )
    return saved.id


def _letter(session: Session, cast: Cast) -> int:
    """One that invites a producer, to print."""
    letter = SupplierInvitation(
        authority_id=cast.authority.id, name="Ny gård", category_key="potatoes", letter="Hej!", request_key="letter",
        made_at=AT, made_by_id=cast.actor("meal_manager").user_id,
    )  # fmt: skip
    session.add(letter)
    session.flush()
    return letter.id


def _visit(session: Session, cast: Cast) -> tuple[int, int]:
    """A day that the hub's school has booked, and the booking."""
    terms = VisitTerms(
        day=MONDAY + timedelta(days=8),
        starts_s=9 * HOUR,
        ends_s=11 * HOUR,
        most_pupils=25,
        ages="alla",
        about="Kor",
    )
    day = offer_day(
        session, site=cast.site, terms=terms, request_key="day", actor=cast.actor("producer"), at=AT
    )
    booking = book_day(
        session,
        day=day,
        kitchen=cast.hub,
        school_class=SchoolClass(name="3 B", pupils=20, contact_name="Eva", contact_phone="1"),
        request_key="booking",
        actor=cast.actor("kitchen"),
        at=AT,
    )
    return day.id, booking.id


def _dis(session: Session, cast: Cast) -> Ids:
    """A published DIS of the one authority alone."""
    dis = make_dis(session, cast)
    dis.authorities = [cast.authority]
    session.flush()
    return {"dis_id": dis.id, "dis_category_id": dis.categories[0].id} | _application(session, cast, dis)


def _tender(session: Session, cast: Cast) -> Ids:
    """A call-off of one authority alone, opened, with one tender that shows an added value by a file."""
    dis, keeper = make_dis(session, cast), Keeper(b"k" * 32)
    dis.authorities = [cast.authority]
    calloff, producer = make_calloff(session, cast, dis), cast.actor("producer")
    (invitation,) = invite(session, calloff, [admit(session, dis, cast.producer)])
    prepare_envelopes(session, calloff_id=calloff.id, invitation_ids=[invitation.id], keeper=keeper, at=AT)
    lot, criterion = calloff.lots[0], dis.categories[0].criteria[0]
    photo = Evidence(name="klass.jpg", content_type="image/jpeg", content=tiny_photo())
    written = Written(
        lots=(
            OfferedLot(
                lot_id=lot.id, product_name="Morot", price=Decimal(12), min_steps=1_000, max_steps=lot.steps, weekdays=(1,)
            ),
        ),
        deliveries={},
        min_total_ore=0,
        claims=(Claimed(criterion_id=criterion.id, file=photo),),
        note="",
    )  # fmt: skip
    give_tender(
        session, invitation=invitation, written=written, code="K" * 24, request_key="", keeper=keeper, actor=producer, at=AT
    )  # fmt: skip
    for name in ("procurement_officer", "meal_manager"):
        confirm_opening(
            session, calloff=calloff, keeper=keeper, draw=Random(1), actor=cast.actor(name), at=AT + timedelta(days=14)
        )  # fmt: skip
    record = session.scalars(select(OpeningRecord)).one()
    record.pdf, record.sha256 = b"%PDF", "0" * 64
    return {
        "calloff_id": calloff.id,
        "criterion_id": criterion.id,
        "seat_id": make_seat(session, cast, calloff),
        "tender_id": session.scalars(select(Tender.id)).one(),
    }
