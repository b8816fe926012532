"""How long the way to a visit takes, and whether it fits a school day (travel less than half of six hours)."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.points import Point
from geodata.travel import TravelEngine
from market.register.models import Kitchen
from market.visits.models import VisitDay
from market.visits.rules import Journey


def journeys(days: Sequence[VisitDay], *, school: Kitchen, travel: TravelEngine) -> dict[int, Journey]:
    """There and back from the school to each day's site, by the day's id; a place without a road is left out."""
    if not days:
        return {}
    sites = [Point(lat=day.site.lat, lon=day.site.lon) for day in days]
    home = [Point(lat=school.lat, lon=school.lon)]
    there, back = travel.matrix(home, sites), travel.matrix(sites, home)
    return {
        day.id: Journey(
            travel_s=int(there.seconds[0, n]) + int(back.seconds[n, 0]),
            visit_s=day.ends_s - day.starts_s,
            is_estimate=bool(there.estimated[0, n] or back.estimated[n, 0]),
        )
        for n, day in enumerate(days)
        if there.reachable[0, n] and back.reachable[n, 0]
    }
