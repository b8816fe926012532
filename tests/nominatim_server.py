"""A server that answers as Nominatim does, on this machine, with what a test gives it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Asked = list[tuple[str | None, dict[str, list[str]]]]


@contextmanager
def answering(
    answers: Mapping[str, Any], *, meanwhile: Callable[[], None] | None = None
) -> Iterator[tuple[str, Asked]]:
    """The address, and a list that grows by (user agent, parameters) with each question.

    ``answers`` by lower-case text: a list of places, or None to fail; anything else is not found. ``meanwhile``
    is called before each answer.
    """
    asked: Asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.headers["User-Agent"], parse_qs(urlsplit(self.path).query)))
            if meanwhile is not None:
                meanwhile()
            answer = answers.get(asked[-1][1]["q"][0].casefold(), [])
            self.send_response(500 if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer or []).encode())

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}", asked
        http.shutdown()
