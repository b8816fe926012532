"""What the page "find food" shows: the filters read, the offers seen from a kitchen, and the same as GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market import formatting
from market.actors import Actor
from market.offers.forms import FindForm
from market.offers.locality import SeenOffer, Viewpoint, see, viewpoint_from
from market.offers.queries import Filters, open_offers
from market.offers.settling import coming_week
from market.offers.vat import vat_rates
from market.register.models import Category, Kitchen
from market.register.queries import categories, kitchens_for
from market.values import Period, Refused, Week, msg

WEEKS_AHEAD = 5
ALL_WEEKS = "all"
SHAPES = {True: "circle", False: "square", None: "diamond"}


class NoKitchen(Refused):
    message = msg(
        "Din organisation har inget kök än. Lägg till ett kök under Uppgifter, så kan kartan mäta avstånd."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPage:
    """Everything that the map, the list, the GeoJSON and the downloaded map say."""

    form: FindForm
    viewpoint: Viewpoint
    kitchens: Sequence[Kitchen]
    seen: Sequence[SeenOffer]
    today: date
    vat: Decimal | None

    @property
    def local_count(self) -> int:
        return sum(1 for one in self.seen if one.is_local)


def find(
    session: Session, *, actor: Actor, args: Any, today: date, travel: TravelEngine, keeps_amount: bool = True
) -> FindPage:
    """Read the filters from the address and look. Raises NoKitchen; a filter that can't be read is left out.

    Without `keeps_amount` the amount filters nothing: the circle adds up small offers until they reach it.
    """
    kitchens = kitchens_for(session, actor=actor)
    if not kitchens:
        raise NoKitchen
    form = _form(args, kitchens=kitchens, kinds=categories(session), today=today)
    kitchen = next((k for k in kitchens if str(k.id) == form.kitchen.data), kitchens[0])
    filters = _filters(form, today)
    viewpoint = viewpoint_from(session, kitchen=kitchen, on=today, during=filters.period)
    filters = filters if keeps_amount else replace(filters, at_least_grams=None)
    seen = see(
        open_offers(session, authority_id=kitchen.authority_id, filters=filters, today=today),
        viewpoint=viewpoint,
        on=today,
        travel=travel,
    )
    if form.local.data:
        seen = [one for one in seen if one.is_local]
    vat = vat_rates(session).food(max(filters.period.start, today))
    return FindPage(form=form, viewpoint=viewpoint, kitchens=kitchens, seen=seen, today=today, vat=vat)


def narrowed(page: FindPage, seen: Sequence[SeenOffer]) -> FindPage:
    """The same page with only some of its offers."""
    return replace(page, seen=seen)


def features(page: FindPage, *, link: Any) -> dict[str, Any]:
    """The page's producers and its kitchen as GeoJSON for map.js; `link(offer)` gives an offer's address."""
    kitchen = page.viewpoint.kitchen
    here = _feature(
        kitchen.lon, kitchen.lat, id=f"kitchen-{kitchen.id}", kind="kitchen", title=kitchen.name, lines=[]
    )
    sites = [_site_feature(at_site, link, page.today) for at_site in by_site(page.seen)]
    return {"type": "FeatureCollection", "features": [here, *sites]}


def by_site(seen: Sequence[SeenOffer]) -> list[list[SeenOffer]]:
    """The offers of each production site together, nearest site first: one marker a site."""
    groups: dict[int, list[SeenOffer]] = {}
    for one in seen:
        groups.setdefault(one.offer.site_id, []).append(one)
    return list(groups.values())


def site_is_local(at_site: Sequence[SeenOffer]) -> bool | None:
    """True when something from the site is local; else unclear when something is; else False."""
    verdicts = {one.is_local for one in at_site}
    return True if True in verdicts else None if None in verdicts else False


def _site_feature(at_site: Sequence[SeenOffer], link: Any, today: date) -> dict[str, Any]:
    first = at_site[0]
    is_local = site_is_local(at_site)
    return _feature(
        first.offer.site.lon,
        first.offer.site.lat,
        id=f"site-{first.offer.site_id}",
        title=first.offer.product.producer.name,
        lines=[
            road_words(first),
            verdict_word(is_local),
        ],
        links=[{"label": in_words(one, today), "url": link(one.offer)} for one in at_site],
        shape=SHAPES[is_local],
        is_local=is_local,
        is_surplus=any(one.offer.is_surplus for one in at_site),
    )


def road_words(one: SeenOffer) -> str:
    """How far by road, marked when it is only an estimate."""
    if not one.has_road:
        return str(gettext("ingen väg dit"))
    far = formatting.kilometres(one.road_m)
    if one.road_is_estimate:
        return str(gettext("%(km)s på väg, uppskattat", km=far))
    return str(gettext("%(km)s på väg", km=far))


def in_words(one: SeenOffer, today: date) -> str:
    """An offer in one line: what, how much is left, the price."""
    offer = one.offer
    left = formatting.goods_amount(offer.left, offer.piece_grams)
    price = formatting.unit_price(offer.price_on(today), offer.unit)
    return f"{offer.product.name}: {left}, {price}"


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def verdict_word(is_local: bool | None) -> str:  # noqa: FBT001 (a filter)
    """The verdict in a word or two, for badges and popups."""
    if is_local is None:
        return str(gettext("Oklart om det är lokalt"))
    return str(gettext("Lokalt") if is_local else gettext("Inte lokalt"))


def _form(args: Any, *, kitchens: Sequence[Kitchen], kinds: Sequence[Category], today: date) -> FindForm:
    form = FindForm(args)
    form.kitchen.choices = [(str(k.id), k.name) for k in kitchens]
    weeks = [Week.containing(today).shifted(n) for n in range(WEEKS_AHEAD)]
    form.week.choices = [
        *((str(w), formatting.week_name(w)) for w in weeks),
        (ALL_WEEKS, gettext("Alla kommande")),
    ]
    swedish = formatting.is_swedish()
    form.category.choices = [
        ("", gettext("Alla")),
        *((c.key, c.name_sv if swedish else c.name_en) for c in kinds),
    ]
    form.kitchen.data = form.kitchen.data or str(kitchens[0].id)
    form.week.data = form.week.data or str(coming_week(today))
    form.validate()
    return form


def _filters(form: FindForm, today: date) -> Filters:
    kilograms = form.amount.data
    return Filters(
        period=_period(form.week.data, today),
        category=form.category.data or None,
        only_organic=bool(form.organic.data),
        only_surplus=bool(form.surplus.data),
        at_least_grams=int(kilograms * 1000) if kilograms is not None and 0 < kilograms < 10**6 else None,
    )


def _period(week: str | None, today: date) -> Period:
    try:
        return Week.parse(week or "").period
    except ValueError:
        return Period(today, today + timedelta(weeks=WEEKS_AHEAD))
