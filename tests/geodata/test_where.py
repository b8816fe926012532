"""Where am I local: one row for each of the 290, with verdict, reason and what is assumed."""

import re
from datetime import date

import pytest
from locality import Road

from geodata import areas
from geodata.definitions import InCounties, LocalDefinition, NotInForce, Step, WithinDistance
from geodata.local_maps import Chain, where_map
from geodata.points import Point
from geodata.sites import ProductionSite
from geodata.where import where_local

ON = date(2026, 11, 1)
TIERP = (ProductionSite(Step.FARM, Point(lat=60.34, lon=17.51), name="Ås gård"),)


def by_code(**more):
    return {row.municipality.code: row for row in where_local(TIERP, on=ON, **more)}


def test_all_290_have_a_verdict_a_reason_and_a_mark():
    rows = by_code(definitions={"0188": LocalDefinition(WithinDistance(100, "crow", "seat"))})
    assert list(rows) == [area.code for area in areas.municipalities()]
    assert (rows["0188"].answer, rows["0188"].is_assumption, rows["0188"].note()) == ("yes", False, "")
    assert rows["0188"].reason("en") == "Farm in Ås gård: 93\u00a0km from Norrtälje, within 100\u00a0km"
    assert (rows["0360"].answer, rows["0114"].answer) == ("yes", "no")
    assert rows["0114"].note("en").startswith("Assumption: Upplands Väsby")


def test_a_kitchen_that_is_gone_is_asked_for():
    definitions = {"0188": LocalDefinition(WithinDistance(250))}
    row = by_code(definitions=definitions)["0188"]
    assert (row.answer, row.reason("sv")) == ("uncertain", row.verdict.reasons[0].text("sv"))
    assert row.verdict.would_change[0].text("sv") == "Ange kökets läge"
    assert by_code(definitions=definitions, kitchens={"0188": areas.seat("0188")})["0188"].answer == "yes"


def test_a_road_engine_is_asked_once_for_all():
    engine = Road()
    codes = [area.code for area in areas.municipalities()]
    rule = LocalDefinition(WithinDistance(120, "road", "seat"))
    by_code(definitions=dict.fromkeys(codes, rule), travel=engine)
    assert engine.asked == 1


def test_a_version_that_is_over_is_refused_by_name():
    over = LocalDefinition(InCounties(), valid_to=date(2026, 1, 1))
    with pytest.raises(NotInForce, match=r"Norrtälje \(0188\)"):
        by_code(definitions={"0188": over})


def test_json_carries_the_words():
    row = by_code()["0114"].to_json("en")
    assert (row["code"], row["answer"], row["is_assumption"]) == ("0114", "no", True)
    assert "Stockholms län" in row["description"]


def test_the_map_says_of_every_municipality_what_the_table_says():
    evil = "<script>alert(1)</script>"
    at_a_border = (ProductionSite(Step.FARM, Point(lat=59.0475, lon=17.3119), name="Ås gård"),)
    html = where_map(where_local(at_a_border, on=ON), chain=Chain(evil, at_a_border), language="en")
    assert "<script>alert" not in html
    assert len(re.findall(r'<th scope="row">', html)) == 290 + 1
    assert html.count("Assumption: ") == 2 * 290
    assert "290 of 290 municipalities" in html
    assert '"dashArray": "5 4"' in html
