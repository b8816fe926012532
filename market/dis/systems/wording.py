"""What kinds and choices of a DIS are called. Swedish, and marked for translation."""

from __future__ import annotations

from market.dis.rules import DisEvent, DisState, Regime
from market.dis.systems.rules import CriterionKind, RequirementKind, TieRule
from market.dis.systems.wording_check import WarningKind
from market.values import msg

REGIME_NAMES = {
    Regime.DIRECTIVE: msg("Över tröskelvärdet: dynamiskt inköpssystem (LOU 8 kap.)"),
    Regime.NATIONAL: msg("Under tröskelvärdet: liknande system (LOU 19 kap.)"),
}
STATE_NAMES = {
    DisState.DRAFT: msg("Utkast"),
    DisState.PUBLISHED: msg("Öppet för ansökningar"),
    DisState.ENDED: msg("Avslutat"),
    DisState.DISCARDED: msg("Kastat utkast"),
}
EVENT_NAMES = {
    DisEvent.DRAFT: msg("Utkast påbörjat"),
    DisEvent.PUBLISH: msg("Publicerat"),
    DisEvent.EXTEND: msg("Förlängt"),
    DisEvent.END: msg("Avslutat"),
    DisEvent.DISCARD: msg("Kastat utkast"),
}
REQUIREMENT_KINDS = {
    RequirementKind.DECLARATION: msg("Leverantören försäkrar själv"),
    RequirementKind.DOCUMENT: msg("Leverantören bifogar bevis"),
    RequirementKind.TEXT: msg("Leverantören beskriver"),
}
CRITERION_KINDS = {
    CriterionKind.STATEMENT: msg("Erbjuds eller inte"),
    CriterionKind.SCORED: msg("Poäng av en arbetsgrupp"),
}
TIE_RULES = {
    TieRule.ADDED_VALUE_THEN_LOT: msg("Störst beviljat mervärdesavdrag går före, därefter lottning"),
    TieRule.LOT: msg("Lottning"),
}
WARNING_KINDS = {
    WarningKind.PLACE: msg("namnet på en plats"),
    WarningKind.LOCAL: msg("ett ord för det som finns nära"),
    WarningKind.DISTANCE: msg("ett mått på avstånd"),
}
