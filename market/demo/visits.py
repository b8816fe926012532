"""Study visits in the demo: farms that receive classes, and one class that has booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from market.demo.calendar import Calendar
from market.demo.farms import MEAT_FARM, VEGETABLE_GROWER
from market.demo.personas import SCHOOL_KITCHEN, Cast
from market.register.models import Kitchen, Producer
from market.visits.models import VisitDay
from market.visits.operations import SchoolClass, book_day, offer_day
from market.visits.rules import VisitTerms

HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSpec:
    """A visit that a farm offers: `weeks` from the demo week, and the weekday (1 is Monday)."""

    farm: str
    weeks: int
    weekday: int
    starts_s: int
    hours: int
    most_pupils: int
    ages: str
    about: str
    languages: str = "svenska, engelska"
    note: str = ""


VISITS = (
    VisitSpec(
        farm=VEGETABLE_GROWER,
        weeks=1,
        weekday=3,
        starts_s=9 * HOUR + 1800,
        hours=2,
        most_pupils=28,
        ages="förskoleklass till årskurs 3",
        about="Vi skördar det som jorden ger just då, tvättar det och smakar. Sedan ser vi var det lagras över vintern.",
        note="Stövlar och oömma kläder. Toalett finns. Bussen vänder på gårdsplanen.",
    ),
    VisitSpec(
        farm=VEGETABLE_GROWER,
        weeks=2,
        weekday=4,
        starts_s=9 * HOUR + 1800,
        hours=2,
        most_pupils=28,
        ages="årskurs 4–6",
        about="Från frö till matsal: sådd, växtföljd och vad som händer med maten på vägen till skolan.",
        note="Stövlar och oömma kläder. Toalett finns.",
    ),
    VisitSpec(
        farm=MEAT_FARM,
        weeks=2,
        weekday=2,
        starts_s=10 * HOUR,
        hours=2,
        most_pupils=25,
        ages="årskurs 3–9",
        about="Kalvarna, betet och vad en ko äter. Vi går ut till djuren i små grupper.",
        languages="svenska",
        note="Säg till om någon är allergisk mot pälsdjur.",
    ),
)


def add_visits(
    session: Session, *, cast: Cast, producers: Mapping[str, Producer], calendar: Calendar, at: datetime
) -> list[VisitDay]:
    """The days, as the farms have offered them."""
    days = []
    for number, spec in enumerate(VISITS):
        producer = next(one for name, one in producers.items() if name.startswith(spec.farm))
        days.append(
            offer_day(
                session,
                site=producer.sites[0],
                terms=_terms(spec, calendar),
                request_key=f"demo-visit-{number}",
                actor=cast.producer(producer),
                at=at,
            )
        )
    return days


def book_visit(
    session: Session, *, cast: Cast, kitchens: Mapping[str, Kitchen], day: VisitDay, at: datetime
) -> None:
    """A class of the persona's school comes."""
    school = kitchens[SCHOOL_KITCHEN]
    book_day(
        session,
        day=day,
        kitchen=school,
        school_class=SchoolClass(
            name="2 A",
            pupils=24,
            contact_name="Elin Norberg",
            contact_phone="070-174 06 05",
            note="Två åker rullstol.",
        ),
        request_key="demo-visit-booking",
        actor=cast.kitchen(school),
        at=at,
    )


def _terms(spec: VisitSpec, calendar: Calendar) -> VisitTerms:
    return VisitTerms(
        day=calendar.week(spec.weeks).monday + timedelta(days=spec.weekday - 1),
        starts_s=spec.starts_s,
        ends_s=spec.starts_s + spec.hours * HOUR,
        most_pupils=spec.most_pupils,
        ages=spec.ages,
        about=spec.about,
        languages=spec.languages,
        note=spec.note,
    )
