"""The commands, as a person or a program uses them."""

import json

import pytest
from click.testing import CliRunner
from road_servers import serving

from geodata.cli import geodata, local


def run(group, *arguments, code=0):
    result = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def loaded(group, *arguments):
    return json.loads(run(group, *arguments, "--json").stdout)


def test_locate():
    found = loaded(geodata, "locate", "60.34", "17.51")
    assert (found["municipality"], found["county"]["code"]) == ({"code": "0360", "name": "Tierp"}, "03")
    assert "0360 Tierp, Uppsala län" in run(geodata, "locate", "60.34", "17.51").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("locate", "17.51", "60.34"), "Give latitude first"),
        (("locate", "48.85", "2.35"), "outside Sweden"),
        (("locate", "58.0", "19.9"), "drop the pin on land"),
        (("locate", "-60", "17"), "outside Sweden"),
        (("locate", "nan", "17"), "outside Sweden"),
        (("locate", "here", "17"), "such as 59.758,18.705"),
        (("locate", "6692000", "640000"), "Give degrees: 60.3"),
        (("neighbours", "9999"), "four digits"),
        (("neighbours", "360"), "such as 0360 for Tierp"),
        (("neighbours", "tierp"), "such as 0360 for Tierp"),
        (("neighbours",), "or --all"),
        (("neighbours", "0360", "--all"), "or --all"),
        (("geocode", " "), "such as Norrtälje"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, said):
    result = run(geodata, *arguments, code=2)
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("60,34", "17,51"), ("60.34,", "17.51")])
def test_locate_reads_what_people_copy(arguments):
    assert loaded(geodata, "locate", *arguments) == loaded(geodata, "locate", "60.34", "17.51")


def test_neighbours():
    assert [area["name"] for area in loaded(geodata, "neighbours", "0360")["neighbours"]] == [
        "Älvkarleby",
        "Heby",
        "Uppsala",
        "Östhammar",
        "Gävle",
    ]
    assert "0180 Stockholm (bridge: Lidingöbron)" in run(geodata, "neighbours", "0186").stdout


def test_all_neighbours():
    table = loaded(geodata, "neighbours", "--all")
    assert len(table) == 290
    assert sum(map(len, table.values())) == 2 * 728
    assert run(geodata, "neighbours", "--all").stdout.endswith("728 pairs\n")


def test_geocode():
    places = loaded(geodata, "geocode", "Norrtalje")["places"]
    assert [(place["name"], place["municipality_code"]) for place in places] == [("Norrtälje", "0188")]
    assert len(run(geodata, "geocode", "Boda").stdout.splitlines()) == 2


def test_geocode_of_an_unknown_name_is_exit_code_1():
    assert "Try a larger place nearby" in run(geodata, "geocode", "Ankeborg", code=1).stderr


def test_verdict_with_the_assumed_definition():
    found = loaded(local, "verdict", "--authority", "0188", "--site", "60.34,17.51")
    assert (found["answer"], found["is_assumption"]) == ("no", True)
    text = run(local, "verdict", "--authority", "0188", "--site", "60.34,17.51").stdout
    assert text.splitlines()[0] == "no"
    assert "Antagande" in text


def test_verdict_with_a_definition_of_its_own(tmp_path):
    path = tmp_path / "definition.json"
    path.write_text(json.dumps({"rule": {"kind": "within_distance", "km": 250}}))
    arguments = ["verdict", "--authority", "0188", "--site", "60.34,17.51", "--site", "slaughter:61.9,16.1"]
    arguments += [
        "--kitchen",
        "59.758,18.705",
        "--definition",
        str(path),
        "--language",
        "en",
        "--on",
        "2026-11-01",
    ]
    found = loaded(local, *arguments)
    assert (found["answer"], found["is_assumption"], found["on"]) == ("no", False, "2026-11-01")
    assert "over 250\u00a0km" in found["reasons"][0]["text"]


def test_verdict_under_a_circle_that_nobody_has_settled(tmp_path):
    path = tmp_path / "definition.json"
    path.write_text(
        json.dumps({"rule": {"kind": "expanding_circle", "product": "potatis", "grams": 200_000}})
    )
    arguments = ["verdict", "--authority", "0188", "--site", "60.34,17.51", "--definition", str(path)]
    told = run(local, *arguments).stdout
    assert told.splitlines()[0] == "uncertain"
    assert "vem som har potatis just då" in told
    assert "för att täcka 200\u00a0kg potatis" in told
    assert loaded(local, *arguments)["answer"] == "uncertain"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--authority", "9999", "--site", "60.34,17.51"), "four digits"),
        (("--authority", "0188", "--site", "17.51,60.34"), "Give latitude first"),
        (("--authority", "0188", "--site", "mill:60.34,17.51"), "'mill' is no step"),
        (("--authority", "0188", "--site", "60.34;17.51"), "Write latitude, comma, longitude"),
    ],
)
def test_a_bad_question_is_one_line_and_exit_code_2(arguments, said):
    assert said in run(local, "verdict", *arguments, code=2).stderr


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b'{"rule": {"kind": "near"}}', b"[" * 200_000])
def test_a_bad_definition_file_is_one_line_and_exit_code_2(tmp_path, content):
    path = tmp_path / "definition.json"
    path.write_bytes(content)
    result = run(
        local, "verdict", "--authority", "0188", "--site", "60.34,17.51", "--definition", str(path), code=2
    )
    assert result.stderr.startswith("Error: ")


def test_where_judges_all_290():
    rows = loaded(local, "where", "--site", "59.9,18.5")
    assert len(rows) == 290
    assert {row["name"] for row in rows if row["answer"] == "yes"} >= {"Norrtälje", "Vallentuna"}
    assert all(row["is_assumption"] for row in rows)
    assert run(local, "where", "--site", "59.9,18.5").stdout.endswith("(* own county assumed for 290)\n")


def test_where_by_stated_definitions_and_kitchens(tmp_path):
    definitions, kitchens = tmp_path / "definitions.json", tmp_path / "kitchens.json"
    definitions.write_text(json.dumps({"0188": {"rule": {"kind": "within_distance", "km": 100}}}))
    kitchens.write_text(json.dumps({"0188": "59.758,18.705"}))
    arguments = ["where", "--site", "60.34,17.51", "--definitions", str(definitions), "--language", "en"]
    rows = {row["code"]: row for row in loaded(local, *arguments, "--kitchens", str(kitchens))}
    assert (rows["0188"]["answer"], rows["0188"]["is_assumption"], rows["0360"]["is_assumption"]) == (
        "yes",
        False,
        True,
    )
    assert {row["code"]: row for row in loaded(local, *arguments)}["0188"]["answer"] == "uncertain"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "no JSON object"),
        ('{"0188": {"rule": {"kind": "near"}}}', "0188: rule.kind"),
        ('{"9": {}}', "9: "),
    ],
)
def test_bad_definitions_name_the_municipality(tmp_path, content, said):
    path = tmp_path / "definitions.json"
    path.write_text(content)
    assert said in run(local, "where", "--site", "60.34,17.51", "--definitions", str(path), code=2).stderr


def test_postcodes_are_imported_and_then_found(tmp_path, monkeypatch):
    monkeypatch.setenv("NARMAT_INSTANCE", str(tmp_path))
    path = tmp_path / "SE.txt"
    path.write_text("SE\t761 30\tNorrtälje\t\t\t\t\t\t\t59.758\t18.705\t4\nnonsense\n", encoding="utf-8")
    assert "line 2: 1 columns" in run(geodata, "import-postcodes", str(path), code=2).stderr
    assert loaded(geodata, "import-postcodes", str(path), "--skip-bad")["count"] == 1
    [place] = loaded(geodata, "geocode", "761 30")["places"]
    assert (place["address"], place["municipality_code"]) == ("761 30 Norrtälje", None)
    assert "No imported postcode is '761 31'" in run(geodata, "geocode", "761 31", code=1).stderr


def test_a_postcode_before_any_import_says_what_to_import(monkeypatch):
    monkeypatch.delenv("NARMAT_INSTANCE", raising=False)
    assert "Run narmat geodata import-postcodes" in run(geodata, "geocode", "761 30", code=1).stderr


def test_a_silent_server_is_told_in_one_line():
    arguments = ("geocode", "Ankeborg", "--nominatim", "http://127.0.0.1:9", "--user-agent", "test")
    said = run(geodata, *arguments, code=2).stderr
    assert said.startswith("Error: http://127.0.0.1:9 gave no answer")
    assert "Check the address" in said


def test_a_connected_engine_is_asked_and_a_wrong_address_told(tmp_path):
    path = tmp_path / "definition.json"
    path.write_text('{"rule": {"kind": "within_distance", "km": 125, "by": "road", "measured_from": "seat"}}')
    arguments = ["verdict", "--authority", "0188", "--site", "60.34,17.51", "--definition", str(path)]
    with serving() as server:
        measured = loaded(local, *arguments, "--osrm-url", server.url)
    assert measured["evidence"][0]["method"] == "measured_road"
    assert loaded(local, *arguments)["evidence"][0]["method"] == "estimated_road"
    assert "no address of a road engine" in run(local, *arguments, "--osrm-url", "router", code=2).stderr
    both = (*arguments, "--osrm-url", "http://127.0.0.1:1", "--valhalla-url", "http://127.0.0.1:2")
    assert "Set one of them" in run(local, *both, code=2).stderr


def test_a_bad_kitchen_names_its_municipality(tmp_path):
    path = tmp_path / "kitchens.json"
    path.write_text('{"0188": "18.705,59.758"}')
    said = run(local, "where", "--site", "60.34,17.51", "--kitchens", str(path), code=2).stderr
    assert said.startswith("Error: 0188: Latitude 18.705")


def test_a_boundary_file_that_is_wrong_is_told_and_not_stored(tmp_path):
    path = tmp_path / "kommun.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    result = run(geodata, "import-boundaries", str(path), "--instance", str(tmp_path), code=2)
    assert "No column holds municipality codes" in result.stderr
    assert not (tmp_path / "geodata").exists()


def test_a_server_without_a_name_of_ones_own_is_refused():
    result = run(geodata, "geocode", "Tierp", "--nominatim", "https://nominatim.example", code=2)
    assert "Name your installation" in result.stderr
