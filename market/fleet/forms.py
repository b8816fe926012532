"""The forms of carriers and drivers; a vehicle's is in vehicle_form, those of places in place_forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import Length, NumberRange, Optional

from market.fleet.models import Carrier, Driver
from market.fleet.rules import CarrierKind, CarrierTerms, Tariff
from market.fleet.wording import CARRIER_NAMES
from market.form_fields import NEEDED, DayField, NarmatForm, SwedishDecimalField
from market.register.models import Authority, Producer
from market.register.validators import EMAIL, WRITTEN, SoundPassword
from market.values import round_ore

AT_LEAST_ZERO = NumberRange(min=0, message=_l("Skriv noll eller mer."))
MOST_KRONOR = NumberRange(
    min=0, max=10_000_000, message=_l("Skriv ett belopp mellan 0 och 10 miljoner kronor.")
)


def ore_of(kronor: Decimal | None) -> int:
    return round_ore(kronor or Decimal(0))


def kronor_of(ore: int | None) -> Decimal | None:
    """For a field that shows kronor."""
    return None if ore is None else Decimal(ore) / 100


def day_after(last: date | None) -> date | None:
    """A last day, as the end of a half-open period."""
    return last and last + timedelta(days=1)


def day_before(until: date | None) -> date | None:
    return until and until - timedelta(days=1)


class CarrierForm(NarmatForm):
    """Who drives: a municipality, a producer or a haulier, from when to when, at which tariff."""

    authority = SelectField(_l("Åt vilken kommun?"), validators=[Optional()])
    kind = RadioField(_l("Vem är det som kör?"), validators=[NEEDED])
    name = StringField(_l("Namn"), validators=[WRITTEN, Length(max=120)])
    producer = SelectField(
        _l("Vilken producent?"),
        description=_l("Bara när det är en producent som kör."),
        validators=[Optional()],
    )
    carries_for_others = BooleanField(_l("Tar med andras varor också"))
    is_paid_with_goods = BooleanField(_l("Transporten är redan betald i varornas pris"))
    contact_name = StringField(_l("Kontaktperson"), validators=[Optional(), Length(max=120)])
    phone = TelField(_l("Telefon"), validators=[Optional(), Length(max=40)])
    email = EmailField(_l("E-post"), validators=[Optional(), Length(max=255), EMAIL])
    from_on = DayField(_l("Kör från och med"), validators=[Optional()])
    last_on = DayField(_l("Kör till och med"), validators=[Optional()])
    per_day = SwedishDecimalField(_l("Per bil och dag"), validators=[Optional(), MOST_KRONOR])
    per_km = SwedishDecimalField(_l("Per kilometer"), validators=[Optional(), MOST_KRONOR])
    per_hour = SwedishDecimalField(_l("Per timme"), validators=[Optional(), MOST_KRONOR])
    minimum_share = IntegerField(
        _l("Lovad andel av alla varor"),
        description=_l("Om avtalet lovar en viss andel. Lämna annars tomt."),
        validators=[
            Optional(),
            NumberRange(min=0, max=100, message=_l("Skriv ett helt tal mellan 0 och 100.")),
        ],
    )
    short_price = SwedishDecimalField(
        _l("Kostnad för varje kilo under andelen"), validators=[Optional(), MOST_KRONOR]
    )

    def offer_choices(self, *, authorities: Sequence[Authority], producers: Sequence[Producer]) -> None:
        self.authority.choices = [(str(one.id), one.name) for one in authorities]
        self.kind.choices = [(kind.value, gettext(name)) for kind, name in CARRIER_NAMES.items()]
        self.producer.choices = [("", gettext("Ingen producent")), *((str(p.id), p.name) for p in producers)]

    def fill_in(self, carrier: Carrier) -> None:
        for name in (
            "name",
            "carries_for_others",
            "is_paid_with_goods",
            "contact_name",
            "phone",
            "email",
            "from_on",
        ):
            self[name].data = getattr(carrier, name)
        self.kind.data, self.producer.data = carrier.kind.value, str(carrier.producer_id or "")
        self.last_on.data = day_before(carrier.until_on)
        self.per_day.data, self.per_km.data, self.per_hour.data = (
            kronor_of(carrier.tariff_ore_per_day),
            kronor_of(carrier.tariff_ore_per_km),
            kronor_of(carrier.tariff_ore_per_hour),
        )
        self.minimum_share.data = carrier.minimum_share_percent or None
        self.short_price.data = kronor_of(carrier.short_ore_per_kg or None)

    def start_with(self) -> None:
        """A municipality's own, which carries everybody's goods."""
        self.kind.data, self.carries_for_others.data = CarrierKind.MUNICIPALITY.value, True

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid: bool = super().validate(*args, **kwargs)
        kind = self.kind.data
        if kind == CarrierKind.PRODUCER.value and not self.producer.data:
            self.producer.errors = [gettext("Välj vilken producent som kör.")]
            return False
        if self.tariff_is_halved:
            self.per_day.errors = [
                gettext("Fyll i alla tre priserna, eller inget av dem. Skriv 0 för det som inte kostar.")
            ]
            return False
        return is_valid

    @property
    def tariff_is_halved(self) -> bool:
        given = [self[name].data is not None for name in ("per_day", "per_km", "per_hour")]
        return any(given) and not all(given)

    def terms(self) -> CarrierTerms:
        """Raises what the terms refuse."""
        kind = CarrierKind(self.kind.data)
        is_producer = kind is CarrierKind.PRODUCER
        return CarrierTerms(
            kind=kind,
            name=self.name.data or "",
            producer_id=int(self.producer.data) if is_producer and self.producer.data else None,
            carries_for_others=bool(self.carries_for_others.data) if is_producer else True,
            is_paid_with_goods=bool(self.is_paid_with_goods.data),
            contact_name=self.contact_name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            from_on=self.from_on.data,
            until_on=day_after(self.last_on.data),
            tariff=self._tariff(),
            minimum_share_percent=self.minimum_share.data or 0,
            short_ore_per_kg=ore_of(self.short_price.data),
        )

    def _tariff(self) -> Tariff | None:
        if self.per_day.data is None:
            return None
        return Tariff(
            ore_per_day=ore_of(self.per_day.data),
            ore_per_km=ore_of(self.per_km.data),
            ore_per_hour=ore_of(self.per_hour.data),
        )


class DriverForm(NarmatForm):
    """A person by e-mail; name and password for one who has no account yet."""

    email = EmailField(_l("Förarens e-post"), validators=[WRITTEN, Length(max=255), EMAIL])
    phone = TelField(
        _l("Mobil"),
        description=_l("Hit ringer köken när något strular."),
        validators=[Optional(), Length(max=40)],
    )
    name = StringField(
        _l("Namn"),
        description=_l("Behövs bara om föraren inte har något konto."),
        validators=[Optional(), Length(max=120)],
    )
    password = PasswordField(
        _l("Lösenord"),
        description=_l(
            "Bara för ett nytt konto: minst 12 tecken. Lämna över det muntligt; det visas inte igen."
        ),
        validators=[Optional(), SoundPassword()],
    )

    def values(self) -> dict[str, Any]:
        return {
            "email": self.email.data or "",
            "phone": self.phone.data or "",
            "name": self.name.data or "",
            "password_hash": str(hash_password(self.password.data)) if self.password.data else None,
        }


class PhoneForm(NarmatForm):
    """How to reach a driver on the road."""

    phone = TelField(_l("Mobil"), validators=[Optional(), Length(max=40)])

    def fill_in(self, driver: Driver) -> None:
        self.phone.data = driver.phone
