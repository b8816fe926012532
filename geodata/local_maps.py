"""Verdicts on a map: one municipality's definition and the products, or one product and every municipality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata import areas
from geodata.definitions import LocalDefinition, needs_kitchen, unsettled_circles
from geodata.describing import describe, step_name
from geodata.language import choose, municipality_name
from geodata.maps import Marker, Region, Shape, local_map
from geodata.outlines import outline
from geodata.reasons import Answer
from geodata.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geodata.points import Point
    from geodata.sites import ProductionSite
    from geodata.travel import TravelEngine
    from geodata.where import WhereRow

_LOOKS: dict[Answer, tuple[str, Shape]] = {
    Answer.YES: ("#1f6f54", "circle"),
    Answer.UNCERTAIN: ("#b26a00", "diamond"),
    Answer.NO: ("#5b5f66", "square"),
}
_FILLS: dict[Answer, tuple[float, str]] = {
    Answer.YES: (0.6, ""),
    Answer.UNCERTAIN: (0.35, "5 4"),
    Answer.NO: (0.0, ""),
}
_KITCHEN_COLOUR = "#2b4c7e"


@dataclass(frozen=True, slots=True)
class Chain:
    """A product and the sites of its production."""

    name: str
    sites: tuple[ProductionSite, ...]


def definition_map(
    *,
    definition: LocalDefinition,
    authority_code: str,
    chains: Sequence[Chain],
    on: date,
    kitchen: Point | None = None,
    kitchen_name: str = "",
    travel: TravelEngine | None = None,
    language: str = "sv",
    product_names: Mapping[str, str] | None = None,
) -> str:
    """A complete HTML document that needs no network; see `geodata.maps.local_map`.

    `product_names` are in that language, by an expanding circle's product; one that isn't settled has no outline.
    """
    markers = [] if kitchen is None else [_kitchen(kitchen, kitchen_name, language)]
    for chain in chains:
        found = verdict(
            definition,
            authority_code=authority_code,
            sites=chain.sites,
            kitchen=kitchen,
            kitchen_name=kitchen_name,
            travel=travel,
            on=on,
        )
        markers += _markers(chain, found, language, product_names)
    name = municipality_name(areas.municipality(authority_code).name, language)
    drawable = not unsettled_circles(definition) and (kitchen is not None or not needs_kitchen(definition))
    area = outline(definition, authority_code=authority_code, kitchen=kitchen) if drawable else None
    return local_map(
        title=choose(language, sv=f"Lokalt för {name}", en=f"Local for {name}"),
        note=describe(definition, language, authority_code=authority_code, product_names=product_names),
        markers=markers,
        outline=area,
        language=language,
    )


def where_map(
    rows: Sequence[WhereRow],
    *,
    chain: Chain,
    language: str = "sv",
    product_names: Mapping[str, str] | None = None,
) -> str:
    """Every municipality by its own definition against one producer: what `where_local` found, drawn.

    A complete HTML document that needs no network; assumed definitions are marked in popup and table.
    `product_names` as in `definition_map`.
    """
    markers = [
        Marker(
            name=f"{chain.name} ({step_name(site.step, language)})", point=site.point, colour=_KITCHEN_COLOUR,
            shape="triangle", group=choose(language, sv="Produktionsställe", en="Production site"),
        )
        for site in chain.sites
    ]  # fmt: skip
    assumed = sum(row.is_assumption for row in rows)
    note = choose(
        language,
        sv=f"Heldraget grönt är lokalt, streckat orange osäkert, ofyllt inte lokalt. Antagen definition: {assumed} "
        f"av {len(rows)} kommuner.",
        en=f"Solid green is local, dashed orange uncertain, unfilled not local. Definition assumed: {assumed} "
        f"of {len(rows)} municipalities.",
    )
    return local_map(
        title=choose(language, sv=f"Var är {chain.name} lokalt?", en=f"Where is {chain.name} local?"),
        note=note,
        markers=markers,
        regions=[_region(row, language, product_names) for row in rows],
        language=language,
    )


def _region(row: WhereRow, language: str, product_names: Mapping[str, str] | None) -> Region:
    fill, dashes = _FILLS[row.answer]
    text = "\n".join(filter(None, (row.reason(language, product_names=product_names), row.note(language))))
    return Region(
        code=row.municipality.code,
        text=text,
        group=_answer_name(row.answer, language),
        colour=_LOOKS[row.answer][0],
        fill=fill,
        dashes=dashes,
    )


def _answer_name(answer: Answer, language: str) -> str:
    return {
        Answer.YES: choose(language, sv="Lokalt", en="Local"),
        Answer.UNCERTAIN: choose(language, sv="Osäkert", en="Uncertain"),
        Answer.NO: choose(language, sv="Inte lokalt", en="Not local"),
    }[answer]


def _kitchen(kitchen: Point, name: str, language: str) -> Marker:
    kind = choose(language, sv="Kök", en="Kitchen")
    return Marker(name=name or kind, point=kitchen, group=kind, colour=_KITCHEN_COLOUR, shape="triangle")


def _markers(
    chain: Chain, found: Verdict, language: str, product_names: Mapping[str, str] | None
) -> list[Marker]:
    colour, shape = _LOOKS[found.answer]
    answer = _answer_name(found.answer, language)
    text = "\n".join(reason.text(language, product_names=product_names) for reason in found.reasons)
    return [
        Marker(
            name=f"{chain.name} ({step_name(site.step, language)})",
            point=site.point,
            text=text,
            group=answer,
            colour=colour,
            shape=shape,
        )
        for site in chain.sites
    ]
