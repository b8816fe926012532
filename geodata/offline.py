"""What a geocoder that answers from memory talks over: nothing.

geopy gives every geocoder an adapter for requests and reads the machine's certificates for it, a fiftieth of a second each time.
"""

from typing import Any, NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderServiceError


class Offline(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """An adapter that sends nothing; raises geopy's GeocoderServiceError when asked to."""

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_json(self, url: str, **options: Any) -> NoReturn:
        del options
        raise GeocoderServiceError(f"This geocoder asks nobody; not {url} either.")

    get_text = get_json
