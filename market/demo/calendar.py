"""When things happen in the demo: everything is counted from one given instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from market.values import Week, local_date, wall_clock

OFFER_WEEKS = (-1, 0, 1, 2)
"""The weeks with offers, counted from the demo week."""
MOST_DELIVERY_DAYS = 2
"""Few days with full vehicles."""
LEAD = timedelta(hours=26)
"""Offers of weeks to come are this old at least, so that the orders from them are placed later and yet before now."""


def demo_week(at: datetime) -> Week:
    """The week that the demo is about: the ISO week of the next working day after tomorrow.

    Monday to Wednesday that is the running week, from Thursday the next one, so that there are always deliveries ahead.
    """
    day = local_date(at) + timedelta(days=2)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return Week.containing(day)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The demo's dates. Weeks are counted from the demo week: -1 the one before, 1 the one after."""

    at: datetime

    @property
    def today(self) -> date:
        return local_date(self.at)

    def week(self, shift: int) -> Week:
        return demo_week(self.at).shifted(shift)

    @property
    def latest_working_day(self) -> date:
        """Today, or the Friday before a weekend: the goods of that day wait to be received."""
        return self.today - timedelta(days=max(0, self.today.isoweekday() - 5))

    def past_days(self) -> tuple[date, ...]:
        """The working days of the week before the demo week that goods have been received on."""
        return tuple(day for day in self.week(-1).days[:5] if day < self.latest_working_day)

    def coming_days(self, shift: int) -> tuple[date, ...]:
        """The two delivery days, both after today, of the demo week (0) or a later one."""
        days = [day for day in self.week(shift).days[:5] if day > self.today]
        return tuple(days[:MOST_DELIVERY_DAYS])

    def posted_at(self, shift: int, number: int) -> datetime:
        """Producers post on the Thursday before the week, some minutes apart, or earlier where that is yet to come."""
        thursday = wall_clock(self.week(shift).monday - timedelta(days=4), 8 * 3600)
        return min(thursday, self.at - LEAD) + timedelta(minutes=number)

    def placed_at(self, shift: int, number: int) -> datetime:
        """Kitchens order on the Friday before the week, or in the last hours where that is yet to come."""
        friday = wall_clock(self.week(shift).monday - timedelta(days=3), 9 * 3600)
        return min(friday, self.at - timedelta(hours=6)) + timedelta(minutes=number)

    def waiting_since(self, number: int) -> datetime:
        """What still waits for an answer was proposed in the last hours: older proposals have expired."""
        return self.at - timedelta(hours=6) + timedelta(minutes=number)

    def answered_at(self, shift: int, number: int) -> datetime:
        """Producers answer a proposed price two and a half hours after the order."""
        return self.placed_at(shift, number) + timedelta(hours=2, minutes=30)

    def received_at(self, day: date, number: int) -> datetime:
        return wall_clock(day, 8 * 3600) + timedelta(minutes=number)
