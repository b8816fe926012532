"""The procedure of a DIS: states, events and the one table of transitions of each thing in it. Pure.

Every change of state goes through `state_after`; what is not in a table can not happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from market.values import Refused, msg


class Regime(StrEnum):
    """Which rules bind a DIS: its estimated value against the threshold decides (LOU 5 kap. 1, 14 §§, 19 kap. 1 §)."""

    DIRECTIVE = "directive"  # LOU 8 kap.
    NATIONAL = "national"  # LOU 19 kap.


class Thing(StrEnum):
    """What has a life of its own in a DIS."""

    DIS = "dis"
    APPLICATION = "application"
    NEED_ROUND = "need_round"
    CALLOFF = "calloff"
    TENDER = "tender"


class DisState(StrEnum):
    """As stored. Published: open for applications until `valid_until`, whatever else happens (LOU 8 kap. 1, 7 §§)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"
    DISCARDED = "discarded"


class DisEvent(StrEnum):
    DRAFT = "draft"
    PUBLISH = "publish"
    EXTEND = "extend"
    END = "end"
    DISCARD = "discard"


class ApplicationState(StrEnum):
    """One producer's application to one category. Lapsed: the DIS ended before it was decided."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"
    LAPSED = "lapsed"


class ApplicationEvent(StrEnum):
    BEGIN = "begin"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ADMIT = "admit"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    EXCLUDE = "exclude"
    LAPSE = "lapse"


class NeedRoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class NeedRoundEvent(StrEnum):
    BEGIN = "begin"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"


class CallOffState(StrEnum):
    """Invited: tenders can be given until the deadline, and are sealed until they are opened."""

    DRAFT = "draft"
    INVITED = "invited"
    OPENED = "opened"
    EVALUATED = "evaluated"
    AWARDED = "awarded"
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"
    DISCARDED = "discarded"


class CallOffEvent(StrEnum):
    DRAFT = "draft"
    INVITE = "invite"
    EXTEND_DEADLINE = "extend_deadline"
    OPEN = "open"
    EVALUATE = "evaluate"
    EVALUATE_AGAIN = "evaluate_again"
    AWARD = "award"
    CONCLUDE = "conclude"
    ABANDON = "abandon"
    DISCARD = "discard"


class TenderState(StrEnum):
    """From the opening on; before it a tender is an envelope that has no state."""

    OPENED = "opened"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class TenderEvent(StrEnum):
    OPEN = "open"
    REJECT = "reject"
    WITHDRAW = "withdraw"


_D, _A, _N, _C, _T = DisState, ApplicationState, NeedRoundState, CallOffState, TenderState
_DE, _AE, _NE, _CE, _TE = DisEvent, ApplicationEvent, NeedRoundEvent, CallOffEvent, TenderEvent
Table = Mapping[tuple[StrEnum | None, StrEnum], StrEnum]

TRANSITIONS: Mapping[Thing, Table] = MappingProxyType(
    {
        Thing.DIS: MappingProxyType(
            {
                (None, _DE.DRAFT): _D.DRAFT,
                (_D.DRAFT, _DE.PUBLISH): _D.PUBLISHED,
                (_D.DRAFT, _DE.DISCARD): _D.DISCARDED,
                (_D.PUBLISHED, _DE.EXTEND): _D.PUBLISHED,
                (_D.PUBLISHED, _DE.END): _D.ENDED,
            }
        ),
        Thing.APPLICATION: MappingProxyType(
            {
                (None, _AE.BEGIN): _A.DRAFT,
                (_A.DRAFT, _AE.SUBMIT): _A.SUBMITTED,
                (_A.DRAFT, _AE.WITHDRAW): _A.WITHDRAWN,
                (_A.DRAFT, _AE.LAPSE): _A.LAPSED,
                (_A.SUBMITTED, _AE.TAKE_BACK): _A.DRAFT,
                (_A.SUBMITTED, _AE.ADMIT): _A.ADMITTED,
                (_A.SUBMITTED, _AE.REJECT): _A.REJECTED,
                (_A.SUBMITTED, _AE.WITHDRAW): _A.WITHDRAWN,
                (_A.SUBMITTED, _AE.LAPSE): _A.LAPSED,
                (_A.ADMITTED, _AE.WITHDRAW): _A.WITHDRAWN,
                (_A.ADMITTED, _AE.EXCLUDE): _A.EXCLUDED,
            }
        ),
        Thing.NEED_ROUND: MappingProxyType(
            {
                (None, _NE.BEGIN): _N.OPEN,
                (_N.OPEN, _NE.CLOSE): _N.CLOSED,
                (_N.CLOSED, _NE.REOPEN): _N.OPEN,
                (_N.CLOSED, _NE.MERGE): _N.MERGED,
                (_N.OPEN, _NE.MERGE): _N.MERGED,
            }
        ),
        Thing.CALLOFF: MappingProxyType(
            {
                (None, _CE.DRAFT): _C.DRAFT,
                (_C.DRAFT, _CE.INVITE): _C.INVITED,
                (_C.DRAFT, _CE.DISCARD): _C.DISCARDED,
                (_C.INVITED, _CE.EXTEND_DEADLINE): _C.INVITED,
                (_C.INVITED, _CE.OPEN): _C.OPENED,
                (_C.OPENED, _CE.EVALUATE): _C.EVALUATED,
                (_C.EVALUATED, _CE.EVALUATE_AGAIN): _C.OPENED,
                (_C.AWARDED, _CE.EVALUATE_AGAIN): _C.OPENED,
                (_C.EVALUATED, _CE.AWARD): _C.AWARDED,
                (_C.AWARDED, _CE.CONCLUDE): _C.CONCLUDED,
                (_C.INVITED, _CE.ABANDON): _C.ABANDONED,
                (_C.OPENED, _CE.ABANDON): _C.ABANDONED,
                (_C.EVALUATED, _CE.ABANDON): _C.ABANDONED,
                (_C.AWARDED, _CE.ABANDON): _C.ABANDONED,
            }
        ),
        Thing.TENDER: MappingProxyType(
            {
                (None, _TE.OPEN): _T.OPENED,
                (_T.OPENED, _TE.REJECT): _T.REJECTED,
                (_T.OPENED, _TE.WITHDRAW): _T.WITHDRAWN,
            }
        ),
    }
)
REASONED: frozenset[tuple[Thing, StrEnum]] = frozenset(
    {
        (Thing.DIS, _DE.END),
        (Thing.APPLICATION, _AE.REJECT),
        (Thing.APPLICATION, _AE.EXCLUDE),
        (Thing.CALLOFF, _CE.EXTEND_DEADLINE),
        (Thing.CALLOFF, _CE.EVALUATE_AGAIN),
        (Thing.CALLOFF, _CE.ABANDON),
        (Thing.TENDER, _TE.REJECT),
        (Thing.TENDER, _TE.WITHDRAW),
    }
)
"""Steps that are stated with their reasons: refusals (LOU 8 kap. 9 §), what ends early, what is done over."""


class NotPossibleNow(Refused):
    message = msg("Det går inte längre: något har ändrats sedan sidan visades. Ladda om och se hur det står.")


class ReasonNeeded(Refused):
    message = msg("Skriv skälen. De sparas i handlingarna, och de som berörs får läsa dem.")


def state_after(thing: Thing, state: StrEnum | None, event: StrEnum) -> StrEnum:
    """Where the event leads from the state. Raises NotPossibleNow when the table has no such step."""
    try:
        return TRANSITIONS[thing][state, event]
    except KeyError:
        raise NotPossibleNow from None


def is_possible(thing: Thing, state: StrEnum | None, event: StrEnum) -> bool:
    """Whether a button for the step belongs on a page."""
    return (state, event) in TRANSITIONS[thing]


def check_reason(thing: Thing, event: StrEnum, reason: str) -> str:
    """The reason, trimmed. Raises ReasonNeeded where the step must have one."""
    trimmed = reason.strip()
    if (thing, event) in REASONED and not trimmed:
        raise ReasonNeeded
    return trimmed
