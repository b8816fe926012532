"""What stands behind the addresses of limits and of vehicles."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from factories import AT, HOUR, MONDAY, Cast
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.direct.models import AwardDocument
from market.direct.operations import add_carve_out
from market.direct.rules import Measure
from market.fleet.driver_operations import add_driver
from market.fleet.models import Carrier, Vehicle
from market.fleet.place_operations import close_days
from market.fleet.rules import CanDeliver, CarrierKind, ClosedDays
from market.fleet.survey_operations import answer_survey, ask_producers
from market.fleet.survey_rules import Answer
from market.followup.operations import add_goal
from market.followup.preparedness.operations import save_scenario, store_outcome
from market.followup.preparedness.outcome import Outcome
from market.followup.preparedness.rules import Assumptions
from market.law.models import LawValue
from market.limits.models import Award
from market.limits.officer_operations import lift_block, record_purchase, save_kind
from market.limits.rules import LiftGround
from market.register.models import Category


def make_limits(session: Session, cast: Cast) -> dict[str, int]:
    """A purchase made elsewhere with its file, a kept version of it, a grouping, a lift and a carve-out."""
    officer, authority = cast.actor("procurement_officer"), cast.authority
    entry = record_purchase(
        session, authority=authority, category_key="fish", supplier_name="Fiskbilen", ore=15_000_000, on=MONDAY,
        reason="Torget", although_over=False, request_key="elsewhere", actor=officer, at=AT,
    )  # fmt: skip
    kind = save_kind(
        session,
        authority=authority,
        kind=None,
        name="Bröd och mjöl",
        categories=["bread"],
        actor=officer,
        at=AT,
    )
    lift = lift_block(
        session, authority=authority, kind_key="fish", ground=LiftGround.URGENCY, extra_ore=100, last_day=MONDAY,
        reason="Frysen gick sönder i natt.", request_key="lift", actor=officer, at=AT,
    )  # fmt: skip
    carve_out = add_carve_out(
        session, authority=authority, category=session.get_one(Category, "fish"), contract="Grossist",
        measure=Measure.MONEY, total=1_000_000, share=Decimal(5), valid_from=MONDAY,
        valid_until=MONDAY + timedelta(days=30), actor=officer, at=AT,
    )  # fmt: skip
    award = session.scalars(select(Award)).one()
    kept = AwardDocument(
        award_id=award.id, version=1, value_ore=1, contract_on=MONDAY, keep_until=MONDAY, sha256="0" * 64,
        pdf=b"%PDF", completed_at=AT, completed_by_id=officer.user_id,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return {
        "entry_id": entry.id,
        "kind_id": kind.id,
        "lift_id": lift.id,
        "carve_out_id": carve_out.id,
        "award_id": award.id,
        "version": kept.version,
        "value_id": session.scalars(select(LawValue.id)).first() or 0,
    }


def make_survey(session: Session, cast: Cast) -> dict[str, int]:
    """A producer that has been asked whether it can deliver, and can; and the name of a way to set up."""
    survey = ask_producers(
        session, authority=cast.authority, producers=[cast.producer], question="Kan ni köra?",
        closes_on=MONDAY + timedelta(days=20), actor=cast.actor("logistics_planner"), at=AT,
    )  # fmt: skip
    answer = Answer(can_deliver=CanDeliver.BY_ITSELF, weekdays="135", capacity_grams=400_000)
    producer = cast.actor("producer")
    answer_survey(session, asked=survey.answers[0], answer=answer, actor=producer, at=AT)
    return {"survey_id": survey.id, "answer_id": survey.answers[0].id}


def make_vehicle(authority_id: int) -> Vehicle:
    return Vehicle(
        authority_id=authority_id,
        name="Kylbilen",
        carrier=Carrier(authority_id=authority_id, kind=CarrierKind.MUNICIPALITY, name="Kommunen"),
        home_name="Förrådet",
        lat=59.76,
        lon=18.70,
        capacity_grams=900_000,
        capacity_crates=80,
        weekdays="12345",
        shift_starts_s=6 * HOUR,
        shift_ends_s=15 * HOUR,
        fixed_ore_per_shift=20_000,
        ore_per_km=400,
        ore_per_hour=30_000,
        co2e_g_per_km=210,
    )


def fleet_ids(session: Session, cast: Cast, vehicle: Vehicle) -> dict[str, int]:
    """The vehicle's carrier, one who drives it, and a closed day."""
    planner = cast.actor("logistics_planner")
    session.flush()
    driver = add_driver(session, carrier=vehicle.carrier, email="driver@example.se", actor=planner, at=AT)
    days = [ClosedDays(name="Studiedag", first_on=MONDAY, last_on=MONDAY)]
    [closing] = close_days(session, authority=cast.authority, days=days, actor=planner, at=AT)
    return {
        "vehicle_id": vehicle.id,
        "carrier_id": vehicle.carrier_id,
        "driver_id": driver.id,
        "period_id": closing.id,
    }


def goal_ids(session: Session, cast: Cast) -> dict[str, int]:
    """A goal of the authority."""
    goal = add_goal(
        session, authority=cast.authority, figure="share_local", category_key=None, target=Decimal(40),
        valid_from=MONDAY.replace(month=1, day=1), last_day=None, decided="", actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip
    return {"goal_id": goal.id}


def scenario_ids(session: Session, cast: Cast) -> dict[str, int]:
    """A scenario of preparedness, worked out to nothing."""
    scenario = save_scenario(
        session, actor=cast.actor("meal_manager"), name="Bron är stängd", supposed=Assumptions(days=7), based_on=None,
        request_key="scenario", at=AT,
    )  # fmt: skip
    nothing = Outcome(
        starts_on=MONDAY, days=7, meal_grams=600, meals_needed=0, distance_m=0, duration_s=0, travel_engine="none",
        vehicles=0, is_whole=True, categories=(), sources=(), kitchens=(), tours=(), left=(), points=(), untried={},
    )  # fmt: skip
    store_outcome(
        session, scenario_id=scenario.id, outcome=nothing, fingerprint="0" * 64,
        user_id=cast.actor("meal_manager").user_id, at=AT,
    )  # fmt: skip
    return {"scenario_id": scenario.id}
