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
class Moved:
    """The products that another definition judges differently: all of them by number, the dearest with their reasons."""

    count: int
    shown: Sequence[Explained]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`moved` by municipality; `new` are the answers that were not kept before."""

    own: Judged
    others: Sequence[Judged]
    moved: Mapping[str, Moved]
    new: Mapping[Key, Verdict]

    @property
    def is_empty(self) -> bool:
        return self.own.total.sums.ore == 0 and self.own.total.sums.grams == 0

    @property
    def category_keys(self) -> list[str]:
        """Those that cost most first."""
        return sorted(self.own.by_category, key=lambda key: -self.own.by_category[key].sums.ore)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: deliveries in groups, the period in pieces, and each municipality's definitions."""

    groups: Sequence[Group]
    pieces: Sequence[Period]
    timelines: Mapping[str, Timeline]

    def keys(self, code: str) -> dict[Group, Key]:
        return keys_of(self.groups, self.pieces, self.timelines[code])

    def shas(self, code: str) -> dict[int, str]:
        """The hash of what was in force in each piece."""
        parts = self.timelines[code]
        return {n: part_on(parts, piece.start).sha256 for n, piece in enumerate(self.pieces)}


def compare(
    session: Session, *, scope: Scope, own_code: str, codes: Sequence[str], period: Period
) -> Compared:
    """Seven queries at most, however much was delivered and however many definitions there are."""
    lines = timelines(session, codes=codes, period=period)
    cut = pieces(period, lines)
    asked = _Question(groups_of(session, scope=scope, pieces=cut), cut, lines)
    pairs = {group.pair for group in asked.groups}
    seen = seen_in(session, pairs=pairs)
    parts = definitions_in(lines.values())
    wanted = {key for code in codes for key in asked.keys(code).values()}
    kept = kept_answers(session, pairs=pairs, shas=parts)
    definitions = {sha: part.definition for sha, part in parts.items()}
    new = work_out(wanted - kept.keys(), definitions=definitions, seen=seen)
    answers = kept | new
    return Compared(
        own=judged_by_own(own_code, asked.groups),
        others=[judged_by(code, lines[code], _verdicts(asked, code, answers)) for code in codes],
        moved=_moved(session, scope, asked, answers, seen),
        new=new,
    )


def _verdicts(asked: _Question, code: str, answers: Mapping[Key, Verdict]) -> dict[Group, Verdict]:
    return {group: answers[key] for group, key in asked.keys(code).items()}


def _moved(
    session: Session, scope: Scope, asked: _Question, answers: Mapping[Key, Verdict], seen: Seen
) -> dict[str, Moved]:
    """Asks for the products of the chains that some definition judges differently."""
    chains = {
        group.chain_id
        for code in asked.timelines
        for group, theirs in _verdicts(asked, code, answers).items()
        if theirs is not group.own
    }
    products = products_of(session, scope=scope, pieces=asked.pieces, chain_ids=chains) if chains else []
    flips = {code: flips_of(products, asked.shas(code), answers) for code in asked.timelines}
    return _explained(session, flips, asked, seen)


def _explained(
    session: Session, flips: Mapping[str, Sequence[Flip]], asked: _Question, seen: Seen
) -> dict[str, Moved]:
    shown = {code: found[:MOST_SHOWN] for code, found in flips.items()}
    rows = {flip.row_id for found in shown.values() for flip in found}
    then = judged_then(session, row_ids=rows) if rows else {}
    theirs = {sha: part.definition for sha, part in definitions_in(asked.timelines.values()).items()}
    return {
        code: Moved(count=len(flips[code]), shown=explained(found, seen=seen, theirs=theirs, then=then))
        for code, found in shown.items()
    }
