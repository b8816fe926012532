"""Colours of routes, the same on the map, in its table and in the picture of the days."""

COLOURS = ("#0072b2", "#d55e00", "#007a5a", "#8c3b87", "#8a6100", "#1f1f1f", "#b2182b", "#4d6b00")
DASHES = (None, "12 6", "2 7", "14 5 2 5")
"""Colours that differ in lightness too, and patterns beside them, for eyes that tell colours apart badly."""


def colour(number: int) -> str:
    """The colour of route ``number``, counted from 1; white text is readable on each."""
    return COLOURS[(number - 1) % len(COLOURS)]


def dash(number: int) -> str | None:
    """The line's pattern, another one each time the colours begin anew; None is a whole line."""
    return DASHES[(number - 1) // len(COLOURS) % len(DASHES)]
