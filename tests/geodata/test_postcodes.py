"""Postcodes: found however they are written; a file comes in whole or not at all."""

import pytest
from geopy.exc import GeocoderQueryError

from geodata import geocoders
from geodata.data import DamagedData
from geodata.points import Point
from geodata.postcodes import BadPostcodeFile, NoPostcodes, Postcodes, import_file, normal


def line(code="761 30", town="Norrtälje", lat="59.7580", lon="18.7050", country="SE"):
    return f"{country}\t{code}\t{town}\tStockholm\t26\tNorrtälje\t0188\t\t\t{lat}\t{lon}\t4"


GOOD = [
    line(),
    line("815 30", "Tierp", "60.3430", "17.5150"),
    line("186 00", "Vallentuna", "59.5344", "18.0776"),
]


@pytest.fixture
def write(tmp_path):
    def written(*lines, encoding="utf-8"):
        path = tmp_path / "SE.txt"
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return written


@pytest.fixture
def folder(tmp_path, write):
    import_file(write(*GOOD), folder=tmp_path / "kept")
    return tmp_path / "kept"


@pytest.mark.parametrize("query", ["761 30", "76130", " 761  30 ", "SE-761 30", "s-76130", "se 761 30"])
def test_a_postcode_is_found_however_it_is_written(folder, query):
    found = Postcodes(folder).geocode(query)
    assert found.address == "761 30 Norrtälje"
    assert (found.latitude, found.longitude) == (59.758, 18.705)
    assert found.raw["source"] == "GeoNames, CC BY 4.0"


@pytest.mark.parametrize("query", ["999 99", "Norrtälje", "7613", "", "761 301"])
def test_what_is_no_known_postcode_is_none(folder, query):
    assert Postcodes(folder).geocode(query) is None
    assert Postcodes(folder).geocode(query, exactly_one=False) is None


def test_an_overlong_question_is_refused():
    with pytest.raises(GeocoderQueryError, match="five digits"):
        normal("7" * 300)


def test_a_postcode_of_two_towns_gives_both(tmp_path, write):
    import_file(write(line(), line(town="Rimbo", lat="59.74", lon="18.37"), line()), folder=tmp_path)
    found = Postcodes(tmp_path).geocode("76130", exactly_one=False)
    assert [place.raw["town"] for place in found] == ["Norrtälje", "Rimbo"]


def test_reverse_is_the_nearest_middle(folder):
    assert Postcodes(folder).reverse(Point(lat=60.3, lon=17.5)).raw["town"] == "Tierp"
    assert len(Postcodes(folder).reverse(Point(lat=60.3, lon=17.5), exactly_one=False)) == 3


BAD = {
    line(lat="18.7050", lon="59.7580"): "Give latitude first",
    line(lat="48.85", lon="2.35"): "outside Sweden",
    line(lat="59,758"): "decimal point",
    line(code="7613"): "five digits",
    line(town=""): "place name",
    line(country="NO"): "Only SE",
    "761 30;Norrtälje": "with tabs between",
}


@pytest.mark.parametrize(("bad", "said"), BAD.items())
def test_a_bad_line_is_named_and_nothing_is_stored(tmp_path, write, bad, said):
    with pytest.raises(BadPostcodeFile, match=r"Nothing was stored(?s:.*)line 2: ") as raised:
        import_file(write(GOOD[0], bad, GOOD[1]), folder=tmp_path / "kept")
    assert said in str(raised.value)
    assert not (tmp_path / "kept").exists()


def test_a_bad_file_leaves_the_old_one_in_force(folder, write):
    with pytest.raises(BadPostcodeFile):
        import_file(write("nonsense"), folder=folder)
    assert Postcodes(folder).geocode("81530").raw["town"] == "Tierp"
    assert [path.name for path in folder.iterdir()] == ["postcodes.npz"]


def test_bad_lines_can_be_left_out_and_are_told(tmp_path, write):
    done = import_file(write(*GOOD, "nonsense"), folder=tmp_path, skip_bad=True)
    assert done.count == 3
    assert [told.partition(":")[0] for told in done.left_out] == ["line 4"]


def test_many_bad_lines_are_counted(tmp_path, write):
    with pytest.raises(BadPostcodeFile, match="and 5 more"):
        import_file(write(*["nonsense"] * 15), folder=tmp_path)


def test_other_files_are_refused_with_the_mend(tmp_path, write):
    with pytest.raises(BadPostcodeFile, match="no Swedish postcode"):
        import_file(write(""), folder=tmp_path)
    for encoding in ("utf-16", "cp1252"):
        with pytest.raises(BadPostcodeFile, match=r"not text in UTF-8 \(line 1\).*save it as UTF-8"):
            import_file(write(line(), encoding=encoding), folder=tmp_path)
    packed = tmp_path / "SE.zip"
    packed.write_bytes(b"PK\x03\x04")
    with pytest.raises(BadPostcodeFile, match=r"Unpack SE\.zip"):
        import_file(packed, folder=tmp_path)
    huge = tmp_path / "allCountries.txt"
    with huge.open("wb") as stream:
        stream.truncate(300_000_000)
    with pytest.raises(BadPostcodeFile, match="300 MB"):
        import_file(huge, folder=tmp_path)


def test_without_an_import_or_with_a_damaged_one_the_mend_is_told(tmp_path, folder):
    with pytest.raises(NoPostcodes, match="import-postcodes"):
        Postcodes(tmp_path)
    (folder / "postcodes.npz").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(DamagedData, match="import-postcodes again"):
        Postcodes(folder)


def test_the_chain_asks_the_network_last(tmp_path, folder):
    class Online:
        asked = ()

        def geocode(self, query, **_):
            self.asked = (*self.asked, query)

    online = Online()
    chain = geocoders.chain(folder=folder, online=online)
    assert chain.geocode("Tierp").raw["municipality_code"] == "0360"
    assert chain.geocode("815 30").raw["town"] == "Tierp"
    assert online.asked == ()
    assert chain.geocode("Storgatan 1") is None
    assert online.asked == ("Storgatan 1",)
    assert geocoders.chain(folder=tmp_path).geocode("815 30") is None
