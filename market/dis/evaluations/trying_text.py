"""Made-up or pasted tenders: three small tables as text, a row a line, columns by semicolon or tab. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from market.dis.evaluations.draw import seed_of
from market.dis.evaluations.inputs import LineIn, LotIn, TenderIn, Value
from market.values import Unit, msg

MOST_LOTS, MOST_TENDERS = 24, 16
UNITS = {
    "kg": Unit.KILOGRAM,
    "liter": Unit.LITRE,
    "l": Unit.LITRE,
    "st": Unit.PIECE,
    "litre": Unit.LITRE,
    "pcs": Unit.PIECE,
}
LARGEST = Decimal(1_000_000)


NO_NUMBER = msg("«%(text)s» är inget tal över noll. Skriv till exempel 12,5.")
TOO_FEW = msg("det saknas en kolumn.")
NO_UNIT = msg("enheten ska vara kg, liter eller st.")
NO_LOT = msg("det finns ingen del med det numret.")
NO_VALUE = msg("mervärdet «%(text)s» finns inte bland kriterierna.")
NO_POINTS = msg("skriv poängen efter namnet, som i «Smak 4», högst så många som kriteriet har.")
TWICE = msg("leverantören har redan ett anbud på delen.")
CROSSED = msg("det minsta är större än det mesta.")
TOO_MUCH = msg("avdraget ska vara mellan 0 och 50 procent.")
TOO_MANY = msg("det är för många. Ta bort några rader.")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row, numbered from one."""

    row: int
    why: str
    text: str = ""


@dataclass
class _Tender:
    lines: list[LineIn] = field(default_factory=list)
    granted: set[int] = field(default_factory=set)
    points: dict[int, tuple[int, ...]] = field(default_factory=dict)


class _Wrong(Exception):
    def __init__(self, why: str, text: str = "") -> None:
        super().__init__(why)
        self.why, self.text = why, text


def read_values(text: str) -> tuple[list[Value], list[RowError]]:
    """Rows of "name; the most it takes off in per cent; points", the last only for a scored one."""
    values: list[Value] = []

    def read(cells: Sequence[str]) -> None:
        share = _number(_cell(cells, 1), zero=True)
        if share > 50 or share * 100 != int(share * 100):
            raise _Wrong(TOO_MUCH)
        points = int(_number(cells[2])) if len(cells) > 2 and cells[2] else None
        values.append(Value(id=len(values) + 1, name=cells[0], max_bp=int(share * 100), max_points=points))

    return values, _each(text, read, most=12)


def read_lots(text: str) -> tuple[list[LotIn], list[RowError]]:
    """Rows of "name; volume; unit", kilograms where no unit is written."""
    lots: list[LotIn] = []

    def read(cells: Sequence[str]) -> None:
        unit = UNITS.get((cells[2] if len(cells) > 2 and cells[2] else "kg").lower())
        if unit is None:
            raise _Wrong(NO_UNIT)
        steps = _steps(_cell(cells, 1), unit)
        number = len(lots) + 1
        lots.append(LotIn(id=number, number=number, name=cells[0], unit=unit, steps=steps, allows_parts=True))

    return lots, _each(text, read, most=MOST_LOTS)


def read_tenders(
    text: str, lots: Sequence[LotIn], values: Sequence[Value]
) -> tuple[list[TenderIn], list[RowError]]:
    """Rows of "supplier; number of the lot; price; least; most; added value; ...", a scored one with its points."""
    found: dict[str, _Tender] = {}
    numbered = {str(lot.number): lot for lot in lots}

    def read(cells: Sequence[str]) -> None:
        lot = numbered.get(_cell(cells, 1))
        if lot is None:
            raise _Wrong(NO_LOT)
        line = _line(cells, lot)
        tender = found.setdefault(cells[0], _Tender())
        if any(one.lot_id == lot.id for one in tender.lines):
            raise _Wrong(TWICE)
        for cell in filter(None, cells[5:]):
            _add_value(tender, cell, values)
        tender.lines.append(line)

    errors = _each(text, read, most=MOST_TENDERS * MOST_LOTS)
    if len(found) > MOST_TENDERS:
        errors.append(RowError(len(text.splitlines()), TOO_MANY))
    return [_made(number, name, one) for number, (name, one) in enumerate(found.items(), start=1)], errors


def _made(number: int, name: str, tender: _Tender) -> TenderIn:
    return TenderIn(
        id=number,
        supplier=name,
        label="",
        sha256=seed_of([name]),
        min_total_ore=0,
        lines=tuple(tender.lines),
        granted=tuple(sorted(tender.granted)),
        points=tender.points,
    )


def _line(cells: Sequence[str], lot: LotIn) -> LineIn:
    price = _number(_cell(cells, 2), zero=True).quantize(Decimal("0.01"))
    least = _steps(cells[3], lot.unit) if len(cells) > 3 and cells[3] else 1
    most = _steps(cells[4], lot.unit) if len(cells) > 4 and cells[4] else lot.steps
    if least > most:
        raise _Wrong(CROSSED)
    return LineIn(
        lot_id=lot.id, price=str(price), min_steps=min(least, lot.steps), max_steps=min(most, lot.steps)
    )


def _add_value(tender: _Tender, cell: str, values: Sequence[Value]) -> None:
    named = {value.name.lower(): value for value in values}
    value = named.get(cell.lower())
    if value is not None and value.max_points is None:
        tender.granted.add(value.id)
        return
    name, _, points = cell.rpartition(" ")
    scored = value or named.get(name.strip().lower())
    if scored is None:
        raise _Wrong(NO_VALUE, cell)
    if scored.max_points is None or not points.isdecimal() or int(points) > scored.max_points:
        raise _Wrong(NO_POINTS)
    tender.points[scored.id] = (int(points),)


def _each(text: str, read: Callable[[Sequence[str]], None], *, most: int) -> list[RowError]:
    """Read every row that is not empty; what is wrong is gathered, with its row's number."""
    errors: list[RowError] = []
    count = 0
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip():
            continue
        count += 1
        if count > most:
            return [*errors, RowError(number, TOO_MANY)]
        try:
            read([cell.strip() for cell in row.replace("\t", ";").split(";")])
        except _Wrong as wrong:
            errors.append(RowError(number, wrong.why, wrong.text))
    return errors


def _cell(cells: Sequence[str], place: int) -> str:
    if len(cells) <= place or not cells[place] or not cells[0]:
        raise _Wrong(TOO_FEW)
    return cells[place]


def _steps(text: str, unit: Unit) -> int:
    return int(_number(text) * unit.steps) or 1


def _number(text: str, *, zero: bool = False) -> Decimal:
    """As people write it, with a comma or a point, spaces between thousands."""
    try:
        number = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        raise _Wrong(NO_NUMBER, text) from None
    if not number.is_finite() or not 0 <= number <= LARGEST or (number == 0 and not zero):
        raise _Wrong(NO_NUMBER, text)
    return number
