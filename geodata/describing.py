"""A definition in plain words, generated from the data so that the two never differ."""

from __future__ import annotations

from collections.abc import Mapping

from geodata import areas
from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    LocalDefinition,
    Rule,
    SchoolDayVisit,
    Step,
    WithinDistance,
)
from geodata.language import both, choose, either, hours, kilograms, limit, municipality_name, number

STEP_NAMES = {
    Step.FARM: ("gård", "farm"),
    Step.SLAUGHTER: ("slakt", "slaughter"),
    Step.PROCESSING: ("förädling", "processing"),
    Step.PACKING: ("packning", "packing"),
}


def describe(
    definition: LocalDefinition,
    language: str = "sv",
    *,
    authority_code: str | None = None,
    product_names: Mapping[str, str] | None = None,
) -> str:
    """The definition as two or three sentences; with a code, the authority's own names are used.

    `product_names` are in that language by the key of an expanding circle's product; without one the key is shown.
    Raises `geodata.language.UnknownLanguage` and `geodata.areas.UnknownArea`.
    """
    rule = _rule(definition.rule, language, authority_code, product_names or {})
    opening = choose(language, sv=f"Lokalt är det som kommer från en plats {rule}.",
                     en=f"Local is what comes from a place {rule}.")  # fmt: skip
    parts = [opening, _steps(definition.steps, language), _validity(definition, language)]
    return " ".join(part for part in parts if part)


def step_name(step: Step, language: str) -> str:
    swedish, english = STEP_NAMES[step]
    return choose(language, sv=swedish, en=english)


def _rule(rule: Rule, language: str, code: str | None, names: Mapping[str, str]) -> str:
    match rule:
        case AllOf(rules) | AnyOf(rules):
            texts = [_part(part, language, code, names) for part in rules]
            return both(texts, language) if isinstance(rule, AllOf) else either(texts, language)
        case InCounties():
            return _in_counties(rule, language, code)
        case InMunicipalityOrNeighbours(rings):
            return _near_municipality(rings, language, code)
        case WithinDistance():
            return _within(rule, language, code)
        case SchoolDayVisit():
            return _visit(rule, language)
        case ExpandingCircle(product, grams):
            return _circle(names.get(product, product), grams, language)


def _part(rule: Rule, language: str, code: str | None, names: Mapping[str, str]) -> str:
    text = _rule(rule, language, code, names)
    return f"({text})" if isinstance(rule, AllOf | AnyOf) else text


def _in_counties(rule: InCounties, language: str, code: str | None) -> str:
    if not rule.codes and code is None:
        return choose(language, sv="i det egna länet", en="in the authority's own county")
    codes = rule.codes if code is None else rule.counties_for(code)
    names = either([areas.county(county).name for county in codes], language)
    return choose(language, sv=f"i {names}", en=f"in {names}")


def _near_municipality(rings: int, language: str, code: str | None) -> str:
    own = choose(language, sv="den egna kommunen", en="the authority's own municipality")
    if code is not None:
        own = municipality_name(areas.municipality(code).name, language)
    if rings == 0:
        return choose(language, sv=f"i {own}", en=f"in {own}")
    if rings == 1:
        return choose(
            language,
            sv=f"i {own} eller en kommun som gränsar till den (fasta broar och färjor räknas som gräns)",
            en=f"in {own} or a municipality next to it (bridges and ferries count as borders)",
        )
    return choose(
        language,
        sv=f"i {own} eller högst {rings} kommungränser bort (fasta broar och färjor räknas som gräns)",
        en=f"in {own} or up to {rings} municipal borders away (bridges and ferries count as borders)",
    )


def _within(rule: WithinDistance, language: str, code: str | None) -> str:
    way = choose(language, sv="fågelvägen", en="as the crow flies")
    if rule.by == "road":
        way = choose(language, sv="på väg", en="by road")
    origin = {
        "kitchen": choose(language, sv="köket", en="the kitchen"),
        "seat": choose(language, sv="kommunens centralort", en="the municipality's main town"),
        "border": choose(language, sv="kommunens gräns", en="the municipality's border"),
    }[rule.measured_from]
    if rule.measured_from == "seat" and code is not None:
        origin = areas.seat_name(code)
    if rule.measured_from == "border" and rule.by == "road":
        origin = choose(language, sv=f"närmaste punkt på {origin}", en=f"the nearest point of {origin}")
    far = limit(rule.limit_m, language)
    return choose(language, sv=f"högst {far} {way} från {origin}", en=f"at most {far} {way} from {origin}")


def _visit(rule: SchoolDayVisit, language: str) -> str:
    day, travel = number(rule.day_hours, language, decimals=2), hours(rule.limit_s, language)
    return choose(
        language,
        sv=f"dit en klass hinner på studiebesök från sin skola under en skoldag på {day} timmar, "
        f"med mindre än {travel} resa fram och tillbaka",
        en=f"that a class can visit from its school within a school day of {day} hours, "
        f"with less than {travel} of travel there and back",
    )


def _circle(name: str, grams: int, language: str) -> str:
    amount = kilograms(grams, language)
    return choose(
        language,
        sv=f"inom den cirkel kring köket som behövs för att täcka {amount} {name}",
        en=f"within the circle around the kitchen that is needed to cover {amount} of {name}",
    )


def _steps(steps: tuple[Step, ...], language: str) -> str:
    names = both([step_name(step, language) for step in Step if step in steps], language)
    if set(steps) == set(Step):
        return choose(
            language,
            sv=f"Hela produktionskedjan räknas: {names}.",
            en=f"The whole chain of production counts: {names}.",
        )
    return choose(language, sv=f"Det som räknas är {names}.", en=f"What counts is {names}.")


def _validity(definition: LocalDefinition, language: str) -> str:
    start, end = definition.valid_from, definition.valid_to
    from_text = choose(language, sv=f"från och med {start}", en=f"from {start}") if start else ""
    to_text = choose(
        language, sv=f"till {end} (den dagen inte medräknad)", en=f"until {end} (that day not included)"
    )
    parts = " ".join(part for part in (from_text, to_text if end else "") if part)
    return choose(language, sv=f"Gäller {parts}.", en=f"In force {parts}.") if parts else ""
