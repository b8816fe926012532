"""What everyone may read of a year: what is out tells of no two suppliers, and a later month changes nothing that was out before."""

from __future__ import annotations

from itertools import combinations

from exact_ranks import row_of, tells
from hypothesis import given, settings
from hypothesis import strategies as st

from market.followup.figures import Sums
from market.followup.publishing.open_figures import OpenRow, Part, open_rows

MONTHS, KINDS, SUPPLIERS = (202501, 202502, 202503), ("meat", "roots"), range(6)


def sums(ore: int, local_ore: int, organic_ore: int = 0) -> Sums:
    return Sums(
        lines=1, grams=ore, ore=ore, local_ore=local_ore, local_grams=local_ore, organic_ore=organic_ore, lead_s=86_400
    )  # fmt: skip


@st.composite
def years(draw: st.DrawFn) -> list[Part]:
    """Each supplier sells in a category, or both, all of it local or none or half."""
    made = []
    for supplier in SUPPLIERS:
        kinds = draw(st.sampled_from([("meat",), ("roots",), KINDS]))
        for month in draw(st.sets(st.sampled_from(MONTHS))):
            local = draw(st.sampled_from([0, 50, 100]))
            made += [
                Part(month=month, category_key=kind, producer_id=supplier, sums=sums(100, local))
                for kind in kinds
            ]
    return made


def made(parts: list[Part], *, months: tuple[int, ...] = MONTHS, is_over: bool = True) -> list[OpenRow]:
    return open_rows(parts, year=2025, ended=months, is_over=is_over)


def holds(row: OpenRow, part: Part) -> bool:
    return row.month in (None, part.month % 100) and row.category_key in (None, part.category_key)


@settings(max_examples=40, deadline=None)
@given(years())
def test_amounts_and_shares_together_tell_of_no_two_suppliers(parts: list[Part]) -> None:
    # what is unknown: each supplier's local and other purchases of a category in a month
    unknown = [
        (part, is_local)
        for part in parts
        for is_local in (True, False)
        if (part.sums.local_ore if is_local else part.sums.ore - part.sums.local_ore)
    ]
    published = []
    for row in made(parts):
        own = frozenset(n for n, (part, _) in enumerate(unknown) if holds(row, part))
        if not row.is_protected:
            published.append(row_of(own, len(unknown)))
            if "share_local" not in row.protected:
                published.append(row_of(frozenset(n for n in own if unknown[n][1]), len(unknown)))
    for pair in combinations(SUPPLIERS, 2):
        theirs = [n for n, (part, _) in enumerate(unknown) if part.producer_id in pair]
        secret = [row_of(frozenset({n}), len(unknown)) for n in theirs]
        assert not tells(published, secret)


@settings(max_examples=25, deadline=None)
@given(years())
def test_what_a_month_told_stays_as_it_was(parts: list[Part]) -> None:
    def so_far(count: int) -> list[OpenRow]:
        known = [part for part in parts if part.month in MONTHS[:count]]
        return made(known, months=MONTHS[:count], is_over=False)

    assert so_far(2) == so_far(3)[:2] == made(parts)[:2]


def part(supplier: int, *, month: int = 202501, local: int = 100, kind: str = "meat") -> Part:
    return Part(month=month, category_key=kind, producer_id=supplier, sums=sums(100, local))


def test_a_year_is_told_when_it_is_over() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)]
    assert [row.month for row in made(parts, is_over=False)] == [1, 2, 3]
    year, meat = made(parts)[3:]
    assert (year.month, year.category_key, year.ore, year.suppliers) == (None, None, 300, 3)
    assert meat.category_key == "meat"
    assert meat.values["share_local"] == 100


def test_two_suppliers_are_protected_as_is_what_would_tell_of_them() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)] + [part(supplier, month=202502) for supplier in (1, 2)]
    january, february, march, year, meat = made(parts)
    assert (january.is_protected, january.ore) == (False, 300)
    assert (february.is_protected, february.ore, february.suppliers, february.values) == (True, 0, 0, {})
    assert (march.is_protected, march.ore) == (False, 0)
    assert year.is_protected, "the year less January would be February"
    assert meat.is_protected


def test_a_share_is_kept_where_one_supplier_is_all_the_rest() -> None:
    parts = [part(supplier) for supplier in (1, 2, 3)] + [part(4, local=0)]
    (january, *_) = made(parts)
    assert not january.is_protected
    assert "share_local" in january.protected
    assert "share_local" not in january.values
    assert january.values["share_organic"] == 0


def test_nothing_delivered_is_nought_and_not_secret() -> None:
    row = made([])[0]
    assert (row.is_protected, row.ore, row.values["share_local"]) == (False, 0, None)
