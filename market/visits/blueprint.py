"""The blueprint that all pages of study visits share."""

from __future__ import annotations

from flask import Blueprint

from market.values import msg
from market.visits.rules import VisitState

visits = Blueprint("visits", __name__)

STATE_NAMES = {
    VisitState.OPEN: msg("Ledig"),
    VisitState.BOOKED: msg("Bokad"),
    VisitState.WITHDRAWN: msg("Inställd"),
}
STATE_TONES = {VisitState.OPEN: "note", VisitState.BOOKED: "good", VisitState.WITHDRAWN: "neutral"}
