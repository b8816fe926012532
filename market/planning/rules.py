"""What a week's plan takes in, the life of a plan, and the words for what could not be driven. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from market.orders.rules import OrderState
from market.values import Package, Period, Refused, Week, msg


class LoadKind(StrEnum):
    PICKUP = "pickup"
    DELIVERY = "delivery"


class Leg(StrEnum):
    """In: to the receiving kitchen. Onward: from that hub to the satellite that ordered."""

    IN = "in"
    ONWARD = "onward"


class RevisionKind(StrEnum):
    """What a change by hand was."""

    MADE = "made"
    MOVED = "moved"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    RELAXED = "relaxed"  # a rule gave way: a window widened, room added
    REPLANNED = "replanned"
    INSERTED = "inserted"
    DISRUPTED = "disrupted"  # a vehicle, road or hub was taken away, and the rest planned again
    UNDONE = "undone"


class PlanState(StrEnum):
    """Draft: to look at and compare. Published: what drivers, kitchens and producers go by."""

    DRAFT = "draft"
    PUBLISHED = "published"


class PlanEvent(StrEnum):
    MAKE = "make"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[PlanState | None, PlanEvent], PlanState] = MappingProxyType(
    {
        (None, PlanEvent.MAKE): PlanState.DRAFT,
        (PlanState.DRAFT, PlanEvent.PUBLISH): PlanState.PUBLISHED,
        (PlanState.PUBLISHED, PlanEvent.WITHDRAW): PlanState.DRAFT,
    }
)


class NothingToPlan(Refused):
    message = msg(
        "Det finns inga överenskomna beställningar att köra den veckan. Planera när köken har beställt."
    )


class NoVehicles(Refused):
    message = msg("Inget fordon kör de dagar som har beställningar. Lägg till ett fordon, eller fler dagar.")


class WeekHasPassed(Refused):
    message = msg("Veckan har redan varit. Välj den här veckan eller en kommande.")


class InputsChanged(Refused):
    message = msg(
        "Beställningar, tider eller fordon ändrades medan planen räknades fram, så den sparades inte. "
        "Planera en gång till."
    )


class PlanNotSound(Refused):
    message = msg(
        "Den framräknade planen höll inte vid kontrollen och sparades inte. "
        "Planera en gång till, och anmäl felet om det händer igen (%(fault)s)."
    )


class SharesExceedAll(Refused):
    message = msg(
        "De andelar som åkarna är lovade är tillsammans mer än 100 procent. Sänk någon av dem och planera igen."
    )


class InputsContradict(Refused):
    message = msg(
        "Uppgifterna går inte ihop, så veckan gick inte att planera (%(fault)s). "
        "Se över fordonens utrymmen och platsernas tider, och planera igen."
    )


class PublishedPlanStands(Refused):
    message = msg(
        "Planen är publicerad och ändras inte. Gör ett utkast av den, ändra där, och publicera utkastet."
    )


class NothingToUndo(Refused):
    message = msg("Det finns ingen ändring att ångra.")


class PlanChangedMeanwhile(Refused):
    message = msg("Det går inte längre: planen har ändrats sedan sidan visades. Ladda om sidan.")


def state_after(state: PlanState | None, event: PlanEvent) -> PlanState:
    """The state that `event` leads to. Raises PlanChangedMeanwhile where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise PlanChangedMeanwhile from None


def possible_events(state: PlanState) -> frozenset[PlanEvent]:
    """What can happen to a plan in `state`: the source of the buttons."""
    return frozenset(event for (before, event) in TRANSITIONS if before is state)


PLANNED_STATE = OrderState.AGREED
"""Only what buyer and producer have agreed on is driven."""
STILL_DRIVEN = frozenset({OrderState.AGREED, OrderState.RECEIVED})
"""A planned order in another state has been given up since."""


def days_to_plan(week: Week, *, today: date) -> Period:
    """The days of the week that can still be driven. Raises WeekHasPassed when there are none."""
    if week.period.end <= today:
        raise WeekHasPassed
    return Period(max(week.period.start, today), week.period.end)


STOP_S = 600
"""Ten minutes per stop for yard, doors and papers, whatever is handled there."""
SECONDS_PER_CRATE = 30
"""Half a minute to load or unload a crate by hand."""
LAST_START_S = STOP_S
"""The last work at a place starts so long before it closes, so that nobody stays late for the vehicle."""
MAX_DRIVE_S = 9 * 3600
"""A driver's day: nine hours of driving (regulation (EC) 561/2006, article 6; vans follow it here too)."""

ALL_PERCENT = 100
UNPAID_KM_ORE, UNPAID_HOUR_ORE = 400, 30_000
"""What driving weighs in a plan where some carrier is paid with the goods: a light van's kilometre and a driver's hour."""

CRATES_PER_PACKAGE: Mapping[Package, int] = MappingProxyType(
    {Package.BOX: 1, Package.CRATE: 1, Package.BAG: 1, Package.PALLET: 32}
)
"""Room in crates of 60 x 40 cm: four to a layer on a EUR pallet, eight layers high."""
GRAMS_PER_CRATE = 10_000
"""Where no package is stated: a crate for every 10 kg begun."""


def crates_for(*, steps: int, grams: int, package: Package | None, package_steps: int | None) -> int:
    """How many crates of room an order line takes; from its packages, else from its weight."""
    if package is None or package_steps is None:
        return -(-grams // GRAMS_PER_CRATE)
    return -(-steps // package_steps) * CRATES_PER_PACKAGE[package]


def pallets_for(*, steps: int, package: Package | None, package_steps: int | None) -> int:
    """How many pallet places an order line takes: none unless it comes on pallets."""
    if package is not Package.PALLET or package_steps is None:
        return 0
    return -(-steps // package_steps)


SITE_CLOSED = "site_closed_that_day"
KITCHEN_CLOSED = "kitchen_closed_that_day"
HUB_CLOSED = "hub_closed_that_day"
LEAD_TIME = "lead_time_too_short"
NO_STAFF = "no_staff_at_hub"
NO_OWN_VEHICLE = "no_own_vehicle"

REASONS: Mapping[str, str] = MappingProxyType(
    {
        SITE_CLOSED: msg(
            "Hämtningsplatsen har inga hämtningstider den dagen. Be producenten lägga till en tid, eller byt dag."
        ),
        KITCHEN_CLOSED: msg(
            "Köket tar inte emot varor den dagen. Be köket lägga till en tid, eller byt dag."
        ),
        HUB_CLOSED: msg(
            "Mottagningsköket är stängt den dag varorna ska vidare. Be köket lägga till en tid, eller byt dag."
        ),
        LEAD_TIME: msg(
            "Beställningen gjordes för nära leveransen. Byt till en senare dag, eller korta ledtiden i transportinställningarna."
        ),
        NO_STAFF: msg(
            "Ingen personal kör vidare från mottagningsköket den dagen. Lägg till kökets bil i transportinställningarna."
        ),
        NO_OWN_VEHICLE: msg(
            "Producenten ska köra själv, men har inget fordon den dagen. Lägg till producentens fordon, eller låt någon annan köra."
        ),
        "no_vehicle": msg("Inget fordon kör den dagen. Lägg till ett fordon eller en kördag."),
        "never_open": msg(
            "Tiderna på platsen går inte ihop med leveransdagen. Ändra tiderna, eller byt dag."
        ),
        "too_heavy": msg(
            "Godset är för tungt eller tar för stor plats för fordonen. Dela beställningen, eller ta ett större fordon."
        ),
        "forbidden_place": msg(
            "Inget fordon som hinner får köra till platsen. Välj ett annat fordon, eller ett annat ställe att mötas."
        ),
        "needs_skill": msg(
            "Inget fordon som hinner har den utrustning som behövs, till exempel bakgavellyft. Lägg till ett som har det."
        ),
        "other_owner": msg(
            "De fordon som hinner kör bara andras varor. Lägg till ett fordon, eller fråga om samlastning."
        ),
        "no_compartment": msg(
            "Inget fordon som hinner har rätt temperatur för varorna. Ta ett fordon med kyla eller frys."
        ),
        "locked_out": msg("Beställningen är låst till ett fordon eller en dag som inte går. Lås upp den."),
        "forbidden_pair": msg(
            "De fordon som hinner får inte ta beställningen. Tillåt något av dem, eller lägg till ett."
        ),
        "fixed_route": msg(
            "De fordon som hinner kör en bestämd rutt utan beställningen. Lås upp rutten, eller lägg till ett fordon."
        ),
        "stop_order": msg(
            "De fordon som hinner ska besöka platserna i omvänd ordning. Ändra ordningen, eller lägg till ett fordon."
        ),
        "waits_for_another": msg(
            "Varorna väntar på andra varor som inte kommer med i planen. Få med dem först, så kan de här skickas vidare."
        ),
        "no_shift_meets_windows": msg(
            "Inget fordons arbetstid passar tiderna för hämtning och leverans. Ändra arbetstiden eller tiderna."
        ),
        "too_far_for_a_shift": msg(
            "Det är för långt att köra fram och tillbaka på en arbetsdag. Välj ett fordon närmare, eller längre arbetstid."
        ),
        "dearer_than_skipping": msg("Det kostade mer att köra än det var värt i den här planen."),
        "capacity_taken": msg(
            "Fordonens tid eller plats är fullt utnyttjad den dagen. Lägg till ett fordon, eller byt dag."
        ),
    }
)
OTHER_REASON = msg(
    "Det gick inte att få plats med beställningen i planen. Byt dag, eller lägg till ett fordon."
)


def reason_text(code: str) -> str:
    """The Swedish text for a reason code, saying what would help; to be translated where it is shown."""
    return REASONS.get(code, OTHER_REASON)
