"""Direct award beside DIS on the same measures, and what of another authority's figures may be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import median

from market.followup.figures import DAY_S, FIGURES, Figure, Sums
from market.followup.publishing.open_figures import OPEN_FIGURES, SPLITS, OpenFigure, Split, added, rounded
from market.followup.publishing.privacy import FEWEST_SUPPLIERS, is_enough
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
"""Figures of OPEN_FIGURES that are shown between authorities: no amounts, so that nothing can be subtracted from anything."""
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
class Sold:
    """What one producer delivered to one authority by one procedure."""

    authority_id: int
    route: Route
    producer_id: int
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What may be shown of an authority's purchases by one procedure; `protected` are keys of SHARED that may not."""

    authority_id: int
    route: Route
    is_protected: bool
    suppliers: int = 0
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


def told(sold: Iterable[Sold], *, own_id: int | None) -> list[Told]:
    """By authority and procedure. The own authority's is told in full; others' where three suppliers or more stand for it."""

    def key(one: Sold) -> tuple[int, Route]:
        return one.authority_id, one.route

    return [_told(list(group), own_id=own_id) for _, group in groupby(sorted(sold, key=key), key=key)]


def _told(sold: Sequence[Sold], *, own_id: int | None) -> Told:
    first, suppliers, is_own = sold[0], len(sold), sold[0].authority_id == own_id
    if not is_own and suppliers < FEWEST_SUPPLIERS:
        return Told(authority_id=first.authority_id, route=first.route, is_protected=True, values={})
    sums = added(one.sums for one in sold)
    hidden = frozenset(key for key in SHARED if not (is_own or may_leave(OPEN[key], sold)))
    return Told(
        authority_id=first.authority_id,
        route=first.route,
        is_protected=False,
        suppliers=suppliers,
        values={key: rounded(OPEN[key], sums) for key in SHARED if key not in hidden},
        protected=hidden,
    )


def may_leave(figure: OpenFigure, sold: Sequence[Sold]) -> bool:
    """Whether those who make up each class of what the figure divides are none, or enough."""
    if figure.split is None:
        return is_enough(len(sold))
    return all(is_enough(count) for count in _counts(SPLITS[figure.split], sold))


def _counts(split: Split, sold: Sequence[Sold]) -> list[int]:
    return [sum(1 for one in sold if count(one.sums)) for count in split.classes]


def median_days(seconds: Sequence[float]) -> Decimal | None:
    """To one decimal; none of none."""
    return round(Decimal(median(seconds)) / DAY_S, 1) if seconds else None
