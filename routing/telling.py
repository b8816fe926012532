"""Explanations in plain English, for the command line."""

from collections.abc import Iterator

from routing.changes import Change, Kind
from routing.explain import FITS, NOTHING_HELPS, PRICE, WAITS, Explanation, Option

BECAUSE = {
    FITS: "there is room for it; a longer search would have found it.",
    WAITS: "it waits for goods that are left out themselves.",
    NOTHING_HELPS: "no small change would serve it.",
    PRICE: "serving it costs more than its price for leaving it out.",
}

TEXTS = {
    Kind.STOP_OPENS_EARLIER: "{where} opens {minutes} min earlier",
    Kind.STOP_CLOSES_LATER: "{where} closes {minutes} min later",
    Kind.PICKUP_EARLIER: "{where} can be picked up {minutes} min earlier",
    Kind.PICKUP_LATER: "{where} can be picked up {minutes} min later",
    Kind.DELIVERY_EARLIER: "{where} can be delivered {minutes} min earlier",
    Kind.DELIVERY_LATER: "{where} can be delivered {minutes} min later",
    Kind.GRAMS: "{where} holds {kilograms} kg more",
    Kind.CRATES: "{where} holds {amount} crates more",
    Kind.PALLETS: "{where} holds {amount} pallet places more",
    Kind.SHIFT_STARTS_EARLIER: "{where} starts {minutes} min earlier in shift {shift}",
    Kind.SHIFT_ENDS_LATER: "{where} ends {minutes} min later in shift {shift}",
    Kind.DRIVING: "{where} may drive {minutes} min more",
    Kind.DISTANCE: "{where} may drive {kilometres} km more",
    Kind.SKILLS: "{where} gets {names}",
    Kind.FORBIDDEN_STOPS: "{where} may go to {names}",
    Kind.OWNERS: "{where} carries the goods of {names} too",
    Kind.COMPARTMENT: "the first compartment of {where} takes {names} goods too",
    Kind.LOCKS: "the locks of {where} are lifted",
    Kind.BAN: "{names} may carry {where}",
    Kind.APART: "{where} may ride with any other goods",
    Kind.STOP_ORDERS: "{where} may visit its stops in any order in shift {shift}",
    Kind.FIXED_ROUTE: "the fixed route of {where} in shift {shift} is open again",
    Kind.PRICE: "leaving out {where} costs {kronor} kr more",
    Kind.DAY: "move {where} to a day {minutes} min later",
}


def told(explanation: Explanation) -> Iterator[str]:
    """One line that says what binds, one for each way out."""
    yield f"{explanation.shipment}: {BECAUSE.get(explanation.code, 'any one of these would serve it.')}"
    for option in explanation.options:
        yield f"  {_option(option)}"


def sentence(change: Change) -> str:
    """What would have to be changed."""
    return TEXTS[change.kind].format(
        where=change.where,
        amount=change.amount,
        minutes=change.amount // 60,
        kilograms=change.amount // 1000,
        kilometres=change.amount // 1000,
        kronor=f"{change.amount / 100:.2f}",
        shift=change.shift,
        names=", ".join(change.names),
    )


def _option(option: Option) -> str:
    changes = ", and ".join(sentence(change) for change in option.changes) or "as it is"
    return f"{changes}: then {option.vehicle} takes it in shift {option.shift}, for {option.price_ore / 100:.2f} kr"
