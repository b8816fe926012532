"""Fails when a text lacks English, a translation is left over, places differ, or a compiled file is stale."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from babel.messages.catalog import Message

from market.translations.catalogue import ENGLISH, SECURITY, compiled, extracted, stored

PLACE = re.compile(r"%\(\w+\)s")


def faults() -> Iterator[str]:
    """One line for each thing that is wrong, saying what to do."""
    wanted = {_key(message) for message in extracted() if message.id}
    english = stored(ENGLISH, "en")
    have = {_key(message): message for message in english if message.id}
    for key in sorted(wanted - set(have)):
        yield f"not in the catalogue: {key!r} (python -m market.translations.update, then translate)"
    for key in sorted(set(have) - wanted):
        yield f"no longer used: {key!r} (python -m market.translations.update)"
    for key, message in have.items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if not all(strings) or message.fuzzy:
            yield f"no English for {key!r}"
        elif any(set(PLACE.findall(text)) - set(PLACE.findall(key)) for text in strings):
            yield f"places differ in the English of {key!r}"
    for path, locale in ((ENGLISH, "en"), (SECURITY, "sv")):
        if path.with_suffix(".mo").read_bytes() != compiled(stored(path, locale)):
            yield f"{path.with_suffix('.mo').name} is stale (python -m market.translations.update)"


def _key(message: Message) -> str:
    """The text, its plural after it, its context before it."""
    text = message.id if isinstance(message.id, str) else " | ".join(message.id)
    return f"{message.context}: {text}" if message.context else text


def main() -> None:
    found = list(faults())
    for line in found:
        print(line)  # noqa: T201
    if found:
        sys.exit(f"{len(found)} translations need care")
    print("translations: complete and current")  # noqa: T201


if __name__ == "__main__":
    main()
