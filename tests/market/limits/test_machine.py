"""The ledger under any run of orders, cancellations, receipts, lifts and days: it never commits up to the limit."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from factories import AT, MONDAY
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from market.db import make_engine, open_session
from market.limits.models import LimitEntry, LimitEntryStep
from market.limits.officer_operations import end_lift, lift_block
from market.limits.operations import commit_value, release_value, settle_value
from market.limits.queries import lifted_ore, meters
from market.limits.rules import EntryState, LiftGround, LiftTooLarge, LimitReached, NotPossibleNow
from market.register.models import Authority

LIMIT_ORE = 70_000_000
AMOUNTS = st.one_of(
    st.integers(1, 40_000_000), st.sampled_from([LIMIT_ORE, LIMIT_ORE - 1, 69_900_000, 100_000, 1])
)


class Ledger(RuleBasedStateMachine):
    """Two kinds of one authority. `held` is what each subject should count; `heavier` what came beyond the orders."""

    template: Path
    authority_id: int
    officer: object
    orders = Bundle("orders")
    lifts = Bundle("lifts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "ledger.sqlite3"
        shutil.copy(self.template, path)
        self.engine = make_engine(f"sqlite:///{path}")
        self.session = open_session(self.engine, writes=True)
        self.at = AT
        self.held: dict[str, tuple[str, int, EntryState]] = {}
        self.ordered: dict[str, int] = {}
        self.ceilings: dict[str, int] = {}

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()
        self.folder.cleanup()

    def ceiling(self, category: str) -> int:
        lifted = lifted_ore(
            self.session, authority_id=self.authority_id, kind_key=category, on=self.at.date()
        )
        return LIMIT_ORE + lifted

    def counted(self, category: str, *, besides: str = "") -> int:
        return sum(
            ore
            for subject, (of, ore, state) in self.held.items()
            if of == category and state is not EntryState.RELEASED and subject != besides
        )

    def commit(self, subject: str, category: str, ore: int) -> None:
        held = self.held.get(subject, (category, 0, EntryState.RELEASED))
        before = held[1] if held[2] is not EntryState.RELEASED else 0
        fits = ore <= before or self.counted(category, besides=subject) + ore < self.ceiling(category)
        with self.session.begin_nested():
            try:
                commit_value(
                    self.session, authority_id=self.authority_id, category_key=category, subject=subject, ore=ore,
                    on=MONDAY, actor_user_id=None, at=self.at,
                )  # fmt: skip
            except LimitReached:
                assert not fits
                return
            except NotPossibleNow:
                assert held[2] is EntryState.DELIVERED
                return
        assert fits
        self.held[subject] = (category, ore, EntryState.COMMITTED)
        self.ordered[subject] = ore
        self.ceilings[category] = max(self.ceilings.get(category, LIMIT_ORE), self.ceiling(category))

    @rule(target=orders, category=st.sampled_from(["vegetables", "beef"]), ore=AMOUNTS)
    def order(self, category: str, ore: int) -> str:
        subject = f"order:{len(self.held) + 1}"
        self.held.setdefault(subject, (category, 0, EntryState.RELEASED))
        self.commit(subject, category, ore)
        return subject

    @rule(subject=orders, ore=AMOUNTS)
    def agree_another_price(self, subject: str, ore: int) -> None:
        self.commit(subject, self.held[subject][0], ore)

    @rule(subject=orders)
    def release(self, subject: str) -> None:
        release_value(self.session, subject=subject, at=self.at)
        category, ore, _ = self.held[subject]
        self.held[subject] = (category, ore, EntryState.RELEASED)

    @rule(subject=orders, ore=AMOUNTS)
    def settle(self, subject: str, ore: int) -> None:
        settle_value(self.session, subject=subject, delivered_ore=ore, at=self.at)
        category, _, state = self.held[subject]
        if state is not EntryState.RELEASED:
            self.held[subject] = (category, ore, EntryState.DELIVERED)
            self.ordered[subject] = min(self.ordered[subject], ore)  # the rest has left room for others

    @rule(target=lifts, category=st.sampled_from(["vegetables", "beef"]), ore=st.integers(1, 20_000_000))
    def lift(self, category: str, ore: int):
        try:
            lift = lift_block(
                self.session, authority=self.session.get_one(Authority, self.authority_id), kind_key=category,
                ground=LiftGround.URGENCY, extra_ore=ore, last_day=self.at.date() + timedelta(days=3),
                reason="Kylen i centralköket gick sönder.", request_key=f"lift-{ore}-{self.at}-{category}",
                actor=self.officer, at=self.at,
            )  # fmt: skip
        except LiftTooLarge:
            return multiple()
        return lift

    @rule(lift=lifts)
    def end(self, lift) -> None:
        if lift.ended_at is None:
            end_lift(self.session, lift=lift, actor=self.officer, at=self.at)

    @rule()
    def sleep(self) -> None:
        self.at += timedelta(days=1)

    @invariant()
    def the_ledger_counts_what_it_should(self) -> None:
        for meter in meters(self.session, authority_id=self.authority_id, today=MONDAY):
            assert meter.spent_ore == self.counted(meter.kind.key)

    @invariant()
    def what_was_let_through_is_under_the_limit_unless_lifted(self) -> None:
        """Beyond that there are only goods that came heavier than they were ordered, or than was said of them first."""
        for category in ("vegetables", "beef"):
            let_through = sum(
                min(ore, self.ordered[subject])
                for subject, (of, ore, state) in self.held.items()
                if of == category and state is not EntryState.RELEASED
            )
            assert let_through < self.ceilings.get(category, LIMIT_ORE)

    @invariant()
    def no_state_without_its_step(self) -> None:
        latest = select(func.max(LimitEntryStep.id)).group_by(LimitEntryStep.entry_id)
        steps = self.session.execute(
            select(LimitEntryStep.entry_id, LimitEntryStep.to_state, LimitEntryStep.ore).where(
                LimitEntryStep.id.in_(latest)
            )
        )
        entries = self.session.execute(select(LimitEntry.id, LimitEntry.state, LimitEntry.ore))
        assert sorted(map(tuple, steps)) == sorted(map(tuple, entries))


def test_goods_said_to_be_less_and_then_more_count_beside_what_was_let_through_in_between(cast_template):
    """They have come, so they count, up to the limit too; nothing more is let through."""
    Ledger.template, Ledger.authority_id = cast_template[0], cast_template[1].authority.id
    ledger = Ledger()
    try:
        first = ledger.order(category="beef", ore=69_900_000)
        ledger.settle(subject=first, ore=1)
        second = ledger.order(category="beef", ore=69_900_000)
        assert ledger.held[second][1] == 69_900_000, "what did not come leaves room"
        ledger.settle(subject=first, ore=100_000)
        ledger.the_ledger_counts_what_it_should()
        ledger.what_was_let_through_is_under_the_limit_unless_lifted()
        assert ledger.counted("beef") == LIMIT_ORE
        third = ledger.order(category="beef", ore=1)
        assert ledger.held[third][1] == 0
    finally:
        ledger.teardown()


@pytest.mark.slow
def test_the_ledger_holds_whatever_happens(cast_template):
    path, cast = cast_template
    Ledger.template, Ledger.authority_id = path, cast.authority.id
    Ledger.officer = cast.actor("procurement_officer")
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
