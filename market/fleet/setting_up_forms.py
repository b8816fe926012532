"""The five set-up forms, by the model that each sets up."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import Optional

from market.fleet.setting_up import NoKitchens
from market.fleet.setting_up_hubs_form import HubCollectsForm, HubsOwnStaffForm
from market.fleet.setting_up_parts_form import SetUpForm
from market.fleet.setting_up_queries import Grounds
from market.fleet.setting_up_suppliers_form import ProducerDeliversForm, SuppliersColoadForm
from market.fleet.setting_up_vans_form import MunicipalVansForm
from market.register.models import TransportModel

FORMS: dict[TransportModel, type[SetUpForm]] = {
    form.model: form
    for form in (
        HubsOwnStaffForm,
        SuppliersColoadForm,
        MunicipalVansForm,
        ProducerDeliversForm,
        HubCollectsForm,
    )
}


def form_for(model: TransportModel, grounds: Grounds) -> SetUpForm:
    """The model's form with its choices, filled in by the request where it was sent. Raises NoKitchens."""
    if not grounds.kitchens:
        raise NoKitchens
    base = FORMS[model]
    fields = {f"via_{one.id}": SelectField(one.name, validators=[Optional()]) for one in grounds.kitchens}
    form = type(base.__name__, (base,), fields)() if base is HubsOwnStaffForm else base()
    form.offer(grounds)
    return form
