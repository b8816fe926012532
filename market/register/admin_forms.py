"""The administrator's forms: an authority, a kitchen, a producer as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from market import shell
from market.form_fields import NEEDED, NarmatForm
from market.register.models import Authority, Kitchen, KitchenKind, Procedure, Producer, TransportModel
from market.register.place_form import PlaceForm
from market.register.places import municipality_choices, written
from market.register.rules import organisation_number
from market.register.validators import WRITTEN
from market.register.wording import KITCHEN_KIND_NAMES, PROCEDURE_NAMES, TRANSPORT_NAMES
from market.values import Refused


class AdministerAuthorityForm(NarmatForm):
    """An authority's identity, how it buys and gets its goods, and who plans its transports."""

    name = StringField(_l("Namn"), validators=[WRITTEN, Length(max=120)])
    municipality = SelectField(_l("Kommun"), validators=[NEEDED])
    procedure = RadioField(_l("Så köper den lokalt"), validators=[NEEDED])
    transport_model = RadioField(_l("Så kommer varorna fram"), validators=[NEEDED])
    planned_by = SelectField(
        _l("Planeras av"),
        description=_l("När en annan organisation planerar transporterna åt den här."),
        validators=[Optional()],
    )

    def offer_choices(self, authorities: Sequence[Authority], *, itself: Authority | None = None) -> None:
        self._authorities = {str(authority.id): authority for authority in authorities}
        self.municipality.choices = municipality_choices()
        self.procedure.choices = [(p.value, gettext(name)) for p, name in PROCEDURE_NAMES.items()]
        self.transport_model.choices = [(t.value, gettext(name)) for t, name in TRANSPORT_NAMES.items()]
        others = [(key, other.name) for key, other in self._authorities.items() if other is not itself]
        self.planned_by.choices = [("", gettext("Sig själv")), *others]

    def fill_in(self, authority: Authority) -> None:
        self.name.data, self.municipality.data = authority.name, authority.municipality_code
        self.procedure.data = authority.procedure.value
        self.transport_model.data = authority.transport_model.value
        self.planned_by.data = str(authority.planned_by_id or "")

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "municipality_code": self.municipality.data,
            "procedure": Procedure(self.procedure.data),
            "transport_model": TransportModel(self.transport_model.data),
            "planned_by": self._authorities.get(self.planned_by.data or ""),
        }


class AdministerKitchenForm(PlaceForm):
    """A kitchen's identity: whose it is, where, and whether goods come to it or through another."""

    authority = SelectField(_l("Myndighet"), validators=[NEEDED])
    name = StringField(_l("Kökets namn"), validators=[WRITTEN, Length(max=120)])
    kind = RadioField(_l("Leveranser"), default=KitchenKind.HUB.value, validators=[NEEDED])
    hub = SelectField(
        _l("Får varorna via"),
        description=_l("Bara för kök som inte tar emot leveranser själva."),
        validators=[Optional()],
    )
    address = StringField(_l("Adress"), validators=[Optional(), Length(max=200)])
    is_active = BooleanField(
        _l("Köket är öppet"), description=_l("Ett stängt kök kan inte beställa."), default=True
    )

    def offer_choices(
        self, *, authorities: Sequence[Authority], kitchens: Sequence[Kitchen], itself: Kitchen | None = None
    ) -> None:
        """A kitchen keeps its authority, so that its orders keep theirs."""
        self._authorities = {
            str(a.id): a for a in authorities if itself is None or a.id == itself.authority_id
        }
        self._hubs = {str(k.id): k for k in kitchens if _may_be_hub(k, itself)}
        self.authority.choices = [(key, authority.name) for key, authority in self._authorities.items()]
        self.kind.choices = [(kind.value, gettext(name)) for kind, name in KITCHEN_KIND_NAMES.items()]
        hubs = [(key, f"{hub.authority.name}: {hub.name}") for key, hub in self._hubs.items()]
        self.hub.choices = [("", gettext("Inget annat kök")), *hubs]

    def fill_in(self, kitchen: Kitchen) -> None:
        self.authority.data, self.name.data = str(kitchen.authority_id), kitchen.name
        self.kind.data, self.hub.data = kitchen.kind.value, str(kitchen.hub_id or "")
        self.address.data, self.is_active.data = kitchen.address, kitchen.is_active
        self.place.data = written(kitchen.lat, kitchen.lon)

    @property
    def chosen_authority(self) -> Authority:
        return self._authorities[self.authority.data]

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "kind": KitchenKind(self.kind.data),
            "hub": self._hubs.get(self.hub.data or ""),
            "address": self.address.data or "",
            "position": self.position,
        }


class NumberField(StringField):
    """A number that is not written back once it is known to be a person's, not even the one just typed."""

    is_hidden = False

    def _value(self) -> str:
        return "" if self.is_hidden else str(self.data or "")


class AdministerProducerForm(NarmatForm):
    """A producer's name and number. A sole trader's number is a person's: it is never written back to the page."""

    name = StringField(_l("Namn"), validators=[WRITTEN, Length(max=120)])
    is_sole_trader = BooleanField(
        _l("Enskild firma"), description=_l("Numret är då ett personnummer och visas aldrig.")
    )
    number = NumberField(_l("Organisationsnummer"), validators=[Optional(), Length(max=20)])

    def fill_in(self, producer: Producer) -> None:
        self.name.data, self.is_sole_trader.data = producer.name, producer.is_sole_trader
        self.number.data = "" if producer.is_sole_trader else producer.organisation_number

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        self.number.is_hidden = bool(self.is_sole_trader.data)
        return bool(super().validate(extra_validators))

    def validate_number(self, field: Field) -> None:
        try:
            organisation_number(field.data, is_sole_trader=bool(self.is_sole_trader.data))
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None

    def values(self, producer: Producer | None = None) -> dict[str, Any]:
        """An empty field keeps a sole trader's hidden number, and removes a number that was shown."""
        text = (self.number.data or "").strip()
        hidden = producer is not None and producer.is_sole_trader
        shown = producer is not None and text == producer.organisation_number
        keeps = shown or (hidden and not text)
        return {
            "name": self.name.data,
            "is_sole_trader": bool(self.is_sole_trader.data),
            "number": None if keeps else text,
        }


def _may_be_hub(kitchen: Kitchen, itself: Kitchen | None) -> bool:
    if kitchen.kind is not KitchenKind.HUB or not kitchen.is_active or kitchen is itself:
        return False
    return itself is None or kitchen.authority_id == itself.authority_id
