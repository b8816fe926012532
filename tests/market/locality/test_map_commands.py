"""narmat map local and narmat map where."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from factories import AT

from geodata.local import InCounties
from market.cli import narmat


class Today:
    """datetime with the clock of the tests."""

    @staticmethod
    def now(_zone):
        return AT


@pytest.fixture
def run(engine, monkeypatch, tmp_path):
    monkeypatch.setattr("market.commands.map.datetime", Today)
    monkeypatch.setenv("NARMAT_INSTANCE", str(tmp_path))

    def invoke(*words):
        out = tmp_path / "map.html"
        result = CliRunner().invoke(
            narmat, ["map", *words, "--out", str(out), "--database-url", str(engine.url)]
        )
        return result, out.read_text(encoding="utf-8") if out.exists() else ""

    return invoke


def test_local_draws_the_definition_in_force(run, session, cast, state):
    state(InCounties(("09",)))
    session.commit()
    result, html = run("local", "--authority", "0188")
    assert result.exit_code == 0, result.output
    assert "Lokalt är det som kommer från en plats i Gotlands län." in html


def test_where_puts_a_producer_under_every_definition(run, stored):
    result, html = run("where", "--producer", str(stored.producer.id))
    assert result.exit_code == 0, result.output
    assert "Var är Åkerbo gård lokalt?" in html
    assert "Antagen definition: 288 av 290 kommuner." in html


def test_where_puts_a_place_under_every_definition(run, stored):
    _, html = run("where", "--site", "57.63,18.31")
    assert "Var är Gotland (57.63,18.31) lokalt?" in html


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("local", "--authority", "9999"), "check it, or add the kitchen first"),
        (("where",), "Give either --producer ID or --site LAT,LON."),
        (("where", "--producer", "1", "--site", "59,18"), "Give either"),
        (("where", "--producer", "4711"), "see the list of producers"),
        (("where", "--site", "18.3,57.6"), "look swapped"),
        (("where", "--site", "nowhere"), "Write latitude, comma, longitude"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_no_file_is_made(run, stored, words, text):
    result, html = run(*words)
    assert result.exit_code == 2
    assert text in " ".join(result.output.split())
    assert html == ""


def test_a_producer_without_products_is_told_what_is_missing(run, stored):
    result, _ = run("where", "--producer", str(stored.other_producer.id))
    assert "add one first" in result.output
