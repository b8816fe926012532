"""The same deliveries judged by the own definition and by others', added up side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from market.followup.figures import FIGURES, Sums
from market.followup.otherwise.answers import Key, Pair
from market.followup.otherwise.timelines import Part, Timeline, part_on
from market.followup.rules import Verdict
from market.values import Period

ADDED = ("ore", "grams", "local_ore", "local_grams", "uncertain_ore", "uncertain_grams")
"""Of figures.Sums: what shares are made of."""


@dataclass(frozen=True, slots=True)
class Group:
    """Delivered lines alike: made by one chain for one kitchen, of one category, in one piece of the period, with one own verdict."""

    chain_id: int
    vantage_id: int
    piece: int
    category_key: str
    own: Verdict
    ore: int
    grams: int

    @property
    def pair(self) -> Pair:
        return self.chain_id, self.vantage_id


@dataclass(frozen=True, slots=True)
class Shares:
    """Local, uncertain and all of it; per cent of the value and of the weight, none of nothing."""

    sums: Sums

    @property
    def of_value(self) -> Decimal | None:
        return FIGURES["share_local"].of(self.sums)

    @property
    def of_weight(self) -> Decimal | None:
        return FIGURES["share_local_weight"].of(self.sums)

    @property
    def uncertain(self) -> Decimal | None:
        return FIGURES["share_uncertain"].of(self.sums)

    def above(self, other: Shares) -> Decimal | None:
        """How many percentage points of the value more is local here than there."""
        if self.of_value is None or other.of_value is None:
            return None
        return self.of_value - other.of_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """All that was delivered, by one definition after the other of a municipality; without a `timeline` by the own, as it was kept.

    `gained_ore` is local by theirs and not by ours, `lost_ore` the other way round. `moved` is by chain the öre judged differently.
    """

    code: str
    timeline: Timeline
    total: Shares
    by_category: Mapping[str, Shares]
    gained_ore: int = 0
    lost_ore: int = 0
    moved: Mapping[int, int]

    def most_moved(self, count: int) -> list[int]:
        """The chains of which the dearest part is judged differently."""
        return sorted(self.moved, key=lambda chain: (-self.moved[chain], chain))[:count]


def keys_of(groups: Iterable[Group], pieces: Sequence[Period], timeline: Timeline) -> list[Key]:
    """The answer that each group needs: by the definition in force in its piece of the period."""
    shas = [part_on(timeline, piece.start).sha256 for piece in pieces]
    return [(group.chain_id, group.vantage_id, shas[group.piece]) for group in groups]


def definitions_in(timelines: Iterable[Timeline]) -> dict[str, Part]:
    """Each different definition once, by its hash."""
    return {part.sha256: part for timeline in timelines for part in timeline}


def judged_by_own(code: str, groups: Sequence[Group]) -> Judged:
    return judged_by(code, (), groups, [group.own for group in groups])


def judged_by(code: str, timeline: Timeline, groups: Sequence[Group], verdicts: Sequence[Verdict]) -> Judged:
    """`verdicts` in the order of the groups."""
    gained, lost, moved = 0, 0, Counter[int]()
    for group, theirs in zip(groups, verdicts, strict=True):
        if theirs is not group.own:
            moved[group.chain_id] += group.ore
            gained += group.ore * (theirs is Verdict.YES)
            lost += group.ore * (group.own is Verdict.YES)
    by_category = _by_category(groups, verdicts)
    columns = zip(*by_category.values(), strict=True)
    return Judged(
        code=code,
        timeline=timeline,
        total=_shares([sum(column) for column in columns] or [0] * len(ADDED)),
        by_category={key: _shares(amounts) for key, amounts in by_category.items()},
        gained_ore=gained,
        lost_ore=lost,
        moved=moved,
    )


def _by_category(groups: Iterable[Group], verdicts: Iterable[Verdict]) -> dict[str, list[int]]:
    """The amounts of ADDED."""
    found: dict[str, list[int]] = {}
    for group, verdict in zip(groups, verdicts, strict=True):
        amounts = found.setdefault(group.category_key, [0] * len(ADDED))
        amounts[0] += group.ore
        amounts[1] += group.grams
        if verdict is not Verdict.NO:
            first = 2 if verdict is Verdict.YES else 4
            amounts[first] += group.ore
            amounts[first + 1] += group.grams
    return found


def _shares(amounts: Sequence[int]) -> Shares:
    return Shares(Sums(**dict(zip(ADDED, amounts, strict=True))))
