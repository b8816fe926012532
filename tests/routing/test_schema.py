"""The published schemas: true to what is read and written, and the committed files are the current ones."""

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

from routing.formats.document import plan_document, problem_document, problem_from
from routing.formats.reading import UnreadableFile
from routing.formats.schema import plan_schema, problem_schema
from routing.io import schema_to_json
from routing.problem import Shipment, Vehicle

PUBLISHED = Path(__file__).parents[2] / "docs/schemas"
SCHEMAS = {"narmat-problem-1": problem_schema, "narmat-plan-1": plan_schema}


def valid(document, schema):
    plain = json.loads(json.dumps(document))  # tuples as a file has them
    return jsonschema.Draft202012Validator(schema).is_valid(plain)


def test_our_own_documents_keep_the_schemas(morning, plan_for):
    assert valid(problem_document(morning), problem_schema())
    assert valid(plan_document(plan_for(morning)), plan_schema())


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("shipments", 0, "grams"), "40"),
        (("stops", 0, "name"), None),
        (("vehicles", 0, "colour"), "red"),
        (("distance_m", 0, 1), 1.5),
        (("format",), "narmat-problem-9"),
    ],
)
def test_what_is_refused_when_read_breaks_the_schema(morning, where, value):
    document = json.loads(json.dumps(problem_document(morning)))
    part = document
    for key in where[:-1]:
        part = part[key]
    part[where[-1]] = value
    assert not valid(document, problem_schema())
    with pytest.raises((UnreadableFile, ValueError)):
        problem_from(document)


def test_what_has_a_default_may_be_left_out(morning):
    document = json.loads(json.dumps(problem_document(morning)))
    for shipment in document["shipments"]:
        del shipment["crates"]
    assert valid(document, problem_schema())
    del document["shipments"][0]["grams"]
    assert not valid(document, problem_schema())


@pytest.mark.parametrize("kind", [Shipment, Vehicle])
def test_every_field_is_described(kind):
    named = set(problem_schema()["$defs"][kind.__name__]["properties"])
    assert named == {field.name for field in fields(kind)}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_files_are_current(name):
    """Renew them with: narmat routing schema problem (or plan)."""
    published = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == schema_to_json(SCHEMAS[name]())
