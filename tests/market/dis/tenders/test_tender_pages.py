"""The supplier's page: give, change on another device, take back, wrong input, and the edges of the deadline."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from dis_making import DAY
from factories import AT, tiny_photo
from tender_making import DEADLINE, SECOND, TICK, code_in, text_of, typed, url

from market.db import open_session
from market.dis.applications.models import Application
from market.dis.calloffs.models import CallOff
from market.dis.rules import ApplicationEvent, CallOffEvent, CallOffState, Thing
from market.dis.sealing.models import SealedEnvelope
from market.dis.sealing.operations import release
from market.dis.sealing.operator_key import keeper_of
from market.dis.steps import move
from market.dis.tenders.content import Sealed, unpacked
from market.dis.tenders.views import COOKIE


def sealed_now(app, engine, calloff) -> dict[int, tuple[Sealed | None, int]]:
    """What lies in the envelopes, by producer, and how many versions there were; nothing is released."""
    with open_session(engine, writes=True) as session:
        shown = release(
            session, calloff_id=calloff.id, keeper=keeper_of(app.extensions["narmat.settings"]), at=AT
        )
        invited = session.get_one(CallOff, calloff.id).invitations
        found = {
            one.producer_id: (
                unpacked(shown[one.id].content) if shown[one.id].versions else None,
                len(shown[one.id].versions),
            )
            for one in invited
        }
        session.rollback()
    return found


def given(app, engine, calloff, cast) -> Sealed | None:
    return sealed_now(app, engine, calloff)[cast.producer.id][0]


def test_one_gives_a_tender_and_gets_a_receipt(client_for, app, engine, calloff, cast):
    client = client_for("producer")
    assert "Kvitto" not in client.get(url(calloff)).text
    answer = client.post(url(calloff), data=typed())
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Anbudet är mottaget och förseglat" in text
    assert "måndag 23 november 2026 kl. 08:00:00 (UTC+01:00)" in text
    assert "2 674,00 kr" in text  # 200 kg at 13,37
    cookie = answer.headers["Set-Cookie"]
    assert f"{COOKIE}=" in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", f"Path={url(calloff)}"))
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.stamp.given_at == AT
    assert sealed.written is not None
    assert (sealed.written.lots[0].max_steps, sealed.written.lots[0].min_steps) == (200_000, 1_000)
    assert sealed.written.note == "Vi kommer gärna"


def test_the_same_device_shows_and_changes_it_and_the_code_stays(client_for, app, engine, calloff, cast):
    client = client_for("producer")
    code = code_in(client.post(url(calloff), data=typed()))
    page = client.get(url(calloff))
    assert code_in(page) == code
    assert 'value="13,37"' in page.text
    changed = client.post(url(calloff), data=typed(**{"lots-0-price": "12", "request_key": "second"}))
    assert code_in(changed) == code
    sealed, versions = sealed_now(app, engine, calloff)[cast.producer.id]
    assert sealed is not None
    assert sealed.written is not None
    assert str(sealed.written.lots[0].price) == "12"
    assert versions == 2


def test_the_same_form_sent_twice_is_one_version(client_for, app, engine, calloff, cast):
    client = client_for("producer")
    first, again = (client.post(url(calloff), data=typed()) for _ in range(2))
    assert code_in(first) == code_in(again)
    assert sealed_now(app, engine, calloff)[cast.producer.id][1] == 1


def test_another_device_reads_it_with_the_code_and_not_without(client_for, calloff):
    code = code_in(client_for("producer").post(url(calloff), data=typed()))
    other = client_for("producer")
    assert "13,37" not in other.get(url(calloff)).text
    wrong = other.post(url(calloff), data={"do": "read", "code": "0000-" * 6})
    assert wrong.status_code == 200
    assert "Koden öppnar inget anbud" in wrong.text
    assert "13,37" not in wrong.text
    right = other.post(url(calloff), data={"do": "read", "code": code.lower()})
    assert "13,37" in right.text
    assert "13,37" in other.get(url(calloff)).text, "the code is kept on the device"


def test_anew_without_the_code_replaces_it_and_the_first_device_learns(
    client_for, app, engine, calloff, cast
):
    first, other = client_for("producer"), client_for("producer")
    old = code_in(first.post(url(calloff), data=typed()))
    new = code_in(other.post(url(calloff), data=typed(**{"lots-0-price": "9", "request_key": "other"})))
    assert new != old
    page = first.get(url(calloff))
    assert "öppnar inte kuvertet längre" in text_of(page)
    assert "13,37" not in page.text
    assert sealed_now(app, engine, calloff)[cast.producer.id][1] == 2


def test_a_code_of_one_supplier_opens_nothing_of_another(client_for, calloff):
    code = code_in(client_for("producer").post(url(calloff), data=typed()))
    answer = client_for("other_producer").post(url(calloff), data={"do": "read", "code": code})
    assert "Koden öppnar inget anbud" in answer.text


def test_take_back_and_give_again(client_for, app, engine, calloff, cast):
    client = client_for("producer")
    client.post(url(calloff), data=typed())
    answer = client.post(url(calloff), data={"do": "take_back"})
    assert "taget tillbaka" in text_of(answer)
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is None
    client.post(url(calloff), data=typed(request_key="third"))
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    assert sealed_now(app, engine, calloff)[cast.producer.id][1] == 3


def test_checking_gives_nothing(client_for, app, engine, calloff, cast):
    answer = client_for("producer").post(url(calloff), data=typed(do="check"))
    assert "anbudet är inte lämnat" in text_of(answer)
    assert "2 674,00 kr" in text_of(answer)
    assert given(app, engine, calloff, cast) is None


@pytest.mark.parametrize(
    ("before", "taken"), [(-SECOND, True), (-TICK, True), (timedelta(0), False), (SECOND, False)]
)
def test_the_servers_clock_decides_to_the_microsecond(
    client_for, app, engine, clock, calloff, cast, before, taken
):
    clock.at = DEADLINE + before
    answer = client_for("producer").post(url(calloff), data=typed())
    assert ("Anbudet är mottaget" in answer.text) == taken
    assert ("Tidsgränsen har passerat" in answer.text) == (not taken)
    assert (given(app, engine, calloff, cast) is not None) == taken


def test_the_clock_is_read_when_the_lock_is_held(client_for, app, engine, calloff, cast):
    """A form that waits for others' writes past the deadline is too late, whenever it was sent."""
    instants = iter([DEADLINE - SECOND])
    app.extensions["narmat.clock"] = lambda: next(instants, DEADLINE)
    answer = client_for("producer").post(url(calloff), data=typed())
    assert "Tidsgränsen har passerat" in answer.text
    assert given(app, engine, calloff, cast) is None


@pytest.mark.parametrize("do", ["take_back", "check"])
def test_nothing_else_is_taken_after_the_deadline_either(client_for, app, engine, clock, calloff, cast, do):
    client = client_for("producer")
    client.post(url(calloff), data=typed())
    clock.at = DEADLINE
    assert "Tidsgränsen har passerat" in client.post(url(calloff), data=typed(do=do, request_key="late")).text
    assert sealed_now(app, engine, calloff)[cast.producer.id][1] == 1
    assert "13,37" in client.get(url(calloff)).text, "the own tender can still be read"


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "söndag 25 oktober 2026 kl. 02:30:00 (UTC+01:00)"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "söndag 25 oktober 2026 kl. 02:30:00 (UTC+02:00)"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "söndag 28 mars 2027 kl. 03:00:00 (UTC+02:00)"),
        (datetime(2028, 2, 29, 23, 0, tzinfo=UTC), "onsdag 1 mars 2028 kl. 00:00:00 (UTC+01:00)"),
    ],
)
def test_nights_when_the_clock_is_set_and_leap_days(
    client_for, app, engine, session, clock, calloff, cast, deadline, said
):
    found = session.get_one(CallOff, calloff.id)
    found.invited_at, found.deadline_at = deadline - 20 * DAY, deadline
    session.commit()
    clock.at = deadline - TICK
    client = client_for("producer")
    assert said in text_of(client.get(url(calloff)))
    assert "Anbudet är mottaget" in client.post(url(calloff), data=typed()).text
    clock.at = deadline
    assert "Tidsgränsen har passerat" in client.post(url(calloff), data=typed(request_key="late")).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lots-0-price": ""}, "Skriv pris på minst en del"),
        ({"lots-0-price": "13.37"}, "Skriv decimaler med komma"),
        ({"lots-0-price": "-1"}, "Skriv 0 eller mer"),
        ({"lots-0-price": "1,005"}, "högst två decimaler"),
        ({"lots-0-price": "99999999"}, "orimligt högt"),
        ({"lots-0-price": "0"}, "Priset är 0 kr. Kryssa"),
        ({"lots-0-weekdays": []}, "Välj minst en dag"),
        ({"lots-0-weekdays": ["9"]}, "Välj något i listan"),
        ({"lots-0-max_amount": "201"}, "skriv högst 200 kg"),
        ({"lots-0-max_amount": "0"}, "större än noll"),
        ({"lots-0-max_amount": "10", "lots-0-min_amount": "11"}, "kan inte vara större än den största"),
        ({"lots-1-max_amount": "10"}, "Skriv ett pris, eller töm resten"),
        ({"min_total": "2675"}, "minsta summa är högre"),
        ({"note": "x" * 2001}, "högst 2000 tecken"),
        ({"claims-0-is_claimed": "y"}, "ska visas med en text eller en fil"),
        ({"claims-0-evidence": "Vi tar emot"}, "Kryssa i om ni erbjuder det"),
    ],
)
def test_wrong_input_is_said_and_kept_and_nothing_is_sealed(
    client_for, app, engine, calloff, cast, wrong, said
):
    answer = client_for("producer").post(url(calloff), data=typed(product_name="x", **wrong))
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert "Vi kommer gärna" in answer.text or "note" in wrong
    assert given(app, engine, calloff, cast) is None


def test_zero_kronor_is_allowed_when_it_is_meant(client_for, app, engine, calloff, cast):
    client = client_for("producer")
    asked = client.post(url(calloff), data=typed(**{"lots-0-price": "0"}))
    assert 'name="lots-0-is_zero_meant"' in asked.text
    client.post(url(calloff), data=typed(**{"lots-0-price": "0", "lots-0-is_zero_meant": "y"}))
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    assert sealed.written.lots[0].price == 0
    assert 'value="0"' in client.get(url(calloff)).text


def test_a_lot_that_is_not_shared_out_is_offered_whole(client_for, app, engine, session, calloff, cast):
    session.get_one(CallOff, calloff.id).lots[0].allows_parts = False
    session.commit()
    client = client_for("producer")
    assert 'name="lots-0-max_amount"' not in client.get(url(calloff)).text
    assert "hela mängden" in client.post(url(calloff), data=typed(**{"lots-0-max_amount": "10"})).text
    client.post(url(calloff), data=typed())
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    assert sealed.written.lots[0].min_steps == 200_000


def test_deliveries_are_priced_when_they_count(client_for, app, engine, session, calloff, cast):
    session.get_one(CallOff, calloff.id).counts_delivery = True
    session.commit()
    client = client_for("producer")
    missing = client.post(url(calloff), data=typed())
    assert "Skriv vad leveransen kostar" in text_of(missing)
    index = re.search(rf'deliveries-(\d)-kitchen_id"[^>]*value="{cast.hub.id}"', missing.text)
    assert index, "the satellite's goods go to its hub"
    client.post(url(calloff), data=typed(**{f"deliveries-{index.group(1)}-cost": "0"}))
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    assert sealed.written.deliveries == {cast.hub.id: 0}


def test_evidence_is_a_photo_made_small_or_a_small_pdf_and_stays_when_the_rest_is_changed(
    client_for, app, engine, calloff, cast
):
    client = client_for("producer")
    claim = {"claims-0-is_claimed": "y", "claims-0-file": (BytesIO(tiny_photo((2000, 1500))), "klass.png")}
    client.post(url(calloff), data=typed(**claim), content_type="multipart/form-data")
    assert "klass.jpg" in client.get(url(calloff)).text
    client.post(url(calloff), data=typed(**{"claims-0-is_claimed": "y", "note": "Nytt", "request_key": "2"}))
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    file = sealed.written.claims[0].file
    assert file is not None
    assert file.content.startswith(b"\xff\xd8")
    client.post(
        url(calloff),
        data=typed(
            **{
                "claims-0-is_claimed": "y",
                "claims-0-evidence": "Text",
                "claims-0-drops_file": "y",
                "request_key": "3",
            }
        ),
    )
    sealed = given(app, engine, calloff, cast)
    assert sealed is not None
    assert sealed.written is not None
    assert sealed.written.claims[0].file is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ no document", "varken en PDF eller en bild"),
        (b"%PDF-1.7 " + b"x" * 250_000 + b"%%EOF", "högst 250 kB"),
    ],
)
def test_evidence_that_can_not_be_taken_is_said(client_for, app, engine, calloff, cast, content, said):
    claim = {"claims-0-is_claimed": "y", "claims-0-file": (BytesIO(content), "fil.pdf")}
    answer = client_for("producer").post(
        url(calloff), data=typed(**claim), content_type="multipart/form-data"
    )
    assert said in text_of(answer)
    assert given(app, engine, calloff, cast) is None


def test_who_is_no_longer_admitted_can_not_tender(client_for, app, engine, session, calloff, cast):
    application = session.query(Application).filter_by(producer_id=cast.producer.id).one()
    move(
        session,
        Thing.APPLICATION,
        application,
        ApplicationEvent.EXCLUDE,
        user_id=None,
        at=AT,
        reason="Konkurs",
    )
    session.commit()
    assert "inte längre antagna" in client_for("producer").post(url(calloff), data=typed()).text
    assert given(app, engine, calloff, cast) is None


def test_another_operators_key_is_said_and_nothing_is_written(client_for, app, engine, calloff, tmp_path):
    with open_session(engine, writes=False) as session:
        before = [row.content for row in session.query(SealedEnvelope)]
    (tmp_path / "tender-key").write_text("another key, long enough to be one")
    answer = client_for("producer").post(url(calloff), data=typed())
    assert "Servern har inte nyckeln" in text_of(answer)
    with open_session(engine, writes=False) as session:
        assert [row.content for row in session.query(SealedEnvelope)] == before


def test_an_outsider_and_a_call_off_that_is_not_sent_are_not_found(client_for, session, cast, app, calloff):
    assert client_for("producer").get("/dis/calloffs/987654/tender").status_code == 404
    found = session.get_one(CallOff, calloff.id)
    found.invitations[1].producer_id = found.invitations[1].producer_id
    session.delete(session.get_one(SealedEnvelope, found.invitations[1].id))
    session.delete(found.invitations[1])
    session.commit()
    assert client_for("other_producer").get(url(calloff)).status_code == 404
    assert client_for("other_producer").post(url(calloff), data=typed()).status_code == 404


def test_an_abandoned_call_off_takes_no_tenders_and_says_so(client_for, session, calloff):
    client = client_for("producer")
    client.post(url(calloff), data=typed())
    found = session.get_one(CallOff, calloff.id)
    move(session, Thing.CALLOFF, found, CallOffEvent.ABANDON, user_id=None, at=AT, reason="Fel volymer")
    session.commit()
    assert found.state is CallOffState.ABANDONED
    page = client.post(url(calloff), data=typed(request_key="more"))
    assert "Avropet är avbrutet" in page.text
    assert "13,37" not in page.text
