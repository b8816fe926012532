"""The form of a tender, filled in on a phone: a part for each lot, what deliveries cost, added values; and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from market import shell
from market.dis.calloffs.models import CallOff, Lot
from market.dis.systems.models import Criterion
from market.dis.systems.rules import CriterionKind
from market.dis.tenders.evidence import evidence_of
from market.dis.tenders.queries import receiving_kitchens
from market.dis.tenders.rules import (
    MOST_TEXT,
    AmountsCrossed,
    Claimed,
    Evidence,
    MoreThanAsked,
    OfferedLot,
    Written,
)
from market.form_fields import NEEDED, NarmatForm, PartForm, SwedishDecimalField, TicksField
from market.register.models import Kitchen
from market.register.wording import WEEKDAYS
from market.values import Quantity, Refused, round_ore

WORKING_WEEK = ("1", "2", "3", "4", "5")
SHORT = Length(max=160)
LONG = Length(max=MOST_TEXT)


class EvidenceField(FileField):  # type: ignore[misc]
    """After validation `evidence` is the file, checked and made small enough, or None when none was chosen.

    The decoding takes a moment and happens here, before the lock is taken, so that others can write meanwhile.
    """

    evidence: Evidence | None = None

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": "application/pdf,image/*"}, **kwargs)

    def pre_validate(self, form: Any) -> None:
        del form
        self.evidence = None
        if not isinstance(self.data, FileStorage):
            return
        shell.let_go()
        try:
            self.evidence = evidence_of(self.data.filename or "", self.data.stream)
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None


class NotNegative:
    """A validator: zero or more."""

    def __call__(self, form: Any, field: Any) -> None:
        del form
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Skriv 0 eller mer."))


class OfferForm(PartForm):
    """One lot: a price, or nothing at all. `lot` is given by TenderForm.offer."""

    lot: Lot | None = None
    lot_id = HiddenField()
    price = SwedishDecimalField(_l("Pris utan moms"))
    is_zero_meant = BooleanField(_l("Ja, priset är 0 kr"))
    product_name = StringField(_l("Produkt"), validators=[Optional(), SHORT])
    max_amount = SwedishDecimalField(_l("Högst"), validators=[NotNegative()])
    min_amount = SwedishDecimalField(_l("Minst"), validators=[NotNegative()])
    weekdays = TicksField(_l("Leveransdagar"))
    is_organic = BooleanField(_l("Ekologisk"))
    note = TextAreaField(_l("Om varan"), validators=[Optional(), LONG])

    @property
    def is_offered(self) -> bool:
        return self.price.data is not None

    def validate_price(self, field: Any) -> None:
        if field.data is None and not field.errors and self._has_more():
            raise ValidationError(gettext("Skriv ett pris, eller töm resten av delen."))
        if field.data is not None and field.data < 0:
            raise ValidationError(gettext("Skriv 0 eller mer."))
        if field.data == 0 and not self.is_zero_meant.data:
            raise ValidationError(
                gettext("Priset är 0 kr. Kryssa för att ni menar det, eller skriv ett annat.")
            )

    def validate_max_amount(self, field: Any) -> None:
        lot, most = self.lot, self._measured(field)
        if lot is not None and most is not None and most > lot.steps:
            raise ValidationError(shell.explain(MoreThanAsked(number=lot.number, most=lot.quantity)))

    def validate_min_amount(self, field: Any) -> None:
        lot, least = self.lot, self._measured(field)
        if lot is None or least is None or self.max_amount.errors:
            return
        most = self._measured(self.max_amount)
        if least > (lot.steps if most is None else most):
            raise ValidationError(shell.explain(AmountsCrossed(number=lot.number)))

    def validate_weekdays(self, field: Any) -> None:
        if self.is_offered and not field.data:
            raise ValidationError(gettext("Välj minst en dag."))

    def start(self, lot: Lot) -> None:
        self.lot_id.data, self.weekdays.data = str(lot.id), list(WORKING_WEEK)

    def fill_in(self, offered: OfferedLot, lot: Lot) -> None:
        self.price.data, self.product_name.data = offered.price, offered.product_name
        self.is_zero_meant.data = offered.price == 0
        self.max_amount.data = Quantity(offered.max_steps, lot.unit).amount.normalize()
        self.min_amount.data = Quantity(offered.min_steps, lot.unit).amount.normalize()
        self.weekdays.data = [str(day) for day in offered.weekdays]
        self.is_organic.data, self.note.data = offered.is_organic, offered.note

    def offered(self, lot: Lot) -> OfferedLot:
        """Amounts left empty mean the whole lot, and parts of it however small. Raises NotAQuantity, TooLarge."""
        assert self.price.data is not None
        most = _steps(self.max_amount.data, lot, otherwise=lot.steps)
        least = min(lot.unit.steps, most) if lot.allows_parts else most
        return OfferedLot(
            lot_id=lot.id,
            product_name=(self.product_name.data or "").strip() or lot.name,
            price=self.price.data,
            min_steps=_steps(self.min_amount.data, lot, otherwise=least),
            max_steps=most,
            weekdays=tuple(int(day) for day in self.weekdays.data or ()),
            is_organic=bool(self.is_organic.data),
            note=(self.note.data or "").strip(),
        )

    def _measured(self, field: Any) -> int | None:
        """The amount in the lot's steps, when one was typed. Raises ValidationError."""
        if self.lot is None or field.data is None or field.data < 0:
            return None
        try:
            return Quantity.of(field.data, self.lot.unit).steps
        except Refused as refusal:
            raise ValidationError(shell.explain(refusal)) from None

    def _has_more(self) -> bool:
        typed = (self.product_name.data or "").strip() or (self.note.data or "").strip()
        return bool(typed) or self.max_amount.data is not None or self.min_amount.data is not None


class DeliveryForm(PartForm):
    """What one delivery to a receiving kitchen costs. `for_lots` are the parts of the form whose goods come there."""

    for_lots: Sequence[OfferForm] = ()
    kitchen_id = HiddenField()
    cost = SwedishDecimalField(_l("Kostnad per leverans"), validators=[NotNegative()])

    def validate_cost(self, field: Any) -> None:
        if field.data is None and not field.errors and any(lot.is_offered for lot in self.for_lots):
            raise ValidationError(gettext("Skriv vad leveransen kostar. Skriv 0 om den inte kostar något."))


class ClaimForm(PartForm):
    """An added value: offered or not, and what shows it."""

    criterion_id = HiddenField()
    is_claimed = BooleanField(_l("Ja, det erbjuder vi"))
    evidence = TextAreaField(_l("Beskriv hur"), validators=[Optional(), LONG])
    file = EvidenceField(_l("Fil som visar det"), validators=[Optional()])
    drops_file = BooleanField(_l("Ta bort filen"))

    def validate_is_claimed(self, field: Any) -> None:
        if not field.data and ((self.evidence.data or "").strip() or self.file.data):
            raise ValidationError(gettext("Kryssa i om ni erbjuder det, eller töm beskrivningen."))

    def claimed(self, before: Evidence | None) -> Claimed:
        kept = None if self.drops_file.data else before
        return Claimed(
            criterion_id=int(self.criterion_id.data or 0),
            evidence=(self.evidence.data or "").strip(),
            file=self.file.evidence or kept,
        )


class TenderForm(NarmatForm):
    """The whole tender. `offer` gives it the parts of the call-off; a posted form keeps what was typed."""

    lots = FieldList(FormField(OfferForm))
    deliveries = FieldList(FormField(DeliveryForm))
    claims = FieldList(FormField(ClaimForm))
    min_total = SwedishDecimalField(_l("Minsta summa för att anbudet ska gälla"), validators=[NotNegative()])
    note = TextAreaField(_l("Mer att säga"), validators=[Optional(), LONG])

    def offer(self, calloff: CallOff) -> None:
        """The parts as the call-off has them, whatever was posted. Reads no ids from the form."""
        self.asked_lots: Sequence[Lot] = calloff.lots
        self.kitchens: Sequence[Kitchen] = receiving_kitchens(calloff) if calloff.counts_delivery else []
        self.criteria: Sequence[Criterion] = [
            one for one in calloff.dis_category.criteria if one.kind is CriterionKind.STATEMENT
        ]
        for parts, wanted in (
            (self.lots, self.asked_lots),
            (self.deliveries, self.kitchens),
            (self.claims, self.criteria),
        ):
            _match(parts, len(wanted))
        for offer, lot in self.offers():
            offer.weekdays.choices = [(str(day), gettext(name)) for day, name in WEEKDAYS.items()]
            offer.lot, offer.lot_id.data = lot, str(lot.id)
        for delivery, kitchen in self.costs():
            delivery.kitchen_id.data = str(kitchen.id)
            delivery.for_lots = self._lots_to(kitchen)
            delivery.cost.label.text = gettext("En leverans till %(kitchen)s", kitchen=kitchen.name)
        for value, criterion in self.values():
            value.criterion_id.data = str(criterion.id)

    def offers(self) -> Iterator[tuple[OfferForm, Lot]]:
        return zip((entry.form for entry in self.lots), self.asked_lots, strict=True)

    def costs(self) -> Iterator[tuple[DeliveryForm, Kitchen]]:
        return zip((entry.form for entry in self.deliveries), self.kitchens, strict=True)

    def values(self) -> Iterator[tuple[ClaimForm, Criterion]]:
        return zip((entry.form for entry in self.claims), self.criteria, strict=True)

    def _lots_to(self, kitchen: Kitchen) -> list[OfferForm]:
        return [
            offer
            for offer, lot in self.offers()
            if kitchen in {need.kitchen.hub or need.kitchen for need in lot.needs}
        ]

    def start(self) -> None:
        """What a tender most often says."""
        for offer, lot in self.offers():
            offer.start(lot)

    def fill_in(self, written: Written) -> None:
        """As it was last given."""
        offered = {lot.lot_id: lot for lot in written.lots}
        for offer, lot in self.offers():
            if lot.id in offered:
                offer.fill_in(offered[lot.id], lot)
        for delivery, kitchen in self.costs():
            ore = written.deliveries.get(kitchen.id)
            delivery.cost.data = None if ore is None else (Decimal(ore) / 100).normalize()
        claimed = {claim.criterion_id: claim for claim in written.claims}
        for value, criterion in self.values():
            if criterion.id in claimed:
                value.is_claimed.data = True
                value.evidence.data = claimed[criterion.id].evidence
        self.min_total.data = (Decimal(written.min_total_ore) / 100).normalize() or None
        self.note.data = written.note

    def written(self, before: Written | None) -> Written:
        """What was typed; a file stays as it was unless another was chosen. Raises NotAQuantity, TooLarge."""
        files = files_of(before)
        return Written(
            lots=tuple(offer.offered(lot) for offer, lot in self.offers() if offer.is_offered),
            deliveries={
                kitchen.id: round_ore(delivery.cost.data)
                for delivery, kitchen in self.costs()
                if delivery.cost.data is not None
            },
            min_total_ore=round_ore(self.min_total.data or Decimal(0)),
            claims=tuple(
                value.claimed(files.get(criterion.id))
                for value, criterion in self.values()
                if value.is_claimed.data
            ),
            note=(self.note.data or "").strip(),
        )


class ReasonForm(NarmatForm):
    """Why a tender is set aside."""

    reason = TextAreaField(_l("Skäl"), validators=[NEEDED, LONG])


def _match(parts: Any, count: int) -> None:
    """A form with other parts than the page offered gets those of the page."""
    while len(parts) < count:
        parts.append_entry()
    while len(parts) > count:
        parts.pop_entry()


def _steps(amount: Decimal | None, lot: Lot, *, otherwise: int) -> int:
    return otherwise if amount is None else Quantity.of(amount, lot.unit).steps


def files_of(before: Written | None) -> Mapping[int, Evidence]:
    """By the added value that each shows."""
    if before is None:
        return {}
    return {claim.criterion_id: claim.file for claim in before.claims if claim.file is not None}
