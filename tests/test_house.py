"""The house as its rules draw it: folders, imports at the edge, pure operations, money, constraints, templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Float, Integer, Numeric, Table
from tree import ROOT, name_of, paths

from market.db import Base, EnumText, UtcDateTime
from market.migrations import load_tables

load_tables()

NOUNS = (
    "accounts", "agreements", "direct", "dis", "driving", "feedback", "fleet", "followup", "home", "jobs", "law", "limits", "locality", "notices", "offers", "orders",
    "photos", "planning", "register", "visits",
)  # fmt: skip
# Beside the nouns: the commands, the demo's story, and what belongs to the database and the texts.
OTHER_FOLDERS = ("commands", "demo", "migrations", "sheets", "static", "translations")
TOP = {"market", "routing", "geodata", "templates", "tests", "bench", "docs", ".ci", ".github"}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "data", "misc", "common", "base"}

# Where a request, a form or a page is at hand. Everything else decides without Flask.
EDGE = {
    "market/__init__.py",
    "market/access.py",
    "market/accounts/models.py",  # Flask-Security's UserMixin
    "market/accounts/fresh.py",
    "market/accounts/oidc.py",
    "market/accounts/security.py",
    "market/commands/demo.py",  # hashes the demo's password as the application does
    "market/commands/prepare.py",  # prints in a chosen language
    "market/commands/user.py",  # hashes a password as the application does
    "market/dis/sealing/at_hand.py",  # the installation's key, in a request
    "market/errors_pages.py",
    "market/followup/asking.py",  # what an address asks for
    "market/form_fields.py",
    "market/formatting.py",
    "market/commands/work.py",  # holds the application that writes the mail
    "market/followup/parts.py",  # the links above its pages
    "market/navigation.py",
    "market/photos/uploads.py",  # how large a request may be
    "market/notices/writing.py",  # the words of a mail, by the application's templates
    "market/shell.py",
    "market/static_files.py",
    "market/wiring.py",
}
EDGE_NAMES = re.compile(r"(?:.*_)?(?:views|forms?|blueprint|validators)\.py")
# These speak to the reader in the reader's language (gettext), and do nothing else with Flask.
SPEAKING = {
    "market/followup/publishing/open_files.py",
    "market/followup/publishing/report_charts.py",
    "market/followup/publishing/report_document.py",
    "market/followup/publishing/report_legs.py",
    "market/followup/publishing/report_lines.py",
    "market/followup/publishing/report_words.py",
    "market/followup/publishing/year_sheet.py",
    "market/offers/describing.py",
    "market/direct/documents.py",
    "market/dis/evaluations/trying_wording.py",
    "market/dis/evaluations/wording.py",
    "market/dis/tenders/wording.py",
    "market/direct/wording.py",
    "market/law/wording.py",
    "market/offers/export.py",
    "market/feedback/documents.py",
    "market/followup/wording.py",
    "market/followup/otherwise/wording.py",
    "market/followup/supply/letter.py",
    "market/followup/supply/pages.py",
    "market/offers/finding.py",
    "market/orders/documents.py",
    "market/followup/preparedness/documents.py",
    "market/followup/preparedness/wording.py",
    "market/planning/board_wording.py",
    "market/planning/changes/describing.py",
    "market/planning/changes/wording.py",
    "market/planning/documents.py",
    "market/planning/exported_map.py",
    "market/planning/map_features.py",
    "market/planning/publishing/calendar_feed.py",
}
PURE = re.compile(r"(?:.*_)?(?:operations|queries|models|rules)\.py")
MAY_COMMIT = {
    "market/access.py",  # once per request, when the view has answered
    "market/accounts/forms.py",  # a failed sign-in is kept though the request fails
    "market/migrations/env.py",
}
MAY_READ_CLOCK = {
    "market/shell.py",
    "market/commands/demo.py",
    "market/commands/map.py",
    "market/commands/user.py",
}
CLOCK = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")

POST_FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
FOREIGN = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|<[a-z][^>{}]*\s(?:style|on[a-z]+)\s*=\s*[\"']|javascript:",
    re.IGNORECASE,
)


def modules(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in paths(ROOT / folder):
        if path.suffix == ".py" and "migrations/versions" not in name_of(path):
            yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Every module that is imported, anywhere in the file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def market_names() -> set[str]:
    return {name for name, _ in modules("market")}


def flask_modules(tree: ast.Module) -> set[str]:
    return {name for name in imports(tree) if name.partition(".")[0].startswith(("flask", "werkzeug"))}


def templates() -> list[tuple[str, str]]:
    return [(name_of(path), path.read_text(encoding="utf-8")) for path in paths(ROOT / "templates")]


def own_pages() -> list[tuple[str, str]]:
    """Templates, style sheets and scripts of ours: all that a browser is given."""
    static = [path for path in paths(ROOT / "market/static") if path.suffix in (".css", ".js", ".svg")]
    ours = [path for path in static if "vendor" not in path.parts]
    return [*templates(), *((name_of(path), path.read_text(encoding="utf-8")) for path in ours)]


def test_the_top_of_the_tree_is_as_drawn():
    folders = {entry.name for entry in ROOT.iterdir() if entry.is_dir() and any(paths(entry))}
    kept = {name for name in folders if not name.startswith(".") or name in TOP}
    assert kept - {"instance", "htmlcov", "build", "dist"} <= TOP


def test_market_holds_its_nouns_and_nothing_else():
    folders = {path.parent.name for path in (ROOT / "market").glob("*/__init__.py")} | {"static"}
    assert folders == {*NOUNS, *OTHER_FOLDERS}


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_has_its_pages_and_they_are_where_one_looks_for_them(noun):
    assert (ROOT / "market" / noun / "views.py").is_file()
    assert (ROOT / "tests/market" / noun).is_dir(), "each noun is tested in a folder of its own name"


def test_no_file_has_a_name_that_says_nothing():
    vague = [name for name in market_names() if Path(name).stem in FORBIDDEN_NAMES]
    assert vague == []


def test_templates_are_kept_by_noun():
    shared = {"base.html", "error.html", "patterns.html"}
    folders = {*NOUNS, "components", "documents", "emails", "security"}
    lost = [n for n, _ in templates() if n.split("/")[1] not in folders | shared]
    assert lost == []


def test_flask_stays_at_the_edge():
    met = {name for name, tree in modules("market") if flask_modules(tree)}
    edge = EDGE | SPEAKING | {name for name in met if EDGE_NAMES.fullmatch(Path(name).name)}
    assert met - edge == set(), "decide without Flask, or say here why this module is part of the edge"


def test_modules_that_speak_only_speak():
    spoken = {name: flask_modules(tree) for name, tree in modules("market") if name in SPEAKING}
    assert {name: words for name, words in spoken.items() if words != {"flask_babel"}} == {}


def test_routing_and_geodata_know_no_web_and_no_database():
    for folder in ("routing", "geodata"):
        for name, tree in modules(folder):
            roots = {module.partition(".")[0] for module in imports(tree)}
            assert not roots & {"flask", "sqlalchemy", "market"}, name


def test_what_decides_imports_no_request():
    pure = [(name, tree) for name, tree in modules("market") if PURE.fullmatch(Path(name).name)]
    met = {name: flask_modules(tree) for name, tree in pure if flask_modules(tree)}
    assert len(pure) > 15
    assert met == {"market/accounts/models.py": {"flask_security"}}


def test_only_the_shell_commits():
    committing = {
        name
        for name, tree in modules("market")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing == MAY_COMMIT


def test_only_the_edge_reads_the_clock():
    reading = {
        name
        for folder in ("market", "routing")
        for name, _ in modules(folder)
        if CLOCK.search((ROOT / name).read_text(encoding="utf-8"))
    }
    assert reading == MAY_READ_CLOCK


def operations() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, tree in modules("market"):
        if re.fullmatch(r"(?:.*_)?operations\.py", Path(name).name):
            yield from ((name, node) for node in tree.body if isinstance(node, ast.FunctionDef))


def test_operations_take_everything_by_name():
    loose = [
        f"{name}:{function.name}"
        for name, function in operations()
        if not function.name.startswith("_") and len(function.args.args) > 1
    ]
    assert loose == [], "only the session (or engine) is given by position"


def columns() -> Iterator[tuple[Table, object]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            yield table, column


def test_money_and_weight_are_never_floats():
    money = re.compile(r"_ore$|_ore_|^ore_|price|_grams$|grams_|^grams$|steps|posted|reserved|accepted|co2e")
    for table, column in columns():
        if money.search(column.name):
            exact = isinstance(column.type, Integer) or (
                isinstance(column.type, Numeric)
                and column.type.asdecimal
                and not isinstance(column.type, Float)
            )
            assert exact, f"{table.name}.{column.name}"


def test_only_coordinates_are_floats():
    floats = {column.name for _, column in columns() if isinstance(column.type, Float)}
    assert floats == {"lat", "lon"}


def test_instants_and_days_are_named_for_what_they_are():
    for table, column in columns():
        is_instant = isinstance(column.type, UtcDateTime)
        assert is_instant == (column.name.endswith("_at") or column.name == "at"), (
            f"{table.name}.{column.name}"
        )


def checks(table: Table) -> str:
    return "\n".join(str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint))


def test_every_choice_is_checked_by_the_database():
    missing = []
    for table, column in columns():
        if isinstance(column.type, EnumText):
            kind: type[StrEnum] = column.type.kind
            listed = ", ".join(repr(member.value) for member in kind)
            if f"{column.name} IN ({listed})" not in checks(table):
                missing.append(f"{table.name}.{column.name}")
    assert missing == [], "add CheckConstraint(one_of(...), name=...) and a migration"


def test_every_constraint_has_a_name():
    unnamed = [
        str(constraint)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert unnamed == []


def test_every_model_is_known_to_a_migration(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_nothing_inline_in_a_template():
    found = [f"{name}: {hit}" for name, text in templates() for hit in INLINE.findall(text)]
    assert found == [], "the Content-Security-Policy refuses inline scripts, handlers and styles"


def test_no_page_names_another_host():
    namespace = "http://www.w3.org/"
    found = [
        f"{name}: {text[hit.start() : hit.start() + 60]!r}"
        for name, text in own_pages()
        for hit in FOREIGN.finditer(text)
        if not text.startswith(namespace, hit.start())
        and f'<a href="{text[hit.start() : hit.end()]}'
        not in text  # a link is followed by a person, not fetched
        and 'rel="license' not in text[hit.start() - 80 : hit.start()]
    ]
    assert found == []


def test_every_post_form_carries_its_token():
    forms = [(name, body) for name, text in templates() for body in POST_FORM.findall(text)]
    assert len(forms) >= 4
    assert [name for name, body in forms if 'name="csrf_token" value="{{ csrf_token() }}"' not in body] == []


def test_every_page_extends_the_frame():
    parts = ("components/", "documents/", "emails/")
    bare = [
        name
        for name, text in templates()
        if not Path(name).name.startswith("_")
        and not name.removeprefix("templates/").startswith(parts)
        and name != "templates/base.html"
        and '{% extends "base.html" %}' not in text
    ]
    assert bare == []


def test_no_template_switches_escaping_off():
    risky = re.compile(r"(?<!['\"] )\|\s*safe\b|autoescape false|Markup\(")  # a literal may be marked safe
    assert [name for name, text in templates() if risky.search(text)] == []
