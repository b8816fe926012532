"""What the pages of needs share: the round by its address, who answers for which kitchens, and the words."""

from __future__ import annotations

from collections.abc import Sequence

from market import shell
from market.dis.blueprint import dis
from market.dis.needs.models import NeedRound
from market.dis.needs.queries import round_for, round_to_run, stated
from market.dis.needs.sheet import Shape, shape_of
from market.dis.needs.wording import EVENT_NAMES, STATE_NAMES, STATE_TONES
from market.register.models import Kitchen
from market.register.queries import kitchens_for


def round_at(round_id: int) -> NeedRound:
    """404 for those whose authority the DIS does not name."""
    return shell.found(round_for(shell.session(), actor=shell.actor(), round_id=round_id))


def own_round_at(round_id: int) -> NeedRound:
    """404 for all but the officers of the authority that runs the DIS."""
    return shell.found(round_to_run(shell.session(), actor=shell.actor(), round_id=round_id))


def own_kitchens() -> Sequence[Kitchen]:
    """Those that the actor answers for."""
    return kitchens_for(shell.session(), actor=shell.actor())


def own_shape(need_round: NeedRound, kitchens: Sequence[Kitchen]) -> Shape:
    """What these kitchens have stated."""
    now = stated(shell.session(), round_id=need_round.id, kitchen_ids=[one.id for one in kitchens])
    return shape_of(need_round, kitchens, now)


@dis.app_context_processor
def _words_of_needs() -> dict[str, object]:
    words = {"states": STATE_NAMES, "tones": STATE_TONES, "events": EVENT_NAMES}
    return {"need_words": words}
