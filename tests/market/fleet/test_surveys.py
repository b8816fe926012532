"""The survey of who can deliver by themselves: asked, answered on a phone, taken into the fleet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, MONDAY, make_offer
from sqlalchemy import select

from market.fleet.models import Carrier, TransportAnswer, TransportSurvey, Vehicle
from market.fleet.rules import CanDeliver
from market.fleet.survey_rules import Answer, ClosesTooSoon, Contradicts, DaysMissing, check_closing
from market.outbox import OutboxMessage
from market.values import TooLarge

CLOSES = MONDAY + timedelta(days=10)
SAYS = {
    "can_deliver": "for_others_too",
    "weekdays": ["2", "4"],
    "radius_km": "60",
    "capacity": "450,5",
    "has_cold": "y",
    "note": "Bara före lunch.",
}


@pytest.fixture
def sold(session, cast):
    make_offer(session, cast)
    session.commit()
    return cast


def ask(client, cast, **changes):
    data = {
        "producers": [str(cast.producer.id)],
        "question": "Vi kör själva från januari.",
        "closes_on": str(CLOSES),
    }
    return client.post(f"/fleet/surveys/{cast.authority.id}/new", data=data | changes, follow_redirects=True)


@pytest.fixture
def asked(sold, client_for):
    assert "Frågan är skickad" in ask(client_for("logistics_planner"), sold).text
    return sold


def answer(client, **changes):
    return client.post("/transport-surveys/1", data=SAYS | changes, follow_redirects=True)


def test_those_asked_are_told_and_see_it_on_their_first_page(asked, client_for, look):
    message = look.scalars(select(OutboxMessage).where(OutboxMessage.kind == "transport_survey")).one()
    assert message.params["authority"] == "Norrtälje kommun"
    home = client_for("producer").get("/").text
    assert "Vi kör själva från januari." in home
    assert "/transport-surveys/1" in home


def test_an_answer_is_kept_and_can_be_changed(asked, client_for, look):
    client = client_for("producer")
    assert "Tack!" in answer(client).text
    assert 'value="450,5"' in client.get("/transport-surveys/1").text
    assert "Tack!" in answer(client, can_deliver="must_be_collected", weekdays=[]).text
    kept = look.scalars(select(TransportAnswer)).one()
    assert (kept.can_deliver, kept.weekdays) == (CanDeliver.MUST_BE_COLLECTED, "")


def test_an_answer_becomes_a_carrier_with_a_vehicle_once(asked, client_for, look):
    answer(client_for("producer"))
    client = client_for("logistics_planner")
    page = client.get("/fleet/surveys/1").text
    assert "Kör själv och kan ta med andras varor" in page
    assert "Lägg upp som åkare" in page
    for _ in range(2):
        client.post("/fleet/surveys/answers/1/take-in")
    carrier, vehicle = look.scalars(select(Carrier)).one(), look.scalars(select(Vehicle)).one()
    assert (carrier.name, carrier.carries_for_others) == ("Åkerbo gård", True)
    assert (vehicle.capacity_grams, vehicle.weekdays, vehicle.compartments) == (450_500, "24", [])
    assert "Lägg upp som åkare" not in client.get("/fleet/surveys/1").text


def test_who_must_be_collected_is_no_carrier(asked, client_for, look):
    answer(client_for("producer"), can_deliver="must_be_collected", weekdays=[])
    page = (
        client_for("logistics_planner").post("/fleet/surveys/answers/1/take-in", follow_redirects=True).text
    )
    assert "inte svarat att den kan köra" in page
    assert look.scalars(select(Carrier)).all() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"can_deliver": ""}, "Välj det som stämmer bäst"),
        ({"weekdays": []}, "Välj vilka dagar"),
        ({"radius_km": "5000"}, "mellan 1 och 1 000 km"),
        ({"capacity": "0"}, "större än noll"),
        ({"capacity": "999999999"}, "för stort"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_kept(asked, client_for, look, changes, said):
    assert said in answer(client_for("producer"), **changes).text
    assert look.scalars(select(TransportAnswer.answered_at)).one() is None


def test_after_the_last_day_it_is_closed_with_words(asked, client_for, clock, look):
    clock.at = AT + timedelta(days=11)
    assert "gick att besvara till och med" in answer(client_for("producer")).text
    assert look.scalars(select(TransportAnswer.answered_at)).one() is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"producers": []}, "minst en producent att fråga"),
        ({"closes_on": str(MONDAY - timedelta(days=1))}, "från i dag och högst 90 dagar"),
        ({"closes_on": ""}, "Fyll i det här"),
    ],
)
def test_a_question_to_nobody_or_in_the_past_is_refused(sold, client_for, look, changes, said):
    assert said in ask(client_for("logistics_planner"), sold, **changes).text
    assert look.scalars(select(TransportSurvey)).all() == []


def test_a_producer_that_was_not_asked_finds_nothing(asked, client_for):
    assert client_for("other_producer").get("/transport-surveys/1").status_code == 404
    assert "Ingen har frågat än" in client_for("other_producer").get("/transport-surveys").text


def test_another_planner_finds_neither_survey_nor_answer(asked, client_for):
    client = client_for("other_planner")
    assert client.get("/fleet/surveys/1").status_code == 404
    assert client.post("/fleet/surveys/answers/1/take-in").status_code == 404


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"weekdays": ""}, DaysMissing),
        ({"radius_km": 0}, Contradicts),
        ({"capacity_grams": 0}, Contradicts),
        ({"capacity_grams": 2**31}, TooLarge),
    ],
)
def test_an_answer_holds_together(changes, refusal):
    with pytest.raises(refusal):
        Answer(**{"can_deliver": CanDeliver.BY_ITSELF, "weekdays": "1"} | changes)


def test_a_survey_closes_from_today_on_and_within_a_quarter():
    check_closing(MONDAY, today=MONDAY)
    for days in (-1, 91):
        with pytest.raises(ClosesTooSoon):
            check_closing(MONDAY + timedelta(days=days), today=MONDAY)
