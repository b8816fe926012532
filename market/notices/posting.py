"""Handing a message to a mail server: the message with its headers, one connection for several, what a refusal means."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from market.config import BadSetting, Settings

PATIENCE_S = 30
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
SCHEMES = {"smtp": 25, "smtps": 465}


class TryLater(Exception):
    """The server could not take the message now; the text is for the administrator."""


class NoConnection(TryLater):
    """The server can't be reached or will not talk to us: no message of the round can be sent."""


class Impossible(Exception):
    """The server refuses this message for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is said to whom. `unsubscribe_url` is none where the message can't be chosen away."""

    address: str
    name: str
    message_id: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Where the mail goes: a server, and the sender that all messages carry."""

    host: str
    port: int
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    starttls: bool = False

    @contextmanager
    def line(self) -> Iterator[Line]:
        """Several messages over one connection, which is opened with the first."""
        with Line(self) as line:
            yield line

    @property
    def domain(self) -> str:
        """What message ids end with."""
        return self.sender.domain


def mailer_from(settings: Settings) -> Mailer | None:
    """None while no server is set. Raises BadSetting, which says what to set."""
    if not settings.smtp_url:
        return None
    if not settings.base_url:
        raise BadSetting(
            "NARMAT_BASE_URL is not set: mail needs it for its links. Set it to the public address."
        )
    parts = urlsplit(settings.smtp_url)
    try:
        host, port = parts.hostname or "", parts.port or SCHEMES.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port:
        raise BadSetting(
            "NARMAT_SMTP_URL can't be read: write it as smtp://user:password@host:port or smtps://host."
        )
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
    _refuse_bare_password(parts, starttls=starttls)
    return Mailer(
        host=host,
        port=port,
        sender=_sender(settings.mail_from),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        starttls=starttls,
    )


def _refuse_bare_password(parts: SplitResult, *, starttls: bool) -> None:
    if parts.password and parts.scheme == "smtp" and not starttls and not _is_here(parts.hostname or ""):
        raise BadSetting(
            "NARMAT_SMTP_URL would send its password unencrypted: write smtps:// or end it with ?starttls=1."
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sender(text: str) -> Address:
    """From "Närmat <narmat@example.se>" or only the address."""
    match = re.fullmatch(r"\s*(?:(?P<name>[^<>]*?)\s*<)?(?P<spec>[^\s<>@]+@[^\s<>@]+)>?\s*", text)
    if not match:
        raise BadSetting(
            f"NARMAT_MAIL_FROM is {text!r}: set it to the sender, such as Närmat <narmat@example.se>."
        )
    return Address(display_name=(match["name"] or "Närmat").strip('" '), addr_spec=match["spec"])


def one_line(text: str) -> str:
    """Without line breaks and other controls: what goes into a header can not become another header."""
    return " ".join(CONTROL.sub(" ", text).split())


def compose(mail: Mail, *, sender: Address, at: datetime) -> EmailMessage:
    """Plain text with an HTML alternative. Raises Impossible for an address that can't be written."""
    message = EmailMessage()
    message["Subject"] = one_line(mail.subject)
    message["From"] = sender
    message["To"] = _recipient(mail)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # last, or it would move into the first part
    return message


def _recipient(mail: Mail) -> Address:
    local, _, domain = mail.address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        return Address(display_name=one_line(mail.name), username=local, domain=ascii_domain)
    except (ValueError, UnicodeError) as error:
        raise Impossible(f"{mail.address!r} is no address: {error}") from error


class Line:
    """A connection to the mail server, opened when first needed and again after it broke."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._hang_up()

    def send(self, mail: Mail, *, at: datetime) -> None:
        """Raises NoConnection, TryLater or Impossible; otherwise the server has taken the message."""
        message = compose(mail, sender=self._mailer.sender, at=at)
        server = self._server or self._connect()
        self._server = server
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refusal(code, text) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Impossible(f"The mail server can't write to {mail.address}: {error}") from error
        except (
            smtplib.SMTPException,
            OSError,
        ) as error:  # also a sender that it refuses: that is a setting of ours
            self._hang_up()
            raise TryLater(_words(error)) from error

    def _connect(self) -> smtplib.SMTP:
        mailer = self._mailer
        try:
            if mailer.is_tls:
                context = ssl.create_default_context()
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    mailer.host, mailer.port, timeout=PATIENCE_S, context=context
                )
            else:
                server = smtplib.SMTP(mailer.host, mailer.port, timeout=PATIENCE_S)
            if mailer.starttls:
                server.starttls(context=ssl.create_default_context())
            if mailer.user:
                server.login(mailer.user, mailer.password)
        except (smtplib.SMTPException, OSError) as error:
            raise NoConnection(f"{mailer.host}:{mailer.port}: {_words(error)}") from error
        return server

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _refusal(code: int, text: bytes | str) -> TryLater | Impossible:
    words = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return Impossible(words) if 500 <= code < 600 else TryLater(words)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
