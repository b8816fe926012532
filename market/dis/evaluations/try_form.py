"""What the officer tries: tenders of an opened call-off, or a pasted table, and the settings. Asked by GET, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from market.dis.calloffs.models import CallOff
from market.dis.evaluations.inputs import Inputs, Value
from market.dis.evaluations.trying import Setting
from market.dis.evaluations.trying_text import RowError, read_lots, read_tenders, read_values
from market.dis.systems.rules import TieRule
from market.form_fields import PartForm
from market.formatting import decimal
from market.values import msg

VALUES_MOST, LOTS_MOST, TENDERS_MOST = 400, 300, 1300
"""Characters: all of it fits in an address that a browser and a server take."""
EGGS = {
    "values": msg("Ekologisk certifiering; 10"),
    "lots": msg("Ägg, vecka 3–10; 4000; st"),
    "tenders": msg(
        "Leverantör A; 1; 3,20; 100; 4000; Ekologisk certifiering\n"
        "Leverantör B; 1; 3,20; 100; 4000; Ekologisk certifiering"
    ),
}
"""Two equal sellers of eggs: the question that Vallentuna asked."""


def example() -> dict[str, str]:
    """It in the reader's language."""
    return {name: gettext(text) for name, text in EGGS.items()}


def _count(most: int) -> list[object]:
    words = _l("Skriv ett heltal mellan 1 och %(most)s.", most=most)
    return [InputRequired(message=words), NumberRange(1, most, message=words)]


class TryForm(PartForm):
    """Whose tenders, and the settings."""

    calloff = SelectField(_l("Vilka anbud?"), coerce=int)
    values = TextAreaField(_l("Mervärden"), validators=[Length(max=VALUES_MOST)])
    lots = TextAreaField(_l("Delar"), validators=[Length(max=LOTS_MOST)])
    tenders = TextAreaField(_l("Anbud"), validators=[Length(max=TENDERS_MOST)])
    per_lot = IntegerField(
        _l("Leverantörer per del, högst"), validators=_count(9), widget=TextInput(), default=1
    )
    rotation = IntegerField(
        _l("Delar per leverantör, högst"),
        validators=[
            Optional(),
            NumberRange(1, 99, message=_l("Skriv ett heltal mellan 1 och 99, eller inget.")),
        ],
        widget=TextInput(),
    )
    split = IntegerField(_l("Dela varje del i"), validators=_count(4), widget=TextInput(), default=1)

    def offer_choices(self, calloffs: Sequence[CallOff]) -> None:
        made_up = (0, gettext("Påhittade eller inklistrade, nedan"))
        self.calloff.choices = [made_up, *((one.id, one.title) for one in calloffs)]

    def begin(self) -> Inputs | None:
        """The made-up example that is there, and tried, before anything is written."""
        self.calloff.data = 0
        for name, text in example().items():
            self[name].data = text
        return self.made_up()

    @property
    def is_example(self) -> bool:
        """Whether the tenders are still the made-up ones."""
        return not self.calloff.data and _same_rows(self.tenders.data or "", example()["tenders"])

    @property
    def setting(self) -> Setting:
        return Setting(
            split=self.split.data or 1, per_lot=self.per_lot.data or 1, rotation=self.rotation.data
        )

    def made_up(self) -> Inputs | None:
        """What is written, or None with every row that can not be read among the errors."""
        values, wrong = read_values(self.values.data or "")
        lots, wrong_lots = read_lots(self.lots.data or "")
        tenders, wrong_tenders = read_tenders(self.tenders.data or "", lots, values)
        _say(self.values, wrong)
        _say(self.lots, wrong_lots)
        if not (wrong or wrong_lots):
            _say(self.tenders, wrong_tenders)
        if wrong or wrong_lots or wrong_tenders:
            return None
        return Inputs(
            lots=tuple(lots),
            values=tuple(values),
            tenders=tuple(tenders),
            opened=tuple(sorted(one.sha256 for one in tenders)),
            tie_rule=TieRule.ADDED_VALUE_THEN_LOT,
            max_suppliers_per_lot=1,
            max_lots_per_supplier=None,
            counts_delivery=False,
        )

    def other_values(self, known: Sequence[Value]) -> list[Value] | None:
        """The values that are written, with the ids of those known by name; None when a row can not be read."""
        values, wrong = read_values(self.values.data or "")
        _say(self.values, wrong)
        ids = {value.name.lower(): value.id for value in known}
        free = max([0, *ids.values()])
        return None if wrong else [_known(one, ids, free) for one in values]


def _same_rows(one: str, other: str) -> bool:
    return one.split() == other.split()


def _known(value: Value, ids: dict[str, int], free: int) -> Value:
    number = ids.get(value.name.lower(), free + value.id)
    return Value(id=number, name=value.name, max_bp=value.max_bp, max_points=value.max_points)


def as_text(values: Sequence[Value]) -> str:
    """The values of a call-off as rows."""
    rows = []
    for value in values:
        share = decimal((Decimal(value.max_bp) / 100).normalize())
        rows.append(f"{value.name}; {share}" + (f"; {value.max_points}" if value.max_points else ""))
    return "\n".join(rows)


def _say(field: TextAreaField, wrong: Sequence[RowError]) -> None:
    for one in wrong:
        why = gettext(one.why, text=one.text) if one.text else gettext(one.why)
        field.errors = [*field.errors, gettext("Rad %(row)s: %(why)s", row=one.row, why=why)]
