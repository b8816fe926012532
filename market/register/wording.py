"""What the register's codes are called, for forms and pages; translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from market.register.models import (
    CertificateScheme,
    KitchenKind,
    Procedure,
    SizeClass,
    Step,
    Temperature,
    TransportModel,
)
from market.values import msg

WEEKDAYS: Mapping[int, str] = MappingProxyType(
    {
        1: msg("Måndag"),
        2: msg("Tisdag"),
        3: msg("Onsdag"),
        4: msg("Torsdag"),
        5: msg("Fredag"),
        6: msg("Lördag"),
        7: msg("Söndag"),
    }
)
PROCEDURE_NAMES: Mapping[Procedure, str] = MappingProxyType(
    {
        Procedure.DIRECT_AWARD: msg("Direktupphandling"),
        Procedure.DIS: msg("Dynamiskt inköpssystem (DIS)"),
    }
)
TRANSPORT_NAMES: Mapping[TransportModel, str] = MappingProxyType(
    {
        TransportModel.HUBS_OWN_STAFF: msg("Till några få kök, egen personal kör vidare"),
        TransportModel.SUPPLIERS_COLOAD: msg("Leverantörerna samlastar, transporten ingår i priset"),
        TransportModel.MUNICIPAL_VANS: msg("Kommunens egna bilar hämtar och lämnar"),
        TransportModel.PRODUCER_DELIVERS: msg("Varje producent kör själv"),
        TransportModel.HUB_COLLECTS: msg("En hubb hämtar och levererar, producenten väljer dag och tid"),
    }
)
KITCHEN_KIND_NAMES: Mapping[KitchenKind, str] = MappingProxyType(
    {
        KitchenKind.HUB: msg("Tar emot leveranser"),
        KitchenKind.SATELLITE: msg("Får varorna via ett annat kök"),
    }
)
STEP_NAMES: Mapping[Step, str] = MappingProxyType(
    {
        Step.FARM: msg("Gård"),
        Step.SLAUGHTER: msg("Slakt"),
        Step.PROCESSING: msg("Förädling"),
        Step.PACKING: msg("Packning"),
    }
)
SIZE_NAMES: Mapping[SizeClass, str] = MappingProxyType(
    {
        SizeClass.MICRO: msg("Mikroföretag: färre än 10 personer"),
        SizeClass.SMALL: msg("Litet företag: 10 till 49 personer"),
        SizeClass.MEDIUM: msg("Medelstort företag: 50 till 249 personer"),
        SizeClass.LARGE: msg("Stort företag: 250 personer eller fler"),
    }
)
SCHEME_NAMES: Mapping[CertificateScheme, str] = MappingProxyType(
    {
        CertificateScheme.KRAV: msg("KRAV"),
        CertificateScheme.EU_ORGANIC: msg("EU-ekologiskt"),
    }
)
TEMPERATURE_NAMES: Mapping[Temperature, str] = MappingProxyType(
    {
        Temperature.AMBIENT: msg("Rumstemperatur"),
        Temperature.CHILLED: msg("Kyl"),
        Temperature.FROZEN: msg("Frys"),
    }
)
