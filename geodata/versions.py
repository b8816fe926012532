"""The life of a definition: which version is in force, how a new one succeeds it, and what that changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from geodata.definitions import InvalidDefinition, LocalDefinition, NotInForce
from geodata.language import choose
from geodata.many import verdict_many
from geodata.reasons import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.points import Point
    from geodata.sites import ProductionSite
    from geodata.travel import TravelEngine

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Comparison(Generic[Key]):
    """What a new definition changes: the producers, by answer under the old one and the new one."""

    before: Mapping[Key, Answer]
    after: Mapping[Key, Answer]

    @property
    def come_in(self) -> tuple[Key, ...]:
        """Local now, and were not (or not surely) before; in the order in which they were given."""
        return tuple(k for k, answer in self.after.items() if answer is Answer.YES is not self.before[k])

    @property
    def drop_out(self) -> tuple[Key, ...]:
        """Were local, and are no longer (or no longer surely)."""
        return tuple(k for k, answer in self.before.items() if answer is Answer.YES is not self.after[k])

    def with_answer(self, answer: Answer) -> tuple[Key, ...]:
        """Those with this answer under the new definition."""
        return tuple(k for k, own in self.after.items() if own is answer)


def in_force(versions: Sequence[LocalDefinition], on: date) -> LocalDefinition:
    """The version that applies that day.

    Raises `NotInForce` when none does, and `geodata.definitions.InvalidDefinition` when several do.
    """
    applying = [version for version in versions if version.is_in_force(on)]
    if len(applying) > 1:
        raise InvalidDefinition(
            f"{len(applying)} versions are in force on {on}. Set valid_to of the earlier to valid_from of the later."
        )
    if not applying:
        spans = (
            ", ".join(f"{v.valid_from or '...'} to {v.valid_to or '...'}" for v in versions)
            or "there are none"
        )
        raise NotInForce(f"No version is in force on {on} ({spans}). Choose another day, or adopt a version.")
    return applying[0]


def succeed(
    versions: Sequence[LocalDefinition], definition: LocalDefinition, *, valid_from: date
) -> tuple[LocalDefinition, ...]:
    """The versions with a new one that applies from a day on; the one it follows ends on that day.

    Raises `geodata.definitions.InvalidDefinition` when a version that begins that day or later exists.
    """
    later = [v for v in versions if v.valid_from is not None and v.valid_from >= valid_from]
    if later:
        raise InvalidDefinition(
            f"A version from {later[0].valid_from} exists. Choose a later day than that, or withdraw it first."
        )
    closed = (replace(v, valid_to=valid_from) if v.is_in_force(valid_from) else v for v in versions)
    return (*closed, replace(definition, valid_from=valid_from, valid_to=None))


def compare(
    before: LocalDefinition,
    after: LocalDefinition,
    *,
    producers: Mapping[Key, Sequence[ProductionSite]],
    authority_code: str,
    kitchen: Point | None = None,
    travel: TravelEngine | None = None,
) -> Comparison[Key]:
    """Who comes in and who drops out, whatever days the two definitions are valid."""
    old, new = (
        _answers(definition, producers, authority_code, kitchen, travel) for definition in (before, after)
    )
    return Comparison(before=old, after=new)


def law_warning(language: str = "sv") -> str:
    """What to show wherever a definition is edited."""
    return choose(
        language,
        sv="Definitionen får aldrig bli ett krav eller ett tilldelningskriterium i en upphandling: att kräva "
        "eller premiera att varor är lokala är olagligt (LOU 4 kap. 1 §, likabehandling). Den får användas "
        "för kartor, statistik och egna mål.",
        en="The definition can never be a requirement or an award criterion in a procurement: to require or "
        "reward that goods are local is unlawful (LOU chapter 4, section 1, equal treatment). It may be used "
        "for maps, statistics and goals of your own.",
    )


def _answers(
    definition: LocalDefinition,
    producers: Mapping[Key, Sequence[ProductionSite]],
    code: str,
    kitchen: Point | None,
    travel: TravelEngine | None,
) -> dict[Key, Answer]:
    timeless = replace(definition, valid_from=None, valid_to=None)
    table = verdict_many(
        list(producers.values()),
        definitions={code: timeless},
        kitchens={code: kitchen} if kitchen else {},
        travel=travel,
        on=date.min,  # valid on every day, so any will do
    )
    return dict(zip(producers, table.answers(code), strict=True))
