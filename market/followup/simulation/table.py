"""The table of an experiment: as a sheet with everything, and as lines to print."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from market.followup.simulation.measures import BY_KEY, KEYS
from market.followup.simulation.verdicts import Verdict
from market.followup.simulation.wording import shown

Result = Mapping[str, Any]
PRINTED = {
    "tendered": ">=1 %",
    "competed": ">=2 %",
    "awarded": "bought %",
    "covered": "cat. %",
    "price": "price",
    "against_single": "vs alone",
    "hours_a_calloff": "h/call",
    "hours_a_year": "h/year",
    "never_won": "no win %",
    "left": "left %",
    "cost_a_krona": "extra/kr",
    "benefit": "net tkr",
}
"""Column heads of what is printed."""
IN_SETS = {Verdict.WORKS: "sets_working", Verdict.CROWDED: "sets_crowded", Verdict.THIN: "sets_with_few_bids"}
"""Columns of the sheet: the share of the sets of assumptions in which a number of suppliers works, and what is wrong in the others."""
WORKS = "works %"
WIDTH = 9
MINUS = "\N{MINUS SIGN}"


def sheet(result: Result) -> str:
    """Semicolons and decimal points, as the other sheets: a row for each scene and number, four columns for each measure.

    Then IN_SETS, which are empty for an experiment of the first version.
    """
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    endings = ("", "_low", "_high", "_error")
    measured = [f"{key}{end}" for key in KEYS for end in endings]
    writer.writerow(["size", "handling", "suppliers", *measured, *IN_SETS.values()])
    for row in result["rows"]:
        values = [value for key in KEYS for value in row["values"][key]]
        values += [row.get("sets", {}).get(verdict) for verdict in IN_SETS]
        cells = ["" if value is None else str(value) for value in values]
        writer.writerow([*row["scene"].split("-"), row["suppliers"], *cells])
    return out.getvalue()


def lines(result: Result) -> Iterator[str]:
    """Means, one block for each scene, and under each what it answers."""
    answers = {answer["scene"]: answer for answer in result["answers"]}
    for scene, answer in answers.items():
        yield f"{scene.replace('-', ' municipality, ')}:"
        yield "suppliers" + "".join(head.rjust(WIDTH) for head in (*PRINTED.values(), WORKS))
        yield from (_line(row) for row in result["rows"] if row["scene"] == scene)
        yield from _answered(answer, last=result["counts"][1])
        yield ""


def _line(row: Mapping[str, Any]) -> str:
    cells = (
        shown(row["values"][key][0], BY_KEY[key].unit, _plain).replace(MINUS, "-").rjust(WIDTH)
        for key in PRINTED
    )
    works = f"{100 * row['sets'][Verdict.WORKS]:.0f}".rjust(WIDTH)
    return str(row["suppliers"]).rjust(len("suppliers")) + "".join(cells) + works


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def _answered(answer: Mapping[str, Any], *, last: int) -> Iterator[str]:
    works, best = answer["works"], answer["best_band"]
    low, middle, high = answer["works_band"]
    some, more, crowded, thin = (100 * answer["shares"][verdict] for verdict in Verdict)
    yield f"  works well with: {f'{works[0]}-{works[1]}' if works else 'none of these'} (the first that does, over assumptions: {low} - {middle} - {high})"
    yield f"  some number works in {some:.0f} % of the assumptions, more than {last} may be needed in {more:.0f} %, none works in {crowded + thin:.0f} %:"
    yield f"  bids suffice but too many never win in {crowded:.0f} %, bids suffice at no number in {thin:.0f} %"
    yield f"  highest net benefit: {answer['best']}{' or more' if answer['best_is_last'] else ''} (not told apart: {answer['near_best'][0]}-{answer['near_best'][1]}; over assumptions: {best[0]} - {best[1]} - {best[2]})"
    yield f"  pays from: {answer['pays_from'] or 'none of these'} (at the best number it pays in {100 * answer['pays_share']:.0f} % of the assumptions)"
