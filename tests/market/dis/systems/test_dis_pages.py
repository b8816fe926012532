"""The officer's way from nothing to a published notice, and what everyone may read of it."""

from __future__ import annotations

import re

import pytest

from market.dis.rules import DisState
from market.dis.systems.models import Dis


@pytest.fixture
def officer(stored, client_for):
    return client_for("procurement_officer")


BASICS = {
    "request_key": "k1",
    "name": "Livsmedel 2027",
    "description": "Grönsaker och ägg till skolköken, ungefär 20 ton om året.",
    "contact": "Upphandlingen, upphandling@example.se",
    "last_day": "2028-12-31",
    "value": "1 500 000",
    "regime": "national",
    "regime_reason": "Värdet är under förra periodens tröskelvärde.",
    "starting_point": "visits",
}


def make_draft(client, **changes):
    answer = client.post("/dis/new", data=BASICS | changes)
    assert answer.status_code == 302, re.findall(
        r"field__error.*?</p>|error-summary.*?</ul>", answer.text, re.DOTALL
    )
    return int(re.search(r"/dis/(\d+)", answer.location).group(1))


def test_a_draft_from_a_template_is_published_and_read_by_everyone(officer, client_for, look):
    dis_id = make_draft(officer)
    page = officer.get(f"/dis/{dis_id}/publish")
    assert "Det här saknas" not in page.text
    answer = officer.post(f"/dis/{dis_id}/publish", data={"last_day": "2026-12-28"})
    assert answer.status_code == 302, answer.text
    dis = look.get(Dis, dis_id)
    assert dis.state is DisState.PUBLISHED
    reader = client_for(None)
    for path in ("", "/notice.json", "/notice.csv", "/notice.pdf", "/feed.atom"):
        assert reader.get(f"/dis/{dis_id}{path}").status_code == 200, path
    for path in ("/dis", "/dis/feed.atom"):
        assert "Livsmedel 2027" in reader.get(path).text
    assert officer.get(f"/dis/{dis_id}/desk").status_code == 200
