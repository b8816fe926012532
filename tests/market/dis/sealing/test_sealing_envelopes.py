"""What opens an envelope, what does not, and that all of them look the same from outside."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta

import pytest
from dis_making import admit, invite, make_calloff, make_dis
from factories import AT
from hypothesis import given, settings
from hypothesis import strategies as st

from market.dis.sealing import reading_codes
from market.dis.sealing.boxes import WillNotOpen, derived, key_pair, locked, sealed_for, unlocked, unsealed
from market.dis.sealing.envelopes import (
    ENVELOPE_SIZE,
    MOST_CONTENT,
    SLOTS,
    empty,
    filled,
    opened,
    read_by_code,
    slots_of,
)
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.sealing.operations import prepare_envelopes, put_in, release, renew
from market.dis.sealing.queries import read_with_code
from market.dis.sealing.rules import (
    AlreadyReleased,
    DamagedEnvelope,
    Place,
    TooMuchInside,
    Version,
    VersionKind,
    WrongOperatorKey,
)

KEEPER = Keeper(b"k" * 32)
PLACE, OTHER = Place(1, 2), Place(1, 3)
CODE = reading_codes.fresh_code()
TENDER = VersionKind.TENDER


def version_of(content: bytes, at=AT, kind=TENDER) -> Version:
    return Version(kind, at, hashlib.sha256(content).hexdigest())


def with_content(content: bytes, public_key: bytes, *, place=PLACE, before: bytes | None = None) -> bytes:
    slots = slots_of(before or empty(place=place, public_key=public_key))
    return filled(
        content, code=CODE, place=place, public_key=public_key, slots=slots, version=version_of(content)
    )


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.binary(max_size=20))
@settings(max_examples=30)
def test_a_box_opens_with_its_key_for_its_purpose_only(plain, key, about):
    box = locked(key, plain, about=about)
    assert unlocked(key, box, about=about) == plain
    for wrong in (
        (os.urandom(32), box, about),
        (key, box, about + b"x"),
        (key, box[:-1], about),
        (key, b"", about),
    ):
        with pytest.raises(WillNotOpen):
            unlocked(wrong[0], wrong[1], about=wrong[2])


@given(st.binary(max_size=300))
@settings(max_examples=20)
def test_what_is_sealed_for_a_public_key_opens_with_the_private_one_only(plain):
    private_key, public_key = key_pair()
    box = sealed_for(public_key, plain, about=b"a")
    assert unsealed(private_key, box, about=b"a") == plain
    with pytest.raises(WillNotOpen):
        unsealed(key_pair()[0], box, about=b"a")
    with pytest.raises(WillNotOpen):
        unsealed(private_key, box[:40], about=b"a")
    with pytest.raises(WillNotOpen):
        unsealed(private_key, b"short", about=b"a")
    with pytest.raises(WillNotOpen):
        unsealed(private_key, bytes(32) + box[32:], about=b"a")  # a point of small order gives nothing


def test_keys_for_two_purposes_differ():
    assert derived(b"s", about=b"one") != derived(b"s", about=b"two") != derived(b"t", about=b"two")


def test_a_code_is_read_as_people_write_it():
    code = reading_codes.fresh_code()
    assert len(code) == 24
    assert reading_codes.read(f"  {reading_codes.shown(code).lower()} ") == code
    assert reading_codes.shown("0123456789ABCDEFGHJKMNPQ") == "0123-4567-89AB-CDEF-GHJK-MNPQ"
    assert reading_codes.read("o123456789abcdefghjkmnpi") == "0123456789ABCDEFGHJKMNP1"
    assert reading_codes.read("too short") == reading_codes.read("U" * 24) == reading_codes.read("") == ""


def test_full_and_empty_are_of_one_size_and_share_nothing():
    _, public_key = key_pair()
    none = empty(place=PLACE, public_key=public_key)
    some = with_content(b"a tender", public_key)
    most = with_content(b"x" * MOST_CONTENT, public_key)
    assert len(none) == len(some) == len(most)
    closed = [KEEPER.closed(inner, place=PLACE) for inner in (none, some, most)]
    assert {len(content) for content in closed} == {ENVELOPE_SIZE}
    with pytest.raises(TooMuchInside):
        with_content(b"x" * (MOST_CONTENT + 1), public_key)


def test_the_tenderer_reads_by_code_and_nobody_by_another():
    _, public_key = key_pair()
    inner = with_content(b"a tender", public_key)
    assert read_by_code(inner, code=CODE, place=PLACE) == b"a tender"
    with pytest.raises(WillNotOpen):
        read_by_code(inner, code=reading_codes.fresh_code(), place=PLACE)
    with pytest.raises(WillNotOpen):
        read_by_code(inner, code=CODE, place=OTHER)
    with pytest.raises(WillNotOpen):
        read_by_code(empty(place=PLACE, public_key=public_key), code=CODE, place=PLACE)


def test_the_private_key_shows_the_content_and_every_version():
    private_key, public_key = key_pair()
    inner, versions = empty(place=PLACE, public_key=public_key), []
    assert opened(inner, private_key=private_key, place=PLACE).versions == ()
    for n in range(3):
        content = b"version %d" % n
        versions.append(version_of(content, AT + timedelta(microseconds=n)))
        inner = filled(
            content,
            code=CODE,
            place=PLACE,
            public_key=public_key,
            slots=slots_of(inner),
            version=versions[-1],
        )
    shown = opened(inner, private_key=private_key, place=PLACE)
    assert shown.content == b"version 2"
    assert shown.versions == tuple(versions)


def test_the_oldest_versions_fall_out_so_that_nobody_can_count():
    private_key, public_key = key_pair()
    slots = slots_of(empty(place=PLACE, public_key=public_key))
    width = len(slots) // SLOTS
    inner = b""
    for n in range(3):
        content = b"%d" % n
        inner = filled(
            content, code=CODE, place=PLACE, public_key=public_key, slots=slots, version=version_of(content)
        )
        slots = slots_of(inner)
    assert len(slots) == SLOTS * width
    again = filled(
        b"2",
        code=CODE,
        place=PLACE,
        public_key=public_key,
        slots=slots[width:] + slots[-width:],
        version=None,
    )
    assert len(opened(again, private_key=private_key, place=PLACE).versions) == 4


def test_an_inside_that_was_put_together_from_two_does_not_open():
    private_key, public_key = key_pair()
    first, second = with_content(b"one", public_key), with_content(b"two", public_key)
    mixed = first[: -len(slots_of(first))] + slots_of(second)
    with pytest.raises(WillNotOpen):
        opened(mixed, private_key=private_key, place=PLACE)


def test_the_keeper_never_shows_its_key():
    assert "k" * 8 not in repr(KEEPER)
    wrapped = KEEPER.wrapped(b"p" * 32, calloff_id=1)
    assert KEEPER.unwrapped(wrapped, calloff_id=1) == b"p" * 32
    with pytest.raises(WrongOperatorKey):
        KEEPER.unwrapped(wrapped, calloff_id=2)
    with pytest.raises(WrongOperatorKey):
        Keeper(b"o" * 32).unwrapped(wrapped, calloff_id=1)


@pytest.fixture
def places(session, cast) -> list[Place]:
    """Two who are invited, with their envelopes."""
    dis = make_dis(session, cast)
    calloff = make_calloff(session, cast, dis)
    invited = invite(session, calloff, [admit(session, dis, p) for p in (cast.producer, cast.other_producer)])
    ids = [one.id for one in invited]
    prepare_envelopes(session, calloff_id=calloff.id, invitation_ids=ids, keeper=KEEPER, at=AT)
    return [Place(calloff.id, one) for one in ids]


def put(session, place, content=b"a tender", *, code=CODE, at=AT, keeper=KEEPER, kind=TENDER):
    return put_in(session, place=place, kind=kind, content=content, code=code, keeper=keeper, at=at)


def contents(session) -> list[bytes]:
    return [row.content for row in session.query(SealedEnvelope).order_by(SealedEnvelope.invitation_id)]


def test_each_who_is_invited_gets_an_envelope_with_nothing_in_it(session, places):
    assert [len(content) for content in contents(session)] == [ENVELOPE_SIZE] * 2
    shown = release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
    assert [one.content for one in shown.values()] == [b"", b""]


def test_writing_one_renews_them_all_and_says_nothing_in_plain(session, places):
    before = contents(session)
    put(session, places[0])
    after = contents(session)
    assert all(a != b for a, b in zip(after, before, strict=True))
    assert {len(content) for content in after} == {ENVELOPE_SIZE}
    assert not any(b"a tender" in content for content in after)
    assert read_with_code(session, place=places[0], code=CODE, keeper=KEEPER) == b"a tender"
    assert read_with_code(session, place=places[1], code=CODE, keeper=KEEPER) is None
    assert read_with_code(session, place=places[0], code="", keeper=KEEPER) is None
    assert (
        read_with_code(
            session, place=Place(places[0].calloff_id + 1, places[0].invitation_id), code=CODE, keeper=KEEPER
        )
        is None
    )


def test_renewing_changes_every_byte_and_nothing_inside(session, places):
    put(session, places[0])
    before = contents(session)
    assert renew(session, calloff_id=places[0].calloff_id, keeper=KEEPER) == 2
    after = contents(session)
    assert all(a[:12] != b[:12] and a[-16:] != b[-16:] for a, b in zip(after, before, strict=True))
    assert read_with_code(session, place=places[0], code=CODE, keeper=KEEPER) == b"a tender"


def test_a_new_one_without_the_old_code_replaces_it_and_keeps_its_history(session, places):
    first = put(session, places[0], b"one")
    other = reading_codes.fresh_code()
    second = put(session, places[0], b"two", code=other, at=AT + timedelta(hours=1))
    third = put(session, places[0], b"{}", at=AT + timedelta(hours=2), kind=VersionKind.TAKEN_BACK)
    assert read_with_code(session, place=places[0], code=other, keeper=KEEPER) is None
    shown = release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
    assert shown[places[0].invitation_id].versions == (first, second, third)
    assert shown[places[0].invitation_id].content == b"{}"
    assert shown[places[1].invitation_id].versions == ()


def test_what_is_released_takes_no_more(session, places):
    release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
    assert session.get_one(CallOffKey, places[0].calloff_id).released_at == AT
    for step in (
        lambda: put(session, places[0]),
        lambda: renew(session, calloff_id=places[0].calloff_id, keeper=KEEPER),
        lambda: release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT),
    ):
        with pytest.raises(AlreadyReleased):
            step()


def test_another_operators_key_neither_writes_nor_opens(session, places):
    wrong, before = Keeper(b"o" * 32), contents(session)
    with pytest.raises(WrongOperatorKey):
        put(session, places[0], keeper=wrong)
    with pytest.raises(WrongOperatorKey):
        release(session, calloff_id=places[0].calloff_id, keeper=wrong, at=AT)
    assert contents(session) == before
    assert session.get_one(CallOffKey, places[0].calloff_id).released_at is None


def test_a_damaged_envelope_stops_the_opening_but_nobodys_tender(session, places):
    put(session, places[0])
    damaged = session.get_one(SealedEnvelope, places[1].invitation_id)
    damaged.content = damaged.content[:-1] + bytes([damaged.content[-1] ^ 1])
    session.flush()
    put(session, places[0], b"another")
    with pytest.raises(DamagedEnvelope, match=str(places[1].invitation_id)):
        release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
    assert session.get_one(CallOffKey, places[0].calloff_id).released_at is None
    put(session, places[1], b"given anew")
    shown = release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
    assert [one.content for one in shown.values()] == [b"another", b"given anew"]


def test_an_envelope_moved_to_another_place_does_not_open(session, places):
    put(session, places[0])
    rows = [session.get_one(SealedEnvelope, place.invitation_id) for place in places]
    rows[0].content, rows[1].content = rows[1].content, rows[0].content
    session.flush()
    with pytest.raises(DamagedEnvelope):
        release(session, calloff_id=places[0].calloff_id, keeper=KEEPER, at=AT)
