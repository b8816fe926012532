"""Place names and addresses from a Nominatim server that the operator has chosen, by its rules.

OpenStreetMap's policy asks for a user agent of one's own, at most one question a second, and that
answers are kept. All three are built in. Show `ATTRIBUTION` wherever an answer is shown.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from geopy.exc import ConfigurationError, GeocoderQueryError
from geopy.geocoders import Nominatim as Client
from geopy.location import Location as Found

from geodata.points import NotInSweden, Point, check_in_sweden

ATTRIBUTION = "© OpenStreetMap contributors, ODbL"
PAUSE_S = 1.0
TIMEOUT_S = 10.0
LONGEST_QUERY = 200


class GeocodeCache(Protocol):
    """Where answers are kept between questions: text by text."""

    def get(self, *, server: str, query: str) -> str | None:
        """What `put` kept, or None."""
        ...

    def put(self, *, server: str, query: str, answer: str) -> None:
        """Keep an answer; a later one replaces it."""
        ...


@dataclass(slots=True)
class MemoryGeocodeCache:
    """A cache for one process."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, *, server: str, query: str) -> str | None:
        return self.kept.get((server, query))

    def put(self, *, server: str, query: str, answer: str) -> None:
        self.kept[server, query] = answer


class Nominatim:
    """A Nominatim server behind geopy's `geocode`, one question a second, each asked once.

    `url` is such as https://nominatim.example.se; `user_agent` names the operator's installation.
    Raises geopy's `ConfigurationError` for settings that can't be used.
    """

    def __init__(
        self,
        *,
        url: str,
        user_agent: str,
        cache: GeocodeCache | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(f"'{url}' is no address. Write it like https://nominatim.example.se.")
        if not user_agent.strip():
            raise ConfigurationError("Name your installation as user agent, such as 'narmat-tierp'.")
        self._server = parts.netloc + parts.path.rstrip("/")
        self._client = Client(
            domain=self._server, scheme=parts.scheme, user_agent=user_agent, timeout=TIMEOUT_S
        )
        self._cache = cache or MemoryGeocodeCache()
        self._clock, self._sleep = clock, sleep
        self._free_at = float("-inf")
        self._lock = threading.Lock()

    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        """Places in Sweden of that name or address, the likeliest first; None when there is none.

        Raises geopy's `GeocoderQueryError` for an empty or overlong query, and its other
        `GeocoderServiceError`s when the server doesn't answer.
        """
        text = " ".join(query.split())
        if not text or len(text) > LONGEST_QUERY:
            raise GeocoderQueryError("Write the name of a place or an address, such as Storgatan 1, Tierp.")
        found = [_to_geopy(answer) for answer in self._answers(text)]
        if not found:
            return None
        return found[0] if exactly_one else found

    def _answers(self, text: str) -> list[dict[str, Any]]:
        key = text.casefold()
        kept = self._cache.get(server=self._server, query=key)
        if kept is None:
            kept = json.dumps(self._ask(text))
            self._cache.put(server=self._server, query=key, answer=kept)
        answers: list[dict[str, Any]] = json.loads(kept)
        return answers

    def _ask(self, text: str) -> list[dict[str, Any]]:
        """One at a time, a second apart, whatever thread asks."""
        with self._lock:
            self._sleep(max(0.0, self._free_at - self._clock()))
            try:
                found = self._client.geocode(text, exactly_one=False, country_codes="se", limit=5)
            finally:
                self._free_at = self._clock() + PAUSE_S
        answers = [{"address": one.address, "lat": one.latitude, "lon": one.longitude} for one in found or ()]
        return [answer for answer in answers if _is_in_sweden(answer)]


def _is_in_sweden(answer: dict[str, Any]) -> bool:
    try:
        check_in_sweden(lat=answer["lat"], lon=answer["lon"])
    except NotInSweden:
        return False
    return True


def _to_geopy(answer: dict[str, Any]) -> Found:
    point = Point(lat=answer["lat"], lon=answer["lon"])
    return Found(answer["address"], (point.lat, point.lon), {"source": ATTRIBUTION})
