"""Faults in the prices of the plan as a whole: shares of nobody, of too much, twice."""

from collections import Counter
from collections.abc import Iterable, Iterator

from routing.balance import Balance, Guarantee
from routing.problem import InputError, Vehicle

DEAREST = 2**40
ALL_PER_CENT = 100


def balance_errors(balance: Balance, vehicles: Iterable[Vehicle]) -> Iterator[InputError]:
    """Every fault of the prices and shares."""
    yield from _amount("The balance", "peak_ore_per_hour", balance.peak_ore_per_hour)
    yield from _amount("The balance", "new_face_ore", balance.new_face_ore)
    owners = {vehicle.owner for vehicle in vehicles}
    for guarantee in balance.guarantees:
        yield from _guarantee(guarantee, owners)
    for owner, count in Counter(guarantee.owner for guarantee in balance.guarantees).items():
        if count > 1:
            text = f"{owner!r} is guaranteed {count} shares."
            yield InputError("duplicate_guarantee", text, "Give each owner one share.")
    shares = [guarantee.per_cent for guarantee in balance.guarantees]
    if all(isinstance(share, int) for share in shares) and sum(shares) > ALL_PER_CENT:
        text = f"The guaranteed shares are {sum(shares)} per cent together."
        yield InputError("shares_exceed_all", text, "Give shares that are 100 per cent together at most.")


def _guarantee(guarantee: Guarantee, owners: set[str]) -> Iterator[InputError]:
    where = f"The guarantee of {guarantee.owner!r}"
    yield from _amount(where, "per_cent", guarantee.per_cent, most=ALL_PER_CENT)
    yield from _amount(where, "ore_per_kg", guarantee.ore_per_kg)
    if guarantee.owner not in owners:
        yield InputError(
            "unknown_owner", f"{where} is kept by no vehicle.", "Name a vehicle's owner, or remove it."
        )


def _amount(where: str, name: str, value: object, *, most: int = DEAREST) -> Iterator[InputError]:
    if not isinstance(value, int):
        yield InputError("not_whole", f"{where}: {name} is {value!r}.", "Round it to a whole number.")
    elif not 0 <= value <= most:
        yield InputError("out_of_range", f"{where}: {name} is {value}.", f"Give 0 to {most}.")
