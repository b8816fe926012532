"""Whether chains are local under somebody else's rules, seen from one's own kitchens: worked out once, then kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, ProductionSite, needs_kitchen, verdict_many
from geodata.points import Point
from geodata.travel import Estimator
from market.db import transaction
from market.followup.models import Chain, OtherAnswer, Vantage
from market.followup.places import chain_from_plain
from market.followup.rules import Verdict

Pair = tuple[int, int]
"""The ids of a chain and of the vantage that it is seen from."""
Key = tuple[int, int, str]
"""The same, and the hash of the definition."""
ANY_DAY = date(2000, 1, 1)  # the definitions that are asked about carry no dates of their own
AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Kept chains and vantages, by id, as geodata reads them."""

    chains: Mapping[int, tuple[ProductionSite, ...]]
    vantages: Mapping[int, Vantage]

    def point(self, vantage_id: int) -> Point:
        seen = self.vantages[vantage_id]
        return Point(lat=seen.lat, lon=seen.lon)

    def code(self, vantage_id: int) -> str:
        return self.vantages[vantage_id].municipality_code


def seen_in(session: Session, *, pairs: Collection[Pair]) -> Seen:
    """Two queries."""
    chain_ids, vantage_ids = {chain for chain, _ in pairs}, {vantage for _, vantage in pairs}
    chains = session.scalars(select(Chain).where(Chain.id.in_(chain_ids)))
    vantages = session.scalars(select(Vantage).where(Vantage.id.in_(vantage_ids)))
    return Seen({one.id: chain_from_plain(one.sites) for one in chains}, {one.id: one for one in vantages})


def kept_answers(session: Session, *, pairs: Collection[Pair], shas: Collection[str]) -> dict[Key, Verdict]:
    """What has been worked out already. One query."""
    wanted = set(pairs)
    query = select(
        OtherAnswer.chain_id, OtherAnswer.vantage_id, OtherAnswer.definition_sha256, OtherAnswer.answer
    ).where(
        OtherAnswer.definition_sha256.in_(shas),
        OtherAnswer.vantage_id.in_({vantage for _, vantage in wanted}),
    )
    return {
        (chain, vantage, sha): answer
        for chain, vantage, sha, answer in session.execute(query)
        if (chain, vantage) in wanted
    }


def work_out(
    wanted: Collection[Key], *, definitions: Mapping[str, LocalDefinition], seen: Seen
) -> dict[Key, Verdict]:
    """The answers by estimated roads, as a delivery is judged when it is received; `definitions` by their hash."""
    found: dict[Key, Verdict] = {}
    for (sha, _), keys in _asked_together(wanted, definitions, seen).items():
        chain_ids, vantage_id = sorted({chain for chain, _, _ in keys}), keys[0][1]
        code = seen.code(vantage_id)
        table = verdict_many(
            [seen.chains[chain] for chain in chain_ids],
            definitions={code: definitions[sha]},
            kitchens={code: seen.point(vantage_id)},
            travel=Estimator(),
            on=ANY_DAY,
        )
        by_chain = dict(zip(chain_ids, table.answers(code), strict=True))
        found.update({key: Verdict(by_chain[key[0]].value) for key in keys})
    return found


def keep_answers(engine: Engine, found: Mapping[Key, Verdict]) -> None:
    """In a transaction of its own, since a page that reads writes nothing; what another has just kept is left alone."""
    if not found:
        return
    rows = [
        {"chain_id": chain, "vantage_id": vantage, "definition_sha256": sha, "answer": answer}
        for (chain, vantage, sha), answer in found.items()
    ]
    with transaction(engine) as session:
        for first in range(0, len(rows), AT_A_TIME):
            session.execute(_insert_new(engine), rows[first : first + AT_A_TIME])


def _asked_together(
    wanted: Iterable[Key], definitions: Mapping[str, LocalDefinition], seen: Seen
) -> dict[tuple[str, int | str], list[Key]]:
    """By definition and kitchen; rules that don't count from the kitchen are asked once for the municipality."""
    groups: dict[tuple[str, int | str], list[Key]] = defaultdict(list)
    counts_from_kitchen = {sha: needs_kitchen(definition) for sha, definition in definitions.items()}
    for key in wanted:
        _, vantage, sha = key
        groups[sha, vantage if counts_from_kitchen[sha] else seen.code(vantage)].append(key)
    return groups


def _insert_new(engine: Engine) -> Any:
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(OtherAnswer).on_conflict_do_nothing()
