"""A call-off with two who are invited, and one where both have tendered and the deadline has passed."""

from __future__ import annotations

from io import BytesIO

import pytest
from factories import AT, tiny_photo
from tender_making import DEADLINE, SECOND, make_invited, typed, url

from market.dis.calloffs.models import CallOff


@pytest.fixture
def calloff(session, cast, app) -> CallOff:
    return make_invited(session, cast, app)


@pytest.fixture
def tendered(client_for, clock, calloff) -> CallOff:
    """The producer gives two versions, the other one a tender with a photo."""
    client = client_for("producer")
    client.post(url(calloff), data=typed())
    clock.at = AT + SECOND
    client.post(
        url(calloff), data=typed(**{"lots-0-price": "12,50", "request_key": "second", "min_total": "500"})
    )
    claim = {
        "claims-0-is_claimed": "y",
        "claims-0-file": (BytesIO(tiny_photo()), "klass.jpg"),
        "claims-0-evidence": "Två klasser",
    }
    other = typed(
        **{"lots-0-price": "", "lots-1-price": "0", "lots-1-is_zero_meant": "y", "lots-1-weekdays": ["1"]},
        **claim,
    )
    client_for("other_producer").post(url(calloff), data=other, content_type="multipart/form-data")
    clock.at = DEADLINE
    return calloff
