"""What a tender must be, how it is packed, which labels samples get, and that photos fit; the hourly renewal."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from dis_making import DAY
from factories import AT
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tender_making import DEADLINE, typed, url

from geodata.travel import Estimator
from market.chores import Desk, run_due
from market.db import open_session, transaction
from market.dis.calloffs.models import CallOff
from market.dis.files import JPEG
from market.dis.rules import CallOffEvent, Thing
from market.dis.sealing.envelopes import MOST_CONTENT
from market.dis.sealing.models import SealedEnvelope
from market.dis.sealing.operator_key import keeper_of
from market.dis.steps import move
from market.dis.tenders.chores import renew_envelopes, tell_of_openings
from market.dis.tenders.content import Sealed, Stamp, packed, unpacked
from market.dis.tenders.documents import SWEDISH, exact_in
from market.dis.tenders.evidence import MOST_PDF, MOST_PHOTO, EvidenceTooLarge, evidence_of
from market.dis.tenders.rules import (
    HIGHEST_PRICE,
    TOGETHER,
    AmountsCrossed,
    Asked,
    ClaimAsked,
    Claimed,
    DeliveryMissing,
    Evidence,
    EvidenceMissing,
    LotAsked,
    MinimumTooHigh,
    MoreThanAsked,
    NothingOffered,
    NotThisCriterion,
    NotThisLot,
    NoWeekday,
    OfferedLot,
    PriceBelowZero,
    PriceTooFine,
    PriceTooHigh,
    WholeLotOnly,
    Written,
    blind_labels,
    check_written,
    is_fresh,
    most_ore,
)
from market.outbox import OutboxMessage
from market.values import Quantity, TooLarge, Unit

KILO = Unit.KILOGRAM
ASKED = Asked(
    lots={
        1: LotAsked(
            id=1, number=1, quantity=Quantity(100_000, KILO), allows_parts=True, kitchens=frozenset({7})
        ),
        2: LotAsked(
            id=2, number=2, quantity=Quantity(50_000, KILO), allows_parts=False, kitchens=frozenset({8})
        ),
    },
    claims={5: ClaimAsked(id=5, name="Studiebesök", needs_evidence=True)},
    counts_delivery=False,
)
LOT = OfferedLot(
    lot_id=1,
    product_name="Morot",
    price=Decimal("12.50"),
    min_steps=1_000,
    max_steps=100_000,
    weekdays=(1, 3),
)
WRITTEN = Written(lots=(LOT,), deliveries={}, min_total_ore=0, claims=(), note="")


def test_what_is_whole_passes_and_is_summed_to_the_ore():
    check_written(WRITTEN, ASKED)
    assert most_ore(WRITTEN, ASKED) == 125_000
    check_written(replace(WRITTEN, lots=(replace(LOT, price=Decimal(0)),)), ASKED)
    check_written(replace(WRITTEN, min_total_ore=125_000), ASKED)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"lot_id": 9}, NotThisLot),
        ({"price": Decimal("-0.01")}, PriceBelowZero),
        ({"price": Decimal("1.005")}, PriceTooFine),
        ({"price": Decimal(HIGHEST_PRICE) + 1}, PriceTooHigh),
        ({"price": Decimal(HIGHEST_PRICE), "max_steps": 1_000}, None),
        ({"max_steps": 100_001}, MoreThanAsked),
        ({"min_steps": 100_000}, None),
        ({"max_steps": 5_000, "min_steps": 5_001}, AmountsCrossed),
        ({"weekdays": ()}, NoWeekday),
        ({"lot_id": 2, "min_steps": 1_000, "max_steps": 50_000}, WholeLotOnly),
        ({"lot_id": 2, "min_steps": 50_000, "max_steps": 50_000}, None),
    ],
)
def test_each_lot_is_held_against_what_was_asked(change, refusal):
    written = replace(WRITTEN, lots=(replace(LOT, **change),))
    if refusal is None:
        check_written(written, ASKED)
    else:
        with pytest.raises(refusal):
            check_written(written, ASKED)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"lots": ()}, NothingOffered),
        ({"min_total_ore": 125_001}, MinimumTooHigh),
        ({"min_total_ore": 2**31}, TooLarge),
        ({"deliveries": {7: 2**31}}, TooLarge),
        ({"claims": (Claimed(criterion_id=5),)}, EvidenceMissing),
        ({"claims": (Claimed(criterion_id=6, evidence="x"),)}, NotThisCriterion),
    ],
)
def test_the_rest_is_too(change, refusal):
    with pytest.raises(refusal):
        check_written(replace(WRITTEN, **change), ASKED)


def test_deliveries_are_priced_for_the_kitchens_of_what_is_offered():
    counted = replace(ASKED, counts_delivery=True)
    with pytest.raises(DeliveryMissing):
        check_written(replace(WRITTEN, deliveries={8: 0}), counted)
    check_written(replace(WRITTEN, deliveries={7: 0}), counted)


texts = st.text(max_size=40)
evidences = st.builds(Evidence, name=texts, content_type=st.just(JPEG), content=st.binary(max_size=60))
offers = st.builds(
    OfferedLot,
    lot_id=st.integers(1, 99),
    product_name=texts,
    price=st.decimals(0, 10_000, places=2),
    min_steps=st.integers(1, 10**9),
    max_steps=st.integers(1, 10**9),
    weekdays=st.lists(st.integers(1, 7), unique=True).map(tuple),
    is_organic=st.booleans(),
    note=texts,
)
claims = st.builds(Claimed, criterion_id=st.integers(1, 99), evidence=texts, file=st.none() | evidences)
tenders = st.builds(
    Written,
    lots=st.lists(offers, max_size=3).map(tuple),
    deliveries=st.dictionaries(st.integers(1, 99), st.integers(0, 10**9), max_size=3),
    min_total_ore=st.integers(0, 10**9),
    claims=st.lists(claims, max_size=2).map(tuple),
    note=texts,
)
stamps = st.builds(
    Stamp,
    calloff_id=st.integers(1, 99),
    invitation_id=st.integers(1, 99),
    producer_id=st.integers(1, 99),
    user_id=st.integers(1, 99),
    given_at=st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    request_key=texts,
)


@given(st.builds(Sealed, stamp=stamps, written=st.none() | tenders))
def test_what_is_packed_is_unpacked_the_same(sealed):
    assert unpacked(packed(sealed)) == sealed
    assert packed(unpacked(packed(sealed))) == packed(sealed), (
        "canonical: the receipt's hash can be made again"
    )


def test_what_is_no_tender_is_refused():
    with pytest.raises(ValueError, match="narmat-tender-1"):
        unpacked(b'{"format": "something else"}')


@given(st.integers(0, 700))
def test_labels_are_all_different_and_short(count):
    labels = blind_labels(count)
    assert len(set(labels)) == len(labels) == count
    assert all(len(label) <= 2 for label in labels)
    assert labels[:3] == ["A", "B", "C"][:count]


def test_a_confirmation_counts_for_a_while():
    assert is_fresh(AT, at=AT + TOGETHER - timedelta(microseconds=1))
    assert not is_fresh(AT, at=AT + TOGETHER)


def test_any_photo_fits():
    noise = Image.frombytes("RGB", (1600, 1200), Random(1).randbytes(1600 * 1200 * 3))
    out = BytesIO()
    noise.save(out, "JPEG", quality=95)
    file = evidence_of("brus.jpg", out.getvalue())
    assert len(file.content) <= MOST_PHOTO
    assert Image.open(BytesIO(file.content)).size[0] >= 400


def test_a_small_pdf_is_kept_byte_for_byte_and_a_large_one_is_refused():
    small = b"%PDF-1.7 x %%EOF"
    assert evidence_of("intyg.pdf", small).content == small
    with pytest.raises(EvidenceTooLarge):
        evidence_of("intyg.pdf", b"%PDF-1.7 " + b"x" * MOST_PDF + b" %%EOF")
    assert (MOST_PDF + MOST_PHOTO) * 4 // 3 < MOST_CONTENT, "one of each fits beside the texts"


def test_an_hour_that_comes_twice_is_told_apart():
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert exact_in(first, SWEDISH) == "söndag 25 oktober 2026 kl. 02:30:00 (UTC+02:00)"
    assert exact_in(second, SWEDISH) == "söndag 25 oktober 2026 kl. 02:30:00 (UTC+01:00)"


def hashes(engine) -> set[str]:
    with open_session(engine, writes=False) as session:
        return {hashlib.sha256(row.content).hexdigest() for row in session.query(SealedEnvelope)}


def test_every_hour_all_envelopes_are_renewed_until_they_are_opened(client_for, app, engine, calloff):
    client_for("producer").post(url(calloff), data=typed())
    keeper, before = keeper_of(app.extensions["narmat.settings"]), hashes(engine)
    run_due(Desk(engine=engine, travel=Estimator(), keeper=lambda: keeper), at=AT + DAY)
    assert len(hashes(engine)) == 2
    assert not hashes(engine) & before
    with transaction(engine) as session:
        found = session.get_one(CallOff, calloff.id)
        move(session, Thing.CALLOFF, found, CallOffEvent.ABANDON, user_id=None, at=DEADLINE, reason="x")
    assert renew_envelopes(engine, keeper=lambda: keeper, at=DEADLINE) == 0


def test_without_a_key_at_hand_the_chore_does_nothing(engine, calloff):
    before = hashes(engine)
    run_due(Desk(engine=engine, travel=Estimator()), at=AT + DAY)
    assert hashes(engine) == before


def told(engine) -> list[str]:
    with open_session(engine, writes=False) as session:
        return [row.key for row in session.query(OutboxMessage).filter_by(kind="dis_tenders_to_open")]


def test_the_openers_are_told_once_at_the_deadline_whether_there_is_anything_or_not(engine, calloff):
    for at, people in ((DEADLINE - timedelta(seconds=1), 0), (DEADLINE, 2), (DEADLINE + DAY, 2)):
        with transaction(engine) as session:
            tell_of_openings(session, at=at)
        assert len(told(engine)) == people
