"""The measures of a DIS: what each is called, exactly what it means, and how it comes of what was played. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from market.followup.simulation.draws import Assumptions
from market.followup.simulation.parameters import CATEGORIES, MONTHS, SCENES, YEARS, Handling, Scene
from market.followup.simulation.playing import Played, Sums
from market.values import msg


class MeasureUnit(StrEnum):
    SHARE = "share"
    TIMES = "times"
    HOURS = "hours"
    KRONOR = "kronor"
    KRONOR_A_KRONA = "kronor_a_krona"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`of` gives [scene, run]; no number where there was nothing to measure (no award, no call-off).

    `is_median`: the middle run stands for all, where a few with next to no purchases would drown the others in a mean.
    """

    key: str
    name: str
    definition: str
    unit: MeasureUnit
    of: Callable[[Played, Assumptions], Sums]
    is_median: bool = False


def _ratio(above: Sums, below: Sums) -> Sums:
    """No number where `below` is nothing."""
    quotient: Sums = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return quotient


def _each(assumed: Assumptions, key: Callable[[Scene], str]) -> Sums:
    """A quantity that differs between scenes, as [scene, run]."""
    return np.stack([assumed[key(scene)] for scene in SCENES]).astype(np.float64)


def hours(played: Played, assumed: Assumptions) -> Sums:
    """The officer's, over all the years."""

    def an_hour_each(step: str) -> Sums:
        return _each(assumed, lambda scene: f"{step}_hours_{scene.handling}")

    years = played.supplier_months / 12
    return (
        played.calloffs * an_hour_each("calloff")
        + played.invited * an_hour_each("invited")
        + played.tenders * an_hour_each("tender")
        + played.suppliers * an_hour_each("admission")
        + years * an_hour_each("dialogue")
    )


def dearer(played: Played, assumed: Assumptions) -> Sums:
    """Kronor a year that DIS costs more than the wholesaler: the goods, the officer's hours and the system."""
    is_system = np.array([[scene.handling is Handling.ELECTRONIC] for scene in SCENES])
    work = hours(played, assumed) * assumed["hour_cost"]
    return (played.paid - played.awarded_value + work) / YEARS + is_system * assumed["system_cost"]


def benefit(played: Played, assumed: Assumptions) -> Sums:
    worth = assumed["worth_local"] * played.awarded_value / YEARS
    categories = assumed["worth_category"] * played.covered / MONTHS
    return worth + categories - dearer(played, assumed)


MEASURES = (
    Measure(
        key="tendered",
        name=msg("Avrop som får minst ett anbud"),
        definition=msg("Avrop som minst en leverantör lämnar anbud på, av alla avrop under fyra år."),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: _ratio(played.tendered, played.calloffs),
    ),
    Measure(
        key="competed",
        name=msg("Avrop som får minst två anbud"),
        definition=msg("Avrop som minst två leverantörer lämnar anbud på, av alla avrop under fyra år."),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: _ratio(played.competed, played.calloffs),
    ),
    Measure(
        key="awarded",
        name=msg("Önskad volym som blir köpt genom DIS"),
        definition=msg(
            "Värdet av de avrop som tilldelas någon, av värdet av alla avrop. Resten köps av grossisten."
        ),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: _ratio(played.awarded_value, played.wanted_value),
    ),
    Measure(
        key="covered",
        name=msg("Kategorier som har någon leverantör"),
        definition=msg(
            "Av tio kategorier, i genomsnitt över månaderna: de som har minst en leverantör som är kvar i DIS."
        ),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: played.covered / (MONTHS * len(CATEGORIES)),
    ),
    Measure(
        key="price",
        name=msg("Pris mot grossistens"),
        definition=msg(
            "Vad kommunen betalar för det som tilldelas, med transport, mot grossistens pris för samma varor."
        ),
        unit=MeasureUnit.TIMES,
        of=lambda played, _: _ratio(played.paid, played.awarded_value),
    ),
    Measure(
        key="against_single",
        name=msg("Pris mot om leverantören varit ensam"),
        definition=msg(
            "Vad kommunen betalar, mot vad de som lämnade anbud i genomsnitt hade begärt om var och en varit ensam i sin kategori."
        ),
        unit=MeasureUnit.TIMES,
        of=lambda played, _: _ratio(played.paid, played.alone),
    ),
    Measure(
        key="hours_a_calloff",
        name=msg("Upphandlarens timmar per avrop"),
        definition=msg("All upphandlarens tid, också ansökningar och dialog, delad på antalet avrop."),
        unit=MeasureUnit.HOURS,
        of=lambda played, assumed: _ratio(hours(played, assumed), played.calloffs),
    ),
    Measure(
        key="hours_a_year",
        name=msg("Upphandlarens timmar per år"),
        definition=msg("Avrop, inbjudningar, anbud, ansökningar och dialog."),
        unit=MeasureUnit.HOURS,
        of=lambda played, assumed: hours(played, assumed) / YEARS,
    ),
    Measure(
        key="never_won",
        name=msg("Leverantörer som aldrig vinner"),
        definition=msg("Av dem som godkändes från början: de som inte vann något avrop på fyra år."),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: played.never_won / played.suppliers,
    ),
    Measure(
        key="left",
        name=msg("Leverantörer som gett upp"),
        definition=msg(
            "Av dem som godkändes från början: de som förlorat så många gånger i rad att de slutat lämna anbud inom fyra år."
        ),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: played.left / played.suppliers,
    ),
    Measure(
        key="cost_a_krona",
        name=msg("Merkostnad per krona som köps"),
        definition=msg(
            "Dyrare varor, upphandlarens tid och systemet, delat på vad varorna kostat hos grossisten. Här är ingenting sagt om vad "
            "lokal mat är värd."
        ),
        unit=MeasureUnit.KRONOR_A_KRONA,
        of=lambda played, assumed: _ratio(dearer(played, assumed), played.awarded_value / YEARS),
        is_median=True,
    ),
    Measure(
        key="benefit",
        name=msg("Nytta minus kostnad per år"),
        definition=msg(
            "Det antagna värdet av att köpa av små leverantörer och av att kategorierna har någon leverantör, minus merkostnaden."
        ),
        unit=MeasureUnit.KRONOR,
        of=benefit,
    ),
    Measure(
        key="benefit_a_krona",
        name=msg("Nytta minus kostnad per krona i DIS"),
        definition=msg(
            "Nytta minus kostnad per år, delad på vad kommunen vill köpa genom DIS på ett år. Så går små och stora att jämföra."
        ),
        unit=MeasureUnit.KRONOR_A_KRONA,
        of=lambda played, assumed: _ratio(benefit(played, assumed), played.wanted_value / YEARS),
    ),
    Measure(
        key="covered_first",
        name=msg("Kategorier som har någon leverantör från början"),
        definition=msg("Av tio kategorier: de som har minst en godkänd leverantör den första månaden."),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: played.covered_first / len(CATEGORIES),
    ),
    Measure(
        key="left_first_year",
        name=msg("Leverantörer som gett upp första året"),
        definition=msg("Av dem som godkändes från början: de som slutat lämna anbud inom ett år."),
        unit=MeasureUnit.SHARE,
        of=lambda played, _: played.left_first_year / played.suppliers,
    ),
)
KEYS = tuple(one.key for one in MEASURES)
BY_KEY = {one.key: one for one in MEASURES}
