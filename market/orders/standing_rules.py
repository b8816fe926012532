"""Standing orders: which day next, which of the open offers, and why not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from market.values import Quantity, Refused, Week, msg


class StandingState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class StandingEvent(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


STANDING_TRANSITIONS = {
    (StandingState.ACTIVE, StandingEvent.PAUSE): StandingState.PAUSED,
    (StandingState.PAUSED, StandingEvent.RESUME): StandingState.ACTIVE,
    (StandingState.ACTIVE, StandingEvent.END): StandingState.ENDED,
    (StandingState.PAUSED, StandingEvent.END): StandingState.ENDED,
}


class WhyNot(StrEnum):
    """Why a week's order could not be made."""

    NO_OFFER = "no_offer"
    NOT_ENOUGH = "not_enough"
    PRICE_ABOVE = "price_above"
    NO_PRICE = "no_price"
    PACKAGES = "packages"
    KITCHEN_CLOSED = "kitchen_closed"
    LIMIT_REACHED = "limit_reached"
    REFUSED = "refused"


class StandingChanged(Refused):
    message = msg("Det går inte längre: den stående beställningen har ändrats. Ladda om och se hur den står.")


class EndsBeforeItBegins(Refused):
    message = msg("Slutdatumet har redan varit. Välj en senare dag, eller lämna det tomt.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """An open offer as a standing order sees it. `price` None: by agreement."""

    offer_id: int
    left: int
    package_steps: int | None
    price: Decimal | None


def standing_state_after(state: StandingState, event: StandingEvent) -> StandingState:
    try:
        return STANDING_TRANSITIONS[state, event]
    except KeyError:
        raise StandingChanged from None


def standing_day(week: Week, *, weekday: int) -> date:
    """The delivery day in an ISO week, also in week 53; `weekday` is 1 for Monday."""
    return week.monday + timedelta(days=weekday - 1)


def choose(supplies: Sequence[Supply], *, quantity: Quantity, highest: Decimal | None) -> Supply | WhyNot:
    """The cheapest offer that has enough at a price within bounds; else what is in the way, the nearest miss first.

    An offer whose price is by agreement is taken at the highest price, as a proposal; without one it can not be.
    """
    if not supplies:
        return WhyNot.NO_OFFER
    enough = [s for s in supplies if s.left >= quantity.steps]
    if not enough:
        return WhyNot.NOT_ENOUGH
    whole = [s for s in enough if not s.package_steps or quantity.steps % s.package_steps == 0]
    if not whole:
        return WhyNot.PACKAGES
    priced = [(s.price if s.price is not None else highest, s) for s in whole]
    known = [(price, s) for price, s in priced if price is not None]
    if not known:
        return WhyNot.NO_PRICE
    within = [(price, s.offer_id, s) for price, s in known if highest is None or price <= highest]
    if not within:
        return WhyNot.PRICE_ABOVE
    return min(within, key=lambda entry: entry[:2])[2]
