"""A real mail server on loopback that can refuse, and what a worker needs to send to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from notices_mail import mail_settings

from market.commands.work import Worker


@dataclass
class Postbox:
    """Keeps what it takes. `answers` are given to recipients, one each, before it says yes; `on_data` may break off."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    after_taking: Callable[[], None] | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, ARG002 (aiosmtpd's names)
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802, ARG002 (aiosmtpd's names)
        if self.data_answers:
            return self.data_answers.pop(0)
        self.raw.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=default)
        self.taken.append((envelope.rcpt_tos[0], message))
        if self.after_taking:
            self.after_taking()
        return "250 OK"


@dataclass
class MailServer:
    postbox: Postbox
    controller: Controller

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"


class AnyPort(Controller):
    """aiosmtpd asks its own port whether it listens, so a free one has to be known first."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    postbox = Postbox()
    controller = AnyPort(postbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield MailServer(postbox, controller)
    controller.stop()


@pytest.fixture
def worker(app: Flask, mail: MailServer) -> Worker:
    return Worker(app, mail_settings(app.extensions["narmat.settings"], mail.url))
