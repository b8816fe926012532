"""Our purchases judged by what other municipalities call local, beside our own judgement as it was kept at delivery.

Their rules are applied from our own kitchens and our own municipality, by the version in force on each day of delivery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from market.followup.otherwise.answers import Key, Seen, kept_answers, seen_in, work_out
from market.followup.otherwise.comparing import (
    Group,
    Judged,
    definitions_in,
    judged_by,
    judged_by_own,
    keys_of,
)
from market.followup.otherwise.flips import MOST_SHOWN, Explained, Flip, explained, flips_of
from market.followup.otherwise.queries import groups_of, judged_then, products_of
from market.followup.otherwise.timelines import Timeline, part_on, pieces, timelines
from market.followup.queries import Scope
from market.followup.rules import Verdict
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`flips` by municipality: the dearest products that its definition judges differently. `new`: answers not kept before."""

    own: Judged
    others: Sequence[Judged]
    flips: Mapping[str, Sequence[Explained]]
    new: Mapping[Key, Verdict]

    @property
    def is_empty(self) -> bool:
        return not self.own.by_category

    @property
    def category_keys(self) -> list[str]:
        """Those that cost most first."""
        return sorted(self.own.by_category, key=lambda key: -self.own.by_category[key].sums.ore)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: deliveries in groups, the period in pieces, and each municipality's definitions."""

    scope: Scope
    groups: Sequence[Group]
    pieces: Sequence[Period]
    timelines: Mapping[str, Timeline]

    def keys(self, code: str) -> list[Key]:
        return keys_of(self.groups, self.pieces, self.timelines[code])

    def shas(self, code: str) -> list[str]:
        """The hash of what was in force in each piece."""
        return [part_on(self.timelines[code], piece.start).sha256 for piece in self.pieces]


def compare(
    session: Session, *, scope: Scope, own_code: str, codes: Sequence[str], period: Period
) -> Compared:
    """Seven queries at most, however much was delivered and however many definitions there are."""
    lines = timelines(session, codes=codes, period=period)
    cut = pieces(period, lines)
    asked = _Question(scope, groups_of(session, scope=scope, pieces=cut), cut, lines)
    pairs = {group.pair for group in asked.groups}
    seen = seen_in(session, pairs=pairs)
    parts = definitions_in(lines.values())
    keys = {code: asked.keys(code) for code in codes}
    kept = kept_answers(session, pairs=pairs, shas=parts)
    wanted = {key for own in keys.values() for key in own} - kept.keys()
    new = work_out(wanted, definitions={sha: part.definition for sha, part in parts.items()}, seen=seen)
    answers = kept | new
    others = [
        judged_by(code, lines[code], asked.groups, [answers[key] for key in own])
        for code, own in keys.items()
    ]
    return Compared(
        own=judged_by_own(own_code, asked.groups),
        others=others,
        flips=_flips(session, asked, others, answers, seen),
        new=new,
    )


def _flips(
    session: Session, asked: _Question, others: Sequence[Judged], answers: Mapping[Key, Verdict], seen: Seen
) -> dict[str, Sequence[Explained]]:
    """Of the chains that matter most, so that few products are read."""
    chains = {one.code: one.most_moved(MOST_SHOWN) for one in others}
    wanted = {chain for own in chains.values() for chain in own}
    if not wanted:
        return {one.code: [] for one in others}
    products = products_of(session, scope=asked.scope, pieces=asked.pieces, chain_ids=wanted)
    found = {
        code: flips_of(
            [product for product in products if product.group.chain_id in own], asked.shas(code), answers
        )[:MOST_SHOWN]
        for code, own in chains.items()
    }
    return _explained(session, found, asked, seen)


def _explained(
    session: Session, flips: Mapping[str, Sequence[Flip]], asked: _Question, seen: Seen
) -> dict[str, Sequence[Explained]]:
    then = judged_then(session, row_ids={flip.row_id for found in flips.values() for flip in found})
    theirs = {sha: part.definition for sha, part in definitions_in(asked.timelines.values()).items()}
    return {code: explained(found, seen=seen, theirs=theirs, then=then) for code, found in flips.items()}
