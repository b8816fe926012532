"""The forms of a round of needs, and of the sheet that comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from market import formatting
from market.dis.needs.operations import Asked
from market.dis.needs.rules import MOST_PRODUCTS, MOST_WEEKS, AskedProduct
from market.dis.systems.wording_check import Warning_, place_warnings
from market.form_fields import NEEDED, ClockField, DayField, NarmatForm, PartForm
from market.values import Unit, Week, wall_clock

ROWS_AT_FIRST, MORE_ROWS = 3, 5
WEEKS_AHEAD = 60
NOON_S = 12 * 3600


class ProductForm(PartForm):
    """One product: a name, the unit it is counted in, and its properties."""

    name = StringField(_l("Vara"), validators=[Optional(), Length(max=120)])
    unit = SelectField(_l("Enhet"), validators=[Optional()])
    description = TextAreaField(_l("Egenskaper"), validators=[Optional(), Length(max=2000)])


class WordingForm(NarmatForm):
    """A form whose texts may not favour anyone for where they are: words of place need a reason (LOU 4 kap. 1 §)."""

    wording_reason = StringField(
        _l("Varför gynnar orden ingen för var den finns?"),
        description=_l("Till exempel att orten bara säger vart varorna ska. Skälet sparas i handlingarna."),
        validators=[Optional(), Length(max=500)],
    )
    warnings: Sequence[Warning_] = ()

    def texts(self) -> list[str]:
        """What is checked."""
        raise NotImplementedError

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid: bool = super().validate(*args, **kwargs)
        self.warnings = [warning for text in self.texts() for warning in place_warnings(text)]
        if self.warnings and not (self.wording_reason.data or "").strip():
            self.wording_reason.errors = [gettext("Ändra orden som varningen visar, eller skriv skälet.")]
            return False
        return is_valid

    @property
    def reason(self) -> str:
        """The reason, where there is something to give one for."""
        return (self.wording_reason.data or "").strip() if self.warnings else ""


class RoundForm(WordingForm):
    """What the kitchens are asked: of which weeks, which products, until when."""

    name = StringField(
        _l("Vad ska omgången heta?"),
        description=_l("Till exempel: Rotfrukter, vårterminen."),
        validators=[NEEDED, Length(max=120)],
    )
    first_week = SelectField(
        _l("Från och med vecka"), validators=[InputRequired(message=_l("Välj en vecka."))]
    )
    weeks = IntegerField(
        _l("Antal veckor"),
        validators=[
            NEEDED,
            NumberRange(1, MOST_WEEKS, message=_l("Skriv ett tal mellan %(min)s och %(max)s.")),
        ],
    )
    closes_on = DayField(_l("Köken svarar senast"), validators=[NEEDED])
    closes_s = ClockField(_l("Klockan"), validators=[NEEDED])
    products = FieldList(FormField(ProductForm), max_entries=MOST_PRODUCTS)

    def offer_choices(self, *, today: date, more: bool) -> None:
        self.first_week.choices = [
            (str(week), f"{formatting.week_name(week)}, {formatting.day_span(week.monday, week.period.last)}")
            for week in (Week.containing(today).shifted(n) for n in range(1, WEEKS_AHEAD))
        ]
        wanted = ROWS_AT_FIRST if not self.products.entries else len(self.products.entries)
        wanted += MORE_ROWS if more else 0
        while len(self.products.entries) < min(wanted, MOST_PRODUCTS):
            self.products.append_entry()
        units = [(unit.value, formatting.unit_sign(unit)) for unit in Unit]
        for entry in self.products:
            entry.form.unit.choices = units
            if not entry.form.unit.data:
                entry.form.unit.data = Unit.KILOGRAM.value

    def start_with(self, *, today: date) -> None:
        """The next but two week for four weeks, answered within a week."""
        self.first_week.data = str(Week.containing(today).shifted(5))
        self.weeks.data, self.closes_s.data = 4, NOON_S
        self.closes_on.data = today + timedelta(days=7)

    def texts(self) -> list[str]:
        written = [text for one in self.asked_products() for text in (one.name, one.description)]
        return [self.name.data or "", *written]

    def asked_products(self) -> list[AskedProduct]:
        """The rows that are filled in."""
        return [
            AskedProduct(
                name=(entry.form.name.data or "").strip(),
                unit=Unit(entry.form.unit.data or Unit.KILOGRAM),
                description=(entry.form.description.data or "").strip(),
            )
            for entry in self.products
            if (entry.form.name.data or "").strip()
        ]

    def asked(self) -> Asked:
        return Asked(
            name=(self.name.data or "").strip(),
            first_week_on=Week.parse(self.first_week.data).monday,
            weeks=self.weeks.data or 0,
            closes_at=moment_of(self.closes_on.data, self.closes_s.data),
            products=self.asked_products(),
        )


class ReopenForm(NarmatForm):
    """Until when the kitchens may answer now."""

    closes_on = DayField(_l("Köken svarar senast"), validators=[NEEDED])
    closes_s = ClockField(_l("Klockan"), validators=[NEEDED])

    def closes_at(self) -> datetime:
        return moment_of(self.closes_on.data, self.closes_s.data)


class SheetForm(NarmatForm):
    """A filled-in sheet."""

    sheet = FileField(_l("Ifylld mall"), render_kw={"accept": ".xlsx"})


def moment_of(day: date | None, seconds: int | None) -> datetime:
    """The instant when the Swedish clock shows so many seconds after midnight."""
    assert day is not None
    assert seconds is not None
    return wall_clock(day, seconds)
