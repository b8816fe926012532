"""The file of a call-off: whole, verified by what lies in it alone, and silent of tenders before the opening."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from dis_awarding import DECIDED, EVALUATED, OPENED, make_awarded, make_opened, sign_contract, tenders_of
from dis_making import admit, invite, make_calloff, make_dis
from factories import AT
from sqlalchemy import event

from market import audit
from market.accounts.models import User
from market.dis.awards.order_operations import place_orders
from market.dis.calloffs.models import CallOff, Question
from market.dis.casefile import verify
from market.dis.casefile.archive import stream
from market.dis.casefile.contents import members
from market.dis.casefile.queries import case_of
from market.dis.evaluations.models import Evaluator, Score
from market.dis.evaluations.rules import Declaration


def archive(session, calloff: CallOff, at=DECIDED) -> ZipFile:
    return ZipFile(BytesIO(b"".join(stream(members(session, calloff=calloff, at=at), at=at))))


def unpacked(session, calloff: CallOff, folder: Path) -> Path:
    archive(session, calloff).extractall(folder / "akt")
    return folder / "akt"


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run what lies in the archive, with another interpreter that knows nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False, cwd=folder
    )


@pytest.fixture
def ordered(session, cast) -> CallOff:
    """Awarded, one contract signed and ordered, with something else in the log in between."""
    award = make_awarded(session, cast)
    contract = award.contracts[0]
    audit.record(session, user_id=None, at=DECIDED, action="offer.post", subject="offer:999", price="hemligt")
    sign_contract(session, cast, contract.agreement, at=award.standstill_ends_at)
    place_orders(session, contract=contract, at=award.standstill_ends_at)
    session.flush()
    return award.calloff


def test_it_verifies_by_itself_and_says_so(session, ordered, tmp_path):
    folder = unpacked(session, ordered, tmp_path)
    done = checked(folder)
    assert (done.returncode, done.stdout) == (0, "OK: akten är hel och loggen hänger ihop.\n")
    listed = subprocess.run(
        ["sha256sum", "-c", "MANIFEST.sha256"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert listed.returncode == 0, listed.stdout


def test_one_changed_byte_anywhere_is_found(session, ordered, tmp_path):
    folder = unpacked(session, ordered, tmp_path)
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        before = path.read_bytes()
        if path.name in {"verify.py", "MANIFEST.sha256"}:
            continue
        path.write_bytes(bytes([before[0] ^ 1]) + before[1:])
        assert verify.faults(folder), path
        path.write_bytes(before)
    assert verify.faults(folder) == []
    decision = folder / "documents/tilldelningsbeslut-1.pdf"
    decision.write_bytes(decision.read_bytes() + b" ")
    done = checked(folder)
    assert (done.returncode, done.stdout) == (1, "FEL: documents/tilldelningsbeslut-1.pdf was changed\n")


def test_a_file_taken_away_or_put_in_is_found(session, ordered, tmp_path):
    folder = unpacked(session, ordered, tmp_path)
    (folder / "data/sending.json").unlink()
    (folder / "documents/extra.pdf").write_bytes(b"x")
    assert verify.faults(folder) == [
        "data/sending.json is missing",
        "documents/extra.pdf is not in the manifest",
    ]


def rewritten(folder: Path, change) -> list[str]:
    """Someone changes the log and makes the manifest anew, as a clever forger would."""
    chain = folder / verify.CHAIN
    lines = [json.loads(line) for line in chain.read_text(encoding="utf-8").splitlines()]
    change(lines)
    chain.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return verify.chain_faults(folder)


def full(lines):
    return [line for line in lines if "action" in line]


def test_a_forged_log_is_found_even_with_a_new_manifest(session, ordered, tmp_path):
    folder = unpacked(session, ordered, tmp_path)
    kept = (folder / verify.CHAIN).read_text(encoding="utf-8")
    changes = {
        "data": lambda lines: full(lines)[3].update(data={}),
        "who": lambda lines: full(lines)[-1].update(user_id=987),
        "removed": lambda lines: lines.pop(4),
        "end": lambda lines: lines.pop(),
        "hash": lambda lines: lines[2].update(hash="0" * 64),
    }
    for name, change in changes.items():
        (folder / verify.CHAIN).write_text(kept, encoding="utf-8")
        assert rewritten(folder, change), name


def test_events_of_others_are_links_that_reveal_nothing(session, ordered, tmp_path):
    text = (unpacked(session, ordered, tmp_path) / verify.CHAIN).read_text(encoding="utf-8")
    assert "hemligt" not in text
    lines = [json.loads(line) for line in text.splitlines()[1:]]
    assert any(set(line) == {"id", "hash"} for line in lines)
    assert {line["subject"].split(":")[0] for line in full(lines)} >= {
        "dis",
        "calloff",
        "tender",
        "agreement",
        "order",
    }


def test_everything_is_in_it(session, ordered):
    names = set(archive(session, ordered).namelist())
    data = {name.removeprefix("data/").removesuffix(".json") for name in names if name.startswith("data/")}
    assert data == {
        "system", "category", "calloff", "needs", "invitations", "questions", "applications", "transitions", "sending",
        "opening", "tenders", "evaluations", "working_group", "awards", "agreements", "agreement_documents", "orders",
        "people",
    }  # fmt: skip
    assert {"verify.py", "MANIFEST.sha256", "LASMIG.txt", "documents/tilldelningsbeslut-1.pdf"} <= names
    assert any(name.endswith("-to_sign.pdf") for name in names)


def test_the_proof_of_sending_and_the_people_are_readable(session, cast, ordered):
    made = archive(session, ordered)
    sent = json.loads(made.read("data/sending.json"))
    assert {"dis_award_decided"} <= {one["kind"] for one in sent}
    assert all("params" not in one for one in sent)
    named = {one["user_id"]: one["name"] for one in json.loads(made.read("data/people.json"))}
    officer = cast.actor("procurement_officer")
    assert named[officer.user_id] == officer.name


def test_before_the_opening_it_says_nothing_of_tenders(session, cast):
    dis = make_dis(session, cast)
    calloff = make_calloff(session, cast, dis)
    invitations = invite(session, calloff, [admit(session, dis, cast.producer)])
    session.add(
        Question(calloff_id=calloff.id, invitation_id=invitations[0].id, text="Vilken storlek?", asked_at=AT)
    )
    asker = cast.actor("producer").user_id
    audit.record(
        session, user_id=asker, at=AT, action="calloff.ask", subject=f"calloff:{calloff.id}", question=1
    )
    session.flush()
    made = archive(session, calloff)
    names = set(made.namelist())
    assert not {
        one for one in names if any(word in one for word in ("tender", "opening", "evaluation", "award"))
    }
    text = b"".join(made.read(name) for name in names if name not in {"verify.py", "LASMIG.txt"}).decode()
    for word in ("invitation_id", "blind_label", "envelope", '"tender', "calloff.ask"):
        assert word not in text, word
    assert "Vilken storlek?" in text
    assert f'"user_id": {asker}' not in text, "nobody is to know who asked"
    assert case_of(session, calloff=calloff).is_opened is False


def test_while_samples_are_scored_blind_nobody_reads_whose_they_are(session, cast):
    calloff = make_opened(session, cast)
    tenders = tenders_of(session, calloff)
    judge = session.query(User).filter_by(email="meal_manager@example.se").one()
    session.add(
        Evaluator(
            calloff_id=calloff.id, user_id=judge.id, added_at=OPENED, declaration=Declaration.IMPARTIAL,
            declared_at=OPENED, scores=[
                Score(tender=tenders[0], criterion=calloff.dis_category.criteria[1], points=4, scored_at=EVALUATED)
            ],
        )
    )  # fmt: skip
    session.flush()
    made = archive(session, calloff)
    assert "data/working_group.json" not in made.namelist()
    assert "blind_label" not in made.read("data/tenders.json").decode()


def test_the_bytes_leave_as_they_are_read(session, ordered):
    chunks = list(stream(members(session, calloff=ordered, at=DECIDED), at=DECIDED))
    assert len(chunks) > 20
    assert max(map(len, chunks)) < sum(map(len, chunks)) / 2


def test_a_constant_number_of_queries(session, cast, engine):
    def counted(calloff) -> int:
        session.expire_all()
        seen: list[str] = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        try:
            list(
                stream(members(session, calloff=session.get_one(CallOff, calloff.id), at=DECIDED), at=DECIDED)
            )
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    award = make_awarded(session, cast)
    session.flush()
    before = counted(award.calloff)
    for number in range(3):
        lot = award.calloff.lots[0]
        for need in lot.needs:
            need.steps += number
    session.flush()
    assert counted(award.calloff) <= before + 1
    assert before < 60, before


def test_the_page_streams_it_to_those_who_follow_the_dis(app, engine, client_for, session, cast, clock):
    calloff_id = make_awarded(session, cast).calloff_id
    session.commit()
    clock.at = DECIDED + timedelta(hours=1)
    answer = client_for("other_meal_manager").get(f"/dis/calloffs/{calloff_id}/file.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert ZipFile(BytesIO(answer.data)).testzip() is None
    for name in ("producer", "kitchen", "admin"):
        assert client_for(name).get(f"/dis/calloffs/{calloff_id}/file.zip").status_code == 403
