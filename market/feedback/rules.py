"""What a kitchen may say of goods it has had, until when, and what many say together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from market.values import Refused, msg

CHANGEABLE_DAYS = 60
"""How long after the receipt feedback can be given and changed."""
OLDEST_YEAR = 1900


class NothingSaid(Refused):
    message = msg("Svara på minst en fråga, eller skriv några ord.")


class TasteOutOfRange(Refused):
    message = msg("Smaken är ett betyg från 1 till 5.")


class ThawLossOutOfRange(Refused):
    message = msg("Vätskeförlusten är mellan 0 och 100 procent.")


class TooLateToSay(Refused):
    message = msg("Omdömet kunde lämnas och ändras till %(last)s. Skriv till producenten i stället.")


class NothingTold(Refused):
    message = msg("Skriv några meningar: det är de som trycks på kortet.")


class YearOutOfRange(Refused):
    message = msg("Året verkar fel. Skriv det med fyra siffror, till exempel 2026.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One kitchen's word on one delivery line; None and "" leave a question unanswered."""

    taste: int | None = None
    package_fits: bool | None = None
    thaw_loss_percent: int | None = None
    would_buy_again: bool | None = None
    words: str = ""

    @property
    def thaw_loss(self) -> Decimal | None:
        """As a form shows it."""
        return None if self.thaw_loss_percent is None else Decimal(self.thaw_loss_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What many say together; None where nobody answered."""

    count: int
    taste: Decimal | None
    package_fits_percent: int | None
    thaw_loss_percent: Decimal | None
    would_buy_again_percent: int | None


def last_day(received_on: date) -> date:
    return received_on + timedelta(days=CHANGEABLE_DAYS)


def check_opinion(opinion: Opinion, *, received_on: date, today: date) -> None:
    """Raises TooLateToSay, NothingSaid, TasteOutOfRange or ThawLossOutOfRange."""
    if today > last_day(received_on):
        raise TooLateToSay(last=last_day(received_on))
    if opinion == Opinion(words=opinion.words) and not opinion.words.strip():
        raise NothingSaid
    if opinion.taste is not None and not 1 <= opinion.taste <= 5:
        raise TasteOutOfRange
    if opinion.thaw_loss_percent is not None and not 0 <= opinion.thaw_loss_percent <= 100:
        raise ThawLossOutOfRange


def check_story(*, text: str, year: int | None, today: date) -> None:
    """Raises NothingTold or YearOutOfRange."""
    if not text.strip():
        raise NothingTold
    if year is not None and not OLDEST_YEAR <= year <= today.year + 1:
        raise YearOutOfRange


def summary(opinions: Sequence[Opinion]) -> Summary:
    """Means with one decimal, shares in whole per cent; each over those who answered that question."""
    return Summary(
        count=len(opinions),
        taste=_mean([o.taste for o in opinions if o.taste is not None]),
        package_fits_percent=_share([o.package_fits for o in opinions if o.package_fits is not None]),
        thaw_loss_percent=_mean([o.thaw_loss_percent for o in opinions if o.thaw_loss_percent is not None]),
        would_buy_again_percent=_share(
            [o.would_buy_again for o in opinions if o.would_buy_again is not None]
        ),
    )


def _mean(numbers: Sequence[int]) -> Decimal | None:
    return (Decimal(sum(numbers)) / len(numbers)).quantize(Decimal("0.1")) if numbers else None


def _share(answers: Sequence[bool]) -> int | None:
    return round(100 * sum(answers) / len(answers)) if answers else None
