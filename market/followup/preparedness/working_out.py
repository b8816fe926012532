"""From what is known and what is supposed to the whole answer. No session, no clock."""

from __future__ import annotations

from geodata.travel import TravelEngine
from market.followup.preparedness.answering import Bench, Case
from market.followup.preparedness.outcome import Outcome
from market.followup.preparedness.queries import Known
from market.followup.preparedness.ranking import Told, ranked
from market.followup.preparedness.rules import Assumptions
from market.followup.preparedness.summing import outcome_of


def work_out(known: Known, supposed: Assumptions, *, travel: TravelEngine, told: Told) -> Outcome:
    """The answer with its single points of failure. Raises what the planner raises where the register contradicts itself."""
    bench = Bench(known, supposed, travel=travel)
    told(None)
    base = bench.answer(Case())
    return outcome_of(bench, base, ranking=ranked(bench, base, told=told))
