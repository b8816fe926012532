"""Needs become lots of a draft; lots are split, joined and taken away with the needs kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dis_making import steps_of
from factories import AT
from need_making import (
    answered_round,
    draft_again,
    make_draft,
    officer,
)

from market.dis.calloffs.lot_operations import NoLotChosen, join_lots, remove_lots, split_lots
from market.dis.calloffs.lots import LotPeriod, NotToJoin, NotToSplit, Split
from market.dis.calloffs.models import LotNeed
from market.dis.calloffs.operations import (
    NothingToCallOff,
    discard_calloff,
)
from market.dis.needs.models import NeedLine
from market.dis.rules import (
    NeedRoundState,
    Thing,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def test_needs_become_lots_by_product_and_authority(session, cast):
    calloff = make_draft(session, cast)
    assert [(lot.number, lot.name, lot.authority.name, lot.steps) for lot in calloff.lots] == [
        (1, "Morötter", "Norrtälje kommun", 4 * 40_001 + 10_000),
        (2, "Morötter", "Vallentuna kommun", 20_000),
        (3, "Vitkål", "Norrtälje kommun", 30),
    ]
    assert steps_of(session, Thing.CALLOFF, calloff.id) == ["draft"]


def test_the_same_needs_are_not_called_off_twice_and_not_lost_either(session, cast):
    need_round = answered_round(session, cast)
    first = draft_again(session, cast, need_round, "one")
    assert need_round.state is NeedRoundState.MERGED
    assert draft_again(session, cast, need_round, "one") is first
    with pytest.raises(NothingToCallOff):
        draft_again(session, cast, need_round, "two")
    remove_lots(session, calloff=first, lot_ids=[first.lots[2].id], actor=officer(cast), at=AT)
    second = draft_again(session, cast, need_round, "three")
    assert [lot.name for lot in second.lots] == ["Vitkål"]
    discard_calloff(session, calloff=first, actor=officer(cast), at=AT)
    third = draft_again(session, cast, need_round, "four", LotPeriod.MONTH)
    assert {lot.name for lot in third.lots} == {"Morötter"}


def whole(session, calloff):
    return sorted(
        (need.need_line_id, need.steps)
        for lot in calloff.lots
        for need in session.query(LotNeed).filter_by(lot_id=lot.id)
    )


def test_lots_are_split_and_joined_with_the_needs_kept(session, cast):
    calloff = make_draft(session, cast)
    before, total = whole(session, calloff), sum(lot.steps for lot in calloff.lots)
    first = calloff.lots[0].id
    split_lots(session, calloff=calloff, lot_ids=[first], how=Split.HALVES, actor=officer(cast), at=AT)
    assert [lot.number for lot in calloff.lots] == [1, 2, 3, 4]
    assert sum(lot.steps for lot in calloff.lots) == total
    halves = [lot.id for lot in calloff.lots[:2]]
    join_lots(session, calloff=calloff, lot_ids=halves, actor=officer(cast), at=AT)
    assert whole(session, calloff) == before
    for how, parts in ((Split.KITCHENS, 2), (Split.WEEKS, 5)):
        split_lots(
            session, calloff=calloff, lot_ids=[calloff.lots[0].id], how=how, actor=officer(cast), at=AT
        )
        assert len([lot for lot in calloff.lots if lot.name == "Morötter"]) == parts + 1
    lines = sum(line.steps for line in session.query(NeedLine))
    assert sum(lot.steps for lot in calloff.lots) == lines == total
    for lot in calloff.lots:
        assert lot.steps == sum(n.steps for n in session.query(LotNeed).filter_by(lot_id=lot.id))


def test_lots_that_can_not_be_split_or_joined_stay(session, cast):
    calloff = make_draft(session, cast)
    ids = [lot.id for lot in calloff.lots]
    for refusal, do in (
        (NotToSplit, lambda: split_lots(session, calloff=calloff, lot_ids=[ids[2]], how=Split.WEEKS, actor=officer(cast), at=AT)),
        (NotToJoin, lambda: join_lots(session, calloff=calloff, lot_ids=ids[:2], actor=officer(cast), at=AT)),
        (NotToJoin, lambda: join_lots(session, calloff=calloff, lot_ids=[ids[0], ids[2]], actor=officer(cast), at=AT)),
        (NoLotChosen, lambda: remove_lots(session, calloff=calloff, lot_ids=[], actor=officer(cast), at=AT)),
        (NoLotChosen, lambda: remove_lots(session, calloff=calloff, lot_ids=[987_654], actor=officer(cast), at=AT)),
    ):  # fmt: skip
        with pytest.raises(refusal):
            do()
    assert [lot.id for lot in calloff.lots] == ids
