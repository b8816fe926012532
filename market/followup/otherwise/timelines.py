"""Which definition of local a municipality had in force when, over a period of days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from geodata.local import LocalDefinition, preset, unsettled_circles
from market.followup.places import sha256_of
from market.locality.models import DefinitionVersion
from market.locality.stated import definition_of, is_in_force, stored_form
from market.register.models import Authority
from market.values import Period


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one municipality went by on some days; without a version nobody had stated anything, and the preset is an assumption."""

    period: Period
    definition: LocalDefinition
    version: DefinitionVersion | None = None

    @cached_property
    def sha256(self) -> str:
        """Of the rules and steps alone: the key under which answers are kept."""
        return sha256_of(stored_form(self.definition))

    @property
    def is_assumption(self) -> bool:
        return self.version is None

    @property
    def has_circles(self) -> bool:
        """It reaches as far as needed: who else had the goods then is not known any more, so the answer is uncertain."""
        return bool(unsettled_circles(self.definition))


Timeline = tuple[Part, ...]


def timelines(session: Session, *, codes: Collection[str], period: Period) -> dict[str, Timeline]:
    """For each municipality its definitions in order of time, without a gap. One query."""
    found: dict[str, list[DefinitionVersion]] = {code: [] for code in codes}
    query = _overlapping(period).where(Authority.municipality_code.in_(found))
    for version in session.scalars(query.options(joinedload(DefinitionVersion.authority))):
        found[version.authority.municipality_code].append(version)
    return {code: timeline(code, versions, period) for code, versions in found.items()}


def stating_codes(session: Session, *, period: Period) -> list[str]:
    """The municipalities that had stated a definition on some day of a period."""
    versions = _overlapping(period).with_only_columns(Authority.municipality_code).distinct()
    return list(session.scalars(versions.order_by(None).order_by(Authority.municipality_code)))


def timeline(code: str, versions: Sequence[DefinitionVersion], period: Period) -> Timeline:
    """Where several authorities of a municipality have stated one, the first of them has the word."""
    parts = [_part(code, versions, span) for span in cut(period, _changes(versions))]
    return tuple(
        _joined(list(same)) for _, same in groupby(parts, key=lambda part: (part.sha256, part.version))
    )


def cut(period: Period, days: Iterable[date]) -> list[Period]:
    """A period in pieces, each beginning on one of the days."""
    inner = sorted({day for day in days if period.start < day < period.end})
    return [Period(first, after) for first, after in pairwise([period.start, *inner, period.end])]


def pieces(period: Period, all_of: Mapping[str, Timeline]) -> list[Period]:
    """The period cut wherever any of the municipalities changed its definition."""
    return cut(period, (part.period.start for parts in all_of.values() for part in parts))


def part_on(parts: Timeline, day: date) -> Part:
    return next(part for part in parts if day in part.period)


def _overlapping(period: Period) -> Select[DefinitionVersion]:
    ends = DefinitionVersion.valid_to
    return (
        select(DefinitionVersion)
        .join(DefinitionVersion.authority)
        .where(
            DefinitionVersion.valid_from < period.end,
            or_(ends.is_(None), ends > period.start),
            or_(ends.is_(None), ends > DefinitionVersion.valid_from),
        )
        .order_by(DefinitionVersion.authority_id, DefinitionVersion.number)
    )


def _changes(versions: Iterable[DefinitionVersion]) -> list[date]:
    return [day for one in versions for day in (one.valid_from, one.valid_to) if day is not None]


def _part(code: str, versions: Sequence[DefinitionVersion], span: Period) -> Part:
    applying = [version for version in versions if is_in_force(version, span.start)]
    if not applying:
        return Part(period=span, definition=preset(code).definition)
    first = min(applying, key=lambda version: version.authority_id)
    return Part(period=span, definition=definition_of(first), version=first)


def _joined(parts: Sequence[Part]) -> Part:
    whole = Period(parts[0].period.start, parts[-1].period.end)
    return Part(period=whole, definition=parts[0].definition, version=parts[0].version)
