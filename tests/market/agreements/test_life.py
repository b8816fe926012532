"""The life of an agreement, step by step: who may do what, who is told, and when it holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from agreements import END, make_draft, make_sent, make_signed, proof_of, send, sign, terms
from factories import AT, MONDAY
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from market.access import actor_for
from market.accounts.models import User
from market.accounts.operations import give_role
from market.accounts.rules import Role
from market.agreements.models import Signature
from market.agreements.operations import (
    change_draft,
    check_agreement,
    draft_agreement,
    end_agreement,
    extend_agreement,
    save_authority_terms,
)
from market.agreements.queries import agreement_for, agreements_in_force, own_agreement
from market.agreements.rules import (
    AgreementEvent,
    AgreementNeeded,
    AgreementState,
    AlreadySent,
    Method,
    NotYours,
    NumberMissing,
    ReasonMissing,
    Side,
    SignsForBoth,
)
from market.agreements.signing_operations import sign_agreement
from market.outbox import OutboxMessage
from market.register.models import Category


def test_both_sign_the_same_bytes_and_it_is_in_force(session, cast):
    agreement = make_sent(session, cast)
    assert agreement.state is AgreementState.SENT
    sign(session, cast, agreement, "meal_manager")
    assert agreement.state is AgreementState.SIGNED_BY_AUTHORITY
    sign(session, cast, agreement, "producer", method=Method.OIDC, evidence={"issuer": "x", "subject": "y"})
    assert agreement.state is AgreementState.IN_FORCE
    theirs, ours = agreement.signatures
    assert theirs.document_sha256 == ours.document_sha256
    assert (ours.side, ours.name, ours.method) == (Side.PRODUCER, "Producer Test", Method.OIDC)
    assert ours.evidence["subject"] == "y"


def test_each_step_tells_whom_it_concerns(session, cast):
    agreement = make_signed(session, cast)
    end(session, cast, agreement, "producer", AgreementEvent.TERMINATE, reason="Gården säljs")
    told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    names = {cast.actor(n).user_id: n for n in ("producer", "meal_manager", "procurement_officer")}
    assert [(m.kind, names[m.user_id or 0]) for m in told] == [
        ("agreement_sent", "producer"),
        ("agreement_signed", "producer"),
        ("agreement_signed", "meal_manager"),
        ("agreement_signed", "procurement_officer"),
        ("agreement_in_force", "producer"),
        ("agreement_in_force", "meal_manager"),
        ("agreement_in_force", "procurement_officer"),
        ("agreement_ended", "meal_manager"),
        ("agreement_ended", "procurement_officer"),
    ]
    assert told[-1].params["reason"] == "Gården säljs"


def test_the_same_request_drafts_once(session, cast):
    assert make_draft(session, cast).id == make_draft(session, cast).id


def test_a_draft_can_be_changed_and_what_is_sent_can_not(session, cast):
    agreement, actor = make_draft(session, cast), cast.actor("meal_manager")
    change_draft(session, agreement=agreement, terms=terms(categories=("eggs",)), actor=actor, at=AT)
    assert [category.key for category in agreement.categories] == ["eggs"]
    send(session, cast, agreement)
    with pytest.raises(AlreadySent):
        change_draft(session, agreement=agreement, terms=terms(), actor=actor, at=AT)


def test_a_draft_is_the_authoritys_own(session, cast):
    agreement = make_draft(session, cast)
    assert own_agreement(session, actor=cast.actor("producer"), agreement_id=agreement.id) is None
    send(session, cast, agreement)
    assert own_agreement(session, actor=cast.actor("producer"), agreement_id=agreement.id) is agreement
    for outsider in ("other_producer", "other_officer", "kitchen", "admin"):
        assert own_agreement(session, actor=cast.actor(outsider), agreement_id=agreement.id) is None


def test_the_parties_are_named_by_their_numbers(session, cast):
    agreement = draft_agreement(
        session, authority=cast.authority, producer=cast.producer, terms=terms(), request_key="x",
        actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip
    with pytest.raises(NumberMissing, match="Norrtälje kommun"):
        send(session, cast, agreement)
    assert agreement.state is AgreementState.DRAFT


def test_ending_what_the_other_has_seen_needs_a_reason(session, cast):
    agreement = make_sent(session, cast)
    for name, event in (("producer", AgreementEvent.DECLINE), ("meal_manager", AgreementEvent.WITHDRAW)):
        with pytest.raises(ReasonMissing):
            end(session, cast, agreement, name, event, reason=" ")
    draft = make_draft(session, cast, key="other")
    end(session, cast, draft, "meal_manager", AgreementEvent.WITHDRAW, reason="")
    assert draft.state is AgreementState.WITHDRAWN


def test_a_side_takes_only_its_own_steps(session, cast):
    agreement = make_sent(session, cast)
    for name, event in (("meal_manager", AgreementEvent.DECLINE), ("producer", AgreementEvent.WITHDRAW)):
        with pytest.raises(NotYours):
            end(session, cast, agreement, name, event, reason="Därför")
    with pytest.raises(NotYours):
        sign(session, cast, agreement, "kitchen")


def test_signing_again_changes_nothing(session, cast):
    agreement = make_sent(session, cast)
    first = sign(session, cast, agreement, "producer")
    assert sign(session, cast, agreement, "producer") is first
    assert len(agreement.transitions) == 3


def in_both_roles(session, cast):
    """The producer's person, who also manages meals."""
    user = session.get_one(User, cast.actor("producer").user_id)
    member = give_role(
        session, user=user, role=Role.MEAL_MANAGER, authority_id=cast.authority.id, by_user_id=None, at=AT
    )
    return actor_for(member)


def test_nobody_signs_for_both_sides(session, cast):
    agreement = make_sent(session, cast)
    sign(session, cast, agreement, "producer")
    double = in_both_roles(session, cast)
    with pytest.raises(SignsForBoth):
        sign_agreement(
            session, agreement=agreement, proof=proof_of(session, agreement, double), actor=double, at=AT
        )
    assert agreement.state is AgreementState.SIGNED_BY_PRODUCER


def test_the_database_itself_refuses_one_person_on_both_sides(session, cast):
    agreement = make_sent(session, cast)
    sign(session, cast, agreement, "producer")
    row = agreement.signatures[0]
    session.add(
        Signature(
            agreement_id=agreement.id,
            side=Side.AUTHORITY,
            user_id=row.user_id,
            name=row.name,
            organisation_name="x",
            at=AT,
            method=Method.PASSWORD,
            document_sha256=row.document_sha256,
            evidence={},
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_extension_goes_on_for_a_year_and_stands_in_the_history(session, cast):
    agreement = make_signed(session, cast)
    extend_agreement(session, agreement=agreement, actor=cast.actor("meal_manager"), at=AT)
    assert agreement.period.end == END.replace(year=2030)
    assert agreement.transitions[-1].event is AgreementEvent.EXTEND
    assert lookup(session, cast, on=END) is agreement
    assert lookup(session, cast, on=END.replace(year=2030)) is None


def test_it_holds_from_its_first_day_to_its_last_for_its_categories(session, cast):
    make_sent(session, cast, key="only sent")
    assert lookup(session, cast, on=MONDAY) is None
    agreement = make_signed(session, cast)
    assert lookup(session, cast, on=MONDAY) is agreement
    assert lookup(session, cast, on=END - timedelta(days=1)) is agreement
    assert lookup(session, cast, on=END) is None
    assert lookup(session, cast, on=MONDAY - timedelta(days=1)) is None
    assert lookup(session, cast, on=MONDAY, category="eggs") is None
    assert agreement.is_over(END)
    assert not agreement.is_over(END - timedelta(days=1))
    kitchen = cast.actor("satellite")
    assert agreements_in_force(session, actor=kitchen, on=MONDAY) == [agreement]
    assert agreements_in_force(session, actor=cast.actor("other_kitchen"), on=MONDAY) == []


def test_orders_need_an_agreement_only_where_the_authority_says_so(session, cast):
    def check(on=MONDAY):
        check_agreement(
            session,
            authority_id=cast.authority.id,
            producer=cast.producer,
            category=session.get_one(Category, "vegetables"),
            on=on,
        )

    check()
    save_authority_terms(
        session, authority_id=cast.authority.id, number="999900-0103", delivery_terms="",
        orders_need_agreement=True, actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip
    with pytest.raises(AgreementNeeded, match="Visa intresse"):
        check()
    draft = make_sent(session, cast)  # turns the setting off again, as its own form would
    save_authority_terms(
        session, authority_id=cast.authority.id, number="999900-0103", delivery_terms="",
        orders_need_agreement=True, actor=cast.actor("meal_manager"), at=AT,
    )  # fmt: skip
    for name in ("producer", "meal_manager"):
        sign(session, cast, draft, name)
    check()
    with pytest.raises(AgreementNeeded):
        check(on=END)


def lookup(session, cast, *, on, category="vegetables"):
    return agreement_for(
        session, authority_id=cast.authority.id, producer_id=cast.producer.id, category_key=category, on=on
    )


def end(session, cast, agreement, name, event, *, reason):
    end_agreement(session, agreement=agreement, event=event, reason=reason, actor=cast.actor(name), at=AT)
