"""What the pages of call-offs share: the call-off by its address, and the words."""

from __future__ import annotations

from market import shell
from market.dis.blueprint import dis
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.calloffs.queries import calloff_to_run, invited_calloff, own_calloff
from market.dis.calloffs.wording import (
    EVENT_NAMES,
    SENDING_NAMES,
    SENDING_TONES,
    SPLIT_NAMES,
    STATE_NAMES,
    STATE_TONES,
)


def calloff_at(calloff_id: int) -> CallOff:
    """404 for those whose authority the DIS does not name."""
    return shell.found(own_calloff(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


def calloff_run_at(calloff_id: int) -> CallOff:
    """404 for all but the officers of the authority that runs the DIS."""
    return shell.found(calloff_to_run(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


def invitation_at(calloff_id: int) -> Invitation:
    """404 for those who are not invited."""
    return shell.found(invited_calloff(shell.session(), actor=shell.actor(), calloff_id=calloff_id))


@dis.app_context_processor
def _words_of_calloffs() -> dict[str, object]:
    words = {
        "states": STATE_NAMES,
        "tones": STATE_TONES,
        "events": EVENT_NAMES,
        "splits": SPLIT_NAMES,
        "sendings": SENDING_NAMES,
        "sending_tones": SENDING_TONES,
    }
    return {"calloff_words": words}
