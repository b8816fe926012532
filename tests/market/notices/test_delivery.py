"""Messages over real SMTP: what goes out, what is tried again, what is given up, and that nothing is sent twice or lost."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from factories import AT, make_cast
from notices_mail import ORDER, mail_settings
from sqlalchemy import select

from market.accounts.models import User
from market.commands.work import Worker
from market.db import make_engine, open_session, transaction
from market.notices import delivery
from market.outbox import MessageState, OutboxMessage, tell, tell_address


@pytest.fixture
def told(engine, stored) -> Callable[..., None]:
    """Tell someone of the cast about an order."""

    def write(*names: str, kind: str = "order_proposed", key: str = "k", **more: object) -> None:
        with transaction(engine) as session:
            users = [stored.actor(name).user_id for name in names]
            tell(session, user_ids=users, kind=kind, key=key, at=AT, **{**ORDER, **more})

    return write


def states(engine) -> list[str]:
    with open_session(engine, writes=False) as session:
        return [m.state.value for m in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def only(engine) -> OutboxMessage:
    with open_session(engine, writes=False) as session:
        return session.scalars(select(OutboxMessage)).one()


def test_a_message_as_it_arrives(worker, mail, told, engine):
    told("producer")
    worker.round()
    [(address, message)] = mail.postbox.taken
    assert address == "producer@example.se"
    assert str(message["Subject"]) == "Prisförslag från Köket på Ön: svara ja eller nej"
    assert str(message["From"]) == "Närmat <narmat@example.se>"
    assert str(message["To"]) == "Producer Test <producer@example.se>"
    assert str(message["Message-ID"]).startswith("<narmat.")
    text = message.get_body(("plain",)).get_content()
    assert "onsdag 25 november 2026" in text
    assert "40\N{NO-BREAK SPACE}kg Morötter för 14,00\N{NO-BREAK SPACE}kr/kg utan moms" in text
    assert "https://narmat.example.se/orders/7" in text
    html = message.get_body(("html",)).get_content()
    assert '<a href="https://narmat.example.se/orders/7">' in html
    assert states(engine) == ["sent"]
    assert all(byte < 128 for byte in mail.postbox.raw[0].split(b"\r\n\r\n")[0]), "headers are plain ASCII"


def test_in_the_reader_s_language(worker, mail, told, engine, stored):
    with transaction(engine) as session:
        session.get_one(User, stored.actor("producer").user_id).language = "en"
    told("producer")
    worker.round()
    [(_, message)] = mail.postbox.taken
    assert str(message["Subject"]) == "Price proposed by Köket på Ön: answer yes or no"
    assert message["Content-Language"] == "en"


def test_what_people_write_becomes_no_header_and_no_markup(worker, mail, told):
    told("producer", kitchen="Kök\r\nBcc: alla@example.se\r\n\r\n<script>x</script>")
    worker.round()
    [(_, message)] = mail.postbox.taken
    assert message["Bcc"] is None
    assert "Bcc: alla@example.se" in str(message["Subject"])
    assert "<script>" not in message.get_body(("html",)).get_content()
    assert "Varan är reserverad" in message.get_body(("plain",)).get_content()


def test_one_click_where_it_may_be_chosen_away_and_none_where_not(worker, mail, told):
    told("producer")
    told("kitchen", kind="order_confirmed", key="c")
    worker.round()
    by_kind = {str(m["To"]).split()[0]: m for _, m in mail.postbox.taken}
    chosen, needed = by_kind["Producer"], by_kind["Kitchen"]
    assert str(chosen["List-Unsubscribe"]).startswith("<https://narmat.example.se/notices/unsubscribe/")
    assert chosen["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert needed["List-Unsubscribe"] is None
    assert needed["List-Unsubscribe-Post"] is None
    assert "skickas alltid" in needed.get_body(("plain",)).get_content()


def test_what_the_server_can_not_take_now_is_tried_again_later_each_time(worker, mail, told, engine, clock):
    told("producer")
    mail.postbox.answers = ["451 Greylisted", "450 Busy"]
    worker.round()
    first = only(engine)
    assert (first.state, first.attempts, first.due_at) == (MessageState.WAITING, 1, AT + timedelta(minutes=1))
    assert "451 Greylisted" in first.last_error
    worker.round()
    assert only(engine).attempts == 1, "not before its time"
    clock.at = AT + timedelta(minutes=1)
    worker.round()
    assert only(engine).due_at == clock.at + timedelta(minutes=2)
    clock.at += timedelta(minutes=2)
    worker.round()
    assert states(engine) == ["sent"]
    assert only(engine).last_error == ""


@pytest.mark.parametrize("where", ["answers", "data_answers"])
def test_what_the_server_refuses_for_good_is_kept_with_its_words(worker, mail, told, engine, where):
    told("producer", "kitchen")
    setattr(mail.postbox, where, ["550 5.1.1 No such user"])
    worker.round()
    assert sorted(states(engine)) == ["failed", "sent"], "one that is refused stops no other"
    with open_session(engine, writes=False) as session:
        failed = session.scalars(select(OutboxMessage).filter_by(state=MessageState.FAILED)).one()
    assert "No such user" in failed.last_error
    worker.round()
    assert sorted(states(engine)) == ["failed", "sent"]


def test_an_address_that_is_none_is_given_up_and_stops_no_other(worker, mail, engine, told, stored):
    with transaction(engine) as session:
        tell_address(session, address="ingen adress", kind="order_confirmed", key="a", at=AT, **ORDER)
    told("producer")
    worker.round()
    assert states(engine) == ["failed", "sent"]


def test_nobody_there(app, told, engine, clock):
    """A connection that is refused costs no message, however many wait."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = mail_settings(app.extensions["narmat.settings"], f"smtp://127.0.0.1:{port}")
    told("producer", "kitchen")
    Worker(app, settings).round()
    assert states(engine) == ["waiting", "waiting"]
    with open_session(engine, writes=False) as session:
        for message in session.scalars(select(OutboxMessage)):
            assert (message.attempts, message.lease_ends_at) == (1, None)
            assert "ConnectionRefusedError" in message.last_error


def test_five_days_of_silence_end_it(app, told, engine, clock):
    told("producer")
    settings = mail_settings(app.extensions["narmat.settings"], "smtp://127.0.0.1:1")
    worker, days = Worker(app, settings), 0
    while only(engine).state is MessageState.WAITING:
        clock.at = only(engine).due_at
        worker.round()
    days = (clock.at - AT).total_seconds() / 86_400
    assert only(engine).state is MessageState.FAILED
    assert 4.5 < days < 5.5


def test_dying_between_the_server_s_yes_and_the_note_sends_the_same_message_again(
    worker, mail, told, engine, clock, monkeypatch
):
    class Died(BaseException):
        pass

    def die(*_args: object, **_more: object) -> None:
        raise Died

    told("producer")
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_note", die)
        with pytest.raises(Died):
            worker.round()
    assert len(mail.postbox.taken) == 1
    assert states(engine) == ["waiting"]
    worker.round()
    assert len(mail.postbox.taken) == 1, "the lease holds"
    clock.at = AT + delivery.LEASE
    worker.round()
    assert states(engine) == ["sent"]
    first, second = (message["Message-ID"] for _, message in mail.postbox.taken)
    assert first == second


def test_two_workers_share_the_messages(app, mail, engine, stored):
    """While the one is talking to the server, the other takes what is left and nothing else."""
    with transaction(engine) as session:
        for n in range(2 * delivery.ROUND + 5):
            tell(
                session,
                user_ids=[stored.actor("producer").user_id],
                kind="order_proposed",
                key=f"{n}",
                at=AT,
                **ORDER,
            )
    settings = mail_settings(app.extensions["narmat.settings"], mail.url)
    first, second = Worker(app, settings), Worker(app, settings)
    mail.postbox.after_taking = None
    taken = []

    def meanwhile(*_args: object) -> None:
        mail.postbox.after_taking = None
        with transaction(engine) as session:
            taken.extend(letter.id for letter in delivery.claim(session, at=AT))

    mail.postbox.after_taking = meanwhile
    first.round()
    assert len(taken) == delivery.ROUND
    second.round()
    assert (
        len({str(m["Message-ID"]) for _, m in mail.postbox.taken})
        == len(mail.postbox.taken)
        == delivery.ROUND + 5
    )


def test_no_transaction_is_open_while_the_server_is_spoken_to(worker, mail, told, engine):
    """Otherwise this would wait for the database's lock until it gives up."""
    written = []

    def write() -> None:
        with transaction(engine) as session:
            session.add(
                OutboxMessage(
                    kind="order_confirmed",
                    address="a@example.se",
                    params=ORDER,
                    key="meanwhile",
                    created_at=AT,
                    due_at=AT + timedelta(days=1),
                )
            )
        written.append(True)

    told("producer")
    mail.postbox.after_taking = write
    worker.round()
    assert written == [True]
    assert states(engine) == ["sent", "waiting"]


def test_a_lease_that_has_run_out_is_not_sent_on(engine, told, mail, app, clock):
    told("producer", "kitchen")
    worker = Worker(app, mail_settings(app.extensions["narmat.settings"], mail.url))

    def slow() -> None:
        clock.at = AT + delivery.LEASE

    mail.postbox.after_taking = slow
    worker.round()
    assert len(mail.postbox.taken) == 1, "the second may be another worker's by now"


def test_subjects_of_any_length_and_script(worker, mail, told):
    kitchen = "Köket 🥕 " + "långt namn " * 30
    told("producer", kitchen=kitchen)
    worker.round()
    [(_, message)] = mail.postbox.taken
    head = mail.postbox.raw[0].split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) < 200
    assert "🥕" in str(make_header(decode_header(str(message["Subject"]))))


def test_who_has_left_gets_nothing(worker, mail, told, engine, stored):
    told("producer")
    with transaction(engine) as session:
        session.get_one(User, stored.actor("producer").user_id).active = False
    worker.round()
    assert mail.postbox.taken == []
    assert states(engine) == ["dropped"]


def test_without_a_server_everything_waits(app, told, engine):
    told("producer")
    Worker(app, app.extensions["narmat.settings"]).round()
    assert states(engine) == ["waiting"]
    assert only(engine).lease_ends_at is None


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_two_at_the_same_time_send_each_once(app, mail, postgres_url):
    engine = make_engine(postgres_url)
    with transaction(engine) as session:
        cast = make_cast(session)
        for n in range(3 * delivery.ROUND):
            tell(
                session,
                user_ids=[cast.actor("producer").user_id],
                kind="order_proposed",
                key=f"{n}",
                at=AT,
                **ORDER,
            )
    app.extensions["narmat.engine"] = engine
    settings = mail_settings(app.extensions["narmat.settings"], mail.url)
    workers = [Worker(app, settings) for _ in range(2)]
    threads = [threading.Thread(target=worker.round) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.postbox.taken) == 3 * delivery.ROUND
    assert len({str(m["Message-ID"]) for _, m in mail.postbox.taken}) == 3 * delivery.ROUND
    assert set(states(engine)) == {"sent"}
    engine.dispose()


def test_a_message_of_an_earlier_version_breaks_no_list(told, engine, client_for, stored):
    with transaction(engine) as session:
        tell(session, user_ids=[stored.actor("producer").user_id], kind="order_proposed", key="old", at=AT)
    assert "Ett kök föreslår ett pris" in client_for("producer").get("/notices").text
