"""The form of an authority's own terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.validators import Optional

from market.form_fields import NarmatForm, SwedishDecimalField
from market.orders.models import OrderTerms

MOST_DAYS = 365
COLDEST, HOTTEST = -60, 30


class TermsForm(NarmatForm):
    """Empty follows the law, or sets no limit."""

    perishable_notice_days = SwedishDecimalField(
        _l("Färskvaror avbokas senast, dagar före leverans"), validators=[Optional()]
    )
    payment_days = SwedishDecimalField(
        _l("Betalning senast, dagar efter mottagandet"), validators=[Optional()]
    )
    chilled_max = SwedishDecimalField(_l("Kylda varor: varna över"), validators=[Optional()])
    frozen_max = SwedishDecimalField(_l("Frysta varor: varna över"), validators=[Optional()])

    def fill_in(self, terms: OrderTerms) -> None:
        self.perishable_notice_days.data = _decimal(terms.perishable_notice_days)
        self.payment_days.data = _decimal(terms.payment_days)
        self.chilled_max.data = _decimal(terms.chilled_max_decidegrees, parts=10)
        self.frozen_max.data = _decimal(terms.frozen_max_decidegrees, parts=10)

    def validate_perishable_notice_days(self, field: Any) -> None:
        _check_days(field, least=0)

    def validate_payment_days(self, field: Any) -> None:
        _check_days(field, least=1)

    def validate_chilled_max(self, field: Any) -> None:
        if field.data is not None and not COLDEST <= field.data <= HOTTEST:
            raise ValidationError(gettext("Temperaturen verkar fel. Skriv grader, till exempel 4,5."))

    validate_frozen_max = validate_chilled_max

    def values(self) -> dict[str, int | None]:
        days = (self.perishable_notice_days.data, self.payment_days.data)
        degrees = (self.chilled_max.data, self.frozen_max.data)
        return {
            "perishable_notice_days": None if days[0] is None else int(days[0]),
            "payment_days": None if days[1] is None else int(days[1]),
            "chilled_max_decidegrees": None if degrees[0] is None else round(degrees[0] * 10),
            "frozen_max_decidegrees": None if degrees[1] is None else round(degrees[1] * 10),
        }


def _check_days(field: Any, *, least: int) -> None:
    days = field.data
    if days is not None and (days != int(days) or not least <= days <= MOST_DAYS):
        raise ValidationError(
            gettext("Skriv hela dagar, från %(least)s till %(most)s.", least=least, most=MOST_DAYS)
        )


def _decimal(number: int | None, parts: int = 1) -> Decimal | None:
    return None if number is None else Decimal(number) / parts
