"""Roles, and when signing in is throttled."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from enum import StrEnum

from market.values import Refused, msg


class Role(StrEnum):
    """What a person may be in an organisation. The admin role belongs to no organisation."""

    PRODUCER = "producer"
    KITCHEN = "kitchen"
    MEAL_MANAGER = "meal_manager"
    PROCUREMENT_OFFICER = "procurement_officer"
    LOGISTICS_PLANNER = "logistics_planner"
    DRIVER = "driver"
    ADMIN = "admin"


DEMO_DOMAIN = "demo.narmat.example"
DEMO_PASSWORD = "narmat demo 1397"  # noqa: S105 - invented people; it is shown where they sign
THROTTLE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 8
FAILURES_PER_ADDRESS = 40


class TooManyFailures(Refused):
    message = msg("För många misslyckade försök. Vänta en kvart och försök igen.")


def is_throttled(*, account_failures: int, address_failures: int) -> bool:
    """Failures within THROTTLE_WINDOW, for one account and for one network address."""
    return account_failures >= FAILURES_PER_ACCOUNT or address_failures >= FAILURES_PER_ADDRESS


def who_hash(*, key: str, kind: str, text: str) -> str:
    """A keyed hash, so that the table of failures holds no addresses in the clear."""
    return hmac.new(key.encode(), f"{kind}:{text.strip().lower()}".encode(), hashlib.sha256).hexdigest()
