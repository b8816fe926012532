"""What the repository may never hold, and what it must always hold."""

import ast
import os
import re
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tree import ROOT, name_of, paths

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-test.txt")
# Others' files, data, and migrations (written once by Alembic) keep their own shape.
NOT_OURS = ("market/static/vendor/", "geodata/data/", "market/migrations/versions/")
LONGEST_FILE = 400

# Put together here so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("deb", "debian"),
        ("security", "debian"),
        ("archive", "ubuntu"),
        ("security", "ubuntu"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|tmp|home|work|opt)" + "/")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file."""
    for path in paths():
        content = path.read_bytes()
        if b"\0" not in content:
            yield name_of(path), content.decode(errors="replace")


def ours() -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in texts() if not name.startswith(NOT_OURS))


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in ours()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_lock_file_that_carries_host_names():
    locks = {"uv.lock", "poetry.lock", "Pipfile.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}
    assert [name_of(path) for path in paths() if path.name in locks] == []


def test_no_package_registry_is_named_anywhere():
    named = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]
    assert named == []


def test_no_path_of_a_machine():
    assert lines_with(MACHINE_PATH) == []


def test_nothing_is_left_for_later():
    assert lines_with(UNFINISHED) == []


def test_every_module_says_what_it_is():
    silent = [
        name for name, text in texts() if name.endswith(".py") and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_file_is_too_long():
    code = (".py", ".js", ".css", ".html")
    lengths = {name: text.count("\n") for name, text in ours() if name.endswith(code)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def dependencies() -> list[str]:
    groups = PROJECT["dependency-groups"].values()
    return PROJECT["project"]["dependencies"] + [line for group in groups for line in group]


@pytest.mark.parametrize("dependency", dependencies())
def test_every_dependency_says_why_it_is_there(dependency):
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line.strip().startswith(f'"{dependency}"')]
    assert re.search(r"# \S+ \S+|# \w{4,}", line), "add the reason as a comment on the same line"


def pins(lock: str) -> dict[str, set[str]]:
    """Versions by name; more than one where Python versions need different ones."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-build.txt", PROJECT["build-system"]["requires"]),
        ("requirements-test.txt", PROJECT["dependency-groups"]["test"]),
    ],
)
def test_lock_follows_pyproject(lock, wanted):
    pinned = pins(lock)
    for line in wanted:
        requirement = Requirement(line)
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in {lock}: ./run lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{line}: ./run lock"


def test_locks_agree_with_each_other():
    product = pins("requirements.txt")
    for lock in LOCKS[1:]:
        shared = {name: versions for name, versions in pins(lock).items() if name in product}
        assert shared == {name: product[name] for name in shared}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_hash_and_names_no_source(lock):
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.startswith("#")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert re.match(r"[\w.-]+==|    --hash=sha256:[0-9a-f]{64}", line), line
        assert line.startswith("    ") or following.startswith("    --hash="), f"{line} has no hash"


def settings_documented() -> set[str]:
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(NARMAT_\w+)`", text, re.MULTILINE))


def test_every_setting_is_in_the_table_of_the_operator():
    settings = re.compile(r"\bNARMAT_[A-Z][A-Z_]*[A-Z]\b")
    read = set(settings.findall((ROOT / "market/config.py").read_text(encoding="utf-8")))
    assert read == settings_documented()
    product = ("market/", "routing/", "geodata/", "templates/")
    named = {name for file, text in ours() if file.startswith(product) for name in settings.findall(text)}
    assert named <= read, "a setting is read or named outside market/config.py that it does not know"


def test_scripts_can_be_started_and_are_plain_shell():
    for script, shell in (("run", "sh"), (".ci/run", "bash")):
        assert os.access(ROOT / script, os.X_OK)
        subprocess.run([shell, "-n", ROOT / script], check=True)


def test_automatic_check_is_what_a_person_would_type():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd ", "export "))]
    assert commands == ["exec ./run test"]


def test_changelog_tells_what_is_new():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?Unreleased\]?\n(?:.*\n)*?- \S", changelog, re.MULTILINE)


def commands_documented() -> list[str]:
    """Each `narmat ...` that a document tells people to type, without what is specific to a place."""
    documents = [ROOT / "docs/operating.md", ROOT / ".github/CONTRIBUTING.md", ROOT / "README.md"]
    text = "\n".join(document.read_text(encoding="utf-8") for document in documents)
    return sorted(set(re.findall(r"(?:^|`)narmat((?: [a-z][a-z-]+)+)", text, re.MULTILINE)))


@pytest.mark.parametrize("words", commands_documented())
def test_documented_command_exists(words):
    narmat = Path(sysconfig.get_path("scripts")) / "narmat"
    done = subprocess.run(
        [narmat, *words.split(), "--help"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert f"narmat{words}" in done.stdout
