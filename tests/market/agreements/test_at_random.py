"""The life of an agreement driven at random: no state without its step, and never in force without both parties' signatures."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from agreements import make_sent, proof_of, terms
from factories import AT
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from market.access import actor_for
from market.accounts.models import User
from market.accounts.operations import give_role
from market.accounts.rules import Role
from market.agreements.models import Agreement, AgreementDocument
from market.agreements.operations import draft_agreement, end_agreement, extend_agreement, send_agreement
from market.agreements.rules import TRANSITIONS, AgreementEvent, AgreementState, Side
from market.agreements.signing_operations import sign_agreement
from market.audit import AuditEvent
from market.values import Refused

PEOPLE = ("producer", "meal_manager", "procurement_officer", "other_officer", "other_producer", "both")
ENDINGS = (AgreementEvent.DECLINE, AgreementEvent.WITHDRAW, AgreementEvent.TERMINATE)
WHO = st.sampled_from(PEOPLE)


class Life(RuleBasedStateMachine):
    """People of both parties and of none try everything, in any order."""

    session: ClassVar[Any]
    cast: ClassVar[Any]
    actors: ClassVar[dict[str, Any]]
    made: ClassVar[AgreementDocument]
    count: ClassVar[int] = 0

    def __init__(self):
        super().__init__()
        self.savepoint = self.session.begin_nested()

    @initialize(steps=st.integers(0, 3))
    def begun(self, steps):
        """So that what comes late in a life is met as often as what comes early."""
        self.drafted()
        if steps > 0:
            self.sent("meal_manager")
        for who in ("producer", "procurement_officer")[: max(steps - 1, 0)]:
            self.signed(who)

    def drafted(self):
        Life.count += 1
        self.agreement = draft_agreement(
            self.session, authority=self.cast.authority, producer=self.cast.producer, terms=terms(),
            request_key=f"life-{Life.count}", actor=self.actors["meal_manager"], at=AT,
        )  # fmt: skip

    def attempt(self, step, **more):
        try:
            with self.session.begin_nested():
                step(self.session, agreement=self.agreement, at=AT, **more)
        except Refused:
            self.session.expire_all()

    @rule(who=WHO)
    def sent(self, who):
        self.attempt(send_agreement, pdf=self.made.pdf, content=self.made.content, actor=self.actors[who])

    @rule(who=WHO)
    def signed(self, who):
        actor = self.actors[who]
        proof = proof_of(self.session, self.agreement, actor, document_sha256=self.made.sha256)
        self.attempt(sign_agreement, proof=proof, actor=actor)

    @rule(who=WHO, event=st.sampled_from(ENDINGS), reason=st.sampled_from(["", "Därför"]))
    def ended(self, who, event, reason):
        self.attempt(end_agreement, event=event, reason=reason, actor=self.actors[who])

    @rule(who=WHO)
    def extended(self, who):
        self.attempt(extend_agreement, actor=self.actors[who])

    @invariant()
    def the_history_tells_it_all(self):
        agreement = self.session.get_one(Agreement, self.agreement.id, populate_existing=True)
        state = None
        for step in agreement.transitions:
            state = TRANSITIONS[state, step.event]
            assert step.to_state is state
        assert agreement.state is state
        subject = f"agreement:{agreement.id}"
        audited = self.session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject == subject).order_by(AuditEvent.id)
        )
        assert audited.all() == [f"agreement.{step.event}" for step in agreement.transitions]

    @invariant()
    def both_parties_have_signed_what_is_in_force(self):
        signed = {s.side: self.session.get_one(User, s.user_id) for s in self.agreement.signatures}
        assert len({user.id for user in signed.values()}) == len(signed)
        if self.agreement.state in (AgreementState.IN_FORCE, AgreementState.TERMINATED):
            assert set(signed) == set(Side)
        for side, user in signed.items():
            own = {(m.producer_id, m.authority_id) for m in user.memberships}
            producer, authority = (self.cast.producer.id, None), (None, self.cast.authority.id)
            assert (producer if side is Side.PRODUCER else authority) in own

    def teardown(self):
        self.savepoint.rollback()
        self.session.expire_all()


@pytest.mark.slow
def test_whatever_is_tried(session, cast):
    sent = make_sent(session, cast, key="typeset once: it is the steps that are tried")
    user = session.get_one(User, cast.actor("producer").user_id)
    second = give_role(
        session, user=user, role=Role.MEAL_MANAGER, authority_id=cast.authority.id, by_user_id=None, at=AT
    )
    Life.session, Life.cast = session, cast
    Life.actors = {name: cast.actor(name) for name in PEOPLE if name != "both"} | {"both": actor_for(second)}
    query = select(AgreementDocument).where(AgreementDocument.agreement_id == sent.id)
    Life.made = session.scalars(query).one()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
