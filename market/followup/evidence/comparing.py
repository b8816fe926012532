"""Direct award beside DIS on the same measures, and what of another authority's figures may be shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from market.followup.figures import DAY_S, FIGURES, Figure, Sums
from market.followup.publishing.open_figures import OPEN_FIGURES, OpenFigure, OpenRow, rounded
from market.followup.rules import Route
from market.values import msg

MEASURES = (
    "spend", "suppliers", "against_list", "lead_days", "deviations", "grade", "share_local", "share_organic", "share_small",
    "surplus_kg", "food_km", "co2e_per_kg",
)  # fmt: skip
"""Figures of FIGURES, in the order of the page."""
SHARED = (
    "against_list", "lead_days", "deviations", "share_local", "share_organic", "share_small", "share_surplus",
    "food_km", "co2e_per_kg",
)  # fmt: skip
"""Figures of OPEN_FIGURES that are shown between authorities."""
OVER_TIME = ("against_list", "lead_days", "share_local", "deviations")
OPEN: Mapping[str, OpenFigure] = {figure.key: figure for figure in OPEN_FIGURES}
CAUTIONS = (
    msg(
        "Skillnaden är inte en verkan av förfarandet. Vad som köps direkt och vad som köps i ett DIS väljs: det är ofta olika varor, "
        "mängder, tider på året och producenter. Välj en kategori ovan för att jämföra mer lika köp."
    ),
    msg(
        "Få leverantörer ger osäkra tal: en enda producents pris eller läge kan vara hela skillnaden. Antalet leverantörer och rader står "
        "i tabellen. Någon statistisk säkerhet är inte beräknad."
    ),
    msg(
        "I ett DIS får läget inte påverka vem som får kontraktet. Andelen lokalt där är en följd av vilka som lämnade anbud, inte av att det lokala valdes."
    ),
    msg(
        "Listpriset sätter producenten själv, och den som säljer bara genom avrop har kanske inget. Pris mot listpris säger hur priset "
        "blev mot det egna priset, inte om maten var billig."
    ),
    msg(
        "Personalens arbetstid mäts inte här. Därför går det inte att säga vilket förfarande som kostar minst att sköta; simuleringen räknar på "
        "antaganden om den."
    ),
    msg(
        "Kommuner definierar lokalt olika. Mellan kommuner jämförs varje kommuns eget lokala, så andelen säger lika mycket om definitionen som om inköpen."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is shown of an authority's purchases by each procedure, another's as it has published them: together (`route` none) where no more is out.

    `protected` are keys of SHARED that may not be shown.
    """

    authority_id: int
    route: Route | None
    is_protected: bool = False
    suppliers: int = 0
    share_dis: Decimal | None = None
    values: Mapping[str, Decimal | None]
    protected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure of both procedures; `difference` is DIS less direct where both are known."""

    figure: Figure
    direct: Decimal | None
    dis: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.direct is None or self.dis is None else self.dis - self.direct


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffTime:
    """Days from the invitations of a call-off to the award decision, and to the signed contract: medians, and of how many."""

    decided: int
    days_to_decision: Decimal | None
    contracts: int
    days_to_contract: Decimal | None


def measured(by_route: Mapping[Route, Sums]) -> list[Measured]:
    """Every measure. A procedure that nothing came by has no values, rather than noughts."""
    return [
        Measured(
            figure=FIGURES[key],
            direct=_value(key, by_route.get(Route.DIRECT)),
            dis=_value(key, by_route.get(Route.DIS)),
        )
        for key in MEASURES
    ]


def _value(key: str, sums: Sums | None) -> Decimal | None:
    return FIGURES[key].of(sums) if sums is not None and sums.lines else None


def told_own(authority_id: int, by_route: Mapping[Route, Sums]) -> list[Told]:
    """An authority's own, in full."""
    return [
        Told(
            authority_id=authority_id,
            route=route,
            suppliers=by_route[route].suppliers,
            values={key: rounded(OPEN[key], by_route[route]) for key in SHARED},
        )
        for route in Route
        if route in by_route
    ]


def told_others(authority_id: int, rows: Sequence[OpenRow]) -> list[Told]:
    """Another's: exactly what its open figures tell everyone of the period, so that no two pages tell more than one.

    By procedure where any of that may be told, else all together.
    """
    by_route = [row for row in rows if row.route is not None]
    together = [row for row in rows if row.route is None]
    shown = by_route if any(not row.is_protected for row in by_route) else together
    return [_told(authority_id, row) for row in shown]


def _told(authority_id: int, row: OpenRow) -> Told:
    return Told(
        authority_id=authority_id,
        route=row.route,
        is_protected=row.is_protected,
        suppliers=row.suppliers,
        share_dis=row.values.get("share_dis"),
        values={key: row.values.get(key) for key in SHARED},
        protected=row.protected,
    )


def median_days(seconds: Sequence[float]) -> Decimal | None:
    """To one decimal; none of none."""
    return round(Decimal(median(seconds)) / DAY_S, 1) if seconds else None
