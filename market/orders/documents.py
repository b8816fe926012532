"""An order confirmation in words: for its page, its PDF (A4, PDF/A-2a, PDF/UA-1, by typst)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext

from market import formatting
from market.orders.models import Order
from market.orders.rules import OrderEvent
from market.typesetting import typeset


def confirmation_pairs(order: Order) -> list[tuple[str, str]]:
    """The facts that both sides must have on paper."""
    forwarded = order.receiving_kitchen_id != order.kitchen_id
    agreed = _agreed_at(order)
    return [
        (gettext("Leverans"), f"{formatting.long_date(order.deliver_on)} {order.deliver_on.year}"),
        (gettext("Säljare"), order.producer.name),
        (gettext("Köpare"), f"{order.kitchen.name}, {order.kitchen.authority.name}"),
        (gettext("Lämnas vid"), order.receiving_kitchen.name if forwarded else ""),
        (gettext("Beställt"), formatting.moment(order.placed_at)),
        (gettext("Överenskommet"), formatting.moment(agreed) if agreed else ""),
        (gettext("Summa utan moms"), formatting.kronor(order.total_ore)),
    ]


def confirmation_remarks(order: Order, *, notice_days: int, payment_days: int) -> list[str]:
    """What follows from the rules, in sentences."""
    remarks = [
        gettext("Varor som vägs betalas efter den vikt som köket tar emot."),
        gettext("Betalning senast %(days)s dagar efter att varorna har tagits emot.", days=payment_days),
    ]
    if order.is_perishable:
        words = gettext(
            "Färskvara: avbokas senast %(days)s dagar före leverans, därefter bara om producenten godtar det.",
            days=notice_days,
        )
        remarks.append(words)
    return [str(remark) for remark in remarks]


def confirmation_document(
    order: Order, *, notice_days: int, payment_days: int, template: Path, at: datetime
) -> bytes:
    """The confirmation as PDF. Uses only the fonts inside typst: the same file everywhere."""
    content: dict[str, Any] = {
        "title": gettext("Orderbekräftelse %(number)s", number=order.id),
        "language": formatting.current_locale().language,
        "made": " · ".join(("Närmat", gettext("utskriven %(when)s", when=formatting.moment(at)))),
        "page": gettext("Sida"),
        "pairs": [pair for pair in confirmation_pairs(order) if pair[1]],
        "heads": [gettext("Vara"), gettext("Mängd"), gettext("Pris"), gettext("Summa utan moms")],
        "rows": [
            [
                line.product_name,
                formatting.quantity(line.quantity),
                formatting.unit_price(line.price, line.unit),
                formatting.kronor(line.total_ore),
            ]
            for line in order.lines
        ],
        "remarks": confirmation_remarks(order, notice_days=notice_days, payment_days=payment_days),
    }
    return typeset(template, content, at=at)


def _agreed_at(order: Order) -> datetime | None:
    agreeing = (OrderEvent.ORDER, OrderEvent.ACCEPT)
    return next((step.at for step in order.transitions if step.event in agreeing), None)
