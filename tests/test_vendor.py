"""The files from others are byte for byte what the manifest says, each with its licence, and nothing else is there."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[1] / "market/static/vendor"
OURS = {"MANIFEST.sha256", "VENDOR.md"}


def manifest() -> dict[str, str]:
    lines = (VENDOR / "MANIFEST.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def files() -> set[str]:
    return {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - OURS


@pytest.mark.parametrize("name", manifest())
def test_file_is_as_upstream_made_it(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == manifest()[name]


def test_no_file_is_unlisted_and_none_is_missing():
    assert files() == set(manifest())


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in manifest()}))
def test_every_package_has_its_licence_and_its_row(folder):
    assert any(re.search("LICEN[CS]E", name) for name in files() if name.startswith(f"{folder}/"))
    version = folder.rpartition("-")[2]
    assert f"| {version} |" in (VENDOR / "VENDOR.md").read_text()


def test_no_script_or_stylesheet_fetches_from_another_host():
    fetches = re.compile(r"""(?:url\(|@import|src\s*=)\s*["']?(?:https?:)?//""")
    offenders = [
        name
        for name in files()
        if name.endswith((".js", ".css")) and fetches.search((VENDOR / name).read_text())
    ]
    assert offenders == []
