"""Workers as processes: one that is killed loses nothing, those beside a server end with it and not the other way round."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from notices_mail import ORDER
from sqlalchemy import select, update
from tree import ROOT

from market.db import open_session, transaction
from market.outbox import MessageState, OutboxMessage, tell

pytestmark = pytest.mark.slow

MESSAGES = 12
PATIENCE_S = 60
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(engine, mail, tmp_path) -> Iterator[Start]:
    """The command, on the test's database and mail server; ended with the test."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "NARMAT_INSTANCE": str(tmp_path),
        "NARMAT_DATABASE_URL": str(engine.url),
        "NARMAT_SMTP_URL": mail.url,
        "NARMAT_MAIL_FROM": "narmat@example.se",
        "NARMAT_BASE_URL": "https://narmat.example.se",
        "NARMAT_PLAIN_HTTP": "1",
    }

    def run(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from market.cli import main; main()", *words]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=PATIENCE_S)


def until(is_so: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(start, mail, engine, stored):
    at = datetime.now(UTC)
    with transaction(engine) as session:
        for n in range(MESSAGES):
            user = stored.actor("producer").user_id
            tell(session, user_ids=[user], kind="order_proposed", key=f"{n}", at=at, **ORDER)
    mail.postbox.after_taking = lambda: time.sleep(0.2)
    worker = start("work")
    until(lambda: len(mail.postbox.taken) >= 3)
    worker.kill()
    worker.wait()
    mail.postbox.after_taking = None
    with transaction(engine) as session:  # ten minutes later
        held = update(OutboxMessage).where(OutboxMessage.lease_ends_at.is_not(None))
        session.execute(held.values(lease_ends_at=at - timedelta(seconds=1)))
    assert start("work", "--once").wait(timeout=PATIENCE_S) == 0
    copies = Counter(str(message["Message-ID"]) for _, message in mail.postbox.taken)
    assert len(copies) == MESSAGES
    assert sum(copies.values()) <= MESSAGES + 1, "only the one that was under way may come twice"
    with open_session(engine, writes=False) as session:
        assert {m.state for m in session.scalars(select(OutboxMessage))} == {MessageState.SENT}


def children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.add(int(stat.parent.name))
    return found


def words_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def workers(pid: int) -> list[int]:
    """`narmat work` and `narmat worker`."""
    return [child for child in children(pid) if "--with-server" in words_of(child)]


def that_do_jobs(pid: int) -> list[int]:
    """The processes that the `narmat worker` beside a server has at work."""
    return [
        child
        for worker in workers(pid)
        for child in children(worker)
        if words_of(child).endswith("worker --one ")
    ]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_the_workers_beside_a_server_end_with_it_and_not_the_other_way_round(start):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = start("serve", "--port", str(port), "--workers", "1")

    def answers() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/about", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    until(lambda: answers() and that_do_jobs(server.pid))
    [does_jobs] = that_do_jobs(server.pid)
    os.kill(does_jobs, signal.SIGKILL)
    until(lambda: that_do_jobs(server.pid) not in ([], [does_jobs]))  # another one has begun
    both = workers(server.pid)
    assert len(both) == 2
    for worker in both:
        os.kill(worker, signal.SIGKILL)
    until(lambda: not workers(server.pid))
    assert answers()
    server.terminate()
    assert server.wait(timeout=PATIENCE_S) == 0

    server = start("serve", "--port", str(port), "--workers", "1")
    until(lambda: answers() and that_do_jobs(server.pid))
    left = [*workers(server.pid), *that_do_jobs(server.pid)]
    assert len(left) == 3
    server.kill()
    server.wait()
    until(lambda: not any("worker" in words_of(one) or "work --" in words_of(one) for one in left))


def test_a_server_without_a_worker(start):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = start("serve", "--port", str(port), "--workers", "1", "--no-work")
    until(lambda: children(server.pid))
    assert workers(server.pid) == []
