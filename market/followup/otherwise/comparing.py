"""The same deliveries judged by the own definition and by others', added up side by side. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from market.followup.figures import FIGURES, Sums
from market.followup.otherwise.answers import Key, Pair
from market.followup.otherwise.timelines import Part, Timeline, part_on
from market.followup.rules import Verdict
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def sums(self, verdict: Verdict) -> Sums:
        """What the lines count with under a verdict."""
        local, uncertain = verdict is Verdict.YES, verdict is Verdict.UNCERTAIN
        return Sums(
            ore=self.ore, grams=self.grams, local_ore=self.ore * local, local_grams=self.grams * local,
            uncertain_ore=self.ore * uncertain, uncertain_grams=self.grams * uncertain,
        )  # fmt: skip


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
    """All that was delivered, by one definition after the other of a municipality; none of `timeline` is the own, as it was kept.

    `gained_ore` is local by theirs and not by ours, `lost_ore` the other way round.
    """

    code: str
    timeline: Timeline
    total: Shares
    by_category: Mapping[str, Shares]
    gained_ore: int = 0
    lost_ore: int = 0


def keys_of(groups: Iterable[Group], pieces: Sequence[Period], timeline: Timeline) -> dict[Group, Key]:
    """The answer that each group needs under the definition in force in its piece of the period."""
    in_force = [part_on(timeline, piece.start) for piece in pieces]
    return {group: (*group.pair, in_force[group.piece].sha256) for group in groups}


def definitions_in(timelines: Iterable[Timeline]) -> dict[str, Part]:
    """Each different definition once, by its hash."""
    return {part.sha256: part for timeline in timelines for part in timeline}


def judged_by_own(code: str, groups: Iterable[Group]) -> Judged:
    verdicts = {group: group.own for group in groups}
    return Judged(code=code, timeline=(), total=_total(verdicts), by_category=_by_category(verdicts))


def judged_by(code: str, timeline: Timeline, verdicts: Mapping[Group, Verdict]) -> Judged:
    return Judged(
        code=code,
        timeline=timeline,
        total=_total(verdicts),
        by_category=_by_category(verdicts),
        gained_ore=_ore(verdicts, lambda own, theirs: theirs is Verdict.YES is not own),
        lost_ore=_ore(verdicts, lambda own, theirs: own is Verdict.YES is not theirs),
    )


def added(sums: Iterable[Sums]) -> Sums:
    """Only the columns that Shares reads."""
    names = ("ore", "grams", "local_ore", "local_grams", "uncertain_ore", "uncertain_grams")
    all_of = list(sums)
    return replace(Sums(), **{name: sum(getattr(one, name) for one in all_of) for name in names})


def _total(verdicts: Mapping[Group, Verdict]) -> Shares:
    return Shares(added(group.sums(verdict) for group, verdict in verdicts.items()))


def _by_category(verdicts: Mapping[Group, Verdict]) -> dict[str, Shares]:
    parts: dict[Hashable, list[Sums]] = defaultdict(list)
    for group, verdict in verdicts.items():
        parts[group.category_key].append(group.sums(verdict))
    return {str(key): Shares(added(sums)) for key, sums in parts.items()}


def _ore(verdicts: Mapping[Group, Verdict], counts: Callable[[Verdict, Verdict], bool]) -> int:
    return sum(group.ore for group, theirs in verdicts.items() if counts(group.own, theirs))
