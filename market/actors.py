"""Roles, what each may do, and the actor: a person in one role. Pure, so that queries and operations can name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from market.accounts.rules import Role


class Action(StrEnum):
    """What an endpoint lets someone do."""

    READ_PUBLIC = "read_public"
    USE_ACCOUNT = "use_account"
    SEE_OFFERS = "see_offers"
    POST_OFFER = "post_offer"
    TAKE_CALL = "take_call"
    PLACE_ORDER = "place_order"
    SEE_ORDERS = "see_orders"
    ANSWER_ORDER = "answer_order"
    NEGOTIATE_ORDER = "negotiate_order"
    CANCEL_ORDER = "cancel_order"
    RECEIVE_GOODS = "receive_goods"
    GIVE_FEEDBACK = "give_feedback"
    SEE_STORIES = "see_stories"
    SEE_PLAN = "see_plan"
    PLAN_WEEK = "plan_week"
    FOLLOW_JOBS = "follow_jobs"
    WATCH_OFFERS = "watch_offers"
    OFFER_VISIT = "offer_visit"
    BOOK_VISIT = "book_visit"
    SEE_VISITS = "see_visits"
    EDIT_KITCHEN = "edit_kitchen"
    EDIT_PRODUCER = "edit_producer"
    EDIT_AUTHORITY = "edit_authority"
    EDIT_VEHICLE = "edit_vehicle"
    SEE_TRANSPORTS = "see_transports"
    ANSWER_SURVEY = "answer_survey"
    DRIVE = "drive"
    SEE_LIMITS = "see_limits"
    MANAGE_LIMITS = "manage_limits"
    SHOW_INTEREST = "show_interest"
    SEE_INTEREST = "see_interest"
    SEE_AGREEMENTS = "see_agreements"
    OPEN_AGREEMENT = "open_agreement"
    MAKE_AGREEMENT = "make_agreement"
    SIGN_AGREEMENT = "sign_agreement"
    DECLINE_AGREEMENT = "decline_agreement"
    RUN_DIS = "run_dis"
    FOLLOW_DIS = "follow_dis"
    APPLY_TO_DIS = "apply_to_dis"
    STATE_NEEDS = "state_needs"
    OPEN_TENDERS = "open_tenders"
    JUDGE_TENDERS = "judge_tenders"
    READ_AWARD = "read_award"
    SEE_FOLLOWUP = "see_followup"
    EDIT_FOLLOWUP = "edit_followup"
    INVITE_SUPPLIER = "invite_supplier"
    PREPARE = "prepare"
    ADMINISTER = "administer"


PUBLIC_ACTIONS = frozenset({Action.READ_PUBLIC})
_SIGNED_IN = PUBLIC_ACTIONS | {Action.USE_ACCOUNT}
_PARTY = frozenset(
    {
        Action.SEE_AGREEMENTS,
        Action.SEE_INTEREST,
        Action.OPEN_AGREEMENT,
        Action.SIGN_AGREEMENT,
        Action.READ_AWARD,
    }
)
_FOLLOWS_UP = frozenset(
    {Action.SEE_FOLLOWUP, Action.EDIT_FOLLOWUP, Action.INVITE_SUPPLIER, Action.PREPARE, Action.FOLLOW_JOBS}
)
_AT_SCHOOL = frozenset({Action.WATCH_OFFERS, Action.BOOK_VISIT, Action.SEE_VISITS})

ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.PRODUCER: _SIGNED_IN
        | _PARTY
        | {
            Action.DECLINE_AGREEMENT,
            Action.POST_OFFER,
            Action.SEE_ORDERS,
            Action.ANSWER_ORDER,
            Action.NEGOTIATE_ORDER,
            Action.SEE_STORIES,
            Action.EDIT_PRODUCER,
            Action.OFFER_VISIT,
            Action.SEE_VISITS,
            Action.APPLY_TO_DIS,
            Action.SEE_TRANSPORTS,
            Action.ANSWER_SURVEY,
        },
        Role.KITCHEN: _SIGNED_IN
        | {
            Action.SHOW_INTEREST,
            Action.SEE_INTEREST,
            Action.SEE_AGREEMENTS,
            Action.SEE_OFFERS,
            Action.PLACE_ORDER,
            Action.SEE_ORDERS,
            Action.NEGOTIATE_ORDER,
            Action.CANCEL_ORDER,
            Action.RECEIVE_GOODS,
            Action.GIVE_FEEDBACK,
            Action.SEE_STORIES,
            Action.EDIT_KITCHEN,
            Action.STATE_NEEDS,
            Action.JUDGE_TENDERS,
            Action.SEE_TRANSPORTS,
            Action.SEE_FOLLOWUP,
        }
        | _AT_SCHOOL,
        Role.MEAL_MANAGER: _SIGNED_IN
        | _PARTY
        | {
            Action.SHOW_INTEREST,
            Action.MAKE_AGREEMENT,
            Action.SEE_OFFERS,
            Action.PLACE_ORDER,
            Action.SEE_ORDERS,
            Action.NEGOTIATE_ORDER,
            Action.CANCEL_ORDER,
            Action.RECEIVE_GOODS,
            Action.GIVE_FEEDBACK,
            Action.SEE_STORIES,
            Action.EDIT_KITCHEN,
            Action.SEE_PLAN,
            Action.SEE_LIMITS,
            Action.TAKE_CALL,
            Action.FOLLOW_DIS,
            Action.STATE_NEEDS,
            Action.OPEN_TENDERS,
            Action.JUDGE_TENDERS,
            Action.SEE_TRANSPORTS,
        }
        | _AT_SCHOOL
        | _FOLLOWS_UP,
        Role.PROCUREMENT_OFFICER: _SIGNED_IN
        | _PARTY
        | _FOLLOWS_UP
        | {
            Action.SEE_OFFERS,
            Action.SEE_STORIES,
            Action.SEE_ORDERS,
            Action.EDIT_AUTHORITY,
            Action.SEE_LIMITS,
            Action.MANAGE_LIMITS,
            Action.MAKE_AGREEMENT,
            Action.RUN_DIS,
            Action.FOLLOW_DIS,
            Action.OPEN_TENDERS,
            Action.JUDGE_TENDERS,
        },
        Role.LOGISTICS_PLANNER: _SIGNED_IN
        | {
            Action.SEE_OFFERS,
            Action.SEE_STORIES,
            Action.SEE_ORDERS,
            Action.SEE_AGREEMENTS,
            Action.SEE_PLAN,
            Action.PLAN_WEEK,
            Action.FOLLOW_JOBS,
            Action.EDIT_VEHICLE,
            Action.SEE_TRANSPORTS,
            Action.SEE_FOLLOWUP,
            Action.PREPARE,
        },
        Role.DRIVER: _SIGNED_IN | {Action.DRIVE},
        Role.ADMIN: _SIGNED_IN | {Action.ADMINISTER},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person in one of their roles. Exactly the id that the role needs is set; none for an admin."""

    user_id: int
    membership_id: int
    name: str
    role: Role
    organisation_name: str
    authority_id: int | None = None
    kitchen_id: int | None = None
    producer_id: int | None = None

    def may(self, action: Action) -> bool:
        return action in ROLE_ACTIONS[self.role]
