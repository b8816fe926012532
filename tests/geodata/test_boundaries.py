"""Finer borders: checked before anything is stored, and preferred from the next start on."""

import json
import os
import sqlite3
import struct
import subprocess
import sys

import numpy as np
import pytest
import shapely

from geodata import areas, shapes
from geodata.boundaries import import_boundaries
from geodata.boundary_files import BadBoundaryFile
from geodata.points import Point

CORNER = Point(lat=60.45, lon=17.6)  # in the municipality of Tierp, far from the town
BOWTIE = shapely.Polygon([(17.3, 60.2), (18, 61), (18, 60), (17.3, 60.5)])  # over Tierp, the town


def degrees():
    return {area.code: areas.shape_wgs84(area.code) for area in areas.municipalities()}


def metres():
    return {area.code: areas.shape(area.code) for area in areas.municipalities()}


def geojson(path, drawn, *, crs=None, column="kommunkod"):
    features = [
        {"type": "Feature", "properties": {column: code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in drawn.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document))
    return path


def geopackage(path, drawn, *, epsg=3006, layers=("kommun",), envelope=1, column="kommunkod"):
    package = sqlite3.connect(path)
    package.execute("CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization_coordsys_id INTEGER)")
    package.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)")
    package.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (7, ?)", (epsg,))
    for layer in layers:
        quoted = layer.replace('"', '""')
        package.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 7)", (layer,))
        package.execute(f'CREATE TABLE "{quoted}" (fid INTEGER PRIMARY KEY, geom BLOB, "{column}" TEXT)')
        for code, shape in drawn.items():
            bounds = struct.pack("<4d", *np.array(shape.bounds)[[0, 2, 1, 3]]) if envelope else b""
            blob = (
                b"GP\x00" + bytes([envelope << 1 | 1]) + struct.pack("<i", 7) + bounds + shapely.to_wkb(shape)
            )
            package.execute(f'INSERT INTO "{quoted}" (geom, "{column}") VALUES (?, ?)', (blob, code))
    package.commit()
    package.close()
    return path


@pytest.mark.parametrize("envelope", [0, 1])
def test_a_geopackage_in_sweref_comes_in_whole(tmp_path, envelope):
    path = geopackage(tmp_path / "kommun.gpkg", metres(), envelope=envelope)
    done = import_boundaries(path, folder=tmp_path / "kept", tolerance_m=0)
    assert done.corners == len(shapes.stored()["vertices"])
    assert [own.name for own in (tmp_path / "kept").iterdir()] == [shapes.IMPORTED]


def test_geojson_in_degrees_and_thinned(tmp_path):
    whole = import_boundaries(geojson(tmp_path / "a.geojson", degrees()), folder=tmp_path, tolerance_m=0)
    thinned = import_boundaries(
        geojson(tmp_path / "a.geojson", degrees()), folder=tmp_path, tolerance_m=1_000
    )
    assert 0 < thinned.corners < whole.corners


NEW_START = """
import json
from geodata import Point, areas, locate, shapes
from geodata.sites import ProductionSite
from geodata.local import *
from datetime import date
where = locate(Point(lat=60.45, lon=17.6))
site = ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51))
found = verdict(LocalDefinition(InCounties()), authority_code="0360", sites=[site], on=date(2026, 1, 1))
print(json.dumps([where.municipality.code, found.evidence[0].source, areas.seat_name("0360"), len(areas.neighbour_pairs())]))
"""


def new_start(instance):
    environment = os.environ | {"NARMAT_INSTANCE": str(instance)}
    return subprocess.run(
        [sys.executable, "-c", NEW_START], capture_output=True, text=True, env=environment, check=False
    )


def test_the_next_start_uses_what_was_imported_and_says_so(tmp_path):
    drawn = metres()
    corner = shapely.box(
        *(float(edge) + by for edge, by in zip(CORNER.sweref * 2, (-2e3, -2e3, 2e3, 2e3), strict=True))
    )
    drawn["0360"], drawn["0331"] = drawn["0360"] - corner, drawn["0331"] | corner  # visible: Heby has a piece
    path = geopackage(tmp_path / "kommun.gpkg", drawn)
    import_boundaries(path, folder=tmp_path / "geodata")
    assert json.loads(new_start(tmp_path).stdout) == ["0331", "kommun.gpkg", "Tierp", 728]
    assert json.loads(new_start(tmp_path / "other").stdout) == ["0360", "SCB", "Tierp", 728]


def test_a_damaged_import_says_how_to_mend_it(tmp_path):
    (tmp_path / "geodata").mkdir()
    (tmp_path / "geodata" / shapes.IMPORTED).write_bytes(b"half")
    assert "import-boundaries again" in new_start(tmp_path).stderr


def refused(tmp_path, path, **options):
    with pytest.raises(BadBoundaryFile) as raised:
        import_boundaries(path, folder=tmp_path / "kept", **options)
    assert not (tmp_path / "kept").exists()
    return str(raised.value)


def test_missing_and_unknown_codes_are_listed(tmp_path):
    drawn = degrees()
    drawn["9999"] = drawn.pop("0360")
    said = refused(tmp_path, geojson(tmp_path / "a.geojson", drawn))
    assert said.startswith("1 of the 290 are missing: 0360 Tierp; 1 codes are unknown: 9999.")


def test_an_invalid_polygon_is_named_and_mended_only_when_asked(tmp_path):
    drawn = degrees() | {"0360": BOWTIE}
    path = geojson(tmp_path / "a.geojson", drawn)
    said = refused(tmp_path, path)
    assert "0360 Tierp (Self-intersection" in said
    assert "give --mend" in said
    done = import_boundaries(path, folder=tmp_path / "kept", mend=True, tolerance_m=0)
    assert done.mended == ("0360 Tierp",)


def test_polygons_under_each_others_codes_are_told(tmp_path):
    drawn = degrees()
    drawn["0360"], drawn["0331"] = drawn["0331"], drawn["0360"]
    said = refused(tmp_path, geojson(tmp_path / "a.geojson", drawn))
    assert "0331 Heby (by" in said
    assert "0360 Tierp (by" in said
    assert "codes and polygons belong together" in said


def test_everyone_may_read_what_was_imported(tmp_path):
    done = import_boundaries(geojson(tmp_path / "a.geojson", degrees()), folder=tmp_path / "kept")
    assert done.path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"properties": None}, "Feature 6 has no 'kommunkod'"),
        ({"properties": {"kommunkod": None}}, "Feature 6 has no 'kommunkod'"),
        ({"geometry": None}, "Feature 6 (0125) has no geometry that can be read"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[17, 60], [18, 60]]]}}, "Feature 6 (0125)"),
        ({"geometry": {"type": "Point", "coordinates": [17, 60]}}, "0125 Ekerö isn't drawn with polygons"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "0125 Ekerö isn't drawn with polygons"),
    ],
)
def test_a_feature_that_is_wrong_is_named(tmp_path, change, said):
    path = geojson(tmp_path / "a.geojson", degrees())
    document = json.loads(path.read_text())
    document["features"][5] |= change
    path.write_text(json.dumps(document))
    assert said in refused(tmp_path, path)


def flipped(drawn):
    return {code: shapely.transform(shape, lambda c: c[:, ::-1]) for code, shape in drawn.items()}


def test_swapped_coordinates_are_told(tmp_path):
    assert "longitude, latitude" in refused(tmp_path, geojson(tmp_path / "a.geojson", flipped(degrees())))
    assert "easting, northing" in refused(tmp_path, geopackage(tmp_path / "a.gpkg", flipped(metres())))


def test_the_reference_system_must_be_one_of_two_and_true(tmp_path):
    path = geojson(tmp_path / "a.geojson", metres())
    assert "Give --epsg 3006" in refused(tmp_path, path)
    assert import_boundaries(path, folder=tmp_path / "given", epsg=3006).corners
    stated = geojson(tmp_path / "b.geojson", metres(), crs="urn:ogc:def:crs:EPSG::3006")
    assert import_boundaries(stated, folder=tmp_path / "stated").corners
    assert "EPSG:3021" in refused(tmp_path, geopackage(tmp_path / "a.gpkg", metres(), epsg=3021))
    moved = {code: shapely.transform(shape, lambda c: c + 40) for code, shape in degrees().items()}
    assert "outside Sweden" in refused(tmp_path, geojson(tmp_path / "c.geojson", moved))


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg"])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path, name, monkeypatch):
    monkeypatch.setattr("geodata.boundary_files.LARGEST_GEOPACKAGE_BYTES", 200_000_000)
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    assert "300 MB, over the 200 MB" in refused(tmp_path, path)


def test_files_that_are_something_else_are_refused_with_the_mend(tmp_path):
    for name, content in (
        ("a.geojson", "{"),
        ("b.json", '{"features": [1]}'),
        ("c.gpkg", "no database"),
        ("d.json", "[" * 200_000),
        ("e.json", '{"features": 7}'),
        ("f.json", "[1]"),
        ("g.gpkg", ""),
    ):
        (tmp_path / name).write_text(content)
        assert "Export it anew" in refused(tmp_path, tmp_path / name)
    (tmp_path / "a.shp").write_text("")
    assert "neither .gpkg nor .geojson" in refused(tmp_path, tmp_path / "a.shp")
    assert "is no file" in refused(tmp_path, tmp_path / "none.gpkg")
    lines = {code: shape.boundary for code, shape in degrees().items()}
    assert "not of lines" in refused(tmp_path, geojson(tmp_path / "d.geojson", lines))
    assert "Give 0 to keep every corner" in refused(
        tmp_path, geojson(tmp_path / "e.geojson", degrees()), tolerance_m=-1
    )
    assert "at most 1000" in refused(tmp_path, tmp_path / "e.geojson", tolerance_m=20_000)


def test_layer_and_column_are_asked_for_when_unclear(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", metres(), layers=("kommun", 'land "x"'))
    assert 'The layers are: kommun, land "x"' in refused(tmp_path, path)
    assert import_boundaries(path, folder=tmp_path / "one", layer='land "x"').corners
    odd = geojson(tmp_path / "b.geojson", degrees(), column="Nummer")
    assert "there are: Nummer. Name it with --code-column" in refused(tmp_path, odd)
    assert import_boundaries(odd, folder=tmp_path / "two", code_column="nummer").corners
