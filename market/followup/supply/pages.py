"""What the pages about supply need in the reader's language: months, the map's features, and the draft of a letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext
from sqlalchemy.orm import Session

from market import formatting
from market.accounts.models import User
from market.actors import Actor
from market.dis.systems.models import Dis
from market.dis.systems.queries import public_list
from market.followup.charts import Chart, Series, bars
from market.followup.figures import GRAMS_A_KG
from market.followup.periods import Span, SpanKind
from market.followup.rules import MONTHS_A_YEAR
from market.followup.supply.letter import Facts, draft
from market.followup.supply.looking import ProducerRow, Supply
from market.followup.supply.need_queries import needs, whose_need
from market.followup.supply.rules import Look, looking, year_earlier
from market.register.models import Authority, Category, Producer
from market.values import Named

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class PageOf:
    """Some of the rows, and which page of how many it is."""

    rows: Sequence[ProducerRow]
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who is written to about what; a producer outside the register is none."""

    producer: Producer | None
    category: Category


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and what it is called."""

    title: str
    chart: Chart


def drawn(supply: Supply) -> Drawn:
    """Need by month beside what is offered of the one category, or beside what is missing in all of them."""
    is_one = supply.asked.category_key is not None
    cells = list(zip(*(row.cells for row in supply.rows), strict=True))
    needed = [sum(cell.need.grams for cell in month) for month in cells]
    other = [sum(cell.offered if is_one else cell.missing for cell in month) for month in cells]
    series = [
        Series(gettext("Behov"), [Decimal(grams) / GRAMS_A_KG for grams in needed]),
        Series(
            gettext("Utbud") if is_one else gettext("Saknas"),
            [Decimal(grams) / GRAMS_A_KG for grams in other],
        ),
    ]
    labels = [_short(month % MONTHS_A_YEAR) for month in supply.when.months]
    title = gettext("Behov och utbud per månad") if is_one else gettext("Behov och det som saknas per månad")
    return Drawn(str(title), bars(labels, series, write=_in_kilos))


def _in_kilos(value: Decimal) -> str:
    return kilos(int(value * GRAMS_A_KG))


def page_of(rows: Sequence[ProducerRow], asked: str) -> PageOf:
    """The page asked for; the nearest there is, for a number that is none."""
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    number = int(asked) if asked.isdecimal() and len(asked) < len("100000") else 1
    page = min(max(1, number), pages)
    return PageOf(rows=rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], page=page, pages=pages)


def month_name(month: int) -> str:
    """202611 as "nov. 2026"."""
    year, number = divmod(month, MONTHS_A_YEAR)
    return f"{_short(number)} {year}"


def year_before(month: int) -> Span:
    """The same month a year earlier, as the pages of follow-up ask for it."""
    year, number = divmod(year_earlier(month), MONTHS_A_YEAR)
    return Span(SpanKind.MONTH, year, number)


def _short(number: int) -> str:
    return str(get_month_names("abbreviated", locale=formatting.current_locale())[number])


def kilos(grams: int) -> str:
    """As in "1 250 kg"; nothing is no decimals."""
    return formatting.kilograms(grams) if grams else "0\N{NO-BREAK SPACE}kg"


def whole_kilos(grams: int) -> str:
    """A number for a narrow column; less than half a kilo is not nothing."""
    kilos = round(grams / 1000)
    return formatting.decimal(kilos) if kilos else "<1"


def category_name(category: Category) -> str:
    return formatting.named(Named(category.name_sv, category.name_en))


def features(supply: Supply) -> dict[str, Any]:
    """GeoJSON for map.js: each producer where its production begins; filled where it offers something."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(row) for row in supply.producers if row.lon_lat],
        "legend": [
            {"shape": "circle", "label": gettext("Har erbjudit något under perioden")},
            {"shape": "diamond", "label": gettext("Har inte erbjudit något under perioden")},
        ],
    }


def _feature(row: ProducerRow) -> dict[str, Any]:
    amount = gettext("%(amount)s erbjudet", amount=formatting.kilograms(row.grams))
    place = row.municipality.name if row.municipality else ""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(row.lon_lat or ())},
        "properties": {
            "id": f"producer-{row.producer.id}",
            "title": row.producer.name,
            "lines": [place, ", ".join(category_name(kind) for kind in row.kinds), amount],
            "shape": "circle" if row.grams else "diamond",
        },
    }


def drafted(
    session: Session,
    *,
    invited: Invited,
    actor: Actor,
    today: date,
    home_url: str,
    dis_url: Callable[[Dis], str],
) -> dict[str, str]:
    """The fields of a letter before anyone edits it."""
    authority, user = session.get_one(Authority, actor.authority_id), session.get_one(User, actor.user_id)
    kind, producer = invited.category, invited.producer
    facts = Facts(
        name=producer.name if producer else "",
        authority=authority.name,
        category=Named(kind.name_sv, kind.name_en),
        stated_grams=_stated(session, actor, kind.key, today),
        home_url=home_url,
        dis_urls=[dis_url(one) for one in _open_dis(session, authority, kind.key, today)],
        sender=actor.name,
        sender_email=user.email,
    )
    return {"name": facts.name, "email": producer.email if producer else "", "letter": draft(facts)}


def _stated(session: Session, actor: Actor, key: str, today: date) -> int:
    """What the kitchens have stated of a category for the coming year."""
    whose = whose_need(actor)
    if whose is None:
        return 0
    found = needs(session, whose=whose, when=looking(today, Look.AHEAD))
    return sum(need.stated for (category, _), need in found.items() if category == key)


def _open_dis(session: Session, authority: Authority, key: str, today: date) -> list[Dis]:
    """Where anyone may apply in the category now, of the authority's own."""
    return [
        dis
        for dis in public_list(session)
        if dis.is_open(today)
        and authority in dis.authorities
        and any(category.category_key == key for category in dis.categories)
    ]
