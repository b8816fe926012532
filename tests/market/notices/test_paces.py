"""At once, in a digest, or not at all: nothing twice, nothing lost, whatever the reader changes in between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import AT
from hypothesis import given
from hypothesis import strategies as st
from notices_mail import ORDER
from sqlalchemy import select

from market.accounts.models import User
from market.audit import AuditEvent
from market.db import open_session, transaction
from market.notices.chores import gather_digests, sort_messages
from market.notices.models import NoticePreference
from market.notices.operations import choose_paces, unsubscribe
from market.notices.rules import Pace, next_digest, retry_after
from market.notices.writing import unsubscribe_token
from market.outbox import MessageState, OutboxMessage, tell
from market.values import SWEDEN, wall_clock

KIND = "order_proposed"
FIRST, LAST = datetime(2026, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 (Hypothesis adds the zone)
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def swedish(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SWEDEN)


@pytest.mark.parametrize(
    ("at", "pace", "then"),
    [
        (swedish(2026, 11, 23, 6, 59), Pace.DAILY, swedish(2026, 11, 23, 7)),
        (swedish(2026, 11, 23, 7, 0), Pace.DAILY, swedish(2026, 11, 24, 7)),
        (swedish(2026, 11, 23, 7, 0), Pace.WEEKLY, swedish(2026, 11, 30, 7)),
        (swedish(2026, 10, 24, 8), Pace.DAILY, swedish(2026, 10, 25, 7)),  # the clock goes back in that night
        (swedish(2027, 3, 27, 8), Pace.DAILY, swedish(2027, 3, 28, 7)),  # and forward in this one
    ],
)
def test_the_next_digest(at, pace, then):
    assert next_digest(at, pace) == then


def test_nights_when_the_clock_is_moved_are_longer_and_shorter():
    long = next_digest(swedish(2026, 10, 24, 7), Pace.DAILY).astimezone(UTC)
    assert long - swedish(2026, 10, 24, 7).astimezone(UTC) == timedelta(hours=25)
    short = next_digest(swedish(2027, 3, 27, 7), Pace.DAILY).astimezone(UTC)
    assert short - swedish(2027, 3, 27, 7).astimezone(UTC) == timedelta(hours=23)


@given(at=INSTANTS, pace=st.sampled_from([Pace.DAILY, Pace.WEEKLY]))
def test_a_digest_always_comes_at_seven_and_soon(at, pace):
    then = next_digest(at, pace)
    assert then > at
    assert (then.astimezone(SWEDEN).hour, then.astimezone(SWEDEN).minute) == (7, 0)
    assert then.astimezone(UTC) - at <= timedelta(days=1 if pace is Pace.DAILY else 7, hours=1)
    assert pace is Pace.DAILY or then.astimezone(SWEDEN).isoweekday() == 1


def test_pauses_grow_to_six_hours():
    pauses = [retry_after(n) for n in range(1, 30)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=6))


@pytest.fixture
def mine(engine, stored):
    """Choose a pace, and be told of something, as the producer."""

    class Mine:
        actor = stored.actor("producer")

        def choose(self, pace: Pace, at: datetime = AT) -> None:
            with transaction(engine) as session:
                choose_paces(session, paces={KIND: pace}, actor=self.actor, at=at)

        def told(self, key: str, at: datetime = AT) -> None:
            with transaction(engine) as session:
                tell(session, user_ids=[self.actor.user_id], kind=KIND, key=key, at=at, **ORDER)

        def sorted(self, at: datetime) -> int:
            with transaction(engine) as session:
                return sort_messages(session, at=at)

        def gathered(self, at: datetime) -> int:
            with transaction(engine) as session:
                return gather_digests(session, at=at)

        def messages(self) -> dict[str, OutboxMessage]:
            with open_session(engine, writes=False) as session:
                return {m.key.partition(":")[0]: m for m in session.scalars(select(OutboxMessage))}

    return Mine()


def test_a_digest_is_one_mail_with_all_and_is_sent_once(mine, worker, mail, clock):
    mine.choose(Pace.DAILY)
    for key in ("a", "b", "c"):
        mine.told(key)
    worker.round()
    assert mail.postbox.taken == []
    clock.at = wall_clock(date(2026, 11, 24), 7 * 3600) - timedelta(seconds=1)
    worker.round()
    assert mail.postbox.taken == []
    clock.at += timedelta(minutes=2)
    for _ in range(3):
        worker.round()
        clock.at += timedelta(minutes=2)
    [(_, message)] = mail.postbox.taken
    assert str(message["Subject"]) == "Närmat: 3 meddelanden"
    assert message["List-Unsubscribe"] is not None
    assert {m.state for m in mine.messages().values()} == {MessageState.SENT}


def test_what_comes_while_a_digest_is_built_waits_for_the_next(mine):
    mine.choose(Pace.DAILY)
    mine.told("a")
    mine.sorted(AT)
    seven = next_digest(AT, Pace.DAILY)
    assert mine.gathered(seven) == 1
    mine.told("b", at=seven)
    mine.sorted(seven)
    assert mine.gathered(seven) == 0
    assert mine.gathered(seven + timedelta(days=1)) == 1
    digests = [m for m in mine.messages().values() if m.digest_id]
    assert len({m.digest_id for m in digests}) == 2


def test_gathering_twice_makes_one_digest(mine):
    mine.choose(Pace.WEEKLY)
    mine.told("a")
    mine.sorted(AT)
    monday = next_digest(AT, Pace.WEEKLY)
    assert (mine.gathered(monday), mine.gathered(monday)) == (1, 0)


def test_whoever_wants_none_is_sent_none_and_can_still_read_it(mine, worker, mail, client_for):
    mine.choose(Pace.NONE)
    mine.told("a")
    worker.round()
    assert mail.postbox.taken == []
    assert mine.messages()["a"].state is MessageState.DROPPED
    assert "Prisförslag från" in client_for("producer").get("/notices").text


def test_a_change_of_mind_reaches_what_already_waits(mine, worker, mail, clock):
    mine.choose(Pace.WEEKLY)
    mine.told("a")
    worker.round()
    mine.choose(Pace.AT_ONCE)
    worker.round()
    assert len(mail.postbox.taken) == 1


def test_a_digest_that_is_refused_takes_its_messages_with_it(mine, worker, mail, clock, client_for):
    mine.choose(Pace.DAILY)
    mine.told("a")
    worker.round()
    clock.at = next_digest(AT, Pace.DAILY) + timedelta(minutes=2)
    mail.postbox.answers = ["550 No such user"]
    worker.round()
    assert {m.state for m in mine.messages().values()} == {MessageState.FAILED}
    admin = client_for("admin")
    assert "No such user" in admin.get("/notices/sending").text
    digest = mine.messages()["digest"]
    assert admin.post(f"/notices/sending/{digest.id}").status_code == 302
    worker.round()
    assert len(mail.postbox.taken) == 1
    assert {m.state for m in mine.messages().values()} == {MessageState.SENT}


def test_the_page_keeps_what_is_chosen(client_for, stored, look):
    client = client_for("producer")
    choices = {
        "language": "en",
        "order_proposed": "none",
        "order_deviation": "weekly",
        "interest_shown": "daily",
        "visit_booked": "at_once",
        "standing_order_made": "at_once",
        "supplier_invitation": "at_once",
    }
    assert client.post("/notices/preferences", data=choices).status_code == 302
    rows = look.scalars(select(NoticePreference)).all()
    kept = {kind: pace for kind, pace in choices.items() if pace not in ("at_once", "en")}
    assert {row.kind: row.pace.value for row in rows} == kept
    assert look.get_one(User, stored.actor("producer").user_id).language == "en"
    page = client.get("/notices/preferences").text
    assert page.count("checked") == 6
    assert "Orderbekräftelse" in page
    assert "Något ni bevakar" not in page, "that is for kitchens"
    assert client_for("admin").get("/notices/preferences").status_code == 200
    bad = client.post("/notices/preferences", data=choices | {"order_proposed": "hourly"})
    assert "Rätta det här" in bad.text


def token(app, stored, kind: str) -> str:
    settings = app.extensions["narmat.settings"]
    return unsubscribe_token(settings, user_id=stored.actor("producer").user_id, kind=kind)


def test_one_click_ends_a_kind_without_signing_in(app, client_for, stored, engine, look):
    app.config["WTF_CSRF_ENABLED"] = True  # the reader's mail program has no token of ours
    url = f"/notices/unsubscribe/{token(app, stored, KIND)}"
    nobody = client_for(None)
    asked = nobody.get(url)
    assert "Ja, avsluta" in asked.text
    with open_session(engine, writes=False) as session:
        assert session.scalars(select(NoticePreference)).all() == [], (
            "a scanner that follows links ends nothing"
        )
    for _ in range(2):
        done = nobody.post(url, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "Avslutat" in done.text
    [row] = look.scalars(select(NoticePreference))
    assert (row.kind, row.pace) == (KIND, Pace.NONE)
    assert len(look.scalars(select(AuditEvent).filter_by(action="notices.choose")).all()) == 1


def test_a_token_for_what_belongs_to_a_deal_ends_nothing(app, client_for, stored):
    url = f"/notices/unsubscribe/{token(app, stored, 'order_confirmed')}"
    assert client_for(None).post(url).status_code == 404
    assert client_for(None).get("/notices/unsubscribe/hittepå").status_code == 404


def test_ending_the_digest_ends_all_that_comes_in_it(session, cast):
    actor = cast.actor("producer")
    paces = {"order_proposed": Pace.DAILY, "order_deviation": Pace.WEEKLY, "visit_booked": Pace.AT_ONCE}
    choose_paces(session, paces=paces, actor=actor, at=AT)
    unsubscribe(session, user_id=actor.user_id, kind="digest", at=AT)
    rows = {row.kind: row.pace for row in session.scalars(select(NoticePreference))}
    assert rows == {"order_proposed": Pace.NONE, "order_deviation": Pace.NONE}


def test_messages_are_read_and_only_one_s_own(mine, client_for, stored):
    mine.told("a")
    message = mine.messages()["a"]
    client = client_for("producer")
    assert "Oläst" in client.get("/notices").text
    page = client.get(f"/notices/{message.id}")
    assert "Varan är reserverad" in page.text
    assert client_for("kitchen").get(f"/notices/{message.id}").status_code == 404
    client.post("/notices/read")
    assert "Oläst" not in client.get("/notices").text


def test_the_administrator_is_told_that_nothing_is_mailed(client_for, stored):
    page = client_for("admin").get("/").text
    assert "Ingen mejlserver är inställd" in page
    assert "Ingen arbetare har gått än" in page
