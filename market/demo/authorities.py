"""The municipalities of the report, each with its definition of local, procedure and transport model.

What the report tells (Dynamiskt inköpssystem för livsmedel, Region Gävleborg 2023, chapters 4 and 5) and what the
demo assumes are kept apart in the comments. It says that most define local as production in the county, and that
one has a rule about a school class's visit; it names neither which one nor which steps of production count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.local import InCounties, LocalDefinition, Rule, SchoolDayVisit, Step, WithinDistance
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.register.models import Authority, Procedure, TransportModel
from market.values import local_date, wall_clock

COUNTY_WORDING = "Livsmedelsproduktion inom länet."
VISIT_WORDING = (
    "En skolklass, årskurs F-9, ska inom en skoldag som motsvarar högst 6 timmar inklusive restid, varav restiden "
    "inte får utgöra majoriteten av skoldagen, få möjlighet att besöka anbudsgivaren och se hur dennes produktion "
    "fungerar."
)
FARMERS_MARKET_WORDING = "Hela produktionen ska ske högst 25 mil från köket, som på Bondens egen marknad."

KRAMFORS_NOTE = (
    "Varorna levereras till fem större kök. Därefter tar kommunens egen personal hand om dem och kör ut till de "
    "mindre köken."
)
OWN_NOTE = "Samarbetar med Kramfors men har ett eget DIS. Egen personal kör vidare från köken som tar emot."
TIERP_NOTE = (
    "Åtta leveranspunkter: skolor, förskolor och äldreboenden. Leverantörerna hjälps åt med transporterna, som ingår "
    "i produktpriset. Köken beställer för hela veckan, fryser in och planerar för att få ner antalet transporter."
)
SHARED_NOTE = "Gemensamt DIS med Tierp, som också planerar transporterna."
VALLENTUNA_NOTE = "Sedan 2024 sköts mattransporterna i kommunal regi där producenten inte kan leverera själv."
NORRTALJE_NOTE = "Producenten levererar till köket. Pris avtalas vid varje beställning."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySpec:
    code: str
    name: str
    rule: Rule
    steps: tuple[Step, ...]
    wording: str
    transport_model: TransportModel
    note: str
    procedure: Procedure = Procedure.DIS
    planned_by: str | None = None

    @property
    def definition(self) -> LocalDefinition:
        return LocalDefinition(rule=self.rule, steps=self.steps, wording=self.wording)


def _northern(code: str, name: str, note: str) -> AuthoritySpec:
    """Assumed: that what is grown or reared in the county counts, wherever it is slaughtered or packed."""
    return AuthoritySpec(
        code=code,
        name=name,
        rule=InCounties(),
        steps=(Step.FARM,),
        wording=COUNTY_WORDING,
        transport_model=TransportModel.HUBS_OWN_STAFF,
        note=note,
    )


def _uppland(code: str, name: str, note: str, planned_by: str | None = None) -> AuthoritySpec:
    """Assumed: that slaughter and processing count too, but not packing."""
    return AuthoritySpec(
        code=code,
        name=name,
        rule=InCounties(),
        steps=(Step.FARM, Step.SLAUGHTER, Step.PROCESSING),
        wording=COUNTY_WORDING,
        transport_model=TransportModel.SUPPLIERS_COLOAD,
        note=note,
        planned_by=planned_by,
    )


AUTHORITIES = (
    _northern("2282", "Kramfors kommun", KRAMFORS_NOTE),
    _northern("2283", "Sollefteå kommun", OWN_NOTE),
    _northern("2260", "Ånge kommun", OWN_NOTE),
    _uppland("0360", "Tierps kommun", TIERP_NOTE),
    _uppland("0331", "Heby kommun", SHARED_NOTE, planned_by="0360"),
    _uppland("0330", "Knivsta kommun", SHARED_NOTE, planned_by="0360"),
    _uppland("0382", "Östhammars kommun", SHARED_NOTE, planned_by="0360"),
    # Assumed: that Vallentuna is the municipality with the school-day rule. The report says "one of the
    # municipalities"; Vallentuna is the one it quotes on study visits. The class visits the farm, so that step counts.
    AuthoritySpec(
        code="0115",
        name="Vallentuna kommun",
        rule=SchoolDayVisit(day_hours=6, travel_share=0.5),
        steps=(Step.FARM,),
        wording=VISIT_WORDING,
        transport_model=TransportModel.MUNICIPAL_VANS,
        note=VALLENTUNA_NOTE,
    ),
    # Assumed: that Norrtälje uses the 250 km rule, which the report describes but gives to no municipality.
    AuthoritySpec(
        code="0188",
        name="Norrtälje kommun",
        rule=WithinDistance(km=250, by="crow", measured_from="kitchen"),
        steps=tuple(Step),
        wording=FARMERS_MARKET_WORDING,
        transport_model=TransportModel.PRODUCER_DELIVERS,
        note=NORRTALJE_NOTE,
        procedure=Procedure.DIRECT_AWARD,
    ),
)


CHANGED, CHANGED_BEFORE = "0360", timedelta(days=60)


def add_authorities(session: Session, *, at: datetime, stated_at: datetime) -> dict[str, Authority]:
    """All authorities, by municipality code. Tierp counted only the farm until the middle of a month some time ago."""
    rows = {spec.code: _row(spec, at) for spec in AUTHORITIES}
    session.add_all(rows.values())
    session.flush()
    session.add_all(
        version for spec in AUTHORITIES for version in _versions(spec, rows[spec.code], at, stated_at)
    )
    for spec in AUTHORITIES:
        if spec.planned_by is not None:
            rows[spec.code].planned_by_id = rows[spec.planned_by].id
    session.flush()
    return rows


def _row(spec: AuthoritySpec, at: datetime) -> Authority:
    return Authority(
        name=spec.name,
        municipality_code=spec.code,
        procedure=spec.procedure,
        transport_model=spec.transport_model,
        transport_note=spec.note,
        is_demo=True,
        created_at=at,
    )


def _versions(
    spec: AuthoritySpec, authority: Authority, at: datetime, stated_at: datetime
) -> list[DefinitionVersion]:
    latest = _version(spec.definition, spec.wording, authority)
    if spec.code != CHANGED:
        latest.number, latest.valid_from, latest.created_at = 1, local_date(stated_at), stated_at
        return [latest]
    changed_on = (local_date(at) - CHANGED_BEFORE).replace(day=15)
    first = _version(replace(spec.definition, steps=(Step.FARM,)), "", authority)
    first.number, first.valid_from, first.valid_to, first.created_at = (
        1,
        local_date(stated_at),
        changed_on,
        stated_at,
    )
    latest.number, latest.valid_from, latest.created_at = 2, changed_on, wall_clock(changed_on, 9 * 3600)
    return [first, latest]


def _version(definition: LocalDefinition, wording: str, authority: Authority) -> DefinitionVersion:
    return DefinitionVersion(
        authority_id=authority.id, definition=stored_form(definition), own_wording=wording
    )
