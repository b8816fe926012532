"""One rule of a definition as a part of the form: its kind is fixed when it is added, its numbers are fields."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from geodata import areas
from geodata.definitions import FARTHEST_KM, MOST_GRAMS, Simple
from geodata.local import (
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    SchoolDayVisit,
    WithinDistance,
)
from market.form_fields import PartForm, SwedishDecimalField
from market.formatting import decimal, is_swedish
from market.register.categories import CATEGORIES
from market.values import msg

MOST_SHOWN_RINGS = 5


class Kind(StrEnum):
    IN_COUNTY = "in_county"
    IN_COUNTIES = "in_counties"
    NEIGHBOURS = "neighbours"
    DISTANCE = "distance"
    SCHOOL_DAY = "school_day"
    CIRCLE = "circle"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.IN_COUNTY: msg("I det egna länet"),
    Kind.IN_COUNTIES: msg("I vissa län"),
    Kind.NEIGHBOURS: msg("I kommunen eller nära grannar"),
    Kind.DISTANCE: msg("Inom ett avstånd"),
    Kind.SCHOOL_DAY: msg("Studiebesök under en skoldag"),
    Kind.CIRCLE: msg("Så nära som behovet kan täckas"),
}


class RuleForm(PartForm):
    """The fields of every kind; a row shows and reads those of its own."""

    kind = HiddenField(default=Kind.IN_COUNTY)
    codes = SelectMultipleField(
        _l("Län"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    rings = SelectField(_l("Hur långt bort?"), default="1")
    km = SwedishDecimalField(_l("Högst så många kilometer"))
    by = RadioField(_l("Räknat"), default="crow")
    measured_from = RadioField(_l("Från"), default="kitchen")
    day_hours = SwedishDecimalField(_l("Skoldagens längd, timmar"), default=Decimal(6))
    share = SwedishDecimalField(
        _l("Mindre än så stor del av dagen får vara resa, procent"), default=Decimal(50)
    )
    category = SelectField(
        _l("Kategori"),
        description=_l("Cirkeln kring köket växer tills det som finns av kategorin räcker."),
    )
    kilograms = SwedishDecimalField(_l("Så många kilo behövs"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes.choices = [(county.code, county.name) for county in areas.counties()]
        self.rings.choices = [
            ("0", gettext("Bara i kommunen")),
            ("1", gettext("Kommunen och dess grannar")),
            *(
                (str(n), gettext("Högst %(n)s kommungränser bort", n=n))
                for n in range(2, MOST_SHOWN_RINGS + 1)
            ),
        ]
        self.by.choices = [("crow", gettext("Fågelvägen")), ("road", gettext("På väg"))]
        self.measured_from.choices = [
            ("kitchen", gettext("Köket")),
            ("seat", gettext("Centralorten")),
            ("border", gettext("Kommungränsen")),
        ]
        self.category.choices = [
            ("", gettext("Välj en kategori")),
            *((key, swedish if is_swedish() else english) for key, swedish, english, _ in CATEGORIES),
        ]

    @property
    def name(self) -> str:
        """What the row says at its head."""
        return str(gettext(KIND_NAMES[self.rule_kind]))

    @property
    def rule_kind(self) -> Kind:
        """The row's kind; a made-up one reads as the plainest."""
        return Kind(self.kind.data) if self.kind.data in set(Kind) else Kind.IN_COUNTY

    @property
    def shown(self) -> list[Field]:
        """The fields of this kind, in order."""
        return [self[name] for name in FIELDS[self.rule_kind]]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Only the fields that the kind has; every error stands by its field."""
        del extra_validators
        checks = [CHECKS[name](self[name]) for name in FIELDS[self.rule_kind]]
        return all(checks)

    def fill_in(self, rule: Simple) -> None:
        match rule:
            case InCounties(codes):
                self.kind.data, self.codes.data = Kind.IN_COUNTIES if codes else Kind.IN_COUNTY, list(codes)
            case InMunicipalityOrNeighbours(rings):
                self.kind.data, self.rings.data = Kind.NEIGHBOURS, str(rings)
            case WithinDistance(km, by, measured_from):
                self.kind.data, self.km.data = Kind.DISTANCE, Decimal(str(km))
                self.by.data, self.measured_from.data = by, measured_from
            case SchoolDayVisit(day_hours, share):
                self.kind.data, self.day_hours.data = Kind.SCHOOL_DAY, Decimal(str(day_hours))
                self.share.data = Decimal(str(share)) * 100
            case ExpandingCircle(product, grams):
                self.kind.data, self.category.data = Kind.CIRCLE, product
                self.kilograms.data = Decimal(grams) / 1000

    def rule(self) -> Simple:
        """The rule that a valid row says."""
        match self.rule_kind:
            case Kind.IN_COUNTY:
                return InCounties()
            case Kind.IN_COUNTIES:
                return InCounties(tuple(sorted(self.codes.data or ())))
            case Kind.NEIGHBOURS:
                return InMunicipalityOrNeighbours(int(self.rings.data))
            case Kind.DISTANCE:
                return WithinDistance(_number(self.km), self.by.data, self.measured_from.data)
            case Kind.SCHOOL_DAY:
                return SchoolDayVisit(_number(self.day_hours), _number(self.share) / 100)
            case Kind.CIRCLE:
                return ExpandingCircle(
                    self.category.data, math.ceil(Decimal(self.kilograms.data or 0) * 1000)
                )


FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.IN_COUNTY: (),
    Kind.IN_COUNTIES: ("codes",),
    Kind.NEIGHBOURS: ("rings",),
    Kind.DISTANCE: ("km", "by", "measured_from"),
    Kind.SCHOOL_DAY: ("day_hours", "share"),
    Kind.CIRCLE: ("category", "kilograms"),
}


def _number(field: Any) -> float | int:
    """250, not 250.0: whole numbers are stored as such."""
    value = Decimal(field.data)
    return int(value) if value == value.to_integral_value() else float(value)


def _some(field: Any) -> bool:
    chosen = set(field.data or ())
    known = {code for code, _ in field.choices}
    return _blame(field, gettext("Välj minst ett län.")) if not chosen or chosen - known else True


def _chosen(field: Any) -> bool:
    known = {value for value, _ in field.choices} - {""}
    return field.data in known or _blame(field, gettext("Välj ett av alternativen."))


def _between(low: int, high: int) -> Callable[[Any], bool]:
    def check(field: Any) -> bool:
        if field.process_errors:
            field.errors = list(field.process_errors)
            return False
        if field.data is not None and low < field.data <= high:
            return True
        return _blame(
            field,
            gettext(
                "Skriv ett tal större än %(low)s och högst %(high)s.", low=low, high=decimal(Decimal(high), 0)
            ),
        )

    return check


def _blame(field: Any, text: str) -> bool:
    field.errors = [text]
    return False


CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "codes": _some,
    "rings": _chosen,
    "km": _between(0, FARTHEST_KM),
    "by": _chosen,
    "measured_from": _chosen,
    "day_hours": _between(0, 24),
    "share": _between(0, 100),
    "category": _chosen,
    "kilograms": _between(0, MOST_GRAMS // 1000),
}
