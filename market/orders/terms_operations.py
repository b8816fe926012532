"""An authority's own terms for orders and receipt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.law.queries import law_value
from market.law.rules import LawKey
from market.orders.models import OrderTerms
from market.register.models import Authority
from market.values import Refused, local_date, msg


class LongerThanTheLaw(Refused):
    message = msg("Livsmedel ska betalas inom %(days)s dagar. Välj högst så många.")


def set_terms(
    session: Session,
    *,
    authority: Authority,
    perishable_notice_days: int | None,
    payment_days: int | None,
    chilled_max_decidegrees: int | None,
    frozen_max_decidegrees: int | None,
    actor: Actor,
    at: datetime,
) -> OrderTerms:
    """State the terms anew; None follows the law, or sets no temperature limit. Raises LongerThanTheLaw."""
    most = int(law_value(session, LawKey.PAYMENT_DAYS, on=local_date(at)).value)
    if payment_days is not None and payment_days > most:
        raise LongerThanTheLaw(days=most)
    terms = session.get(OrderTerms, authority.id)
    if terms is None:
        terms = OrderTerms(authority_id=authority.id)
        session.add(terms)
    terms.perishable_notice_days, terms.payment_days = perishable_notice_days, payment_days
    terms.chilled_max_decidegrees = chilled_max_decidegrees
    terms.frozen_max_decidegrees = frozen_max_decidegrees
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="order_terms.set", subject=f"authority:{authority.id}",
        perishable_notice_days=perishable_notice_days, payment_days=payment_days,
        chilled_max_decidegrees=chilled_max_decidegrees, frozen_max_decidegrees=frozen_max_decidegrees,
    )  # fmt: skip
    return terms
