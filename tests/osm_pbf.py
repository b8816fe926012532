"""A road network of a few ways as an OSM PBF file, the only format that Valhalla's tile builder reads.

Just enough of the format: uncompressed blobs, plain nodes, ways, and tags on ways
(https://wiki.openstreetmap.org/wiki/PBF_Format).
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Road:
    """A way through nodes, by their numbers, with its tags."""

    nodes: tuple[int, ...]
    tags: dict[str, str]


def write_pbf(path: Path, *, nodes: dict[int, tuple[float, float]], roads: list[Road]) -> None:
    """`nodes` maps a number to (lat, lon)."""
    header = b"".join(_text(4, feature) for feature in ("OsmSchema-V0.6",)) + _text(16, "narmat tests")
    path.write_bytes(_blob("OSMHeader", header) + _blob("OSMData", _block(nodes, roads)))


def _block(nodes: dict[int, tuple[float, float]], roads: list[Road]) -> bytes:
    words = ["", *sorted({word for road in roads for pair in road.tags.items() for word in pair})]
    index = {word: n for n, word in enumerate(words)}
    strings = b"".join(_text(1, word) for word in words)
    all_nodes = b"".join(_bytes(1, _node(number, *place)) for number, place in sorted(nodes.items()))
    all_ways = b"".join(_bytes(3, _way(number, road, index)) for number, road in enumerate(roads, start=1))
    return _bytes(1, strings) + _bytes(2, all_nodes) + _bytes(2, all_ways)


def _node(number: int, lat: float, lon: float) -> bytes:
    """Degrees in steps of 100 nano-degrees, the format's default granularity."""
    places = ((1, number), (8, round(lat * 1e7)), (9, round(lon * 1e7)))
    return b"".join(_key(field, 0) + _varint(_zigzag(value)) for field, value in places)


def _way(number: int, road: Road, index: dict[str, int]) -> bytes:
    steps = [b - a for a, b in zip((0, *road.nodes), road.nodes, strict=False)]
    return (
        _key(1, 0)
        + _varint(number)
        + _packed(2, [index[key] for key in road.tags])
        + _packed(3, [index[value] for value in road.tags.values()])
        + _packed(8, [_zigzag(step) for step in steps])
    )


def _blob(kind: str, content: bytes) -> bytes:
    blob = _bytes(1, content)
    header = _text(1, kind) + _key(3, 0) + _varint(len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _packed(field: int, values: list[int]) -> bytes:
    return _bytes(field, b"".join(_varint(value) for value in values))


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63)


def _varint(value: int) -> bytes:
    septets = []
    while value > 0x7F:
        septets.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*septets, value])
