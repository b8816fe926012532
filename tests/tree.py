"""The files of the repository, as the tests about the repository see them."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line] + [".git"]


def paths(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the repository: all but what .gitignore names. Needs no git, so an archive will do."""
    for entry in sorted(folder.iterdir()):
        if any(fnmatch(entry.name, pattern) for pattern in IGNORED):
            continue
        if entry.is_dir():
            yield from paths(entry)
        else:
            yield entry


def name_of(path: Path) -> str:
    """The path from the root of the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()
