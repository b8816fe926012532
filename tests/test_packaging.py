"""The wheel, installed where no checkout is near, is the whole product: code, templates, files, migrations, data."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest
from tree import ROOT, name_of, paths

pytestmark = pytest.mark.slow

OPEN_A_PAGE = """
import market, routing, geodata
for package in (market, routing, geodata):
    print(package.__file__)
answer = market.create_app().test_client().get("/login")
print(answer.status_code, answer.content_type)
print(answer.text)
"""


def run(*command: object, cwd: Path, **environment: str) -> str:
    """The command's output; its error output is in the failure."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NARMAT_", "COV"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of a fresh environment that holds the wheel's code and borrows this one's dependencies.

    Borrowing goes by a .pth file: the .pth of the editable install, beside those dependencies, is not read through it.
    It is written after the wheel is in, or pip would find the checkout's entry and think that narmat is there.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install")
    run(*pip, "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    [site] = (folder / "venv/lib").glob("python3*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_wheel_holds_every_file_of_the_product(names):
    sources = [name_of(path) for path in paths()]
    packages = {name for name in sources if name.startswith(("market/", "routing/", "geodata/"))}
    templates = {f"market/{name}" for name in sources if name.startswith("templates/")}
    assert templates
    assert packages | templates <= names


@pytest.mark.parametrize(
    "name",
    [
        "market/templates/base.html",
        "market/static/vendor/leaflet-1.9.4/leaflet.js",
        "market/migrations/env.py",
        "geodata/data/areas.npz",
        "geodata/data/SOURCES.md",
        "routing/solve.py",
    ],
)
def test_wheel_holds_one_of_each_kind(names, name):
    assert name in names


def test_wheel_installs_three_packages_and_its_licence(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"market", "routing", "geodata"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_command_answers_from_the_wheel(installed):
    assert "Usage: narmat" in run(installed / "venv/bin/narmat", "--help", cwd=installed)


def test_fresh_installation_opens_a_page(installed):
    instance = {"NARMAT_INSTANCE": str(installed / "instance")}
    run(installed / "venv/bin/narmat", "db", "upgrade", cwd=installed, **instance)
    output = run(installed / "venv/bin/python", "-I", "-c", OPEN_A_PAGE, cwd=installed, **instance)
    *files, status, _ = output.split("\n", 4)[:5]
    assert [Path(file).is_relative_to(installed / "venv") for file in files] == [True, True, True]
    assert status == "200 text/html; charset=utf-8"
    assert re.search(r"<h1[^>]*>", output), "the page is there, so the templates were found"
