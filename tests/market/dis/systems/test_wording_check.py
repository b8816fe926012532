"""Words that a place or a distance hides behind are found, and ordinary words are let alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.areas import counties, municipalities
from market.dis.systems import place_words
from market.dis.systems.wording_check import WarningKind, place_warnings


def words(text: str) -> list[str]:
    return [warning.found for warning in place_warnings(text)]


def test_the_names_are_those_that_the_maps_know():
    assert sorted(place_words.MUNICIPALITIES) == sorted(m.name for m in municipalities())
    assert sorted(place_words.COUNTIES) == sorted(c.name for c in counties())
    assert len(set(place_words.LANDSCAPES)) == 25
    assert set(place_words.ALSO_COMMON_WORDS) <= set(place_words.MUNICIPALITIES)


def test_every_name_is_found_in_a_sentence_also_in_the_genitive():
    for name in [*(m.name for m in municipalities()), *place_words.LANDSCAPES]:
        genitive = name if name.endswith("s") else f"{name}s"
        assert words(f"Maten ska komma från {name}."), name
        assert words(f"Köp av varor ur {genitive} kommun."), name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lokalt odlade morötter", ["Lokalt"]),
        ("NÄRPRODUCERAT", ["NÄRPRODUCERAT"]),
        ("närodlade grönsaker", ["närodlade"]),
        ("Gården ligger inom 5 mil från köket", ["5 mil"]),
        ("högst 50km", ["50km"]),
        ("10 000 kilometer", ["10 000 kilometer"]),
        ("kort avstånd till köket", ["avstånd"]),
        ("en halvtimmes bilväg", ["halvtimmes bilväg"]),
        ("30 minuters körtid", ["minuters körtid"]),
        ("så korta transporter som möjligt", ["korta transporter"]),
        ("producerat inom kommunen", ["inom kommunen"]),
        ("från länet", ["från länet"]),
        ("regionala råvaror", ["regionala"]),
        ("svenska ägg", ["svenska"]),
        ("Gotlandslamm eller skånsk gurka", ["Gotlandslamm", "skånsk"]),
        ("Upplands\u2011Bro", ["Upplands-Bro"]),
        ("när\u00adproducerat", ["närproducerat"]),
        (unicodedata.normalize("NFD", "Malmö"), ["Malmö"]),
        ("lokal\nmer lokal", ["lokal", "lokal"]),
    ],
)
def test_words_of_place_and_distance_are_found(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Betalning inom 30 dagar från mottagen faktura.",
        "Varan ska vara färsk. Vara utan skal.",
        "Tvättade morötter; orsaken till fel anges.",
        "Gården visar sina lokaler för en skolklass, två gånger per läsår.",
        "Anbud lämnas på svenska.",
        "Mild smak, god miljö, milda kryddor.",
        "Köket ligger i en skola i kommunens ägo, berget bakom.",
        "Leverans två dagar i veckan, kl. 7–11.",
        "",
    ],
)
def test_ordinary_words_are_let_alone(text):
    assert words(text) == []


def test_a_warning_says_its_kind_and_its_sentence():
    (warning,) = place_warnings("Färskt. Levereras till köket i Tierp. Tack.")
    assert (warning.kind, warning.found) == (WarningKind.PLACE, "Tierp")
    assert warning.sentence == "Levereras till köket i Tierp."


def test_the_same_word_is_told_once_in_a_sentence_and_again_in_another():
    assert words("Tierp och Tierp. Tierp.") == ["Tierp", "Tierp"]


@given(st.text(max_size=200))
def test_any_text_is_judged_and_what_is_found_stands_in_its_sentence(text):
    for warning in place_warnings(text):
        assert warning.found in warning.sentence
