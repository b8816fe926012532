"""Numbers, lists and names in Swedish and English, for the texts that this library writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Language = Literal["sv", "en"]

_NO_GENITIVE = frozenset("aeiouyåäösxz")
_IRREGULAR = {"Falun": "Falu kommun", "Orust": "Orust kommun"}


class UnknownLanguage(ValueError):
    """There are no texts in that language."""


def choose(language: str, *, sv: str, en: str) -> str:
    """The text in the language asked for. Raises `UnknownLanguage`."""
    if language == "sv":
        return sv
    if language == "en":
        return en
    raise UnknownLanguage(f"There are no texts in '{language}'. Ask for sv or en.")


def number(value: float, language: str, *, decimals: int = 0) -> str:
    """1 250,5 (with no-break spaces) or 1,250.5; no decimals that are zero."""
    text = f"{value:,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return choose(language, sv=text.replace(",", "\u00a0").replace(".", ","), en=text)


def kilometres(metres: float, language: str, *, beside_m: float | None = None) -> str:
    """Whole kilometres (one decimal under 10), with as many decimals as tell it from `beside_m`."""
    decimals = 1 if metres < 10_000 else 0
    while (
        beside_m is not None
        and decimals < 3
        and round(metres) != round(beside_m)
        and round(metres / 1000, decimals) == round(beside_m / 1000, decimals)
    ):
        decimals += 1
    return f"{number(metres / 1000, language, decimals=decimals)}\u00a0km"


def limit(metres: float, language: str) -> str:
    """A limit just as it was set: 250 km, 0.5 km."""
    return f"{number(metres / 1000, language, decimals=3)}\u00a0km"


def kilograms(grams: int, language: str) -> str:
    """An amount just as it was set: 200 kg, 0.5 kg."""
    return f"{number(grams / 1000, language, decimals=3)}\u00a0kg"


def hours(seconds: float, language: str) -> str:
    """2 h 45 min; minutes are rounded."""
    whole, minutes = divmod(round(seconds / 60), 60)
    hour = choose(language, sv="tim", en="h")
    parts = [f"{whole}\u00a0{hour}"] if whole else []
    if minutes or not whole:
        parts.append(f"{minutes}\u00a0min")
    return " ".join(parts)


def either(names: Sequence[str], language: str) -> str:
    """A, B eller C."""
    return _joined(names, choose(language, sv="eller", en="or"))


def both(names: Sequence[str], language: str) -> str:
    """A, B och C."""
    return _joined(names, choose(language, sv="och", en="and"))


def municipality_name(name: str, language: str) -> str:
    """Tierps kommun, Norrtälje kommun; Tierp municipality."""
    genitive = name if name[-1].lower() in _NO_GENITIVE else f"{name}s"
    return choose(language, sv=_IRREGULAR.get(name, f"{genitive} kommun"), en=f"{name} municipality")


def _joined(names: Sequence[str], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def credit(language: str) -> str:
    """The sources of the embedded data, to be shown wherever its borders and names are."""
    return choose(
        language,
        sv="Gränser: SCB (fri användning). Ortnamn: GeoNames (CC BY 4.0).",
        en="Borders: Statistics Sweden (public domain). Place names: GeoNames (CC BY 4.0).",
    )
