"""The life of a definition: in force on a day, succeeded by another, compared with it."""

from datetime import date

import pytest

from geodata.definitions import (
    InCounties,
    InvalidDefinition,
    LocalDefinition,
    NotInForce,
    Step,
    WithinDistance,
)
from geodata.points import Point
from geodata.sites import ProductionSite
from geodata.versions import compare, in_force, law_warning, succeed

FIRST = LocalDefinition(InCounties(), valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
SECOND = LocalDefinition(WithinDistance(250), valid_from=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("on", "version"), [(date(2025, 12, 31), FIRST), (date(2026, 1, 1), SECOND), (date(2030, 1, 1), SECOND)]
)
def test_periods_are_half_open(on, version):
    assert in_force([FIRST, SECOND], on) is version


def test_no_version_or_two_is_an_error_that_says_what_to_do():
    with pytest.raises(NotInForce, match=r"No version is in force on 2024-12-31 \(2025-01-01 to"):
        in_force([FIRST, SECOND], date(2024, 12, 31))
    with pytest.raises(NotInForce, match="there are none"):
        in_force([], date(2026, 1, 1))
    with pytest.raises(InvalidDefinition, match="Set valid_to"):
        in_force([SECOND, LocalDefinition(InCounties())], date(2026, 1, 1))


def test_a_new_version_ends_the_one_it_follows():
    versions = succeed([FIRST, SECOND], LocalDefinition(InCounties(("03",))), valid_from=date(2027, 5, 1))
    assert [v.valid_to for v in versions] == [date(2026, 1, 1), date(2027, 5, 1), None]
    assert in_force(versions, date(2027, 5, 1)).rule == InCounties(("03",))
    with pytest.raises(InvalidDefinition, match="Choose a later day"):
        succeed(versions, SECOND, valid_from=date(2027, 5, 1))


def test_who_comes_in_and_who_drops_out():
    producers = {
        "Norrtälje": [ProductionSite(Step.FARM, Point(lat=59.9, lon=18.5))],
        "Tierp": [ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51))],
        "south of Stockholm": [
            ProductionSite(Step.FARM, Point(lat=59.05, lon=17.75), municipality_code="0181")
        ],
        "Bollnäs": [ProductionSite(Step.FARM, Point(lat=61.9, lon=16.1))],
    }
    kitchen = Point(lat=59.758, lon=18.705)
    changed = compare(
        FIRST,
        LocalDefinition(WithinDistance(94)),
        producers=producers,
        authority_code="0188",
        kitchen=kitchen,
    )
    assert changed.come_in == ("Tierp",)
    assert changed.drop_out == ("south of Stockholm",)
    assert dict(changed.after)["Bollnäs"] == "no"


def test_the_law_is_told_in_both_languages():
    assert "LOU 4 kap. 1 §" in law_warning("sv")
    assert "never be a requirement" in law_warning("en")
