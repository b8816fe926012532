"""What everyone may read of a year: what is out tells of no two suppliers, and a later month changes nothing that was out before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from exact_ranks import row_of, tells
from hypothesis import given, settings
from hypothesis import strategies as st

from market.followup.figures import Sums
from market.followup.publishing.open_figures import OpenRow, Part, open_rows
from market.followup.rules import Route

MONTHS, KINDS, SUPPLIERS = (202501, 202502, 202503), ("meat", "roots"), range(6)


def sums(ore: int, local_ore: int, organic_ore: int = 0) -> Sums:
    return Sums(
        lines=1, grams=ore, ore=ore, local_ore=local_ore, local_grams=local_ore, organic_ore=organic_ore, lead_s=86_400
    )  # fmt: skip


SENT_BACK = Sums(lines=1, deviations=1, lead_s=86_400)
WEIGHTLESS = Sums(lines=1, ore=100, local_ore=100, lead_s=86_400)
FREE = Sums(lines=1, grams=100, local_grams=100, lead_s=86_400)


@st.composite
def years(draw: st.DrawFn) -> list[Part]:
    """Each supplier sells in a category, or both, by one procedure or another, all of it local or none or half; some goods are sent back, some free."""
    made = []
    for supplier in SUPPLIERS:
        kinds = draw(st.sampled_from([("meat",), ("roots",), KINDS]))
        routes = draw(st.sampled_from([(Route.DIRECT,), (Route.DIS,), tuple(Route)]))
        for month in draw(st.sets(st.sampled_from(MONTHS))):
            came = draw(
                st.sampled_from([sums(100, 0), sums(100, 50), sums(100, 100), FREE, WEIGHTLESS, SENT_BACK])
            )
            made += [
                Part(month=month, category_key=kind, producer_id=supplier, route=route, sums=came)
                for kind in kinds
                for route in routes
            ]
    return made


def made(parts: list[Part], *, months: tuple[int, ...] = MONTHS, is_over: bool = True) -> list[OpenRow]:
    return open_rows(parts, year=2025, ended=months, is_over=is_over)


def holds(row: OpenRow, part: Part) -> bool:
    return (
        row.month in (None, part.month % 100)
        and row.category_key in (None, part.category_key)
        and row.route in (None, part.route)
    )


@pytest.mark.parametrize(
    ("whole", "own", "share"),
    [
        ("ore", "local_ore", "share_local"),
        ("grams", "local_grams", "share_local_weight"),
        ("lines", "deviations", "deviations"),
    ],
)
@settings(max_examples=40, deadline=None)
@given(years())
def test_amounts_and_shares_together_tell_of_no_two_suppliers(
    whole: str, own: str, share: str, parts: list[Part]
) -> None:
    """Neither by subtraction between months, categories, procedures and the year. Who brought nothing hides nobody."""
    # what is unknown: each supplier's own (local, or deviating) and other amounts of a category in a month by a procedure
    unknown = [
        (part, is_own)
        for part in parts
        for is_own in (True, False)
        if (getattr(part.sums, own) if is_own else getattr(part.sums, whole) - getattr(part.sums, own))
    ]
    published = []

    def publish(row: OpenRow, is_in: Callable[[Part, bool], bool]) -> None:
        found = frozenset(n for n, one in enumerate(unknown) if holds(row, one[0]) and is_in(*one))
        published.append(row_of(found, len(unknown)))

    for row in made(parts):
        if row.is_protected:
            continue
        publish(row, lambda *_: True)
        if share not in row.protected:
            publish(row, lambda _, is_own: is_own)
        if "share_dis" not in row.protected:
            publish(row, lambda part, _: part.route is Route.DIS)
    for pair in combinations(SUPPLIERS, 2):
        theirs = [
            n for n, (part, _) in enumerate(unknown) if part.producer_id in pair or part.sums is SENT_BACK
        ]
        secret = [row_of(frozenset({n}), len(unknown)) for n in theirs]
        assert not tells(published, secret)


@settings(max_examples=25, deadline=None)
@given(years())
def test_what_a_month_told_stays_as_it_was(parts: list[Part]) -> None:
    """Also while another month runs, which has told nothing yet; and it is the same asked for alone."""

    def so_far(count: int) -> list[OpenRow]:
        known = [part for part in parts if part.month in MONTHS[:count]]
        return made(known, months=MONTHS[:count], is_over=False)

    assert so_far(2) == so_far(3)[:2] == made(parts)[:2]
    assert so_far(2) == made(parts, months=MONTHS[:2], is_over=False), "March runs"
    assert [made(parts, months=(month,), is_over=False)[0] for month in MONTHS] == so_far(3)


def part(
    supplier: int,
    *,
    month: int = 202501,
    local: int = 100,
    kind: str = "meat",
    route: Route = Route.DIRECT,
    came: Sums | None = None,
) -> Part:
    of = came or sums(100, local)
    return Part(month=month, category_key=kind, producer_id=supplier, route=route, sums=of)


def test_a_year_is_told_when_it_is_over() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)]
    assert [row.month for row in made(parts, is_over=False)] == [1, 2, 3]
    year, meat, direct = made(parts)[3:]
    assert (direct.route, direct.ore, direct.suppliers) == (Route.DIRECT, 300, 3)
    assert (year.month, year.category_key, year.ore, year.suppliers) == (None, None, 300, 3)
    assert meat.category_key == "meat"
    assert meat.values["share_local"] == 100


def test_two_suppliers_are_protected_as_is_what_would_tell_of_them() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)] + [part(supplier, month=202502) for supplier in (1, 2)]
    january, february, march, year, meat, direct = made(parts)
    assert (january.is_protected, january.ore) == (False, 300)
    assert (february.is_protected, february.ore, february.suppliers, february.values) == (True, 0, 0, {})
    assert (march.is_protected, march.ore) == (False, 0)
    assert year.is_protected, "the year less January would be February"
    assert meat.is_protected
    assert direct.is_protected


def test_a_share_is_kept_where_one_supplier_is_all_the_rest() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)] + [part(4, local=0)]
    (january, *_) = made(parts)
    assert not january.is_protected
    assert "share_local" in january.protected
    assert "share_local" not in january.values
    assert january.values["share_organic"] == 0


@pytest.mark.parametrize("came", [SENT_BACK, FREE, WEIGHTLESS])
def test_who_brought_nothing_hides_nobody(came: Sums) -> None:
    """One supplier's 12 345 kr are not three suppliers' because two others had all sent back or gave theirs away, nor is its weight."""
    alone = part(1, came=sums(1_234_500, 0))
    (january,) = made([alone, *(part(n, came=came) for n in (2, 3))], months=(202501,), is_over=False)
    assert (january.is_protected, january.ore, january.suppliers) == (True, 0, 0)


def test_who_brought_nothing_is_no_supplier() -> None:
    parts = [*(part(n) for n in (1, 2, 3)), part(4, came=SENT_BACK)]
    (january,) = made(parts, months=(202501,), is_over=False)
    assert (january.is_protected, january.suppliers) == (False, 3)
    assert "deviations" in january.protected, "all that deviated was one supplier's"


def test_what_is_free_has_a_weight_of_three_suppliers_too() -> None:
    parts = [*(part(n) for n in (1, 2, 3)), part(4, came=FREE)]
    (january,) = made(parts, months=(202501,), is_over=False)
    assert (january.ore, january.grams, january.suppliers) == (300, 400, 4)
    given_away = [part(n, came=FREE) for n in (1, 2, 3)]
    (january,) = made(given_away, months=(202501,), is_over=False)
    assert (january.is_protected, january.ore, january.grams) == (False, 0, 300)


def test_free_goods_of_one_are_not_told_by_the_share_of_weight() -> None:
    parts = [*(part(n, local=0) for n in (1, 2, 3)), part(4, came=FREE)]
    (january,) = made(parts, months=(202501,), is_over=False)
    assert january.values["share_local"] == 0
    assert "share_local_weight" in january.protected


def test_procedures_are_told_each_by_itself_where_three_stand_behind_both() -> None:
    direct = [part(n) for n in (1, 2, 3)]
    dis = [part(n, route=Route.DIS, local=0) for n in (4, 5, 6)]
    rows = {row.route: row for row in made([*direct, *dis]) if row.route}
    assert {route: (row.ore, row.values["share_local"]) for route, row in rows.items()} == {
        Route.DIRECT: (300, 100),
        Route.DIS: (300, 0),
    }
    rows = {row.route: row for row in made([*direct, *dis[:2]]) if row.route}
    assert all(row.is_protected for row in rows.values()), "the year less one is the other"


def test_a_share_of_a_month_and_a_procedures_year_do_not_tell_of_one_together() -> None:
    """January's DIS is told as a share; the year's would leave February's, which is one supplier's."""
    january = [part(n, route=route) for n, route in ((1, Route.DIRECT), (2, Route.DIRECT), (3, Route.DIRECT), (4, Route.DIS), (5, Route.DIS), (6, Route.DIS))]  # fmt: skip
    february = [part(n, month=202502) for n in (1, 2, 3)] + [part(4, month=202502, route=Route.DIS)]
    rows = made([*january, *february])
    assert "share_dis" not in rows[0].protected
    assert "share_dis" in rows[1].protected
    assert not rows[3].is_protected
    assert all(row.is_protected for row in rows if row.route)


def test_nothing_delivered_is_nought_and_not_secret() -> None:
    row = made([])[0]
    assert (row.is_protected, row.ore, row.values["share_local"]) == (False, 0, None)
