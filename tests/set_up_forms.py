"""The set-up forms as a browser sends them, filled in as the report's municipalities would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories import MONDAY, Cast
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from market.register.models import TransportModel

PRODUCER, STAFF, MUNICIPAL = "supplier", "staff", "own"
VAN = {
    "kilograms": "900",
    "crates": "80",
    "is_cold": "y",
    "weekdays": ["1", "2", "3", "4", "5"],
    "starts": "06:00",
    "ends": "15:00",
    "day": "200",
    "km": "4",
    "hour": "300",
    "co2e": "210",
    "source": "Ett antagande",
}
WEDNESDAY = MONDAY + timedelta(days=2)


def van(part: str, **changes: Any) -> dict[str, Any]:
    """A vehicle's fields in one part of a form."""
    return {f"{part}-{name}": value for name, value in (changes or VAN).items()}


def _common(cast: Cast) -> dict[str, Any]:
    return {"producers": [str(cast.producer.id)], "in_price": "y", **van(PRODUCER)}


def kramfors(cast: Cast) -> dict[str, Any]:
    """The satellite gets its goods from the hub's own staff; producers deliver to the hub."""
    return {
        **_common(cast),
        **van(STAFF),
        "own_delivery": "always",
        "transfer": "30",
        f"via_{cast.hub.id}": "",
        f"via_{cast.satellite.id}": str(cast.hub.id),
    }


def tierp(cast: Cast) -> dict[str, Any]:
    return {**_common(cast), "gather_weekday": "3", "visit": "0"}


def vallentuna(cast: Cast) -> dict[str, Any]:
    """Own vans from Wednesday."""
    return {
        **_common(cast),
        **van(MUNICIPAL),
        "from_on": WEDNESDAY.isoformat(),
        "vans": "1",
        "home": str(cast.hub.id),
        "before": "nobody",
        "haulier": "",
        "helper": "",
    }


def norrtalje(cast: Cast) -> dict[str, Any]:
    return _common(cast)


def bath(cast: Cast) -> dict[str, Any]:
    return {
        **_common(cast),
        **van(MUNICIPAL),
        "producers": [],
        "hub": str(cast.hub.id),
        "served": [str(cast.satellite.id)],
        "vans": "1",
        "producers_choose_times": "y",
        "lead_days": "0",
        "transfer": "30",
    }


FORMS = {
    TransportModel.HUBS_OWN_STAFF: kramfors,
    TransportModel.SUPPLIERS_COLOAD: tierp,
    TransportModel.MUNICIPAL_VANS: vallentuna,
    TransportModel.PRODUCER_DELIVERS: norrtalje,
    TransportModel.HUB_COLLECTS: bath,
}


def path_of(cast: Cast, model: TransportModel) -> str:
    return f"/fleet/setting-up/{cast.authority.id}/{model.value}"


def set_up(client: FlaskClient, cast: Cast, model: TransportModel, **changes: Any) -> TestResponse:
    """Send the form, and follow to the page after it."""
    data = FORMS[model](cast) | changes
    return client.post(path_of(cast, model), data=data, follow_redirects=True)
