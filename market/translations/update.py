"""Bring the English catalogue in step with the texts, and compile. New texts get an empty translation to fill in."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from market.translations.catalogue import ENGLISH, SECURITY, as_text, compiled, extracted, stored


def main() -> None:
    current = stored(ENGLISH, "en") if ENGLISH.exists() else Catalog(locale="en", project="narmat")
    current.update(
        extracted(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    current.obsolete.clear()
    ENGLISH.write_bytes(as_text(current))
    for path, locale in ((ENGLISH, "en"), (SECURITY, "sv")):
        if path.exists():
            path.with_suffix(".mo").write_bytes(compiled(stored(path, locale)))
    empty = [str(message.id) for message in current if message.id and not _is_translated(message.string)]
    print(f"{len(current)} texts, {len(empty)} without English")  # noqa: T201


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else all(string or [""])


if __name__ == "__main__":
    main()
