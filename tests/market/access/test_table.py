"""Every endpoint declares its access, and the frozen table of who may what is what the application does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import MONDAY
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from market.access import FOREIGN_ENDPOINTS, declared_action
from market.accounts.rules import Role
from market.actors import PUBLIC_ACTIONS, ROLE_ACTIONS, Action
from market.values import Week

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

TABLE = Path(__file__).with_name("access_table.txt")
RENEW = (
    "Is the change meant? Then RENEW_ACCESS_TABLE=1 .venv/bin/pytest tests/market/access, and read the diff."
)
HEADING = (
    "# Who may reach what. Made from the application by tests/market/access/test_table.py; a change here is a change\n"
    "# of rights: read it. endpoint | methods | address | action | roles\n"
)
# No such thing: an address with these is refused for what one is, or not found; nothing is changed.
NOWHERE: dict[str, object] = {
    "filename": "img/logo.svg",
    "code": "sv",
    "week": str(Week.containing(MONDAY).shifted(30)),
}
SIGNS_OUT = "security.logout"


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def action_of(app: Flask, rule: Rule) -> Action | None:
    return declared_action(rule.endpoint, app.view_functions[rule.endpoint])


def address(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        values = {name: NOWHERE.get(name, 987_654) for name in rule.arguments}
        return app.url_for(rule.endpoint, **values)


def requests(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every address with each of its methods; signing out comes last."""
    for rule in sorted(rules(app), key=lambda rule: rule.endpoint == SIGNS_OUT):
        for method in methods(rule):
            yield rule, method, address(app, rule)


def people(action: Action) -> str:
    if action in PUBLIC_ACTIONS:
        return "everyone"
    return " ".join(role.value for role in Role if action in ROLE_ACTIONS[role])


def table(app: Flask) -> str:
    lines = []
    for rule in rules(app):
        action = action_of(app, rule)
        assert action is not None, f"{rule.endpoint} declares no access: put @access(Action...) on its view"
        lines.append(
            f"{rule.endpoint} | {' '.join(methods(rule))} | {rule.rule} | {action} | {people(action)}\n"
        )
    return HEADING + "".join(lines)


def send(client: FlaskClient, method: str, url: str) -> int:
    return client.open(url, method=method).status_code


def test_every_endpoint_declares_its_access(app):
    silent = [rule.endpoint for rule in rules(app) if action_of(app, rule) is None]
    assert silent == [], "default deny: such an endpoint answers nobody"


def test_no_access_is_declared_for_what_does_not_exist(app):
    assert set(FOREIGN_ENDPOINTS) <= {rule.endpoint for rule in rules(app)}


def test_the_frozen_table_is_what_the_application_declares(app):
    now = table(app)
    if os.environ.get("RENEW_ACCESS_TABLE"):
        TABLE.write_text(now, encoding="utf-8")
    assert now.splitlines() == TABLE.read_text(encoding="utf-8").splitlines(), RENEW


def roles_by_endpoint() -> dict[str, str]:
    rows = [line.split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return {row[0]: row[-1] for row in rows}


@pytest.mark.parametrize("role", list(Role))
def test_whoever_lacks_the_right_is_refused_and_nobody_else(app, client_for, role):
    """The table is not believed: each role knocks at every door."""
    frozen, client = roles_by_endpoint(), client_for(role.value)
    wrong = []
    for rule, method, url in requests(app):
        may = frozen[rule.endpoint] == "everyone" or role.value in frozen[rule.endpoint].split()
        status = send(client, method, url)
        if (status == 403) == may or status >= 500:
            wrong.append(f"{method} {url}: {status}")
    assert wrong == []


def test_whoever_is_not_signed_in_is_sent_to_sign_in(app, client_for):
    frozen, client = roles_by_endpoint(), client_for(None)
    for rule, method, url in requests(app):
        answer = client.open(url, method=method)
        sent = answer.status_code == 302 and answer.location.startswith("/login?next=")
        assert sent == (frozen[rule.endpoint] != "everyone"), f"{method} {url}: {answer.status_code}"


def test_after_signing_in_one_comes_back_to_the_page_asked_for(client_for):
    answer = client_for(None).get("/orders?week=2026-W48")
    assert answer.location == "/login?next=/orders?week%3D2026-W48"


def test_an_endpoint_without_a_declaration_answers_nobody(app, client_for):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for name in (None, *(role.value for role in Role)):
        answer = client_for(name).get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_an_action_that_no_role_has_does_not_exist():
    given = frozenset().union(*ROLE_ACTIONS.values())
    assert given == frozenset(Action)
