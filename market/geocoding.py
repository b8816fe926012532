"""What finds a place by name for the whole application: the gazetteer, imported postcodes, a server if one is set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geopy.exc import ConfigurationError
from geopy.location import Location as Found
from sqlalchemy import Engine

from geodata.geocoders import AnyGeocoder, Chain, chain
from geodata.nominatim import Nominatim
from market.config import BadSetting, Settings
from market.geocode_cache import DatabaseGeocodeCache


@dataclass(frozen=True, slots=True)
class OutsideTransaction:
    """A geocoder that lets go of the database before it asks the network: nobody else waits for its answer."""

    geocoder: AnyGeocoder
    let_go: Callable[[], None]

    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        self.let_go()
        return self.geocoder.geocode(query, exactly_one=exactly_one)


def geocoder(settings: Settings, *, database: Engine, let_go: Callable[[], None]) -> Chain:
    """Made once and kept: a server allows one question a second. Raises BadSetting."""
    online = _online(settings, database)
    return chain(
        folder=settings.instance / "geodata", online=OutsideTransaction(online, let_go) if online else None
    )


def _online(settings: Settings, database: Engine) -> AnyGeocoder | None:
    if not settings.nominatim_url:
        return None
    cache = DatabaseGeocodeCache(database)
    try:
        return Nominatim(url=settings.nominatim_url, user_agent=settings.nominatim_user_agent, cache=cache)
    except ConfigurationError as error:
        raise BadSetting(f"NARMAT_NOMINATIM_URL, NARMAT_NOMINATIM_USER_AGENT: {error}") from error
