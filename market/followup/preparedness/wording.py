"""What is supposed, how it was reckoned and what kinds of things there are, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext, ngettext

from market.followup.charts import NOTHING
from market.followup.preparedness.outcome import Outcome, PointAnswer
from market.followup.preparedness.rules import PACE_DAYS, USUAL_PORTIONS, Assumptions, Basis, PointKind
from market.formatting import decimal, full_date
from market.planning.rules import reason_text
from market.planning.what_if import NO_FUEL
from market.register.categories import spoken_names
from market.values import msg

KIND_NAMES = {
    PointKind.PRODUCER: msg("Producent"),
    PointKind.ROAD: msg("Väg"),
    PointKind.KITCHEN: msg("Mottagningskök"),
    PointKind.VEHICLE: msg("Fordon"),
}
BASIS_NAMES = {
    Basis.OFFERS: msg("erbjudanden och avtalat"),
    Basis.PACE: msg("takten i leveranserna"),
    Basis.BOTH: msg("erbjudanden och avtalat, och takten i leveranserna"),
}
OUT_OF_FUEL = msg("Bränslet räcker inte dit.")
MOST_NAMED = 3


def supposed_lines(supposed: Assumptions, kitchens: Mapping[int, str]) -> list[str]:
    """A sentence for each supposition; `kitchens` are names by id."""
    return list(_supposed(supposed, kitchens))


def _supposed(supposed: Assumptions, kitchens: Mapping[int, str]) -> Iterator[str]:
    yield ngettext("Det varar i %(num)s dag.", "Det varar i %(num)s dagar.", supposed.days)
    if supposed.wholesaler_stops:
        yield gettext("Grossisten levererar inget: allt ska komma från producenterna i Närmat.")
    else:
        yield gettext("Grossisten levererar som vanligt: frågan är vad som händer med det lokala.")
    if supposed.road is not None:
        yield _road(supposed)
    if supposed.shut:
        yield from _shut(supposed, kitchens)
    if supposed.fuel_km is not None:
        yield gettext(
            "Bränslet räcker till %(km)s km i veckan för alla fordon tillsammans.",
            km=decimal(supposed.fuel_km),
        )
    if supposed.within_km is not None:
        yield gettext(
            "Bara producenter inom %(km)s km från köket kan leverera.", km=decimal(supposed.within_km)
        )


def _road(supposed: Assumptions) -> str:
    road = supposed.road
    assert road is not None
    closed = gettext("Vägarna inom %(km)s km från %(place)s är stängda.", km=road.radius_km, place=road.place)
    if road.detour_km is None:
        return " ".join((closed, gettext("Det finns ingen väg runt.")))
    around = gettext(
        "Omvägen är %(km)s km och tar %(minutes)s minuter.", km=road.detour_km, minutes=road.detour_min or 0
    )
    return f"{closed} {around}"


def _shut(supposed: Assumptions, kitchens: Mapping[int, str]) -> Iterator[str]:
    names = ", ".join(kitchens.get(kitchen_id, "–") for kitchen_id in supposed.shut)
    yield gettext("Stängt: %(kitchens)s.", kitchens=names)
    if supposed.instead is None:
        yield gettext("Ingen annan lagar åt gästerna där.")
    else:
        yield gettext("%(kitchen)s lagar åt gästerna där.", kitchen=kitchens.get(supposed.instead, "–"))


def reckoning(outcome: Outcome, supposed: Assumptions) -> list[str]:
    """How the answer was reached, and what was assumed on the way."""
    return list(_reckoning(outcome, supposed))


def _reckoning(outcome: Outcome, supposed: Assumptions) -> Iterator[str]:
    yield gettext(
        "En måltid är %(grams)s g mat av alla varuslag tillsammans, räknat i vikt. Ett varuslag ersätter inte ett annat.",
        grams=outcome.meal_grams,
    )
    yield gettext("Vad en portion väger är antaganden tills kommunen har skrivit in sina egna mått.")
    if outcome.has_assumed_portions:
        yield gettext(
            "Kök som inte har angett sina portioner räknas som %(portions)s portioner om dagen. Det är ett antagande.",
            portions=USUAL_PORTIONS,
        )
    yield gettext("Alla dagar räknas som dagar med servering.")
    if not supposed.wholesaler_stops:
        yield gettext(
            "Behovet är det som lokala producenter har levererat om dagen de senaste %(days)s dagarna, dock högst det som portionerna kräver.",
            days=PACE_DAYS,
        )
    yield gettext(
        "Vad en producent har är det större av två tal: öppna erbjudanden och avtalade beställningar de dagarna, eller takten i leveranserna till kommunen de senaste %(days)s dagarna. Andra köpare av samma varor räknas inte.",
        days=PACE_DAYS,
    )
    yield gettext(
        "När något inte räcker till får alla kök lika stor del av sitt behov, från de närmaste producenterna."
    )
    yield gettext(
        "Turerna är planerade med kommunens fordon och planerarens, för den första veckan från %(day)s, och körs om varje vecka. Producenter som kör själva räknas bara om deras fordon finns i registret. Vägen vidare till satellitkök räknas inte.",
        day=full_date(outcome.starts_on),
    )
    yield gettext(
        "En sårbar punkt är det som kostar måltider när bara det försvinner och allt annat planeras om. En väg är den räta linjen mellan två platser på en tur, stängd utan omväg. Ett kök som stänger tar med sig sina gästers mat, även om andra kan äta den."
    )
    yield gettext("Avstånden kommer från: %(engine)s.", engine=outcome.travel_engine)


def nothing_at_stake(outcome: Outcome) -> str:
    """Why a scenario in which the wholesaler delivers has no answer."""
    if outcome.categories:
        return str(
            gettext(
                "De senaste %(days)s dagarnas lokala leveranser motsvarar inte en enda hel måltid, så scenariot har inget att ta ifrån köken.",
                days=PACE_DAYS,
            )
        )
    return str(
        gettext(
            "Ingen lokal leverans av något som ingår i en portion är känd de senaste %(days)s dagarna. Eftersom grossisten levererar som vanligt har scenariot inget att ta ifrån köken.",
            days=PACE_DAYS,
        )
    )


def share(outcome: Outcome) -> str:
    """The part of the meals that the food is enough for; a dash where none are at stake."""
    return NOTHING if outcome.percent is None else f"{outcome.percent}\N{NO-BREAK SPACE}%"


def left_reason(code: str) -> str:
    """Why goods were left behind, and what would help."""
    return str(gettext(OUT_OF_FUEL if code == NO_FUEL else reason_text(code)))


def lost_by_category(point: PointAnswer, language: str) -> str:
    """The categories that lose most portions: "potatis 300, grönsaker 120"."""
    names = spoken_names(language)
    largest = sorted(point.by_category.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    return ", ".join(f"{names.get(key, key)} {decimal(meals)}" for key, meals in largest)
