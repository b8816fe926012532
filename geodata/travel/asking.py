"""One question to a road engine over HTTP: time-outs, retries, and errors that say what to do.

Redirects are not followed and proxies are not used: the operator names the engine's own address.
"""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from geodata.travel.matrices import TravelMatrix

PASSING = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Worth another try; every other status is the engine's considered answer."""
LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_WAIT_S = 10.0

_log = logging.getLogger(__name__)


class EngineError(RuntimeError):
    """A road engine gave no usable answer. `known` holds what a cache knew all the same, if it was asked."""

    known: TravelMatrix | None = None


class EngineDown(EngineError):
    """Nothing answers, or too slowly, or only with passing errors, after all tries."""


class EngineRefused(EngineError):
    """The engine answers and says no: a limit, a setting, a map that doesn't cover the question."""


class EngineGarbled(EngineError):
    """Something answers that isn't this kind of road engine."""


class InvalidAddress(ValueError):
    """Not the address of an HTTP server."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and the JSON of an answer that came through: an object, or an array."""

    status: int
    content: Any

    @property
    def fields(self) -> dict[str, Any]:
        """Those of the object; none of an array."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def is_ok(self) -> bool:
        return self.status == HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for one answer, and how often to try again, each time after twice the pause."""

    timeout_s: float = 30.0
    tries: int = 3
    first_pause_s: float = 0.5
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.timeout_s <= 0 or self.tries < 1 or self.first_pause_s < 0:
            raise ValueError(
                f"Can't wait {self.timeout_s} s in {self.tries} tries with a pause of {self.first_pause_s} s. "
                "Give a time-out above 0, at least one try and no negative pause."
            )


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine listens, such as http://127.0.0.1:8002. Raises `InvalidAddress`."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        try:
            is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number
            is_usable = False
        if not is_usable or parts.query or parts.fragment:
            raise InvalidAddress(
                f"'{self.url}' is no address of a road engine. Write it with scheme and host, such as "
                "http://127.0.0.1:8002, without a question mark."
            )

    @property
    def prefix(self) -> str:
        return urlsplit(self.url).path.rstrip("/")

    def connection(self, timeout_s: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(str(parts.hostname), parts.port, timeout=timeout_s)


def ask(address: Address, path: str, *, body: object = None, patience: Patience) -> Reply:
    """GET `path`, or POST `body` as JSON there. Raises `EngineDown`, `EngineGarbled`."""
    trouble = ""
    for attempt in range(patience.tries):
        if attempt:
            patience.sleep(min(patience.first_pause_s * 2 ** (attempt - 1), LONGEST_WAIT_S))
        try:
            status, raw = _exchange(address, path, body, patience.timeout_s)
        except (OSError, http.client.HTTPException) as error:
            trouble = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        else:
            if status not in PASSING:
                return Reply(status, _read(address, status, raw))
            trouble = f"status {status}"
        _log.warning("%s, try %d of %d: %s", address.url, attempt + 1, patience.tries, trouble)
    raise EngineDown(
        f"The road engine at {address.url} doesn't answer ({trouble}; {patience.tries} tries). "
        "Check that it runs and that the address is right; until then roads are estimated."
    )


def _exchange(address: Address, path: str, body: object, timeout_s: float) -> tuple[int, bytes]:
    """The status and at most one byte more than the largest answer."""
    connection = address.connection(timeout_s)
    headers = {"Accept": "application/json", "User-Agent": "narmat"}
    try:
        if body is None:
            connection.request("GET", address.prefix + path, headers=headers)
        else:
            content = json.dumps(body, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json"
            connection.request("POST", address.prefix + path, body=content, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(LARGEST_ANSWER + 1)
    finally:
        connection.close()


def _read(address: Address, status: int, raw: bytes) -> Any:
    try:
        content = json.loads(raw) if len(raw) <= LARGEST_ANSWER else None
    except ValueError:
        content = None
    if not isinstance(content, dict | list):
        start = raw[:60].decode("utf-8", errors="replace")
        raise EngineGarbled(
            f"{address.url} answered with status {status} and no JSON that fits: {start!r}. "
            "Check that the address is the road engine's own, not a page in front of it."
        )
    return content
