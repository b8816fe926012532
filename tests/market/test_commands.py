"""The commands that an operator types: what they do, what they say, and how they end."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from market import create_app
from market.accounts.models import User
from market.accounts.rules import Role
from market.cli import COMMANDS, narmat
from market.config import BadSetting, from_environment
from market.db import make_engine, open_session
from market.migrations import is_current

pytestmark = pytest.mark.slow

PASSWORD = "morot potatis palsternacka"


@pytest.fixture
def url(tmp_path, monkeypatch) -> str:
    """An empty installation."""
    made = f"sqlite:///{tmp_path / 'narmat.sqlite3'}"
    monkeypatch.setenv("NARMAT_INSTANCE", str(tmp_path))
    monkeypatch.setenv("NARMAT_DATABASE_URL", made)
    return made


def run(*words: str, typed: str | None = None):
    return CliRunner().invoke(narmat, list(words), input=typed)


def test_help_lists_every_command_without_loading_the_application():
    code = (
        "import sys; from market.cli import narmat\n"
        "try:\n    narmat(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'flask', 'sqlalchemy', 'shapely', 'ortools', 'folium', 'numpy'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "heavy: []" in done.stdout
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    done = run(name, "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.output


def test_the_database_is_made_and_then_up_to_date(url):
    assert "now up to date" in run("db", "upgrade").output
    assert "was up to date" in run("db", "upgrade").output
    engine = make_engine(url)
    assert is_current(engine)
    engine.dispose()


def test_the_first_administrator(url):
    done = run(
        "user",
        "add-admin",
        "--email",
        "Eva@Example.se",
        "--name",
        "Eva Ek",
        typed=f"{PASSWORD}\n{PASSWORD}\n",
    )
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    with open_session(make_engine(url), writes=False) as session:
        eva = session.scalars(select(User)).one()
        assert (eva.email, eva.name, [m.role for m in eva.memberships]) == (
            "eva@example.se",
            "Eva Ek",
            [Role.ADMIN],
        )
        assert eva.password is not None
        assert eva.password.startswith("$argon2id$")
    assert run("audit", "verify").exit_code == 0


def test_a_password_with_swedish_letters_opens_the_web(url):
    password = "kålrotspåse på ängen"
    run("user", "add-admin", "--email", "eva@example.se", "--name", "Eva", typed=f"{password}\n{password}\n")
    app = create_app(from_environment().having(cookie_secure=False))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"email": "eva@example.se", "password": password})
    assert client.get("/register/users").status_code == 200


@pytest.mark.parametrize(("password", "words"), [("kort", "at least 12 characters")])
def test_a_short_password_is_refused(url, password, words):
    done = run(
        "user", "add-admin", "--email", "eva@example.se", "--name", "Eva", typed=f"{password}\n{password}\n"
    )
    assert done.exit_code == 2
    assert words in done.output


def test_an_address_that_is_taken_is_said(url):
    again = ("user", "add-admin", "--email", "eva@example.se", "--name", "Eva")
    run(*again, typed=f"{PASSWORD}\n{PASSWORD}\n")
    done = run(*again, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 2
    assert "Det finns redan ett konto" in done.output


def test_a_map_needs_an_authority_that_exists(url, tmp_path):
    run("db", "upgrade")
    done = run("map", "local", "--authority", "0000", "--out", str(tmp_path / "map.html"))
    assert done.exit_code == 2
    assert "No authority with a kitchen has the code 0000" in done.output


@pytest.mark.parametrize(
    ("name", "value"),
    [("NARMAT_DEMO", "maybe"), ("NARMAT_TRUSTED_PROXIES", "-1"), ("NARMAT_PLAIN_HTTP", "2")],
)
def test_a_setting_that_can_not_be_used_is_one_line(tmp_path, name, value):
    with pytest.raises(BadSetting, match=f"{name} is '{value}': set it to"):
        from_environment({"NARMAT_INSTANCE": str(tmp_path), name: value})
    environment = os.environ | {"NARMAT_INSTANCE": str(tmp_path), name: value}
    command = [sys.executable, "-c", "from market.cli import main; main()", "db", "upgrade"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"narmat: {name} is")
    assert "Traceback" not in done.stderr


def test_the_secret_is_made_once_and_is_the_owner_s_alone(tmp_path):
    first = from_environment({"NARMAT_INSTANCE": str(tmp_path)})
    second = from_environment({"NARMAT_INSTANCE": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 43
    assert first.secret_key != first.password_salt
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert first.secret_key not in repr(first)


def test_cookies_are_secure_unless_told_otherwise(tmp_path):
    base = {"NARMAT_INSTANCE": str(tmp_path)}
    assert from_environment(base).cookie_secure
    assert not from_environment(base | {"NARMAT_PLAIN_HTTP": "1"}).cookie_secure
