"""A statement about a production site as a code with facts, from which any language is written."""

from __future__ import annotations

from dataclasses import dataclass

Fact = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A code with the facts it was made from, sorted by name: metres, seconds and SCB's codes."""

    code: str
    facts: tuple[tuple[str, Fact], ...]

    def number(self, name: str) -> int:
        return int(str(dict(self.facts)[name]))

    def word(self, name: str) -> str:
        return str(dict(self.facts).get(name, ""))

    def codes(self, name: str) -> tuple[str, ...]:
        found = dict(self.facts)[name]
        return found if isinstance(found, tuple) else (str(found),)


def statement(code: str, **facts: Fact) -> Statement:
    return Statement(code=code, facts=tuple(sorted(facts.items())))
