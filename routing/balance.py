"""Prices of the plan as a whole: what no route can know alone.

Each is paid once for the whole plan and stands in ``Totals.balance_ore``, beside ``cost_ore`` and ``skip_ore``: a plan
costs the sum of the three. All are whole numbers; each of the prices below is rounded once, half up, and no price
is below 0.

Even load over days
    A route's day is the number of whole days (86 400 s) from the horizon's start to the start of its shift. A day's
    load is the sum of ``duration_s`` of its routes, of all vehicles together. The busiest day's load is paid at
    ``peak_ore_per_hour``: half up of ``peak_ore_per_hour`` x seconds / 3600.
The same driver at the same hub
    A vehicle comes with its driver. At each stop where anything is delivered, every vehicle (not route) beyond the
    first that delivers there, on whatever day, is a new face and costs ``new_face_ore``.
A haulier's minimum share
    ``Guarantee``: of all grams that the plan delivers, those delivered by vehicles of this ``owner`` should be at least
    ``per_cent``. What they are short of it is ``per_cent`` x all grams - 100 x their grams, in hundredths of a gram; it is
    paid at ``ore_per_kg``: half up of ``ore_per_kg`` x hundredths / 100 000, or nothing when they are not short.
"""

from dataclasses import dataclass

DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What a haulier was promised: vehicles of this owner carry at least ``per_cent`` of what is delivered.

    Each kg short of it costs ``ore_per_kg``, as contracts with a minimum do.
    """

    owner: str
    per_cent: int
    ore_per_kg: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Prices that couple routes; see the module. 0, or no guarantee, is no such price."""

    peak_ore_per_hour: int = 0
    new_face_ore: int = 0
    guarantees: tuple[Guarantee, ...] = ()


NO_BALANCE = Balance()
