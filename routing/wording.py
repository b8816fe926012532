"""The few words and figures on a map that leaves the program, in Swedish and English."""

from dataclasses import dataclass
from math import ceil

DAY_S = 86_400
THIN = "\N{NO-BREAK SPACE}"


class UnknownLanguage(ValueError):
    """Only the languages in LANGUAGES are there."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language: texts, table heads, weekdays from Monday, and the decimal sign."""

    language: str
    title: str
    routes: str
    unserved: str
    heads: tuple[str, ...]
    days: tuple[str, ...]
    hour: str
    decimal: str
    at_most_from_best: str
    best_possible: str
    nothing_proven: str


SWEDISH = Words(
    language="sv",
    title="Körplan",
    routes="rutter",
    unserved="Körs inte",
    heads=("Nr", "Plats", "Start", "Klar", "Hämtas", "Lämnas", "Last efter"),
    days=("mån", "tis", "ons", "tor", "fre", "lör", "sön"),
    hour="tim",
    decimal=",",
    at_most_from_best="högst {} % från det bästa möjliga",
    best_possible="det bästa möjliga",
    nothing_proven="inget är bevisat om det bästa möjliga",
)
ENGLISH = Words(
    language="en",
    title="Route plan",
    routes="routes",
    unserved="Not served",
    heads=("No.", "Place", "Start", "Done", "Picked up", "Delivered", "Load after"),
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    hour="h",
    decimal=".",
    at_most_from_best="at most {} % from the best possible",
    best_possible="the best possible",
    nothing_proven="nothing is proven about the best possible",
)
LANGUAGES = {words.language: words for words in (SWEDISH, ENGLISH)}


def words_in(language: str) -> Words:
    """Raises UnknownLanguage."""
    try:
        return LANGUAGES[language]
    except KeyError:
        raise UnknownLanguage(f"No words for {language!r}: choose one of {', '.join(LANGUAGES)}.") from None


def clock(second: int, words: Words) -> str:
    """Weekday and time for seconds since a Monday 00:00; from the second week on with its number: ``mån 07:30``."""
    day, rest = divmod(second, DAY_S)
    week = f" +{day // 7}" if day >= 7 else ""
    return f"{words.days[day % 7]}{week} {rest // 3600:02d}:{rest % 3600 // 60:02d}"


def kilometres(metres: int, words: Words) -> str:
    return f"{metres / 1000:.1f}{THIN}km".replace(".", words.decimal)


def hours(seconds: int, words: Words) -> str:
    return f"{seconds / 3600:.1f}{THIN}{words.hour}".replace(".", words.decimal)


def kronor(ore: int, words: Words) -> str:
    del words  # the same in both languages
    return f"{ore / 100:,.0f}{THIN}kr".replace(",", THIN)


def from_best(share: float | None, words: Words) -> str:
    """How far a plan is from the best possible, of the ``share`` that bound.gap gives; rounded up to a tenth of a per cent."""
    if share is None:
        return words.nothing_proven
    if share == 0:
        return words.best_possible
    tenths = ceil(share * 1000 - 1e-9)
    return words.at_most_from_best.format(f"{tenths / 10:.1f}".replace(".", words.decimal))
