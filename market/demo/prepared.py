"""The demo's scenarios of preparedness: one worked out as its page would, and one left for whoever presses the button; a simulation is asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from geodata.travel import Estimator
from market.access import actor_for
from market.accounts.models import Membership
from market.accounts.rules import Role
from market.actors import Actor
from market.db import open_session, transaction
from market.followup.preparedness.models import Scenario
from market.followup.preparedness.operations import fingerprint_of, save_scenario, store_outcome
from market.followup.preparedness.queries import read_known
from market.followup.preparedness.rules import Assumptions
from market.followup.preparedness.working_out import work_out
from market.followup.simulation.operations import ask_for_simulation
from market.followup.simulation.rules import Experiment
from market.register.models import Authority
from market.values import local_date

WHERE = "0188"
NEARBY = Assumptions(days=7, within_km=15)
"""Few can come that near, so that it is worked out in a moment."""
FEW_RUNS = Experiment(runs=300)
FORTNIGHT = Assumptions(days=14)


def prepare_demo(engine: Engine, *, at: datetime) -> None:
    """Two scenarios of one authority."""
    with transaction(engine) as session:
        actor = _meal_manager(session)
        nearby = _save(session, actor, "En vecka med bara det som finns nära", NEARBY, at)
        _save(session, actor, "Grossisten stannar i två veckor", FORTNIGHT, at)
        scenario_id, authority_id = nearby.id, nearby.authority_id
    with open_session(engine, writes=False) as session:
        known = read_known(session, authority_id=authority_id, days=NEARBY.days, today=local_date(at))
    outcome = work_out(known, NEARBY, travel=Estimator(), told=lambda _: True)
    with transaction(engine) as session:
        store_outcome(
            session,
            scenario_id=scenario_id,
            outcome=outcome,
            fingerprint=fingerprint_of(known=known, supposed=NEARBY),
            user_id=actor.user_id,
            at=at,
        )


def ask_for_demo_simulation(engine: Engine, *, at: datetime) -> None:
    """Left for the worker beside the server: the page is not empty, and nobody waits for it."""
    with transaction(engine) as session:
        ask_for_simulation(session, experiment=FEW_RUNS, actor=_meal_manager(session), at=at)


def _save(session: Session, actor: Actor, name: str, supposed: Assumptions, at: datetime) -> Scenario:
    return save_scenario(
        session,
        actor=actor,
        name=name,
        supposed=supposed,
        based_on=None,
        request_key=f"demo:{name}",
        at=at,
    )


def _meal_manager(session: Session) -> Actor:
    query = (
        select(Membership)
        .join(Membership.authority)
        .where(Membership.role == Role.MEAL_MANAGER, Authority.municipality_code == WHERE)
        .options(joinedload(Membership.user), joinedload(Membership.authority))
        .order_by(Membership.id)
    )
    member = session.scalars(query).first()
    assert member is not None
    return actor_for(member)
