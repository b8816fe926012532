"""A photo is its own organisation's until it is shared; then buyers', or the two parties'."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from factories import AT, tiny_photo
from PIL import Image

from market.audit import AuditEvent
from market.photos.operations import share_photo, store_photo
from market.photos.queries import photo_for
from market.photos.rules import PhotoAudience

EVERYONE = {
    "producer", "other_producer", "kitchen", "satellite", "other_kitchen", "meal_manager", "procurement_officer",
    "logistics_planner", "admin",
}  # fmt: skip


@pytest.fixture
def photo(session, cast):
    return store_photo(session, data=tiny_photo(), actor=cast.actor("producer"), at=AT)


def seen_by(session, cast, photo) -> set[str]:
    return {name for name in EVERYONE if photo_for(session, actor=cast.actor(name), photo_id=photo.id)}


def test_until_it_is_shared_only_its_own_people_see_it(session, cast, photo):
    assert seen_by(session, cast, photo) == {"producer"}
    taken = store_photo(session, data=tiny_photo(), actor=cast.actor("kitchen"), at=AT)
    assert seen_by(session, cast, taken) == {
        "kitchen", "satellite", "meal_manager", "procurement_officer", "logistics_planner",
    }  # fmt: skip


def test_shared_with_buyers_every_authority_sees_it_but_no_other_producer(session, cast, photo):
    share_photo(session, photo=photo, buyers=True, actor=cast.actor("producer"), at=AT)
    assert photo.audience is PhotoAudience.BUYERS
    assert seen_by(session, cast, photo) == EVERYONE - {"other_producer", "admin"}


def test_shared_between_two_parties_nobody_else_sees_it(session, cast, photo):
    share_photo(
        session, photo=photo, authority_ids=[cast.other_authority.id], actor=cast.actor("producer"), at=AT
    )
    share_photo(
        session, photo=photo, authority_ids=[cast.other_authority.id], actor=cast.actor("producer"), at=AT
    )
    assert seen_by(session, cast, photo) == {"producer", "other_kitchen"}


def test_what_is_stored_says_what_it_is(session, cast, photo):
    assert photo.sha256 == hashlib.sha256(photo.image).hexdigest()
    assert (photo.width, photo.height, photo.uploaded_by_id) == (30, 20, cast.actor("producer").user_id)
    assert session.query(AuditEvent).filter_by(action="photo.store", subject=f"photo:{photo.id}").count() == 1


def test_the_pages(client_for, stored, session):
    photo = store_photo(session, data=tiny_photo((800, 600)), actor=stored.actor("producer"), at=AT)
    session.commit()
    client = client_for("producer")
    whole, small = client.get(f"/photos/{photo.id}"), client.get(f"/photos/{photo.id}/thumbnail")
    assert {whole.mimetype, small.mimetype} == {"image/jpeg"}
    assert Image.open(BytesIO(whole.data)).size == (800, 600)
    assert Image.open(BytesIO(small.data)).size == (400, 300)
    assert whole.headers["Cache-Control"] == "private, max-age=86400"
    again = client.get(f"/photos/{photo.id}", headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("kitchen", "other_producer", "admin"):
        for url in (f"/photos/{photo.id}", f"/photos/{photo.id}/thumbnail"):
            assert client_for(name).get(url).status_code == 404
