"""Nothing that two suppliers or fewer stand for can be worked out from what is let out, however it is added and subtracted."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

from exact_ranks import row_of, tells
from hypothesis import given, settings
from hypothesis import strategies as st

from market.followup.publishing.privacy import Cell, Ledger, Suppliers, let_out


def released(pieces: tuple[Suppliers, ...], cells: tuple[Cell, ...]) -> tuple[bool, ...]:
    """For each cell, the places of its pieces in `pieces`, whether its figure may leave, those before it having been asked first."""
    ledger = Ledger(pieces)
    return tuple(let_out([[(ledger, cell)] for cell in cells]))


def grid(months: int, kinds: int) -> tuple[frozenset[int], ...]:
    """The whole, each month, each category, each cell, as places in months x categories."""
    cells = [frozenset(range(months * kinds))]
    cells += [frozenset(range(m * kinds, (m + 1) * kinds)) for m in range(months)]
    cells += [frozenset(range(k, months * kinds, kinds)) for k in range(kinds)]
    return (*cells, *(frozenset({m * kinds + k}) for m, k in product(range(months), range(kinds))))


suppliers = st.frozensets(st.integers(0, 6), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(suppliers, min_size=9, max_size=9), st.randoms(use_true_random=False))
def test_no_way_of_adding_and_subtracting_tells_of_two_suppliers(
    found: list[frozenset[int]], random: Random
) -> None:
    there = [place for place, who in enumerate(found) if who]  # what nobody delivered is no piece
    pieces = tuple(found[place] for place in there)
    cells = [frozenset(n for n, place in enumerate(there) if place in cell) for cell in grid(3, 3)]
    random.shuffle(cells)
    out = released(pieces, tuple(cells))

    length = len(pieces)
    published = [row_of(cell, length) for cell, is_out in zip(cells, out, strict=True) if is_out]
    for pair in combinations(range(7), 2):
        own = [row_of(frozenset({n}), length) for n, who in enumerate(pieces) if who <= set(pair)]
        assert not tells(published, own)


def test_one_hidden_cell_is_not_left_alone_under_its_total() -> None:
    one, many = frozenset({1}), frozenset({2, 3, 4})
    cells = (frozenset({0, 1, 2}), frozenset({0}), frozenset({1}), frozenset({2}))
    assert released((one, many, many), cells) == (True, False, True, False)


def test_two_hidden_cells_of_the_same_supplier_hide_nothing() -> None:
    one, many = frozenset({1}), frozenset({2, 3, 4})
    cells = (frozenset({0, 1, 2, 3}), frozenset({2}), frozenset({3}))
    assert released((one, one, many, many), cells) == (True, True, False)


def test_the_order_decides_and_what_comes_later_changes_nothing_before() -> None:
    pieces = (frozenset({1}), frozenset({2, 3, 4}), frozenset({1, 2, 3}))
    cells = (frozenset({1}), frozenset({0, 1}), frozenset({2}))
    assert released(pieces, cells) == (True, False, True)
    assert released((*pieces, frozenset({1})), (*cells, frozenset({3, 0}))) == (True, False, True, False)


def test_a_supplier_is_looked_at_with_the_one_it_shares_a_piece_with() -> None:
    """The second sum less the first is what 1 and 2 delivered."""
    pieces = (frozenset({1}), frozenset({3}), frozenset({4}), frozenset({1, 2}))
    assert released(pieces, (frozenset({1, 2, 3}), frozenset({0, 1, 2}))) == (True, False)


def test_a_piece_of_nobody_hides_none() -> None:
    one, many, nobody = frozenset({1}), frozenset({2, 3, 4}), frozenset[int]()
    cells = (frozenset({0, 1, 2}), frozenset({1}), frozenset({2}))
    assert released((nobody, many, many), cells[:2]) == (True, True)
    assert released((nobody, one, many), (cells[0], cells[2])) == (True, False)
    assert released((nobody, many, many), cells) == (True, True, False), "what is left is nobody's"


def test_nought_may_leave() -> None:
    assert released((frozenset({1}),), (frozenset(),)) == (True,)
