"""Before the opening nobody learns what was tendered, by whom, or whether anybody did: pages, exports, logs, mail, the file.

Everything that a tender holds is looked for, as every role, at every address; and what each of them is shown is the same,
byte for byte, whether a tender was given or not.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from browser.crawling import links_of
from dis_making import DAY
from factories import AT, make_offer, make_order, tiny_photo
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from tender_making import code_in, typed, url
from werkzeug.exceptions import HTTPException

from geodata.travel import Estimator
from market.chores import Desk, run_due
from market.commands.serve import Server
from market.config import Settings
from market.db import Base
from market.dis.calloffs.models import CallOff
from market.dis.sealing.envelopes import ENVELOPE_SIZE
from market.dis.sealing.operator_key import keeper_of
from market.dis.tenders.chores import renew_envelopes
from market.notices.writing import Told, write, written_for
from market.outbox import OutboxMessage

# Each role, the other supplier who is invited, and another municipality's officer.
PEOPLE = (
    None, "producer", "other_producer", "kitchen", "meal_manager", "procurement_officer", "logistics_planner",
    "other_officer", "admin",
)  # fmt: skip
SECRETS = {
    "lots-0-price": "4711,23",
    "lots-0-product_name": "Hemlighetsmorot",
    "lots-0-note": "Groddarna viskar",
    "note": "Anteckning zqxjvwkpyq",
    "min_total": "77665,44",
    "claims-0-evidence": "Bevisets lydelse vvk",
}
NEEDLES = [
    "4711,23", "4 711,23", "4711.23", "471123", "942 246", "942246", "Hemlighetsmorot", "Groddarna", "zqxjvwkpyq", "77665", "77 665",
    "7766544", "lydelse vvk", "hemlig-bild",
]  # fmt: skip
OWN_EACH_TIME = re.compile(r'name="(?:csrf_token|request_key)"[^>]*value="[^"]*"|id="request_key"[^>]*>')
# A challenge, and the names of layers, are drawn anew for each answer; what is drawn may hold any few letters by chance.
DRAWN = re.compile(r'(?<="challenge":")[^"]+|[0-9a-f]{32}')
MADE_ANEW = {"accounts.passkey_question", "locality.where_file", "offers.map_file"}
LEAVES = ("security.logout", "static", "accounts.language")


def tender() -> dict[str, Any]:
    file = {"claims-0-is_claimed": "y", "claims-0-file": (BytesIO(tiny_photo()), "hemlig-bild.jpg")}
    return typed(**SECRETS, **file)


def give(client: FlaskClient, calloff: CallOff, *, do: str = "seal"):
    answer = client.post(url(calloff), data=tender() | {"do": do}, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer


def addresses(app: Flask, calloff: CallOff) -> list[str]:
    """Every address that can be asked for, with the call-off's number and the first of everything else."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in LEAVES:
                values = {name: calloff.id if name == "calloff_id" else 1 for name in rule.arguments}
                found.append(app.url_for(rule.endpoint, **values))
    return found


def shown(app: Flask, client: FlaskClient, calloff: CallOff) -> dict[str, bytes]:
    """What each address answers, and every kind of page that a link leads to; what differs each time is taken out."""
    routes = app.url_map.bind("localhost")
    waiting, seen, met = deque(addresses(app, calloff)), set[str](), Counter[str]()
    pages: dict[str, bytes] = {}
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        try:
            endpoint = str(routes.match(path.partition("?")[0], method="GET")[0])
        except HTTPException:
            continue
        met[endpoint] += 1
        if endpoint in LEAVES or met[endpoint] > 1:
            continue
        answer = client.get(path)
        head = f"{answer.status_code} {answer.headers.get('Location', '')}\n"
        if endpoint in MADE_ANEW:
            pages[path] = (head + DRAWN.sub("", OWN_EACH_TIME.sub("", answer.text))).encode()
        elif answer.mimetype == "text/html":
            waiting.extend(links_of(answer.text))
            pages[path] = (head + OWN_EACH_TIME.sub("", answer.text)).encode()
        else:
            pages[path] = head.encode() + unpacked(answer.data)
    return pages


def unpacked(content: bytes) -> bytes:
    """A workbook as the text in it, without the moment at which it was written; any other file as it is."""
    if not content.startswith(b"PK"):
        return content
    with ZipFile(BytesIO(content)) as book:
        return b"".join(book.read(name) for name in sorted(book.namelist()) if name != "docProps/core.xml")


def everything(app: Flask, client_for, calloff: CallOff) -> dict[tuple[str | None, str], bytes]:
    return {
        (name, path): body for name in PEOPLE for path, body in shown(app, client_for(name), calloff).items()
    }


def found_in(content: bytes, more: tuple[str, ...] = ()) -> list[str]:
    plain = content.replace("\N{NO-BREAK SPACE}".encode(), b" ")
    return [needle for needle in (*NEEDLES, *more) if needle.encode() in plain]


def found_in_file(content: bytes, more: tuple[str, ...] = ()) -> list[str]:
    """The same in any of the forms in which a text may lie in a file."""
    wide = [needle for needle in (*NEEDLES, *more) if needle.encode("utf-16-le")[:-1] in content]
    return found_in(content, more) + wide


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """The whole database, table by table."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(text(f'SELECT * FROM "{table.name}"'))), key=repr
            )
            for table in Base.metadata.sorted_tables
        }


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of the installation: the database, what is not yet written into it (-wal), the instance folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


@pytest.mark.slow
@pytest.mark.no_cover
def test_no_role_sees_a_trace_anywhere(app, client_for, engine, calloff, caplog, tmp_path):
    before = everything(app, client_for, calloff)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    receipt = give(client_for("producer"), calloff)
    code = code_in(receipt)
    secrets = (code, code.replace("-", ""))
    after = everything(app, client_for, calloff)
    assert before.keys() == after.keys()
    assert [key for key, body in after.items() if found_in(body, secrets)] == []
    assert [key for key, body in after.items() if body != before[key]] == []
    assert found_in(caplog.text.encode(), (*secrets, url(calloff))) == []
    assert len(after) > 300, "the search reached the pages"
    names = [path.name for path, _ in files(tmp_path)]
    assert "narmat.sqlite3-wal" in names, "the file that is written ahead is searched as well"
    assert [path for path, content in files(tmp_path) if found_in_file(content, secrets)] == []


@pytest.mark.no_cover
def test_the_search_would_have_found_it(app, client_for, engine, clock, calloff, tmp_path):
    give(client_for("producer"), calloff)
    clock.at = AT + 14 * DAY
    for name in ("procurement_officer", "meal_manager"):
        client_for(name).post(f"/dis/calloffs/{calloff.id}/open")
    pages = shown(app, client_for("other_officer"), calloff)
    met = {needle for body in pages.values() for needle in found_in(body)}
    assert met >= {
        "4 711,23",
        "Hemlighetsmorot",
        "Groddarna",
        "zqxjvwkpyq",
        "77 665",
        "lydelse vvk",
        "hemlig-bild",
    }
    assert {needle for _, content in files(tmp_path) for needle in found_in(content)} >= {
        "Hemlighetsmorot",
        "zqxjvwkpyq",
    }
    assert not found_in(b"".join(shown(app, client_for("other_producer"), calloff).values()))
    assert not found_in(b"".join(shown(app, client_for("admin"), calloff).values()))


def test_the_database_differs_in_envelopes_of_equal_size_only(client_for, engine, calloff):
    empty = rows(engine)
    client_for("producer").get(url(calloff))
    assert rows(engine) == empty, "to look at the form writes nothing"
    give(client_for("producer"), calloff)
    with_tender = rows(engine)
    assert {name for name in empty if empty[name] != with_tender[name]} == {"dis_sealed_envelopes"}
    was, now = empty["dis_sealed_envelopes"], with_tender["dis_sealed_envelopes"]
    pairs = {row[0]: (row, other) for row, other in zip(sorted(was), sorted(now), strict=True)}
    for old, new in pairs.values():
        assert old[:2] == new[:2]
        assert len(old[2]) == len(new[2]) == ENVELOPE_SIZE
        assert old[2] != new[2], "all change, whoever tendered"


def test_checking_giving_taking_back_and_the_chore_look_the_same_in_the_database(
    app, client_for, engine, calloff
):
    keeper = keeper_of(app.extensions["narmat.settings"])
    client = client_for("producer")
    steps = (
        lambda: give(client, calloff, do="check"),
        lambda: give(client, calloff),
        lambda: client.post(url(calloff), data={"do": "take_back"}),
        lambda: renew_envelopes(engine, keeper=lambda: keeper, at=AT),
    )
    for step in steps:
        was = rows(engine)
        step()
        now = rows(engine)
        assert {name for name in was if was[name] != now[name]} == {"dis_sealed_envelopes"}
        assert not {row[2] for row in was["dis_sealed_envelopes"]} & {
            row[2] for row in now["dis_sealed_envelopes"]
        }


def test_a_log_of_requests_does_not_tell_giving_from_looking(client_for, calloff):
    """What a log holds of an answer: the address, the status, where it sends one."""
    client, other = client_for("producer"), client_for("other_producer")
    answers = [
        give(client, calloff, do="check"),
        give(client, calloff),
        client.post(url(calloff), data={"do": "take_back"}),
        other.post(url(calloff), data={"do": "seal"}),
        other.post(url(calloff), data={"do": "read", "code": "no code"}),
    ]
    told = {
        (
            answer.request.method,
            answer.request.path,
            answer.request.query_string,
            answer.status_code,
            answer.headers.get("Location"),
        )
        for answer in answers
    }
    assert told == {("POST", url(calloff), b"", 200, None)}


def test_the_server_logs_no_requests(tmp_path):
    settings = Settings(instance=tmp_path, database_url="sqlite://", secret_key="x", password_salt="x")
    assert Server(settings, {"loglevel": "warning"}).cfg.accesslog is None


def test_no_message_is_written_and_no_mail_says_anything(app, client_for, engine, session, cast, calloff):
    """The messages of an order are there; with a tender and all that the clock does, nothing is added to them."""
    make_order(session, cast, make_offer(session, cast), key="order")
    session.commit()
    keeper = keeper_of(app.extensions["narmat.settings"])
    desk = Desk(engine=engine, travel=Estimator(), keeper=lambda: keeper)
    run_due(desk, at=AT)
    before = rows(engine)["outbox_messages"]
    give(client_for("producer"), calloff)
    run_due(desk, at=AT + timedelta(hours=2))
    assert len(rows(engine)["outbox_messages"]) == len(before) > 0
    session.expire_all()
    with written_for(app, base_url="https://narmat.example.se", language="sv"):
        mails = [write(Told(kind=one.kind, params=one.params)) for one in session.query(OutboxMessage)]
    assert found_in(repr(mails).encode()) == []


def test_two_receipts_and_two_pages_without_a_code_are_the_same_for_colleagues(client_for, calloff):
    """Somebody else at the same supplier, on another device, is not told either whether a tender was given."""
    blank = OWN_EACH_TIME.sub("", client_for("producer").get(url(calloff)).text)
    give(client_for("producer"), calloff)
    assert OWN_EACH_TIME.sub("", client_for("producer").get(url(calloff)).text) == blank
