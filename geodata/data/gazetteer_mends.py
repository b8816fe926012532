"""What GeoNames and the generalised borders don't say, checked by hand: used by rebuild.py only."""

from __future__ import annotations

COUNTY_OF_ADMIN1 = {
    "02": "10", "03": "21", "05": "09", "06": "13", "07": "23", "08": "06", "09": "08", "10": "20",
    "12": "07", "14": "25", "15": "18", "16": "05", "18": "04", "21": "03", "22": "17", "23": "24",
    "24": "22", "25": "19", "26": "01", "27": "12", "28": "14",
}  # fmt: skip
"""GeoNames' admin1 code to the official county code."""

NAMES = {"Gothenburg": "Göteborg", "Tollarp1": "Tollarp"}

MUNICIPALITY = {
    2670603: "1440",  # Surte
    2726347: "1440",  # Älvängen
    2727130: "1440",  # Alafors
    8288548: "1480",  # Lövgärdet
    2706100: "1480",  # Hjuvik
    2682562: "0187",  # Rindö
    2686166: "0187",  # Oskar-Fredriksborg
    2707366: "1080",  # Hasslö
    2700960: "1715",  # Kil
    2704042: "1277",  # Hyllinge
    2726163: "1730",  # Åmotfors
    2680718: "2080",  # Sågmyra
}
"""Places that the generalised borders put in a neighbour, by GeoNames id; the county can't tell."""

SEATS = {
    "0117": "Åkersberga", "0120": "Gustavsberg", "0123": "Jakobsberg", "0127": "Tumba",
    "0128": "Rönninge", "0136": "Handen", "0138": "Bollmora", "0139": "Kungsängen", "0191": "Märsta",
    "0305": "Bålsta", "0319": "Skutskär", "0512": "Österbymo", "0513": "Kisa", "0665": "Skillingaryd",
    "0760": "Åseda", "0980": "Visby", "1231": "Arlöv", "1256": "Broby", "1315": "Hyltebruk",
    "1401": "Mölnlycke", "1419": "Skärhamn", "1421": "Henån", "1427": "Kungshamn",
    "1435": "Tanumshede", "1438": "Ed", "1445": "Nossebro", "1447": "Hova", "1463": "Kinna",
    "1730": "Charlottenberg", "1761": "Skoghall", "1814": "Fjugesta", "1864": "Kopparberg",
    "2023": "Malung", "2026": "Djurås", "2121": "Edsbyn", "2132": "Bergsjö", "2303": "Hammarstrand",
    "2321": "Järpen", "2326": "Svenstavik", "2361": "Sveg",
}  # fmt: skip
"""Where the authority sits, when that town isn't called what the municipality is."""

SEATS_BY_HAND = {"1440": ("Nödinge", 57.8928, 12.0553)}
"""Seats that the gazetteer lacks: name, latitude, longitude."""
