"""What differs between the chosen setting and each of the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from market.dis.evaluations.trying import Tried


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting against the chosen one: the numbers are how much more, below zero for less."""

    ore: int
    open_lots: int
    hhi: int
    comes: tuple[str, ...]
    goes: tuple[str, ...]


def differences(tried: Sequence[Tried]) -> list[Difference | None]:
    """By setting; None for the chosen one, which is the first, and where either could not be tried."""
    return [None, *(_difference(tried[0], one) for one in tried[1:])] if tried else []


def _difference(chosen: Tried, other: Tried) -> Difference | None:
    if chosen.shares is None or other.shares is None:
        return None
    before = {share.supplier for share in chosen.shares}
    after = {share.supplier for share in other.shares}
    return Difference(
        ore=other.cost_ore - chosen.cost_ore,
        open_lots=_open(other) - _open(chosen),
        hhi=other.hhi - chosen.hhi,
        comes=tuple(sorted(after - before)),
        goes=tuple(sorted(before - after)),
    )


def _open(tried: Tried) -> int:
    return tried.lots - tried.whole_lots
