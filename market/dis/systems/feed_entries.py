"""The entries of the feeds, out of the history of each DIS. Swedish: a notice is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from market.dis.models import DisTransition
from market.dis.rules import DisEvent
from market.dis.systems.feed import Entry
from market.dis.systems.models import Dis

FEED_SINCE = "2026"
"""The year in the feeds' own identifiers (RFC 4151): one in which whoever runs the host did so already."""

TOLD = {
    DisEvent.PUBLISH.value: "Publicerat",
    DisEvent.EXTEND.value: "Förlängt",
    DisEvent.END.value: "Avslutat",
}


def feed_id(host: str, dis: Dis | None = None) -> str:
    """A tag URI that stays the same however the pages move."""
    return f"tag:{host.partition(':')[0]},{FEED_SINCE}:dis" + ("" if dis is None else f"/{dis.id}")


def entries_of_all(
    listed: Sequence[Dis], history: Sequence[DisTransition], *, host: str, url: Callable[[Dis], str]
) -> list[Entry]:
    """One for each DIS, as it stands now."""
    latest = {row.subject_id: row for row in history if row.event in TOLD}
    return [
        _entry(dis, row, feed_id(host, dis), dis.published_at or row.at, url)
        for dis in listed
        if (row := latest.get(dis.id)) is not None
    ]


def entries_of_one(
    dis: Dis, history: Sequence[DisTransition], *, host: str, url: Callable[[Dis], str]
) -> list[Entry]:
    """One for each thing that has happened with it."""
    told = [row for row in history if row.event in TOLD]
    return [_entry(dis, row, f"{feed_id(host, dis)}/{row.id}", row.at, url) for row in told]


def _entry(
    dis: Dis, row: DisTransition, entry_id: str, published: datetime, url: Callable[[Dis], str]
) -> Entry:
    names = ", ".join(one.category.name_sv for one in dis.categories)
    return Entry(
        id=entry_id,
        title=f"{TOLD[row.event]}: {dis.name}",
        url=url(dis),
        updated=row.at,
        published=published,
        author=dis.authority.name,
        summary=" ".join(filter(None, (f"{TOLD[row.event]}.", row.reason, f"Kategorier: {names}."))),
        categories=tuple(code.code for one in dis.categories for code in one.category.codes[:1]),
    )
