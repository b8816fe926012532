"""The kinds of messages: what each is called, and which of them nobody can opt out of.

A kind is one line here and `templates/emails/KIND.txt`. One that is not listed is sent at once and can't be chosen away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from market.accounts.rules import Role
from market.values import msg

DIGEST = "digest"
PRODUCER = frozenset({Role.PRODUCER})
OFFICE = frozenset({Role.MEAL_MANAGER, Role.PROCUREMENT_OFFICER})
KITCHEN = frozenset({Role.KITCHEN, Role.MEAL_MANAGER})
PARTIES = PRODUCER | KITCHEN
OFFICERS = frozenset({Role.PROCUREMENT_OFFICER})
SIGNERS = PRODUCER | OFFICE
ON_THE_ROAD = frozenset({Role.PRODUCER, Role.KITCHEN, Role.DRIVER})
PLANNERS = frozenset({Role.LOGISTICS_PLANNER})


@dataclass(frozen=True, slots=True)
class Kind:
    """`readers` are the roles that get it. `is_needed`: part of a deal or of what the law asks for."""

    label: str
    readers: frozenset[Role] = frozenset(Role)
    is_needed: bool = True


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "need_matched": Kind(msg("Något ni bevakar har kommit ut"), KITCHEN, is_needed=False),
        "offer_to_confirm": Kind(msg("Ett erbjudande per telefon att bekräfta"), PRODUCER),
        "order_proposed": Kind(msg("Ett kök föreslår ett pris"), PRODUCER, is_needed=False),
        "order_confirmed": Kind(msg("Orderbekräftelse"), PARTIES),
        "order_countered": Kind(msg("Motbud på en beställning"), PARTIES),
        "order_expired": Kind(msg("En beställning gick ut utan svar"), PARTIES),
        "order_declined": Kind(msg("Producenten tackade nej"), KITCHEN),
        "order_cancelled": Kind(msg("Köket avbokade"), PRODUCER),
        "order_cancel_asked": Kind(msg("Köket vill avboka"), PRODUCER),
        "order_cancel_agreed": Kind(msg("Avbokningen godtas"), KITCHEN),
        "order_cancel_refused": Kind(msg("Avbokningen godtas inte"), KITCHEN),
        "standing_order_made": Kind(msg("En stående beställning är gjord"), KITCHEN, is_needed=False),
        "standing_order_failed": Kind(msg("En stående beställning gick inte att göra"), KITCHEN),
        "order_deviation": Kind(msg("Leveransen stämde inte"), PRODUCER, is_needed=False),
        "supplier_invitation": Kind(msg("En kommun vill köpa av er"), PRODUCER, is_needed=False),
        "interest_shown": Kind(msg("Ett kök visar intresse"), SIGNERS, is_needed=False),
        "agreement_sent": Kind(msg("Ett avtal att ta ställning till"), SIGNERS),
        "agreement_signed": Kind(msg("Ett avtal är undertecknat av den ena parten"), SIGNERS),
        "agreement_in_force": Kind(msg("Ett avtal gäller"), SIGNERS),
        "agreement_extended": Kind(msg("Ett avtal är förlängt"), SIGNERS),
        "agreement_ended": Kind(msg("Ett avtal är avböjt, tillbakadraget eller uppsagt"), SIGNERS),
        "limit_warning": Kind(msg("Direktupphandlingsgränsen närmar sig"), OFFICE),
        "limit_blocked": Kind(msg("Ett kök stoppades av gränsen"), OFFICE),
        "award_opened": Kind(msg("Köp att dokumentera"), OFFICE),
        "award_due": Kind(msg("Påminnelse om köp att dokumentera"), OFFICE),
        "dis_award_decided": Kind(msg("Tilldelningsbeslut i ett avrop"), PRODUCER),
        "dis_award_annulled": Kind(msg("Ett tilldelningsbeslut är upphävt"), SIGNERS),
        "dis_contract_ready": Kind(msg("Ett upphandlat avtal att skicka"), OFFICE),
        "dis_orders_placed": Kind(msg("Beställningar enligt ett upphandlat avtal"), PARTIES | OFFICE),
        "dis_notice_due": Kind(msg("En efterannons att skicka"), OFFICE),
        "dis_tenders_to_open": Kind(msg("Anbud att öppna"), OFFICE),
        "dis_tender_set_aside": Kind(msg("Ett anbud räknas inte längre"), PRODUCER),
        "dis_judging": Kind(msg("Du är med i en arbetsgrupp som bedömer prover"), KITCHEN | OFFICERS),
        "dis_application_sent": Kind(msg("En ansökan till ett inköpssystem är mottagen"), PRODUCER),
        "dis_application_received": Kind(msg("En leverantör ansöker till ett inköpssystem"), OFFICERS),
        "dis_application_decided": Kind(msg("Beslut om en ansökan till ett inköpssystem"), PRODUCER),
        "dis_review_extended": Kind(msg("Mer tid för att pröva en ansökan"), PRODUCER),
        "dis_application_ended": Kind(msg("En leverantör återkallar en ansökan"), OFFICERS),
        "dis_application_lapsed": Kind(msg("En ansökan har förfallit"), PRODUCER),
        "dis_application_due": Kind(msg("Påminnelse om ansökningar att pröva"), OFFICERS),
        "dis_inquiry": Kind(msg("En kommun frågar något i sitt inköpssystem"), PRODUCER),
        "dis_inquiry_answered": Kind(msg("En leverantör har svarat"), OFFICERS),
        "dis_changed": Kind(msg("Ett dynamiskt inköpssystem är publicerat, förlängt eller avslutat"), OFFICE),
        "needs_asked": Kind(msg("Köken tillfrågas om sina behov"), KITCHEN),
        "needs_collected": Kind(msg("Kökens behov är insamlade"), OFFICERS),
        "calloff_deadline_asked": Kind(msg("Fråga om en kortare anbudstid"), PRODUCER),
        "calloff_invited": Kind(msg("Inbjudan att lämna anbud"), PRODUCER),
        "calloff_question": Kind(msg("En fråga om ett avrop"), OFFICERS),
        "calloff_answered": Kind(msg("Svar om ett avrop"), PRODUCER),
        "calloff_extended": Kind(msg("Längre anbudstid i ett avrop"), PRODUCER),
        "calloff_abandoned": Kind(msg("Ett avrop är avbrutet"), PRODUCER),
        "transport_late": Kind(msg("Bilen är sen"), PARTIES),
        "transport_deviation": Kind(msg("Föraren rapporterar en avvikelse"), PARTIES | PLANNERS),
        "cold_chain_broken": Kind(msg("Kylkedjan har brutits"), KITCHEN),
        "transport_survey": Kind(msg("Kan ni leverera själva?"), PRODUCER),
        "visit_booked": Kind(msg("Studiebesök bokat"), PARTIES, is_needed=False),
        "visit_cancelled": Kind(msg("Studiebesök inställt"), PARTIES),
        "transports_published": Kind(msg("Veckans transporter är klara"), ON_THE_ROAD),
        "transports_changed": Kind(msg("En transport är ändrad eller inställd"), ON_THE_ROAD),
    }
)
UNKNOWN = Kind(msg("Meddelande"))
CHOOSABLE = tuple(name for name, kind in KINDS.items() if not kind.is_needed)


def kind_of(name: str) -> Kind:
    return KINDS.get(name, UNKNOWN)


def can_be_chosen(name: str) -> bool:
    return name in CHOOSABLE or name == DIGEST


def kinds_for(roles: frozenset[Role]) -> dict[str, Kind]:
    """What someone with these roles may get."""
    return {name: kind for name, kind in KINDS.items() if kind.readers & roles}
