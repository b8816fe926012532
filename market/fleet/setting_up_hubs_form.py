"""Where goods go on from a hub: Kramfors's five kitchens and their own staff, Bath's hub that collects and delivers."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from market.fleet.rules import CarrierKind, CarrierTerms, OwnDelivery
from market.fleet.setting_up import (
    OWN_NAME,
    OWN_SERIES,
    STAFF_SERIES,
    NobodyToCarryOnTo,
    NoProducerChosen,
    SetUp,
    hubs_with_satellites,
    producers_own,
    staff_at,
    vans_at,
)
from market.fleet.setting_up_parts_form import (
    MINUTE,
    SetUpForm,
    VanPart,
    count_field,
    kitchen_choices,
    minutes_field,
)
from market.fleet.setting_up_queries import Grounds
from market.fleet.wording import OWN_DELIVERY_NAMES
from market.form_fields import NEEDED, TicksField
from market.register.models import Kitchen, TransportModel

LONGEST_LEAD_DAYS = 60


class HubsOwnStaffForm(SetUpForm):
    """Kramfors: delivered to five larger kitchens, from where the municipality's own staff carries on to the others.

    Has a field `via_ID` for each kitchen, made by `form_for`.
    """

    model = TransportModel.HUBS_OWN_STAFF
    own_delivery = RadioField(
        _l("Vem kör till de större köken?"),
        default=OwnDelivery.ALWAYS.value,
        validators=[InputRequired(message=_l("Välj ett av sätten."))],
    )
    transfer = minutes_field(
        _l("Minuter från att varorna är mottagna till att de kan köras vidare"), default=30
    )
    staff = FormField(VanPart, label=_l("Personalens bil"))

    def offer(self, grounds: Grounds) -> None:
        super().offer(grounds)
        self.own_delivery.choices = [(way.value, gettext(name)) for way, name in OWN_DELIVERY_NAMES.items()]
        for kitchen in grounds.kitchens:
            others = [one for one in grounds.kitchens if one.id != kitchen.id]
            direct = ("", gettext("Får sina varor direkt"))
            via = [(str(one.id), gettext("Via %(kitchen)s", kitchen=one.name)) for one in others]
            self[f"via_{kitchen.id}"].choices = [direct, *via]

    def fill_in(self, grounds: Grounds) -> None:
        super().fill_in(grounds)
        self.transfer.data = grounds.settings.transfer_s // MINUTE
        self.staff.form.fill_in(grounds.vehicle_of(CarrierKind.MUNICIPALITY, series=STAFF_SERIES))
        for kitchen in grounds.kitchens:
            self[f"via_{kitchen.id}"].data = str(kitchen.hub_id or "")

    def ways(self, grounds: Grounds) -> list[Field]:
        """The fields of the kitchens, in order."""
        return [self[f"via_{kitchen.id}"] for kitchen in grounds.kitchens]

    def validate_producers(self, field: Field) -> None:
        if self.own_delivery.data != OwnDelivery.NEVER.value and not field.data:
            raise ValidationError(gettext(NoProducerChosen.message))

    def wish(self, grounds: Grounds) -> SetUp:
        way = OwnDelivery(self.own_delivery.data)
        hubs = {one.id: int(self[f"via_{one.id}"].data or 0) or None for one in grounds.kitchens}
        staff = staff_at(hubs_with_satellites(grounds.kitchens, hubs), shape=self.staff.form.shape())
        drives = () if way is OwnDelivery.NEVER else self.chosen_producers(grounds)
        suppliers = producers_own(
            drives,
            shape=self.supplier.form.shape(),
            carries_for_others=False,
            is_paid_with_goods=bool(self.in_price.data),
        )
        settings = {
            "own_delivery": way,
            "satellites_by_own_staff": True,
            "transfer_s": (self.transfer.data or 0) * MINUTE,
            "gather_weekday": None,
            "producers_choose_times": False,
            "lead_days": 0,
        }
        dropped = frozenset() if way is OwnDelivery.NEVER else self.dropped_producers(grounds)
        return SetUp(
            model=self.model, settings=settings, carriers=(staff, *suppliers), hubs=hubs, dropped=dropped
        )


class HubCollectsForm(SetUpForm):
    """Bath: a hub collects on the days and times that producers choose, and delivers on optimised routes; some bring their goods."""

    model = TransportModel.HUB_COLLECTS
    hub = SelectField(_l("Vilket kök är hubb?"), validators=[NEEDED])
    served = TicksField(_l("Vilka kök levererar hubben till?"), validators=[NEEDED])
    vans = count_field()
    own = FormField(VanPart, label=_l("Hubbens bil"))
    producers_choose_times = BooleanField(_l("Producenterna väljer dag och tid för hämtning"), default=True)
    lead_days = IntegerField(
        _l("Minsta antal dagar från beställning till leverans"),
        description=_l("Så kort som möjligt: 0 betyder att det går att få varan samma dag."),
        default=0,
        validators=[NEEDED, NumberRange(0, LONGEST_LEAD_DAYS, message=_l("Skriv 0 till 60 dagar."))],
        widget=TextInput(),
    )
    transfer = minutes_field(
        _l("Minuter från att varorna är mottagna till att de kan köras vidare"), default=30
    )

    def offer(self, grounds: Grounds) -> None:
        super().offer(grounds)
        self.hub.choices = self.served.choices = kitchen_choices(grounds.kitchens)

    def fill_in(self, grounds: Grounds) -> None:
        super().fill_in(grounds)
        own = grounds.vehicle_of(CarrierKind.MUNICIPALITY, series=OWN_SERIES)
        self.own.form.fill_in(own)
        hub = next((one for one in grounds.kitchens if own and one.name == own.home_name), None)
        self.hub.data = str(hub.id) if hub else None
        self.served.data = [str(one.id) for one in grounds.kitchens if hub is None or one.hub_id == hub.id]
        if grounds.authority.transport_model is self.model:
            self.producers_choose_times.data = grounds.settings.producers_choose_times
            self.lead_days.data = grounds.settings.lead_days
        self.transfer.data = grounds.settings.transfer_s // MINUTE

    def validate_served(self, field: Field) -> None:
        if not set(field.data or ()) - {self.hub.data}:
            raise ValidationError(gettext(NobodyToCarryOnTo.message))

    def wish(self, grounds: Grounds) -> SetUp:
        hub = next(one for one in grounds.kitchens if str(one.id) == self.hub.data)
        terms = CarrierTerms(kind=CarrierKind.MUNICIPALITY, name=OWN_NAME)
        own = vans_at(hub, count=self.vans.data or 1, shape=self.own.form.shape(), terms=terms)
        brings = self.chosen_producers(grounds)
        suppliers = producers_own(
            brings,
            shape=self.supplier.form.shape(),
            carries_for_others=False,
            is_paid_with_goods=bool(self.in_price.data),
        )
        settings = {
            "own_delivery": OwnDelivery.WHEN_CHEAPER if brings else OwnDelivery.NEVER,
            "satellites_by_own_staff": True,
            "transfer_s": (self.transfer.data or 0) * MINUTE,
            "producers_choose_times": bool(self.producers_choose_times.data),
            "lead_days": self.lead_days.data or 0,
            "gather_weekday": None,
        }
        return SetUp(
            model=self.model,
            settings=settings,
            carriers=(own, *suppliers),
            hubs=self._hubs(grounds, hub),
            dropped=self.dropped_producers(grounds),
        )

    def _hubs(self, grounds: Grounds, hub: Kitchen) -> dict[int, int | None]:
        """The hub takes in itself, those served get theirs from it; one that is not served any more takes in itself."""
        served = set(self.served.data or ())
        freed = {
            one.id: None for one in grounds.kitchens if one.hub_id == hub.id and str(one.id) not in served
        }
        chosen = {one.id: hub.id for one in grounds.kitchens if str(one.id) in served and one is not hub}
        return {hub.id: None, **freed, **chosen}
