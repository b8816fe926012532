"""The real places where the demo's invented kitchens and farms stand.

Positions are those of the gazetteer (GeoNames, CC BY 4.0), rounded to four decimals; the few that it lacks or holds
too coarsely carry their village's own position. `near` moves off the village centre by a few hundred metres, so that
two neighbours do not share a doorstep.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

LAT_SPREAD = 0.0018  # 200 m
LON_SPREAD = 0.0036  # 200 m at 60 degrees north


@dataclass(frozen=True, slots=True)
class Place:
    """A village or town: its municipality's code and its position in WGS 84."""

    name: str
    municipality_code: str
    lat: float
    lon: float

    def near(self, rng: Random) -> tuple[float, float]:
        """Latitude and longitude at most some 280 m from the centre."""
        lat = self.lat + rng.uniform(-LAT_SPREAD, LAT_SPREAD)
        lon = self.lon + rng.uniform(-LON_SPREAD, LON_SPREAD)
        return round(lat, 5), round(lon, 5)


_ROWS: tuple[tuple[str, str, float, float], ...] = (
    # Kramfors, Sollefteå, Ånge
    ("Kramfors", "2282", 62.9316, 17.7765),
    ("Bollstabruk", "2282", 62.9978, 17.6735),
    ("Nyland", "2282", 63.0062, 17.7594),
    ("Torsåker", "2282", 63.0667, 17.7500),
    ("Frånö", "2282", 62.9084, 17.8473),
    ("Ullånger", "2282", 63.0080, 18.1830),
    ("Docksta", "2282", 63.0520, 18.3310),
    ("Nordingrå", "2282", 62.9260, 18.2900),
    ("Sollefteå", "2283", 63.1667, 17.2667),
    ("Långsele", "2283", 63.1833, 17.0667),
    ("Näsåker", "2283", 63.4438, 16.9024),
    ("Ånge", "2260", 62.5250, 15.6590),
    ("Fränsta", "2260", 62.4986, 16.1702),
    ("Ljungaverk", "2260", 62.4895, 16.0426),
    # around them
    ("Ramvik", "2280", 62.8167, 17.8500),
    ("Bjästa", "2284", 63.2000, 18.5000),
    ("Köpmanholmen", "2284", 63.1690, 18.5730),
    ("Söråker", "2262", 62.5056, 17.5103),
    ("Hammarstrand", "2303", 63.1104, 16.3538),
    ("Gnarp", "2132", 62.0487, 17.2586),
    # Tierp, Heby, Knivsta, Östhammar
    ("Tierp", "0360", 60.3427, 17.5181),
    ("Örbyhus", "0360", 60.2241, 17.7014),
    ("Söderfors", "0360", 60.3833, 17.2333),
    ("Karlholmsbruk", "0360", 60.5209, 17.6315),
    ("Skärplinge", "0360", 60.4667, 17.7667),
    ("Månkarbo", "0360", 60.2282, 17.4621),
    ("Tobo", "0360", 60.2584, 17.6561),
    ("Heby", "0331", 59.9382, 16.8622),
    ("Östervåla", "0331", 60.1833, 17.1833),
    ("Tärnsjö", "0331", 60.1500, 16.9333),
    ("Morgongåva", "0331", 59.9340, 16.9635),
    ("Knivsta", "0330", 59.7256, 17.7875),
    ("Alsike", "0330", 59.7532, 17.7733),
    ("Östhammar", "0382", 60.2591, 18.3741),
    ("Gimo", "0382", 60.1730, 18.1851),
    ("Österbybruk", "0382", 60.2000, 17.9000),
    ("Alunda", "0382", 60.0667, 18.0833),
    ("Öregrund", "0382", 60.3380, 18.4360),
    # around them
    ("Storvreta", "0380", 59.9593, 17.7059),
    ("Björklinge", "0380", 60.0300, 17.5520),
    ("Almunge", "0380", 59.8833, 18.0500),
    ("Knutby", "0380", 59.9087, 18.2657),
    ("Hedesunda", "2180", 60.4000, 17.0000),
    ("Älvkarleby", "0319", 60.5708, 17.4490),
    ("Ransta", "1981", 59.8104, 16.6374),
    ("Örsundsbro", "0381", 59.7333, 17.3000),
    ("Horndal", "2084", 60.3000, 16.4167),
    # Vallentuna, Norrtälje
    ("Vallentuna", "0115", 59.5344, 18.0776),
    ("Lindholmen", "0115", 59.5833, 18.1000),
    ("Karby", "0115", 59.5609, 18.2201),
    ("Kårsta", "0115", 59.6563, 18.2729),
    ("Norrtälje", "0188", 59.7580, 18.7050),
    ("Rimbo", "0188", 59.7500, 18.3667),
    ("Hallstavik", "0188", 60.0500, 18.6000),
    ("Älmsta", "0188", 59.9700, 18.8030),
    ("Edsbro", "0188", 59.8930, 18.4917),
    ("Bergshamra", "0188", 59.6347, 18.6281),
    ("Gräddö", "0188", 59.7667, 19.0333),
    ("Svanberga", "0188", 59.8443, 18.6664),
    ("Skänninge", "0188", 59.9333, 18.4833),
    # around them
    ("Rydbo", "0117", 59.4619, 18.1854),
    ("Sigtuna", "0191", 59.6173, 17.7236),
    ("Fjärdhundra", "0381", 59.7755, 16.9211),
    # far away: where some of them slaughter, mill or pack
    ("Linköping", "0580", 58.4109, 15.6216),
    ("Skara", "1495", 58.3866, 13.4384),
    ("Kristianstad", "1290", 56.0313, 14.1552),
    ("Skellefteå", "2482", 64.7507, 20.9528),
    ("Gävle", "2180", 60.6745, 17.1417),
    ("Uppsala", "0380", 59.8588, 17.6389),
)

PLACES = {row[0]: Place(*row) for row in _ROWS}
