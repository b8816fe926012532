"""Opening hours in a form: per weekday two optional times, from and to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field

from market.form_fields import ClockField, PartForm
from market.register.models import KitchenWindow, SiteWindow
from market.register.rules import OpenHours, WindowsOverlap, check_hours
from market.register.wording import WEEKDAYS
from market.values import Refused

TURNS = (1, 2)


class HoursForm(PartForm):
    """Fields opens_1_1 ... closes_7_2: weekday, then first or second time of that day. A part of a larger form."""

    def fill_in(self, windows: Iterable[KitchenWindow | SiteWindow]) -> None:
        """Show what is stored: the first two windows of each weekday."""
        for weekday in WEEKDAYS:
            own = sorted((w for w in windows if w.weekday == weekday), key=lambda w: w.opens_s)
            for turn, window in zip(TURNS, own, strict=False):
                self[f"opens_{weekday}_{turn}"].data = window.opens_s
                self[f"closes_{weekday}_{turn}"].data = window.closes_s

    def rows(self) -> list[tuple[str, list[tuple[Field, Field]]]]:
        """Each weekday's name with its two pairs of fields, from and to."""
        return [
            (
                gettext(name),
                [(self[f"opens_{weekday}_{turn}"], self[f"closes_{weekday}_{turn}"]) for turn in TURNS],
            )
            for weekday, name in WEEKDAYS.items()
        ]

    def read(self) -> list[OpenHours]:
        """What a valid form says, by weekday and time."""
        return [hours for weekday in WEEKDAYS for hours in self._of_day(weekday)]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Each field, then each pair, then each day; every error stands by the field to change."""
        if not super().validate(extra_validators):
            return False
        days = [self._is_day_sound(weekday) for weekday in WEEKDAYS]
        return all(days)

    def _is_day_sound(self, weekday: int) -> bool:
        pairs = [self._is_pair_sound(weekday, turn) for turn in TURNS]
        if not all(pairs):
            return False
        try:
            check_hours(self._of_day(weekday))
        except WindowsOverlap as refusal:
            return _blame(self[f"opens_{weekday}_2"], gettext(refusal.message))
        return True

    def _is_pair_sound(self, weekday: int, turn: int) -> bool:
        opens, closes = self[f"opens_{weekday}_{turn}"], self[f"closes_{weekday}_{turn}"]
        if (opens.data is None) != (closes.data is None):
            empty = opens if opens.data is None else closes
            return _blame(empty, gettext("Fyll i både från och till, eller lämna båda tomma."))
        if opens.data is None:
            return True
        try:
            OpenHours(weekday=weekday, opens_s=opens.data, closes_s=closes.data)
        except Refused as refusal:
            return _blame(closes, gettext(refusal.message))
        return True

    def _of_day(self, weekday: int) -> Sequence[OpenHours]:
        pairs = (
            (self[f"opens_{weekday}_{turn}"].data, self[f"closes_{weekday}_{turn}"].data) for turn in TURNS
        )
        return [
            OpenHours(weekday=weekday, opens_s=opens, closes_s=closes)
            for opens, closes in pairs
            if opens is not None
        ]


def _blame(field: Field, text: str) -> bool:
    field.errors = [*field.errors, text]
    return False


def _labels(weekday: int, turn: int) -> dict[str, Any]:
    """The full label of each end: a screen reader reads no column headings in a form."""
    day = _l(WEEKDAYS[weekday])
    if turn == 1:
        return {"opens": _l("%(day)s, från", day=day), "closes": _l("%(day)s, till", day=day)}
    return {
        "opens": _l("%(day)s, andra tiden från", day=day),
        "closes": _l("%(day)s, andra tiden till", day=day),
    }


for _weekday in WEEKDAYS:
    for _turn in TURNS:
        for _end, _label in _labels(_weekday, _turn).items():
            setattr(HoursForm, f"{_end}_{_weekday}_{_turn}", ClockField(_label))
