"""The words of the pages about who produces what."""

from __future__ import annotations

from market.followup.supply.gaps import Basis, Covering, Ground
from market.followup.supply.rules import Area, Look
from market.values import msg

AREA_NAMES = {
    Area.OWN: msg("Det som räknas som lokalt"),
    Area.COUNTY: msg("Länet"),
    Area.REGION: msg("Länet och länen runt om"),
    Area.ALL: msg("Alla i Närmat"),
}
LOOK_NAMES = {Look.AHEAD: msg("Kommande tolv månader"), Look.BACK: msg("Senaste tolv månader")}
BASIS_NAMES = {
    Basis.STATED: msg("kökens svar i behovsomgångar"),
    Basis.WANTED: msg("beställt och intresse"),
    Basis.BEFORE: msg("levererat samma månad året före"),
    Basis.WATCHED: msg("bevakningar"),
}
COVERING_NAMES = {
    Covering.COVERED: msg("täckt"),
    Covering.SHORT: msg("för lite"),
    Covering.NOBODY: msg("ingen har erbjudit något"),
    Covering.SPARE: msg("finns, men inget känt behov"),
    Covering.UNKNOWN: msg("inget känt"),
}
GROUND_NAMES = {
    Ground.OFFERS: msg("Producentens egna erbjudanden utanför området"),
    Ground.TYPICAL: msg("Medelvärdet av vad andra i kategorin erbjuder"),
    Ground.NONE: msg("Ingen i kategorin har erbjudit något, så mängden är okänd"),
}
