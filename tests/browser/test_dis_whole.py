"""A whole DIS through its pages: four authorities, three growers, one of them refused and let in, one for Heby alone; two call-offs."""

from __future__ import annotations

from datetime import timedelta

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
    nothing_shows,
    open_by_two,
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
    read_outcome,
    score_blind,
    see_orders,
    send_and_sign,
    sign_at_farm,
    state_number,
    too_early_to_sign,
    work,
)
from browser.visiting import DESKTOP, PHONE, TABLET
from factories import AT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_the_blank_page_to_the_orders_and_the_file(site, visit, tmp_path):
    ulf = visit(DESKTOP)
    olle, anna, mats = visit(PHONE), visit(PHONE), visit(PHONE)
    dis_id = set_up(ulf)
    publish(ulf)
    site.at = AT + timedelta(days=9)
    apply(
        olle,
        "producer-heby",
        dis_id,
        traces="Skördedag på varje låda, sparas i fem år.",
        only_for="Heby kommun",
    )
    apply(anna, "producer", dis_id, traces="Partinummer i en bok som sparas i fem år.")
    apply(mats, "producer2", dis_id, traces="Vi märker lådorna.")
    site.at = AT + timedelta(days=49)
    admit(ulf, dis_id, GROWER)
    admit(ulf, dis_id, FARM)
    refuse(ulf, dis_id, MEAT)
    apply_again(mats, "Vi märker lådorna med skördedag och sparar uppgifterna i fem år.")
    admit(ulf, dis_id, MEAT)
    elin, amir, gunilla = visit(TABLET), visit(DESKTOP), visit(DESKTOP)
    round_id = ask_kitchens(ulf, dis_id, "Rotfrukter, våren", ["Morötter", "Vitkål"])
    state_needs(elin, "kitchen-tierp", "Rotfrukter, våren", {"Morötter": "60", "Vitkål": "25"})
    state_needs(amir, "meal-manager-heby", "Rotfrukter, våren", {"Morötter": "40"})
    site.at += timedelta(days=1)
    calloff_id = merge_and_invite(ulf, round_id)
    ask_and_answer(olle, ulf, anna, calloff_id)
    tender(olle, calloff_id, {"Post 2": "13,00"}, claims=[SCHOOLS])
    change_tender(olle, "Post 2", "12,40")
    tender(
        anna, calloff_id, {"Post 1": "11,90", "Post 2": "13,10", "Post 3": "9,80"}, claims=[SCHOOLS, TRAINEES]
    )
    tender(mats, calloff_id, {"Post 1": "10,40"}, most="120")
    nothing_shows(ulf, calloff_id, dis_id, "12,40", "13,10", WELCOME)
    site.at += timedelta(days=13, hours=5)
    open_by_two(ulf, gunilla, "meal-manager-tierp", calloff_id)
    name_group(ulf, calloff_id, "Elin Sandgren", "Amir Haddad")
    judge_values(ulf, f"{FARM}.*{TRAINEES}")
    score_blind(elin, "4", GROWER, FARM, MEAT)
    score_blind(amir, "5")
    compare(ulf, calloff_id)
    decide(ulf)
    read_outcome(olle, calloff_id, GROWER, "Del 2")
    too_early_to_sign(ulf, calloff_id, FARM)
    site.at += timedelta(days=11)
    state_number(ulf, "999900-0509")
    state_number(amir, "999900-0517")
    send_and_sign(ulf, calloff_id, FARM)
    send_and_sign(ulf, calloff_id, MEAT)
    send_and_sign(amir, calloff_id, GROWER)
    sign_at_farm(anna, calloff_id, "Tierps kommun")
    sign_at_farm(mats, calloff_id, "Tierps kommun")
    sign_at_farm(olle, calloff_id, "Heby kommun")
    work(site)
    see_orders(elin, "2027-W07", "Morötter", "Vitkål", FARM, MEAT)
    names = check_file(ulf, calloff_id, tmp_path)
    assert "documents/tilldelningsbeslut-1.pdf" in names
    second = ask_kitchens(ulf, dis_id, "Betor, våren", ["Rödbetor"])
    state_needs(elin, "kitchen-tierp", "Betor, våren", {"Rödbetor": "20"})
    state_needs(amir, "meal-manager-heby", "Betor, våren", {"Rödbetor": "15"})
    other_id = merge_and_invite(ulf, second)
    tender(olle, other_id, {"Post 2": "14,00"})
    site.at += timedelta(days=14)
    open_by_two(ulf, gunilla, "meal-manager-tierp", other_id)
    abandon(ulf, other_id)
    check_file(ulf, other_id, tmp_path)
