"""The forms in which people look after their own: producer, site, product, kitchen, authority."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import TextInput

from market import shell
from market.form_fields import NEEDED, DayField, NarmatForm
from market.register.hours_form import HoursForm
from market.register.models import (
    Authority,
    CertificateScheme,
    Kitchen,
    Procedure,
    Producer,
    ProductionSite,
    SizeClass,
    TransportModel,
)
from market.register.place_form import PlaceForm
from market.register.places import declared_position, located_code, municipality_choices, written
from market.register.rules import MOST_PORTIONS
from market.register.validators import EMAIL, LONGEST_TEXT, WRITTEN
from market.register.wording import PROCEDURE_NAMES, SCHEME_NAMES, SIZE_NAMES, TRANSPORT_NAMES
from market.values import Refused

WHOLE_PORTIONS = _l("Skriv ett helt antal portioner mellan 1 och 100 000, eller lämna tomt.")


class ProducerForm(NarmatForm):
    """How to reach a producer, and its story."""

    phone = TelField(_l("Telefon"), validators=[Optional(), Length(max=40)])
    email = EmailField(_l("E-post"), validators=[Optional(), Length(max=255), EMAIL])
    story = TextAreaField(
        _l("Om er"),
        description=_l("Köken läser det här: vad ni gör, hur ni gör det, vad ni är stolta över."),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )
    size = RadioField(
        _l("Hur stora är ni?"),
        description=_l(
            "Räkna alla som arbetar hos er ett år, omräknat till heltid och med ägarna; i en koncern räknas hela koncernen. Omsättning "
            "eller balansomslutning får vara högst 2 miljoner euro för mikro och 10 miljoner för litet; för medelstort högst 50 "
            "respektive 43 miljoner. Enligt EU-kommissionens rekommendation 2003/361/EG. Med svaret följer kommunen hur mycket som "
            "köps från små företag."
        ),
        default="",
        validators=[Optional()],
    )

    def offer_choices(self) -> None:
        named = [(size.value, gettext(name)) for size, name in SIZE_NAMES.items()]
        self.size.choices = [*named, ("", gettext("Vill inte uppge"))]

    def fill_in(self, producer: Producer) -> None:
        self.phone.data, self.email.data, self.story.data = producer.phone, producer.email, producer.story
        self.size.data = producer.size.value if producer.size else ""

    def values(self) -> dict[str, Any]:
        written = {name: self[name].data or "" for name in ("phone", "email", "story")}
        return {**written, "size": SizeClass(self.size.data) if self.size.data else None}


class CertificateForm(NarmatForm):
    """An organic certificate as it stands on the paper."""

    scheme = RadioField(_l("Vilken märkning?"), validators=[NEEDED])
    number = StringField(
        _l("Certifikatets nummer"),
        description=_l("Står på certifikatet."),
        validators=[WRITTEN, Length(max=60)],
    )
    last_valid_on = DayField(_l("Gäller till och med"), validators=[NEEDED])

    def offer_choices(self) -> None:
        self.scheme.choices = [(scheme.value, gettext(name)) for scheme, name in SCHEME_NAMES.items()]

    def values(self) -> dict[str, Any]:
        return {
            "scheme": CertificateScheme(self.scheme.data),
            "number": self.number.data or "",
            "last_valid_on": self.last_valid_on.data,
        }


class SiteForm(PlaceForm):
    """A production site: name, address, position, municipality, when and how to collect."""

    name = StringField(_l("Platsens namn"), validators=[WRITTEN, Length(max=120)])
    address = StringField(_l("Adress"), validators=[Optional(), Length(max=200)])
    municipality = SelectField(
        _l("Kommun"),
        description=_l("Ändra bara om kartan placerar er på fel sida av en kommungräns."),
        validators=[Optional()],
    )
    collection_note = TextAreaField(
        _l("Bra att veta vid hämtning"),
        description=_l("Till exempel var kylen står, eller att lastbilen inte kan vända."),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )
    hours = FormField(HoursForm, _l("När kan varor hämtas?"))

    def offer_choices(self) -> None:
        self.municipality.choices = [("", gettext("Enligt läget på kartan")), *municipality_choices()]

    def fill_in(self, site: ProductionSite) -> None:
        self.name.data, self.address.data = site.name, site.address
        self.place.data, self.collection_note.data = written(site.lat, site.lon), site.collection_note
        mapped = located_code(site.lat, site.lon)
        self.municipality.data = "" if site.municipality_code in (None, mapped) else site.municipality_code
        self.hours.form.fill_in(site.windows)

    def validate_municipality(self, field: Field) -> None:
        if not field.data or self.place.errors:
            return
        try:
            self.position = declared_position(self.position, municipality_code=field.data)
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "address": self.address.data or "",
            "position": self.position,
            "collection_note": self.collection_note.data or "",
            "hours": self.hours.form.read(),
        }


class KitchenForm(NarmatForm):
    """Where and when a kitchen takes in goods."""

    address = StringField(_l("Adress"), validators=[Optional(), Length(max=200)])
    loading_note = TextAreaField(
        _l("Bra att veta vid leverans"),
        description=_l("Till exempel vilken port, höjd under taket, eller vem som tar emot."),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
    )
    portions = IntegerField(
        _l("Portioner per dag"),
        description=_l(
            "En vanlig dag, alla måltider. Beredskapen räknar med det: hur långt maten räcker om något händer."
        ),
        validators=[Optional(), NumberRange(1, MOST_PORTIONS, message=WHOLE_PORTIONS)],
        widget=TextInput(),
    )
    hours = FormField(HoursForm, _l("När tar köket emot varor?"))

    def fill_in(self, kitchen: Kitchen) -> None:
        self.address.data, self.loading_note.data = kitchen.address, kitchen.loading_note
        self.portions.data = kitchen.portions
        self.hours.form.fill_in(kitchen.windows)

    def values(self) -> dict[str, Any]:
        return {
            "address": self.address.data or "",
            "loading_note": self.loading_note.data or "",
            "portions": self.portions.data,
            "hours": self.hours.form.read(),
        }


class AuthorityForm(NarmatForm):
    """How an authority buys and gets its goods."""

    procedure = RadioField(_l("Så köper ni lokalt"), validators=[NEEDED])
    transport_model = RadioField(_l("Så kommer varorna fram"), validators=[NEEDED])
    transport_note = TextAreaField(
        _l("Mer om transporterna"), validators=[Optional(), Length(max=LONGEST_TEXT)]
    )

    def offer_choices(self) -> None:
        self.procedure.choices = [(p.value, gettext(name)) for p, name in PROCEDURE_NAMES.items()]
        self.transport_model.choices = [(t.value, gettext(name)) for t, name in TRANSPORT_NAMES.items()]

    def fill_in(self, authority: Authority) -> None:
        self.procedure.data, self.transport_model.data = (
            authority.procedure.value,
            authority.transport_model.value,
        )
        self.transport_note.data = authority.transport_note

    def values(self) -> dict[str, Any]:
        return {
            "procedure": Procedure(self.procedure.data),
            "transport_model": TransportModel(self.transport_model.data),
            "transport_note": self.transport_note.data or "",
        }
