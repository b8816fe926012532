"""How the demo's goods travel beyond its vehicles: Kramfors' own staff to the satellites, contacts and door codes, a closed day.

The telephone numbers are those that the Swedish numbering authority keeps for stories.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.demo.farms import HEBY_GROWER, MEAT_FARM
from market.demo.personas import Cast
from market.fleet.models import Driver
from market.fleet.place_operations import change_settings, close_days, describe_stop
from market.fleet.rules import CanDeliver, CarrierKind, CarrierTerms, ClosedDays, StopTerms
from market.fleet.setting_up import STAFF_NAME, STAFF_SERIES, CarrierWish, Shape
from market.fleet.setting_up_operations import put_carrier
from market.fleet.survey_operations import answer_survey, ask_producers
from market.fleet.survey_rules import Answer
from market.register.models import Authority, Kitchen, Producer
from market.values import local_date

HOUR = 3600
KITCHEN_CAR = Shape(
    capacity_grams=350_000,
    capacity_crates=40,
    is_cold=True,
    weekdays="12345",
    shift_starts_s=7 * HOUR,
    shift_ends_s=15 * HOUR,
    day_ore=0,
    km_ore=350,
    hour_ore=30_000,
    co2e_g_per_km=180,
    emission_source="Antagande: diesel, från tank till hjul",
)
"""The small refrigerated car with which a hub kitchen's staff carries on."""
OWN_STAFF = "2282"
STUDY_DAY = timedelta(days=42)
ASKS = "0360"
ANSWER_TIME = timedelta(days=10)


def add_desk(
    session: Session,
    *,
    authorities: Mapping[str, Authority],
    kitchens: Mapping[str, Kitchen],
    cast: Cast,
    at: datetime,
) -> None:
    """`authorities` by municipality code, `kitchens` by name."""
    _carry_on(session, authorities[OWN_STAFF], kitchens, cast, at)
    for number, kitchen in enumerate(kitchens.values()):
        actor = cast.kitchen(kitchen)
        terms = StopTerms(
            contact_name="Köket",
            contact_phone=f"070-174 06 {5 + number % 90:02d}",
            door_code=f"{1000 + 137 * number % 9000}" if kitchen.hub_id is None else "",
        )
        describe_stop(session, place=kitchen, terms=terms, actor=actor, at=at)
    day = local_date(at) + STUDY_DAY
    for authority in authorities.values():
        closed = ClosedDays(name="Studiedag", first_on=day, last_on=day)
        close_days(session, authority=authority, days=[closed], actor=cast.planner(authority), at=at)


def _carry_on(
    session: Session, authority: Authority, kitchens: Mapping[str, Kitchen], cast: Cast, at: datetime
) -> None:
    """Each hub that has satellites gets a car for its own staff."""
    hubs = {kitchen.hub_id for kitchen in kitchens.values() if kitchen.hub_id is not None}
    own = [one for one in kitchens.values() if one.id in hubs and one.authority_id == authority.id]
    wish = CarrierWish(
        terms=CarrierTerms(kind=CarrierKind.MUNICIPALITY, name=STAFF_NAME),
        vehicles=tuple(KITCHEN_CAR.at_kitchen(one, name=f"{STAFF_SERIES}{one.name}") for one in own),
        series=STAFF_SERIES,
    )
    actor = cast.planner(authority)
    put_carrier(session, authority=authority, wish=wish, actor=actor, at=at)
    change_settings(session, authority=authority, actor=actor, at=at, satellites_by_own_staff=True)


def ask_who_delivers(
    session: Session,
    *,
    authorities: Mapping[str, Authority],
    producers: Mapping[str, Producer],
    cast: Cast,
    at: datetime,
) -> None:
    """Tierp asks two producers; one has answered, the other has ten days left. `producers` by name."""
    authority, asked = authorities[ASKS], [producers[f"{name} (demo)"] for name in (MEAT_FARM, HEBY_GROWER)]
    survey = ask_producers(
        session,
        authority=authority,
        producers=asked,
        question="Kan ni köra själva till köken i Tierp efter årsskiftet?",
        closes_on=local_date(at) + ANSWER_TIME,
        actor=cast.planner(authority),
        at=at,
    )
    answer = Answer(
        can_deliver=CanDeliver.FOR_OTHERS_TOO,
        weekdays="24",
        radius_km=60,
        capacity_grams=900_000,
        has_cold=True,
    )
    (first,) = [one for one in survey.answers if one.producer_id == asked[0].id]
    answer_survey(session, asked=first, answer=answer, actor=cast.producer(asked[0]), at=at)


def drivers_by_carrier(session: Session) -> dict[int, Driver]:
    """The demo's drivers, by the carrier they drive for."""
    return {driver.carrier_id: driver for driver in session.scalars(select(Driver).order_by(Driver.id))}
