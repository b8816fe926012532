"""Numbers, units, money and dates as they are read and written in Swedish and in English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel import Locale
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from market import formatting as f
from market.formatting import DotInNumber, NotANumber, read_decimal
from market.values import Package, Quantity, Unit, Week

NBSP, NARROW, MINUS = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}"


@contextmanager
def _language(app: Flask, code: str) -> Iterator[None]:
    with app.test_request_context(), force_locale({"sv": "sv_SE", "en": "en_GB"}[code]):
        yield


@pytest.fixture
def swedish(app: Flask) -> Iterator[None]:
    with _language(app, "sv"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with _language(app, "en"):
        yield


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5", "12.5"),
        ("1 250,50", "1250.50"),
        (f"1{NBSP}250,50", "1250.50"),
        (f"1{NARROW}250,50", "1250.50"),
        (f"1{NBSP}250{NBSP}000", "1250000"),
        (" 40 ", "40"),
        (f"{MINUS}4,5", "-4.5"),
        ("-4", "-4"),
        (",5", "0.5"),
        ("12,", "12"),
        ("007", "7"),
    ],
)
def test_swedish_numbers(text, number):
    assert read_decimal(text, swedish=True) == Decimal(number)


@pytest.mark.parametrize("text", ["12.50", "1.500", "1.250,50", "."])
def test_a_dot_is_not_guessed_at_in_swedish(text):
    with pytest.raises(DotInNumber):
        read_decimal(text, swedish=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", "12.5"),
        ("1,250.50", "1250.50"),
        ("1,250", "1250"),
        ("1 250.5", "1250.5"),
        ("-3", "-3"),
        (".5", "0.5"),
    ],
)
def test_english_numbers(text, number):
    assert read_decimal(text, swedish=False) == Decimal(number)


@pytest.mark.parametrize("text", ["12,5", "1,25,000", ",5", "1,250,5", "1.250,50", "1.2.3"])
def test_a_comma_that_groups_nothing_is_refused_in_english(text):
    with pytest.raises(NotANumber):
        read_decimal(text, swedish=False)


ODD = [
    "",
    "tolv",
    "12 kg",
    "1e5",
    "1E400",
    "1e999999999",
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "1_000",
    "--4",
    "4-",
    "+",
    "1,2,3",
]


@pytest.mark.parametrize("is_swedish", [True, False])
@pytest.mark.parametrize("text", ODD)
def test_what_a_computer_might_read_but_a_person_does_not_write_is_refused(text, is_swedish):
    with pytest.raises(NotANumber):
        read_decimal(text, swedish=is_swedish)


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)


@given(AMOUNTS)
def test_what_is_written_in_swedish_is_read_back(value):
    text = f.format_decimal(value, locale=Locale("sv", "SE"))
    assert read_decimal(text, swedish=True) == value


@given(AMOUNTS)
def test_what_is_written_in_english_is_read_back(value):
    text = f.format_decimal(value, locale=Locale("en", "GB"))
    assert read_decimal(text, swedish=False) == value


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text):
    for is_swedish in (True, False):
        try:
            assert read_decimal(text, swedish=is_swedish).is_finite()
        except (NotANumber, DotInNumber):
            continue


def test_swedish_amounts(swedish):
    assert f.decimal(Decimal("1250.5")) == f"1{NBSP}250,5"
    assert f.kronor(125_000) == f"1{NBSP}250,00{NBSP}kr"
    assert f.whole_kronor(125_050) == f"1{NBSP}250{NBSP}kr"
    assert f.quantity(Quantity(1_250_000, Unit.KILOGRAM)) == f"1{NBSP}250{NBSP}kg"
    assert f.quantity(Quantity(120_000, Unit.KILOGRAM)) == f"120{NBSP}kg"
    assert f.quantity(Quantity(2_500, Unit.LITRE)) == f"2,5{NBSP}liter"
    assert f.quantity(Quantity(30, Unit.PIECE)) == f"30{NBSP}st"
    assert f.package_size(Package.BOX, Quantity(10_000, Unit.KILOGRAM)) == f"låda om 10{NBSP}kg"


def test_english_amounts(english):
    assert f.decimal(Decimal("1250.5")) == "1,250.5"
    assert f.kronor(125_000) == f"1,250.00{NBSP}kr"
    assert f.quantity(Quantity(1_250_000, Unit.KILOGRAM)) == f"1,250{NBSP}kg"


@pytest.mark.parametrize("price", ["14", "14.00", "14.000"])
def test_a_price_is_per_unit(swedish, price):
    assert f.unit_price(Decimal(price), Unit.KILOGRAM) == f"14,00{NBSP}kr/kg"


def test_prices_in_both_languages(app):
    with _language(app, "sv"):
        assert f.unit_price(Decimal("3.5"), Unit.PIECE) == f"3,50{NBSP}kr/st"
        assert f.unit_price(None, Unit.KILOGRAM) == "Pris vid beställning"
    with _language(app, "en"):
        assert f.unit_price(Decimal("3.5"), Unit.KILOGRAM) == f"3.50{NBSP}kr/kg"


def test_distances_weights_and_times(swedish):
    assert [f.kilometres(m) for m in (950, 9_949, 10_000, 250_400)] == [
        f"{text}{NBSP}km" for text in ("1,0", "9,9", "10", "250")
    ]
    assert [f.kilograms(g) for g in (500, 9_900, 10_400)] == [f"{t}{NBSP}kg" for t in ("0,5", "9,9", "10")]
    assert f.hours(12_000) == f"3{NBSP}h 20{NBSP}min"
    assert f.hours(3_599) == f"1{NBSP}h 00{NBSP}min"
    assert [f.seconds_clock(s) for s in (0, 27_000, 86_400)] == ["00:00", "07:30", "24:00"]


TUESDAY = date(2026, 11, 24)


def test_dates_in_swedish(swedish):
    assert f.long_date(TUESDAY) == "tisdag 24 november"
    assert f.short_date(TUESDAY) == "tis 24 nov."
    assert f.full_date(TUESDAY) == "24 november 2026"
    assert f.week_name(Week(2026, 53)) == "vecka 53"


def test_dates_in_english(english):
    assert f.long_date(TUESDAY) == "Tuesday 24 November"
    assert f.full_date(TUESDAY) == "24 November 2026"


@pytest.mark.parametrize(
    ("utc", "clock"),
    [("2026-11-24T07:15", "08:15"), ("2026-07-01T06:15", "08:15"), ("2026-11-24T23:30", "00:30")],
)
def test_instants_are_shown_by_the_swedish_clock(swedish, utc, clock):
    assert f.clock(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == clock


def test_a_moment_near_midnight_has_the_swedish_date(swedish):
    assert f.moment(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "ons 25 nov. 00:30"


def test_line_breaks_are_kept_and_markup_is_not(swedish):
    shown = f.paragraphs("Hej\r\nhopp\n\n<b>fet</b>")
    assert shown == "<p>Hej<br>hopp</p><p>&lt;b&gt;fet&lt;/b&gt;</p>"


def test_values_inside_a_refusal_are_written_as_elsewhere(swedish):
    assert f.shown(Quantity(10_000, Unit.KILOGRAM)) == f"10{NBSP}kg"
    assert f.shown(TUESDAY) == "tisdag 24 november"
    assert f.shown("Morötter") == "Morötter"


@pytest.mark.parametrize(
    ("locale", "text"), [("sv_SE", f"{MINUS}1{NBSP}250,50"), ("en_GB", f"{MINUS}1,250.50")]
)
def test_less_than_nothing_has_a_minus_sign_and_no_hyphen(app: Flask, locale: str, text: str) -> None:
    with app.test_request_context(), force_locale(locale):
        assert f.decimal(Decimal("-1250.5"), 2) == text
        assert f.kronor(-125_050).startswith(text)
