"""Where no number of suppliers works, the simulation tells why: more are needed, or more would not help."""

from __future__ import annotations

import numpy as np
import pytest

from market.followup.simulation.answers import conclude
from market.followup.simulation.measures import KEYS
from market.followup.simulation.pieces import measure
from market.followup.simulation.rules import Experiment
from market.followup.simulation.table import lines
from market.followup.simulation.verdicts import MORE, NONE, Judged, Verdict

EIGHT = np.arange(1, 9)
WORKING = (EIGHT / 8, EIGHT / 12, EIGHT / 25)
RISING = (EIGHT / 20, EIGHT / 40, EIGHT / 40)
CROWDED = (EIGHT / 8, EIGHT / 12, 0.3 + EIGHT / 20)
RISING_BUT_CROWDED = (EIGHT / 20, EIGHT / 40, EIGHT / 10)
LEVEL = (np.full(8, 0.3), np.full(8, 0.1), np.full(8, 0.1))
KINDS = (
    (WORKING, Verdict.WORKS), (RISING, Verdict.MORE), (CROWDED, Verdict.CROWDED), (RISING_BUT_CROWDED, Verdict.THIN),
    (LEVEL, Verdict.THIN),
)  # fmt: skip


def judged(*sets):
    tendered, competed, never_won = (np.array(one).T for one in zip(*sets, strict=True))
    return Judged(tendered=tendered, competed=competed, never_won=never_won)


def test_never_is_told_from_more_than_was_tried():
    """More helps where bids still grow; where too many never win, it makes worse."""
    for curves, verdict in KINDS:
        found = judged(curves).verdicts()
        assert [kind for kind in Verdict if found[kind].all()] == [verdict], verdict
        band = judged(curves).first_band(EIGHT.tolist())
        assert band == [{Verdict.WORKS: 4, Verdict.MORE: MORE}.get(verdict, NONE)] * 3


def test_a_band_ends_with_what_is_so_in_the_most_demanding_sets():
    many = [WORKING] * 6 + [RISING] * 2 + [CROWDED] * 2
    assert judged(*many).first_band(EIGHT.tolist()) == [4, 4, NONE]
    assert judged(*many[:-2], WORKING, WORKING).first_band(EIGHT.tolist()) == [4, 4, MORE]
    assert judged(*many).shares() == {"works": 0.6, "more": 0.2, "crowded": 0.2, "thin": 0.0}
    assert judged(*many).by_number()[-1] == {"works": 0.6, "crowded": 0.2, "thin": 0.2}


def test_too_few_numbers_show_no_trend():
    """Of one or two numbers nobody can say that more would not help, unless too many never win."""
    for numbers in (1, 2, 7):
        few = [tuple(curve[:numbers] for curve in curves) for curves in (LEVEL, RISING)]
        assert judged(*few).shares()["more"] == 1.0
        assert judged(tuple(curve[-numbers:] for curve in CROWDED)).shares()["crowded"] == 1.0


def test_sets_without_a_number_fall_under_no_works():
    empty = (np.full(8, np.nan),) * 3
    assert judged(empty).shares() == {"works": 0.0, "more": 0.0, "crowded": 0.0, "thin": 1.0}


def test_every_answer_says_in_how_many_sets_no_number_works():
    """Counted again from the runs, set by set."""
    experiment = Experiment(first=58, last=60, runs=100, seed=3)
    measured = measure(experiment, workers=1)
    result = conclude(experiment, measured)
    for scene, told in enumerate(result["answers"]):
        works = crowded = 0
        for first in range(0, 100, 10):
            runs = measured.values[:, scene, :, first : first + 10].mean(axis=-1)
            tendered, competed, never_won = (
                runs[KEYS.index(key)] for key in ("tendered", "competed", "never_won")
            )
            enough = [t >= 0.5 and c >= 0.25 for t, c in zip(tendered, competed, strict=True)]
            good = [e and n <= 0.4 for e, n in zip(enough, never_won, strict=True)]
            works += any(good)
            crowded += any(enough) and not any(good)
        assert told["shares"]["works"] == works / 10
        assert told["shares"]["crowded"] == crowded / 10
        assert sum(told["shares"].values()) == pytest.approx(1)
        assert "more" not in told["works_band"], "with sixty the bids suffice: too many never win"
    assert any(told["shares"]["crowded"] >= 0.5 for told in result["answers"])
    printed = "\n".join(lines(result))
    assert "more - more" not in printed
    assert "bids suffice but too many never win in" in printed
