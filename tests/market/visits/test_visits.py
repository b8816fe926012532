"""Study visits: offered, booked by one, cancelled with a reason by either, and both told."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
from factories import AT
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from market.audit import AuditEvent
from market.db import make_engine, transaction
from market.outbox import OutboxMessage
from market.values import SWEDEN
from market.visits.models import VisitBooking, VisitDay, VisitTransition
from market.visits.operations import SchoolClass, book_day, cancel_booking, offer_day, withdraw_day
from market.visits.rules import (
    TRANSITIONS,
    AlreadyBegun,
    AlreadyTaken,
    DayHasPassed,
    EndsBeforeItBegins,
    Journey,
    NotPossibleNow,
    ReasonNeeded,
    TooManyPupils,
    VisitEvent,
    VisitState,
    VisitTerms,
)


def told(session, kind: str) -> set[int | None]:
    session.flush()
    return {m.user_id for m in session.scalars(select(OutboxMessage).filter_by(kind=kind))}


def test_a_booked_day_is_nobody_else_s_and_both_are_told(session, cast, offer, book):
    day = offer()
    book(day)
    assert day.state is VisitState.BOOKED
    assert told(session, "visit_booked") == {cast.actor("producer").user_id, cast.actor("kitchen").user_id}
    with pytest.raises(AlreadyTaken):
        book(day, key="another")
    assert [step.event for step in day.transitions] == [VisitEvent.OFFER, VisitEvent.BOOK]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"visit:{day.id}")).all()
    assert actions == ["visit.offer", "visit.book"]


def test_the_same_submit_twice_is_one(offer, book):
    day = offer()
    assert offer() is day
    assert book(day) is book(day)


def test_when_the_school_cancels_the_day_is_free_again(session, cast, offer, book):
    day = offer()
    booking = book(day)
    with pytest.raises(ReasonNeeded):
        cancel_booking(session, booking=booking, reason=" ", actor=cast.actor("kitchen"), at=AT)
    cancel_booking(session, booking=booking, reason="Magsjuka", actor=cast.actor("kitchen"), at=AT)
    assert (day.state, booking.reason, day.booking) == (VisitState.OPEN, "Magsjuka", None)
    assert told(session, "visit_cancelled") == {cast.actor("producer").user_id, cast.actor("kitchen").user_id}
    with pytest.raises(NotPossibleNow):
        cancel_booking(session, booking=booking, reason="Igen", actor=cast.actor("kitchen"), at=AT)
    session.refresh(day)
    assert book(day, key="second", who="meal_manager").is_alive
    session.refresh(day, ["bookings"])
    assert len(day.bookings) == 2


def test_when_the_farm_withdraws_the_class_is_told_why(session, cast, offer, book):
    day = offer()
    booking = book(day)
    with pytest.raises(ReasonNeeded):
        withdraw_day(session, day=day, reason="", actor=cast.actor("producer"), at=AT)
    withdraw_day(session, day=day, reason="Kalvning", actor=cast.actor("producer"), at=AT)
    assert (day.state, booking.is_alive, booking.reason) == (VisitState.WITHDRAWN, False, "Kalvning")
    with pytest.raises(NotPossibleNow):
        withdraw_day(session, day=day, reason="Igen", actor=cast.actor("producer"), at=AT)
    with pytest.raises(AlreadyTaken):
        book(day, key="late")


def test_a_day_that_nobody_has_booked_needs_no_reason(session, cast, offer):
    day = offer()
    withdraw_day(session, day=day, reason="", actor=cast.actor("producer"), at=AT)
    assert day.state is VisitState.WITHDRAWN
    assert told(session, "visit_cancelled") == set()


def test_what_is_not_a_visit_is_refused_and_leaves_nothing(session, offer, book):
    with pytest.raises(EndsBeforeItBegins):
        offer(ends_s=9 * 3600)
    with pytest.raises(DayHasPassed):
        offer(day=date(2026, 11, 22))
    with pytest.raises(DayHasPassed):
        offer(day=date(2026, 11, 23), starts_s=8 * 3600, ends_s=9 * 3600)
    assert session.scalar(select(func.count()).select_from(VisitDay)) == 0
    with pytest.raises(TooManyPupils):
        book(offer(), pupils=26)
    assert session.scalar(select(func.count()).select_from(VisitBooking)) == 0


def test_what_has_begun_can_not_be_cancelled(session, cast, offer, book):
    day = offer()
    booking = book(day)
    begun = datetime(2026, 12, 2, 9, tzinfo=SWEDEN)
    with pytest.raises(AlreadyBegun):
        cancel_booking(session, booking=booking, reason="Sent", actor=cast.actor("kitchen"), at=begun)
    with pytest.raises(AlreadyBegun):
        withdraw_day(session, day=day, reason="Sent", actor=cast.actor("producer"), at=begun)


def test_the_database_itself_refuses_two_classes(session, cast, offer, book):
    day = offer()
    book(day)
    session.add(
        VisitBooking(
            day_id=day.id,
            kitchen_id=cast.hub.id,
            booked_by_id=cast.actor("kitchen").user_id,
            class_name="4 A",
            pupils=20,
            contact_name="Eva",
            contact_phone="1",
            request_key="x",
            booked_at=AT,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_every_step_leads_on_and_withdrawn_is_the_end():
    assert {state for state, _ in TRANSITIONS if state} == {VisitState.OPEN, VisitState.BOOKED}


@pytest.mark.parametrize(
    ("travel_minutes", "visit_minutes", "fits"),
    [(179, 120, True), (180, 120, False), (120, 240, True), (121, 240, False), (300, 10, False)],
)
def test_the_school_day_rule(travel_minutes, visit_minutes, fits):
    """Back within six hours, less than half of them on the road."""
    journey = Journey(travel_s=travel_minutes * 60, visit_s=visit_minutes * 60, is_estimate=True)
    assert journey.fits_a_school_day is fits


def race(url: str, day_id: int, cast) -> list[str]:
    """Two schools press at the same moment, each with a connection of its own."""
    results, ready = [], threading.Barrier(2)

    def press(name: str, kitchen_id: int) -> None:
        engine = make_engine(url)
        ready.wait()
        try:
            with transaction(engine) as session:
                book_day(
                    session,
                    day=session.get_one(VisitDay, day_id),
                    kitchen=session.get_one(type(cast.hub), kitchen_id),
                    school_class=SchoolClass(name="3 B", pupils=5, contact_name="E", contact_phone="1"),
                    request_key=name,
                    actor=cast.actor(name),
                    at=AT,
                )
            results.append("booked")
        except AlreadyTaken:
            results.append("taken")
        engine.dispose()

    people = [("kitchen", cast.hub.id), ("other_kitchen", cast.other_kitchen.id)]
    threads = [threading.Thread(target=press, args=who) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_of_two_at_once_one_gets_it(session, cast, offer, engine):
    day_id = offer().id
    session.commit()
    assert race(str(engine.url), day_id, cast) == ["booked", "taken"]
    assert session.scalar(select(func.count()).select_from(VisitBooking)) == 1
    assert session.scalar(select(func.count()).select_from(VisitTransition)) == 2


@pytest.mark.slow
@pytest.mark.postgres
def test_of_two_at_once_one_gets_it_on_postgresql(postgres_url):
    from factories import make_cast

    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        cast = make_cast(session)
        terms = VisitTerms(
            day=date(2026, 12, 2), starts_s=0, ends_s=60, most_pupils=9, ages="alla", about="Kor"
        )
        day_id = offer_day(
            session, site=cast.site, terms=terms, request_key="d", actor=cast.actor("producer"), at=AT
        ).id
    assert race(postgres_url, day_id, cast) == ["booked", "taken"]
    engine.dispose()


DAY = {
    "day": "2026-12-02",
    "starts": "9:00",
    "ends": "11:30",
    "most_pupils": "25",
    "ages": "årskurs 1–3",
    "about": "Kalvarna",
}


def test_a_farm_offers_a_school_books_and_the_farm_sees_it(client_for, stored, look):
    farm, school = client_for("producer"), client_for("kitchen")
    assert farm.post("/my-visits/new", data=DAY | {"site": stored.site.id}).location == "/my-visits"
    day = look.scalars(select(VisitDay)).one()
    page = school.get("/visits").text
    assert "Kalvarna" in page
    assert "Resan tar omkring" in page
    booked = school.post(
        f"/visits/{day.id}/book",
        data={"class_name": "3 B", "pupils": "22", "contact_name": "Eva Ek", "contact_phone": "070"},
    )
    assert booked.location.startswith("/visits/bookings/")
    assert "3 B, Centralköket" in farm.get("/my-visits").text
    assert "Eva Ek, 070" in farm.get(booked.location).text
    assert "Kalvarna" not in client_for("satellite").get("/visits").text, "it is not free any more"


def test_a_form_that_can_not_be_read_says_what_to_do(client_for, stored, offer, session, look):
    day = offer()
    session.commit()
    wrong = DAY | {"site": stored.site.id, "starts": "nio", "most_pupils": "många", "about": "  "}
    page = client_for("producer").post("/my-visits/new", data=wrong).text
    assert "Skriv klockslaget som TT:MM" in page
    assert "Fyll i det här." in page
    page = (
        client_for("producer")
        .post("/my-visits/new", data=DAY | {"site": stored.site.id, "ends": "8:00"})
        .text
    )
    assert "Besöket slutar innan det börjar" in page
    page = (
        client_for("kitchen")
        .post(
            f"/visits/{day.id}/book",
            data={"class_name": "3 B", "pupils": "26", "contact_name": "Eva", "contact_phone": "1"},
        )
        .text
    )
    assert "högst 25 elever" in page
    assert look.scalar(select(func.count()).select_from(VisitBooking)) == 0


def test_cancelling_asks_why_first(client_for, stored, offer, book, session, look):
    booking = book(offer())
    session.commit()
    url = f"/visits/bookings/{booking.id}/cancel"
    school = client_for("kitchen")
    assert "Avboka besöket?" in school.get(url).text
    assert "Skriv varför" in school.post(url).text
    assert school.post(url, data={"reason": "Magsjuka"}).status_code == 302
    assert "Magsjuka" in client_for("producer").get(f"/visits/bookings/{booking.id}").text


def test_what_others_have_booked_is_not_known(client_for, stored, offer, book, session):
    booking = book(offer())
    session.commit()
    for name in ("other_kitchen", "satellite", "other_producer"):
        assert client_for(name).get(f"/visits/bookings/{booking.id}").status_code == 404
        assert client_for(name).get(f"/visits/bookings/{booking.id}.ics").status_code == 404
    assert client_for("meal_manager").get(f"/visits/bookings/{booking.id}").status_code == 200
