"""The forms of award files, carve-outs, guidelines, and the procedure adviser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from market.direct.models import AwardGuidelines
from market.direct.need import Need
from market.direct.rules import Measure, Written
from market.direct.wording import MEASURE_NAMES, category_named
from market.form_fields import NEEDED, AboveZero, DayField, NarmatForm, SwedishDecimalField
from market.register.models import Category
from market.values import round_ore

LONGEST = 10_000
WRITTEN = DataRequired(message=_l("Fyll i det här."))
MOST_KRONOR = Decimal(10) ** 11
MOST_MONTHS = 120


class AwardForm(NarmatForm):
    """What only a person knows of an award. Nothing is required to save; the page says what is missing."""

    reason = TextAreaField(_l("Varför direktupphandlas köpet?"), validators=[Optional(), Length(max=LONGEST)])
    asked = TextAreaField(_l("Vilka tillfrågades, och hur?"), validators=[Optional(), Length(max=LONGEST)])
    asked_several = BooleanField(_l("Anbud begärdes in från fler än en leverantör"))
    notified_on = DayField(_l("De tillfrågade underrättades skriftligt"), validators=[Optional()])
    comparison = TextAreaField(_l("Hur bedömdes priset?"), validators=[Optional(), Length(max=LONGEST)])
    contract = TextAreaField(_l("Vilket avtal gäller köpet?"), validators=[Optional(), Length(max=LONGEST)])
    contract_on = DayField(_l("Avtalet ingicks"), validators=[Optional()])

    def fill_in(self, written: Written) -> None:
        for name in (
            "reason",
            "asked",
            "asked_several",
            "notified_on",
            "comparison",
            "contract",
            "contract_on",
        ):
            self[name].data = getattr(written, name)

    def written(self) -> Written:
        return Written(
            reason=(self.reason.data or "").strip(),
            asked=(self.asked.data or "").strip(),
            asked_several=bool(self.asked_several.data),
            notified_on=self.notified_on.data,
            comparison=(self.comparison.data or "").strip(),
            contract=(self.contract.data or "").strip(),
            contract_on=self.contract_on.data,
        )


class CarveOutForm(NarmatForm):
    """What the wholesaler contract says of a category in a year, and the share outside it."""

    contract = StringField(_l("Grossistavtalets namn"), validators=[WRITTEN, Length(max=120)])
    category = SelectField(_l("Kategori"), validators=[InputRequired(message=_l("Välj en kategori."))])
    measure = RadioField(_l("Räkna i"), validators=[InputRequired(message=_l("Välj kronor eller kilogram."))])
    total = SwedishDecimalField(
        _l("Avtalets hela mängd eller värde för tiden"), validators=[NEEDED, AboveZero()]
    )
    share = SwedishDecimalField(_l("Andel som får köpas utanför, procent"), validators=[NEEDED, AboveZero()])
    valid_from = DayField(_l("Från och med"), validators=[NEEDED])
    last_day = DayField(_l("Till och med"), validators=[NEEDED])

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.category.choices = [(c.key, category_named(c.name_sv, c.name_en)) for c in categories]
        self.measure.choices = [(m.value, gettext(MEASURE_NAMES[m])) for m in Measure]

    def validate_share(self, field: Any) -> None:
        if field.data is not None and field.data > 100:
            raise ValidationError(gettext("Andelen är högst 100 procent."))

    def validate_total(self, field: Any) -> None:
        if field.data is not None and field.data > MOST_KRONOR:
            raise ValidationError(gettext("Talet är för stort. Kontrollera enheten och antalet nollor."))

    def values(self) -> dict[str, Any]:
        measure, total = Measure(self.measure.data), self.total.data or Decimal()
        last = self.last_day.data
        assert last is not None
        return {
            "contract": self.contract.data,
            "measure": measure,
            "total": round_ore(total) if measure is Measure.MONEY else int(total * 1000),
            "share": self.share.data,
            "valid_from": self.valid_from.data,
            "valid_until": last + timedelta(days=1),
        }


class GuidelinesForm(NarmatForm):
    """When and where the authority decided on its guidelines, and what they say."""

    decided_on = DayField(_l("Beslutades"), validators=[NEEDED])
    reference = StringField(
        _l("Beslut"),
        description=_l("Till exempel nämnd och diarienummer."),
        validators=[WRITTEN, Length(max=200)],
    )
    text = TextAreaField(_l("Riktlinjerna"), validators=[Optional(), Length(max=LONGEST)])

    def fill_in(self, found: AwardGuidelines) -> None:
        self.decided_on.data, self.reference.data, self.text.data = (
            found.decided_on,
            found.reference,
            found.text,
        )


class AdviserForm(NarmatForm):
    """A planned purchase. It is asked by GET and changes nothing."""

    class Meta(NarmatForm.Meta):
        csrf = False

    category = SelectField(_l("Vad ska köpas?"), validators=[InputRequired(message=_l("Välj en kategori."))])
    value = SwedishDecimalField(
        _l("Uppskattat värde utan moms"),
        description=_l("Allt som ska betalas under tiden, med optioner och förlängningar."),
        validators=[NEEDED, AboveZero()],
    )
    months = SwedishDecimalField(_l("Under hur många månader?"), validators=[NEEDED, AboveZero()])
    recurs = RadioField(
        _l("Återkommer behovet?"), validators=[InputRequired(message=_l("Välj ja eller nej."))]
    )
    whole = SwedishDecimalField(
        _l("Hela den större upphandlingens värde"),
        description=_l("Om köpet är en del av till exempel grossistavtalet: alla delar tillsammans."),
        validators=[Optional(), AboveZero()],
    )
    lots = SwedishDecimalField(_l("Delar som redan är undantagna"), validators=[Optional()])
    rate = SwedishDecimalField(
        _l("Kronor per euro"),
        description=_l("Kursen som tröskelvärdena är tillkännagivna med."),
        validators=[Optional(), AboveZero()],
    )

    def offer_choices(self, categories: Sequence[Category]) -> None:
        self.category.choices = [(c.key, category_named(c.name_sv, c.name_en)) for c in categories]
        self.recurs.choices = [
            ("yes", gettext("Ja, vi köper samma slag om igen")),
            ("no", gettext("Nej, ett enda köp")),
        ]

    def validate_value(self, field: Any) -> None:
        if field.data is not None and field.data > MOST_KRONOR:
            raise ValidationError(gettext("Talet är för stort. Kontrollera enheten och antalet nollor."))

    def validate_months(self, field: Any) -> None:
        months = field.data
        if months is not None and (months != months.to_integral_value() or months > MOST_MONTHS):
            raise ValidationError(gettext("Skriv hela månader, högst 120."))

    def validate_lots(self, field: Any) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Skriv noll eller mer."))

    def need(self, on: date) -> Need:
        return Need(
            ore=round_ore(self.value.data or Decimal()),
            months=int(self.months.data or 1),
            recurs=self.recurs.data == "yes",
            on=on,
            whole_ore=None if self.whole.data is None else round_ore(self.whole.data),
            lots_ore=round_ore(self.lots.data or Decimal()),
            kronor_per_euro=self.rate.data,
        )
