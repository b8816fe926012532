"""Who carries, how goods may travel, and what a vehicle must say of itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from market.register.rules import DAY_S, WindowEndsBeforeItBegins
from market.values import LARGEST, Refused, TooLarge, msg

LONGEST_STOP_S, LONGEST_CRATE_S = 4 * 3600, 3600
MOST_CLOSED_DAYS = 366


class CarrierKind(StrEnum):
    """Who runs vehicles. A producer carries its own goods, and those of others where it says so."""

    MUNICIPALITY = "municipality"
    PRODUCER = "producer"
    HAULIER = "haulier"


class OwnDelivery(StrEnum):
    """Whether producers deliver by themselves."""

    NEVER = "never"
    WHEN_CHEAPER = "when_cheaper"  # the plan takes whichever costs less for the whole
    ALWAYS = "always"


class CanDeliver(StrEnum):
    """A producer's answer to the survey of who can deliver by themselves."""

    BY_ITSELF = "by_itself"
    FOR_OTHERS_TOO = "for_others_too"
    MUST_BE_COLLECTED = "must_be_collected"


class VehicleChangedMeanwhile(Refused):
    message = msg("Någon annan har ändrat fordonet sedan du öppnade sidan. Här är det som det ser ut nu.")


class NoCapacity(Refused):
    message = msg(
        "Fordonet måste kunna lasta något. Skriv hur många kilo och hur många backar som får plats, minst 1."
    )


class NoDrivingDay(Refused):
    message = msg("Välj minst en veckodag som fordonet kan köra.")


class ServiceEndsBeforeItBegins(Refused):
    message = msg("Sista dagen i drift ligger före den första. Ändra en av dem, eller lämna dem tomma.")


class DaysEndBeforeTheyBegin(Refused):
    message = msg("Sista dagen ligger före den första. Ändra en av dem.")


class TooManyClosedDays(Refused):
    message = msg("Längre än ett år går inte att hålla stängt på en gång. Kontrollera årtalen.")


class RoomAdmitsNothing(Refused):
    message = msg("Säg vilken temperatur lastutrymmet är till för: rumstemperatur, kyl eller frys.")


class RoomLargerThanVehicle(Refused):
    message = msg(
        "Ett lastutrymme kan inte ta mer än hela fordonet. Minska utrymmet, eller öka vad fordonet tar."
    )


class CostBelowZero(Refused):
    message = msg("Kostnader och utsläpp kan inte vara mindre än noll.")


class SourceMissing(Refused):
    message = msg(
        "Skriv varifrån utsläppssiffran kommer, till exempel tillverkarens blad eller ett antagande."
    )


class ProducerNotNamed(Refused):
    message = msg("Välj vilken producent som kör, eller välj en annan sorts utförare.")


class ShareOutOfRange(Refused):
    message = msg("Andelen ska vara mellan 0 och 100 procent.")


class ServiceTimeOutOfRange(Refused):
    message = msg("Ett stopp kan ta högst 4 timmar, och en back högst 60 minuter. Skriv kortare tider.")


class SettingOutOfRange(Refused):
    message = msg("Ett av talen är för stort eller för litet. Kontrollera enheterna.")


class AlreadyDrives(Refused):
    message = msg("%(name)s kör redan för den utföraren.")


class NameOfDriverMissing(Refused):
    message = msg(
        "Ingen har den e-postadressen än. Skriv förarens namn och ett lösenord, så får föraren ett konto."
    )


class AccountClosed(Refused):
    message = msg("Kontot med den e-postadressen är avstängt. Be en administratör öppna det igen.")


class CarrierNotInService(Refused):
    message = msg("Utföraren är tagen ur drift. Ta den i drift igen först.")


def check_fits_columns(*numbers: int | None) -> None:
    """Raises TooLarge for what a column of whole grams, öre or pieces can not hold."""
    if any(number is not None and number > LARGEST for number in numbers):
        raise TooLarge


def check_service(from_on: date | None, until_on: date | None) -> None:
    """Half-open; none is no limit. Raises ServiceEndsBeforeItBegins."""
    if from_on is not None and until_on is not None and until_on <= from_on:
        raise ServiceEndsBeforeItBegins


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A compartment: the classes that it admits, and what it holds; None is all that the vehicle holds.

    Raises RoomAdmitsNothing, NoCapacity, TooLarge.
    """

    admits_ambient: bool = False
    admits_chilled: bool = False
    admits_frozen: bool = False
    capacity_grams: int | None = None
    capacity_crates: int | None = None
    capacity_pallets: int | None = None

    def __post_init__(self) -> None:
        if not (self.admits_ambient or self.admits_chilled or self.admits_frozen):
            raise RoomAdmitsNothing
        held = (self.capacity_grams, self.capacity_crates, self.capacity_pallets)
        if any(most is not None and most <= 0 for most in held):
            raise NoCapacity
        check_fits_columns(*held)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleTerms:
    """All that a vehicle says of itself. Weekdays as ISO digits, the shift in seconds after midnight, service half-open.

    Without rooms it carries all classes side by side. Raises NoCapacity, NoDrivingDay, WindowEndsBeforeItBegins,
    ServiceEndsBeforeItBegins, CostBelowZero, SourceMissing, RoomLargerThanVehicle, TooLarge.
    """

    name: str
    home_name: str
    lat: float
    lon: float
    capacity_grams: int
    capacity_crates: int
    capacity_pallets: int | None = None
    returns_home: bool = True
    has_tail_lift: bool = False
    takes_ferry: bool = False
    weekdays: str = "12345"
    shift_starts_s: int
    shift_ends_s: int
    overtime_s: int = 0
    overtime_ore_per_hour: int = 0
    fixed_ore_per_shift: int = 0
    ore_per_km: int = 0
    ore_per_hour: int = 0
    co2e_g_per_km: int = 0
    emission_source: str = ""
    from_on: date | None = None
    until_on: date | None = None
    rooms: tuple[Room, ...] = ()

    def __post_init__(self) -> None:
        self._check_capacity()
        self._check_hours()
        self._check_costs()
        check_service(self.from_on, self.until_on)

    def _check_capacity(self) -> None:
        held = (self.capacity_grams, self.capacity_crates, self.capacity_pallets)
        if any(most is not None and most <= 0 for most in held):
            raise NoCapacity
        check_fits_columns(*held)
        for room in self.rooms:
            parts = (room.capacity_grams, room.capacity_crates, room.capacity_pallets)
            if any(
                part is not None and whole is not None and part > whole
                for part, whole in zip(parts, held, strict=True)
            ):
                raise RoomLargerThanVehicle

    def _check_hours(self) -> None:
        if not self.weekdays or not set(self.weekdays) <= set("1234567"):
            raise NoDrivingDay
        if not 0 <= self.shift_starts_s < self.shift_ends_s <= DAY_S:
            raise WindowEndsBeforeItBegins

    def _check_costs(self) -> None:
        costs = (
            self.fixed_ore_per_shift, self.ore_per_km, self.ore_per_hour, self.co2e_g_per_km, self.overtime_s,
            self.overtime_ore_per_hour,
        )  # fmt: skip
        if any(cost < 0 for cost in costs):
            raise CostBelowZero
        check_fits_columns(*costs)
        if self.co2e_g_per_km and not self.emission_source.strip():
            raise SourceMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a carrier asks for a vehicle and day, a kilometre and an hour. Raises CostBelowZero, TooLarge."""

    ore_per_day: int
    ore_per_km: int
    ore_per_hour: int

    def __post_init__(self) -> None:
        prices = (self.ore_per_day, self.ore_per_km, self.ore_per_hour)
        if any(price < 0 for price in prices):
            raise CostBelowZero
        check_fits_columns(*prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierTerms:
    """Who drives, and on which terms; `producer_id` for a producer and nobody else.

    Raises ProducerNotNamed, ServiceEndsBeforeItBegins, ShareOutOfRange, CostBelowZero, TooLarge.
    """

    kind: CarrierKind
    name: str
    producer_id: int | None = None
    carries_for_others: bool = True
    is_paid_with_goods: bool = False
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    from_on: date | None = None
    until_on: date | None = None
    tariff: Tariff | None = None
    minimum_share_percent: int = 0
    short_ore_per_kg: int = 0

    def __post_init__(self) -> None:
        if (self.kind is CarrierKind.PRODUCER) != (self.producer_id is not None):
            raise ProducerNotNamed
        check_service(self.from_on, self.until_on)
        if not 0 <= self.minimum_share_percent <= 100:
            raise ShareOutOfRange
        if self.short_ore_per_kg < 0:
            raise CostBelowZero
        check_fits_columns(self.short_ore_per_kg)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDays:
    """First and last included. Raises DaysEndBeforeTheyBegin, TooManyClosedDays."""

    name: str
    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise DaysEndBeforeTheyBegin
        if (self.last_on - self.first_on).days > MOST_CLOSED_DAYS:
            raise TooManyClosedDays


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTerms:
    """What a driver needs to know of a place; times None are the authority's. Raises ServiceTimeOutOfRange."""

    stop_s: int | None = None
    seconds_per_crate: int | None = None
    needs_tail_lift: bool = False
    needs_ferry: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    door_code: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        check_service_times(self.stop_s, self.seconds_per_crate)


def check_service_times(stop_s: int | None, seconds_per_crate: int | None) -> None:
    """Raises ServiceTimeOutOfRange."""
    if not 0 <= (stop_s or 0) <= LONGEST_STOP_S or not 0 <= (seconds_per_crate or 0) <= LONGEST_CRATE_S:
        raise ServiceTimeOutOfRange
