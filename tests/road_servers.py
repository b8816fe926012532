"""A small road engine on loopback that speaks OSRM's and Valhalla's HTTP, and fails on demand.

Roads are made up: each degree of latitude costs 100 km, of longitude 50 km, and southward a tenth more, so
that no answer survives a swap of coordinates or directions. The shapes of answers and errors are those of
osrm-routed 5 and Valhalla 3.6.
"""

import json
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Place = tuple[float, float]  # lat, lon


def road_m(start: Place, end: Place) -> float:
    south = 1.1 if end[0] < start[0] else 1.0
    return (abs(end[0] - start[0]) * 100_000 + abs(end[1] - start[1]) * 50_000) * south


@dataclass
class RoadServer:
    """What it knows, what it refuses, and what it was asked."""

    url: str = ""
    version: str = "2026-11-01T00:00:00Z"
    tiles_built: int = 1_793_491_200  # the same instant
    most_pairs: int = 10_000
    farthest_m: float = math.inf  # as the crow flies, Valhalla only
    moved_m: dict[Place, float] = field(default_factory=dict)  # how far the place is from a road
    region: Callable[[Place], int] = lambda _place: 0  # places in different regions have no road between
    failures: list[Any] = field(
        default_factory=list
    )  # for the next requests: a status, a text, or seconds to sleep
    asked: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def tables(self) -> list[Any]:
        """The matrix questions so far, each as (origins, destinations)."""
        return [question for kind, question in self.asked if kind == "table"]

    def osrm(self, path: str) -> tuple[int, Any]:
        parts = urlsplit(path)
        matched = re.fullmatch(r"/(table|nearest)/v1/driving/([-\d.,;]+)", parts.path)
        if not matched:
            return 400, {"code": "InvalidUrl", "message": "URL string malformed close to position 1"}
        places = [(float(lat), float(lon)) for lon, lat in (one.split(",") for one in matched[2].split(";"))]
        if matched[1] == "nearest":
            self.asked.append(("nearest", places))
            return 200, self._stamped({"code": "Ok", "waypoints": [self._waypoint(places[0])]})
        return self._osrm_table(places, parse_qs(parts.query))

    def _osrm_table(self, places: list[Place], options: dict[str, list[str]]) -> tuple[int, Any]:
        starts, ends = (
            [places[int(n)] for n in options[name][0].split(";")] for name in ("sources", "destinations")
        )
        self.asked.append(("table", (starts, ends)))
        if len(places) < 2:
            return 400, {
                "code": "InvalidOptions",
                "message": "Number of coordinates needs to be at least two.",
            }
        if len(starts) * len(ends) > self.most_pairs:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        metres = self._roads(starts, ends)
        return 200, self._stamped(
            {
                "code": "Ok",
                "distances": [[None if m is None else round(m, 1) for m in row] for row in metres],
                "durations": [[None if m is None else round(m / 20, 1) for m in row] for row in metres],
                "sources": [self._waypoint(place) for place in starts],
                "destinations": [self._waypoint(place) for place in ends],
            }
        )

    def valhalla(self, path: str, body: Any) -> tuple[int, Any]:
        if path == "/status":
            return 200, {
                "version": "3.6.1",
                "tileset_last_modified": self.tiles_built,
                "available_actions": [],
            }
        if path == "/locate":
            places = [(one["lat"], one["lon"]) for one in body["locations"]]
            self.asked.append(("locate", places))
            cutoff = body["locations"][0]["search_cutoff"]
            return 200, [
                {"input_lat": lat, "input_lon": lon, "nodes": None,
                 "edges": [{"way_id": 1}] if self.moved_m.get((lat, lon), 0) <= cutoff else None}
                for lat, lon in places
            ]  # fmt: skip
        if path == "/sources_to_targets":
            return self._valhalla_matrix(body)
        return 404, {
            "error_code": 106,
            "error": "Try any of: '/status'",
            "status_code": 404,
            "status": "Not Found",
        }

    def _valhalla_matrix(self, body: Any) -> tuple[int, Any]:
        starts, ends = ([(one["lat"], one["lon"]) for one in body[name]] for name in ("sources", "targets"))
        self.asked.append(("table", (starts, ends)))
        if len(starts) * len(ends) > self.most_pairs:
            return _refusal(150, f"Exceeded max locations: {self.most_pairs:.6f}")
        if any(math.dist(a, b) * 100_000 > self.farthest_m for a in starts for b in ends):
            return _refusal(
                154, f"Path distance exceeds the max distance limit: {self.farthest_m:.0f} meters"
            )
        cutoff = body["sources"][0]["search_cutoff"]
        if any(self.moved_m.get(place, 0) > cutoff for place in (*starts, *ends)):
            return _refusal(171, "No suitable edges near location")
        if len({self.region(place) // 10 for place in (*starts, *ends)}) > 1:
            return _refusal(170, "Locations are in unconnected regions. Go check/edit the map at osm.org")
        metres = self._roads(starts, ends)
        return 200, {
            "sources_to_targets": {
                "durations": [[None if m is None else round(m / 20) for m in row] for row in metres],
                "distances": [[None if m is None else round(m / 1000, 3) for m in row] for row in metres],
            },
            "units": body["units"],
            "algorithm": "costmatrix",
        }

    def _roads(self, starts: list[Place], ends: list[Place]) -> list[list[float | None]]:
        return [[road_m(a, b) if self.region(a) == self.region(b) else None for b in ends] for a in starts]

    def _waypoint(self, place: Place) -> dict[str, Any]:
        return {"name": "", "location": [place[1], place[0]], "distance": self.moved_m.get(place, 0.0)}

    def _stamped(self, content: dict[str, Any]) -> dict[str, Any]:
        return {**content, "data_version": self.version} if self.version else content


def _refusal(code: int, text: str) -> tuple[int, Any]:
    return 400, {"error_code": code, "error": text, "status_code": 400, "status": "Bad Request"}


@contextmanager
def serving() -> Iterator[RoadServer]:
    """Both engines on one free port of 127.0.0.1."""
    state = RoadServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that has stopped waiting is part of the tests
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _handler(state: RoadServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(
                lambda: state.valhalla(self.path, None) if self.path == "/status" else state.osrm(self.path)
            )

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(lambda: state.valhalla(self.path, body))

        def answer(self, think: Callable[[], tuple[int, Any]]) -> None:
            failure = state.failures.pop(0) if state.failures else None
            if isinstance(failure, float):
                time.sleep(failure)
            if isinstance(failure, int):
                state.asked.append(("failed", failure))
                self.send(failure, json.dumps({"message": "not now"}))
            elif isinstance(failure, str):
                self.send(200, failure)
            else:
                status, content = think()
                self.send(status, json.dumps(content))

        def send(self, status: int, text: str) -> None:
            raw = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    return Handler
