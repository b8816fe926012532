"""The demo's municipalities that publish their figures as open data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from market.followup.models import FollowupSettings
from market.register.models import Authority
from market.values import local_date

PUBLISH = ("0188", "0360")
"""Norrtälje, which buys by direct award, and Tierp, which has a DIS."""


def open_figures(session: Session, *, authorities: Mapping[str, Authority], since: datetime) -> None:
    """From the day that they were registered on."""
    session.add_all(
        FollowupSettings(
            authority_id=authorities[code].id,
            is_open=True,
            opened_on=local_date(since),
            contact_name="Måltidsenheten",
            contact_email="maltid@example.se",
            changed_at=since,
        )
        for code in PUBLISH
    )
