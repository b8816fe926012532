"""A whole DIS through its pages: four authorities, three growers, one of them refused and let in, one for Heby alone; two call-offs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from browser.dis_admitting import (
    FARM,
    GROWER,
    MEAT,
    admit,
    apply,
    apply_again,
    publish,
    refuse,
    set_up,
)
from browser.dis_buying import (
    SCHOOLS,
    TRAINEES,
    WELCOME,
    ask_and_answer,
    ask_kitchens,
    change_tender,
    merge_and_invite,
    not_to_open_yet,
    nothing_shows,
    open_by_two,
    sees_opened,
    state_needs,
    tender,
)
from browser.dis_deciding import (
    abandon,
    check_file,
    compare,
    decide,
    judge_values,
    name_group,
    no_orders_yet,
    read_outcome,
    read_why,
    score_blind,
    see_orders,
    see_report,
    send_and_sign,
    sign_at_farm,
    state_number,
    too_early_to_sign,
    work,
)
from browser.serving import DemoSite
from browser.visiting import DESKTOP, PHONE, TABLET, Visitor
from factories import AT

from market.values import wall_clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIVE_YEARS = "Vi skriver skördedag på lådorna och sparar uppgifterna i fem år."
DEADLINE = wall_clock(date(2027, 1, 25), 12 * 3600)
ROOTS, BEETS, WEEK = "Rotfrukter, våren", "Betor, våren", "2027-W07"


@dataclass
class Cast:
    """Who takes part: Tierp's officer, meal manager and school cook, Heby's meal manager, three growers."""

    ulf: Visitor
    gunilla: Visitor
    elin: Visitor
    amir: Visitor
    olle: Visitor
    anna: Visitor
    mats: Visitor


@pytest.fixture
def cast(visit) -> Cast:
    viewports = (DESKTOP, DESKTOP, TABLET, DESKTOP, PHONE, PHONE, PHONE)
    return Cast(*(visit(viewport) for viewport in viewports))


def test_from_the_blank_page_to_the_orders_and_the_file(site, cast, tmp_path):
    dis_id = set_up(cast.ulf)
    publish(cast.ulf)
    lets_three_in(site, cast, dis_id)
    first = calls_off(site, cast, dis_id)
    awards_to_three(site, cast, first)
    signs_and_orders(site, cast, first)
    assert "documents/tilldelningsbeslut-1.pdf" in check_file(cast.ulf, first, tmp_path)
    second = abandons_another(site, cast, dis_id)
    check_file(cast.ulf, second, tmp_path)
    see_report(cast.ulf, dis_id)


def lets_three_in(site: DemoSite, cast: Cast, dis_id: int) -> None:
    """In the first round; the one who is refused then applies again and is let in."""
    site.at = AT + timedelta(days=9)
    apply(cast.olle, "producer-heby", traces=FIVE_YEARS, only_for="Heby kommun")
    apply(cast.anna, "producer", traces=FIVE_YEARS)
    apply(cast.mats, "producer2", traces="Vi märker lådorna.")
    site.at = AT + timedelta(days=49)
    admit(cast.ulf, dis_id, GROWER)
    admit(cast.ulf, dis_id, FARM)
    refuse(cast.ulf, dis_id, MEAT)
    apply_again(cast.mats, FIVE_YEARS)
    admit(cast.ulf, dis_id, MEAT)


def calls_off(site: DemoSite, cast: Cast, dis_id: int) -> int:
    """Three lots: carrots to Tierp, carrots to Heby, cabbage to Tierp. Nothing shows before two have opened."""
    round_id = ask_kitchens(cast.ulf, dis_id, ROOTS, ["Morötter", "Vitkål"])
    state_needs(cast.elin, "kitchen-tierp", ROOTS, {"Morötter": "60", "Vitkål": "25"})
    state_needs(cast.amir, "meal-manager-heby", ROOTS, {"Morötter": "40"})
    site.at += timedelta(days=1)
    calloff_id = merge_and_invite(cast.ulf, round_id)
    ask_and_answer(cast.olle, cast.ulf, cast.anna, calloff_id)
    tender(cast.olle, calloff_id, {"Del 2": "13,00"}, claims=[SCHOOLS])
    change_tender(cast.olle, "Del 2", "12,40")
    everything = {"Del 1": "11,90", "Del 2": "13,10", "Del 3": "9,80"}
    tender(cast.anna, calloff_id, everything, claims=[SCHOOLS, TRAINEES])
    tender(cast.mats, calloff_id, {"Del 1": "10,40"}, most="140")
    site.at = DEADLINE - timedelta(seconds=1)
    nothing_shows(cast.ulf, calloff_id, dis_id, "12,40", "984,00", WELCOME)
    not_to_open_yet(cast.ulf, calloff_id)
    site.at = DEADLINE
    open_by_two(cast.ulf, cast.gunilla, "meal-manager-tierp", calloff_id)
    sees_opened(cast.ulf, calloff_id, GROWER, FARM, MEAT, "984,00")
    return calloff_id


def awards_to_three(site: DemoSite, cast: Cast, calloff_id: int) -> None:
    """Carrots to Tierp are shared: the cheaper has not enough of them. Heby's go to the one who delivers nowhere else."""
    name_group(cast.ulf, calloff_id, "Elin Sandgren", "Amir Haddad")
    judge_values(cast.ulf, f"{FARM}.*{TRAINEES}")
    score_blind(cast.elin, "4", GROWER, FARM, MEAT)
    score_blind(cast.amir, "5", GROWER, FARM, MEAT)
    compare(cast.ulf, calloff_id)
    decide(cast.ulf)
    lots = (r"Morötter \(Tierp.*Lundängens.*140\s*kg", r"Morötter \(Heby.*Odlarladan.*160\s*kg.*12,40")
    read_outcome(cast.olle, calloff_id, *lots, r"Vitkål \(Tierp.*Åkerbo.*100\s*kg")
    too_early_to_sign(cast.ulf, calloff_id, FARM)
    site.at += timedelta(days=11)


def signs_and_orders(site: DemoSite, cast: Cast, calloff_id: int) -> None:
    """Each authority its own agreements; when both have signed the orders are there."""
    state_number(cast.ulf, "999900-0509")
    state_number(cast.amir, "999900-0517")
    send_and_sign(cast.ulf, calloff_id, FARM)
    send_and_sign(cast.ulf, calloff_id, MEAT)
    send_and_sign(cast.amir, calloff_id, GROWER)
    work(site)
    no_orders_yet(cast.elin, WEEK)
    sign_at_farm(cast.anna, calloff_id, "Tierps kommun")
    sign_at_farm(cast.mats, calloff_id, "Tierps kommun")
    sign_at_farm(cast.olle, calloff_id, "Heby kommun")
    work(site)
    see_orders(cast.elin, WEEK, "Morötter", "Vitkål", FARM, MEAT)
    see_orders(cast.olle, WEEK, "Morötter", "40")


def abandons_another(site: DemoSite, cast: Cast, dis_id: int) -> int:
    """Nobody tenders for Tierp's beets. All who were invited read why it ends."""
    round_id = ask_kitchens(cast.ulf, dis_id, BEETS, ["Rödbetor"])
    state_needs(cast.elin, "kitchen-tierp", BEETS, {"Rödbetor": "20"})
    state_needs(cast.amir, "meal-manager-heby", BEETS, {"Rödbetor": "15"})
    calloff_id = merge_and_invite(cast.ulf, round_id)
    tender(cast.olle, calloff_id, {"Del 2": "14,00"})
    site.at += timedelta(days=14)
    open_by_two(cast.ulf, cast.gunilla, "meal-manager-tierp", calloff_id)
    sees_opened(cast.ulf, calloff_id, GROWER)
    abandon(cast.ulf, calloff_id)
    read_why(cast.mats)
    return calloff_id
