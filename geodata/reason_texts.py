"""Each code of a reason or a change, as it reads in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from geodata import areas
from geodata.language import choose, either, hours, kilograms, kilometres, limit, municipality_name
from geodata.statements import Statement


def render(said: Statement, language: str, product_names: Mapping[str, str] | None = None) -> str:
    """Raises `geodata.language.UnknownLanguage`. A product without a name is called by its key."""
    kind = said.code.split(".")[0]
    if said.code in ("question.circle_unsettled", "change.settle_circle"):
        key = said.word("product")
        return _circle(said, (product_names or {}).get(key, key), language)
    return {
        "counties": _counties,
        "neighbours": _neighbours,
        "distance": _distance,
        "visit": _visit,
        "no_road": _no_road,
        "question": _question,
        "change": _change,
    }[kind](said, language)


def _place(said: Statement, language: str) -> str:
    found = areas.municipality(said.word("municipality"))
    return f"{municipality_name(found.name, language)} ({areas.county(found.county_code).name})"


def _county_names(said: Statement, language: str) -> str:
    return either([areas.county(code).name for code in said.codes("wanted")], language)


def _border(said: Statement, language: str) -> str:
    names = [areas.municipality(code).name for code in said.codes("options")]
    away = kilometres(said.number("border_m"), language)
    return choose(
        language,
        sv=f"{away} från gränsen, så kommunen kan vara {either(names, language)}; ingen är uppgiven",
        en=f"{away} from the border, so the municipality may be {either(names, language)}; none is stated",
    )


def _counties(said: Statement, language: str) -> str:
    if said.code.endswith("uncertain"):
        return _border(said, language)
    place, wanted = _place(said, language), _county_names(said, language)
    if said.code.endswith("yes"):
        return choose(language, sv=f"ligger i {place}", en=f"lies in {place}")
    return choose(language, sv=f"ligger i {place}, utanför {wanted}", en=f"lies in {place}, outside {wanted}")


def _neighbours(said: Statement, language: str) -> str:
    if said.code.endswith("uncertain"):
        return _border(said, language)
    place, rings = _place(said, language), said.number("rings")
    own = municipality_name(areas.municipality(said.word("authority")).name, language)
    if said.word("municipality") == said.word("authority"):
        return choose(language, sv=f"ligger i {place}, den egna kommunen",
                      en=f"lies in {place}, the authority's own")  # fmt: skip
    near_sv, near_en = "granne till", "next to"
    if rings > 1:
        near_sv, near_en = f"inom {rings} kommungränser från", f"within {rings} borders of"
    if said.code.endswith("yes"):
        return choose(
            language, sv=f"ligger i {place}, {near_sv} {own}", en=f"lies in {place}, {near_en} {own}"
        )
    if rings == 0:
        return choose(language, sv=f"ligger i {place}, utanför {own}", en=f"lies in {place}, outside {own}")
    return choose(language, sv=f"ligger i {place}, inte {near_sv} {own}",
                  en=f"lies in {place}, not {near_en} {own}")  # fmt: skip


def _origin(said: Statement, language: str) -> str:
    name = said.word("origin")
    if said.word("measured_from") == "border":
        return choose(language, sv=f"gränsen till {municipality_name(name, 'sv')}", en=f"{name}'s border")
    if said.code.endswith("visit") or said.code.startswith("visit"):
        return name or choose(language, sv="skolan", en="the school")
    return name or choose(language, sv="köket", en="the kitchen")


def _distance(said: Statement, language: str) -> str:
    low, high, most = said.number("low_m"), said.number("high_m"), said.number("limit_m")
    origin, far = _origin(said, language), limit(most, language)
    way = choose(language, sv=" på väg", en=" by road") if said.word("by") == "road" else ""
    if said.code.endswith("uncertain"):
        band = f"{kilometres(low, language, beside_m=most)} – {kilometres(high, language, beside_m=most)}"
        return choose(language, sv=f"uppskattat {band}{way} från {origin}; gränsen är {far}",
                      en=f"an estimated {band}{way} from {origin}; the limit is {far}")  # fmt: skip
    over = said.code.endswith("no")
    decisive = kilometres(low if over else high, language, beside_m=most)
    about = choose(language, sv="minst " if over else "högst ", en="at least " if over else "at most ")
    length = f"{about if low != high else ''}{decisive}"
    return choose(language, sv=f"{length}{way} från {origin}, {'över' if over else 'inom'} {far}",
                  en=f"{length}{way} from {origin}, {'over' if over else 'within'} {far}")  # fmt: skip


def _visit(said: Statement, language: str) -> str:
    low, high = said.number("low_s"), said.number("high_s")
    origin, most = _origin(said, language), hours(said.number("limit_s"), language)
    trip = choose(language, sv=f"resa fram och tillbaka från {origin}",
                  en=f"of travel from {origin} and back")  # fmt: skip
    if said.code.endswith("uncertain"):
        band = f"{hours(low, language)} – {hours(high, language)}"
        return choose(language, sv=f"uppskattat {band} {trip}; den ska ta mindre än {most}",
                      en=f"an estimated {band} {trip}; it must take less than {most}")  # fmt: skip
    over = said.code.endswith("no")
    about = choose(language, sv="minst " if over else "högst ", en="at least " if over else "at most ")
    length = f"{about if low != high else ''}{hours(low if over else high, language)}"
    return choose(language, sv=f"{length} {trip}, {'inte mindre' if over else 'mindre'} än {most}",
                  en=f"{length} {trip}, {'not less' if over else 'less'} than {most}")  # fmt: skip


def _no_road(said: Statement, language: str) -> str:
    """No length to tell: what a road engine or the list of islands says can't be driven."""
    origin = _origin(said, language)
    if said.code == "no_road.uncertain":
        return choose(
            language,
            sv=f"ingen väg hittades från närmaste punkt på {origin}; en annan väg dit kan finnas",
            en=f"no road was found from the nearest point of {origin}; another way may exist",
        )
    text = choose(language, sv=f"ingen väg eller bilfärja leder dit från {origin}",
                  en=f"no road or car ferry leads there from {origin}")  # fmt: skip
    if said.code == "no_road.visit":
        return text
    far = limit(said.number("limit_m"), language)
    return choose(language, sv=f"{text}; det ska vara högst {far} på väg",
                  en=f"{text}; it must be at most {far} by road")  # fmt: skip


def _question(said: Statement, language: str) -> str:
    if said.code == "question.kitchen_unknown":
        return choose(
            language,
            sv="Definitionen räknar från köket, men inget kök med läge är angivet",
            en="The definition counts from the kitchen, but no kitchen with a position is given",
        )
    return choose(
        language,
        sv="Inget produktionsställe är känt för något av de steg som räknas",
        en="No production site is known for any of the steps that count",
    )


def _circle(said: Statement, name: str, language: str) -> str:
    amount = kilograms(said.number("grams"), language)
    if said.code == "change.settle_circle":
        return choose(language, sv=f"Räkna ut cirkeln ur det som finns av {name} just då",
                      en=f"Work out the circle from what there is of {name} at the time")  # fmt: skip
    return choose(
        language,
        sv=f"Det beror på vem som har {name} just då: cirkeln når så långt som behövs för att täcka {amount}",
        en=f"It depends on who has {name} at the time: the circle reaches as far as is needed to cover {amount}",
    )


_FIXED_CHANGES = {
    "change.other_municipality": (
        "flyttas till en kommun innanför definitionen",
        "moved to a municipality inside the definition",
    ),
    "change.state_municipality": (
        "ange vilken kommun stället är registrerat i",
        "state the municipality in which the site is registered",
    ),
    "change.measure_road": (
        "mät vägen: detta är en uppskattning utan svar från någon vägmotor",
        "measure the road: this is an estimate and no road engine has answered",
    ),
    "change.road_there": ("en väg eller bilfärja dit", "a road or a car ferry there"),
    "change.other_start": (
        "räkna från köket eller centralorten, eller mät vägen från en annan plats vid gränsen",
        "count from the kitchen or the main town, or measure the road from elsewhere on the border",
    ),
    "change.finer_border": (
        "mät mot en noggrannare kommungräns",
        "measure to a finer municipal border",
    ),
    "change.state_kitchen": ("Ange kökets läge", "State where the kitchen is"),
    "change.state_site": ("Ange var produkten kommer från", "State where the product comes from"),
}


def _change(said: Statement, language: str) -> str:
    if said.code in _FIXED_CHANGES:
        swedish, english = _FIXED_CHANGES[said.code]
        return choose(language, sv=swedish, en=english)
    if said.code == "change.other_county":
        wanted = _county_names(said, language)
        return choose(language, sv=f"flyttas till {wanted}", en=f"moved to {wanted}")
    if said.code == "change.closer":
        excess = kilometres(_rounded_up(said.number("excess_m")), language)
        return choose(language, sv=f"minst {excess} närmare", en=f"at least {excess} closer")
    excess = hours(max(60, said.number("excess_s")), language)
    return choose(language, sv=f"minst {excess} kortare resa", en=f"a trip at least {excess} shorter")


def _rounded_up(metres: int) -> int:
    """Up to what is shown (100 m under 10 km, else 1 km): moving so far is enough."""
    step = 100 if metres < 9_900 else 1_000
    return -(-max(1, metres) // step) * step
