"""The few words and figures on a map that leaves the program, in Swedish and English."""

from dataclasses import dataclass

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


SWEDISH = Words(
    language="sv",
    title="Körplan",
    routes="rutter",
    unserved="Körs inte",
    heads=("Nr", "Plats", "Start", "Klar", "Hämtas", "Lämnas", "Last efter"),
    days=("mån", "tis", "ons", "tor", "fre", "lör", "sön"),
    hour="tim",
    decimal=",",
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
