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
    EDIT_KITCHEN = "edit_kitchen"
    EDIT_PRODUCER = "edit_producer"
    EDIT_AUTHORITY = "edit_authority"
    EDIT_VEHICLE = "edit_vehicle"
    ADMINISTER = "administer"


PUBLIC_ACTIONS = frozenset({Action.READ_PUBLIC})
_SIGNED_IN = PUBLIC_ACTIONS | {Action.USE_ACCOUNT}

ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.PRODUCER: _SIGNED_IN
        | {
            Action.POST_OFFER,
            Action.SEE_ORDERS,
            Action.ANSWER_ORDER,
            Action.NEGOTIATE_ORDER,
            Action.SEE_STORIES,
            Action.EDIT_PRODUCER,
        },
        Role.KITCHEN: _SIGNED_IN
        | {
            Action.SEE_OFFERS,
            Action.PLACE_ORDER,
            Action.SEE_ORDERS,
            Action.NEGOTIATE_ORDER,
            Action.CANCEL_ORDER,
            Action.RECEIVE_GOODS,
            Action.GIVE_FEEDBACK,
            Action.SEE_STORIES,
            Action.EDIT_KITCHEN,
        },
        Role.MEAL_MANAGER: _SIGNED_IN
        | {
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
            Action.TAKE_CALL,
        },
        Role.PROCUREMENT_OFFICER: _SIGNED_IN
        | {Action.SEE_OFFERS, Action.SEE_STORIES, Action.SEE_ORDERS, Action.EDIT_AUTHORITY},
        Role.LOGISTICS_PLANNER: _SIGNED_IN
        | {
            Action.SEE_OFFERS,
            Action.SEE_STORIES,
            Action.SEE_ORDERS,
            Action.SEE_PLAN,
            Action.PLAN_WEEK,
            Action.EDIT_VEHICLE,
        },
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
