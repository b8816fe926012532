"""Whoever holds the right but has no part in the thing learns nothing: 404, for reading and for changing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from market.access import declared_action
from market.actors import Action
from market.audit import AuditEvent
from market.db import open_session

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    """Who has a part in the thing behind an address, and who holds the same right elsewhere."""

    insider: str
    outsiders: tuple[str, ...]
    of: str = "order_id"  # which of the orders, or of the agreements
    posts: int = 302  # what an empty form is answered, where that is not a step to the next page


OF_PRODUCER = Case("producer", ("other_producer",))
OF_BUYER = Case("kitchen", ("other_kitchen", "satellite"))
OF_CALLER = Case("meal_manager", ("other_meal_manager",))
OF_BOTH = Case("kitchen", ("other_kitchen", "other_producer", "other_officer", "other_planner", "satellite"))
OF_PLANNER = Case("logistics_planner", ("other_planner",))
OF_DRIVER = Case("driver", ("other_driver",))
OF_OFFICER = Case("procurement_officer", ("other_officer",))
OF_RUNNER = OF_DIS = Case("procurement_officer", ("other_officer",))
OF_NEEDS = Case("kitchen", ("other_kitchen", "other_meal_manager"))
OF_PARTY = Case("meal_manager", ("other_producer", "other_officer"))
OF_PREPARED = Case("meal_manager", ("other_meal_manager", "other_officer", "other_planner"))
OF_AUTHORITY = Case("meal_manager", ("other_officer",))
CASES = {
    "accounts.remove": Case("producer", ("other_producer", "kitchen", "admin")),
    "agreements.decline": OF_PRODUCER,
    "agreements.document": OF_PARTY,
    "agreements.edit": OF_AUTHORITY,
    "agreements.extend": OF_AUTHORITY,
    "agreements.finished": Case("meal_manager", ("other_producer", "other_officer"), of="finished_id"),
    "agreements.passkey_question": OF_PARTY,
    "agreements.seal": OF_AUTHORITY,
    "agreements.send": OF_AUTHORITY,
    "agreements.show": OF_PARTY,
    "agreements.sign": OF_PARTY,
    "agreements.terminate": OF_PARTY,
    "agreements.withdraw": OF_AUTHORITY,
    "agreements.withdraw_shown": OF_BUYER,
    "accounts.choose_role": Case("producer", ("other_producer", "kitchen", "admin")),
    "notices.show": Case("kitchen", ("other_kitchen", "producer", "meal_manager", "admin")),
    "notices.stop_watching": OF_BUYER,
    "offers.call": OF_CALLER,
    "offers.new_link": OF_CALLER,
    "offers.withdraw_call": OF_CALLER,
    "offers.change": OF_PRODUCER,
    "offers.confirm": OF_PRODUCER,
    "dis.again": OF_PRODUCER,
    "dis.attest_opening": OF_DIS,
    "dis.open_tenders": OF_DIS,
    "dis.opened_tender": OF_DIS,
    "dis.opening_list": OF_DIS,
    "dis.reject_tender": OF_DIS,
    "dis.tender": OF_PRODUCER,
    "dis.tender_content": OF_DIS,
    "dis.tender_evidence": OF_DIS,
    "dis.tenders": OF_DIS,
    "dis.withdraw_tender": OF_DIS,
    "dis.declare_interest": OF_RUNNER,
    "dis.end_scoring": OF_RUNNER,
    "dis.evaluate": OF_RUNNER,
    "dis.evaluation": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.join_group": OF_RUNNER,
    "dis.judge_values": OF_RUNNER,
    "dis.leave_group": OF_RUNNER,
    "dis.reevaluate": OF_RUNNER,
    "dis.score": Case("kitchen", ("other_kitchen", "satellite", "meal_manager", "procurement_officer")),
    "dis.answer_inquiry": OF_PRODUCER,
    "dis.application": OF_PRODUCER,
    "dis.application_file": OF_PRODUCER,
    "dis.applications": OF_DIS,
    "dis.ask_declarations": OF_DIS,
    "dis.ask_hearing": OF_DIS,
    "dis.evidence": OF_DIS,
    "dis.exclude": OF_DIS,
    "dis.extend_review": OF_DIS,
    "dis.judge": OF_DIS,
    "dis.qualify": OF_DIS,
    "dis.save_answers": OF_PRODUCER,
    "dis.take_back": OF_PRODUCER,
    "dis.withdraw": OF_PRODUCER,
    "direct.award": OF_OFFICER,
    "direct.award_document": OF_OFFICER,
    "direct.complete": OF_OFFICER,
    "direct.drop_carve_out": OF_OFFICER,
    "direct.write": OF_OFFICER,
    "followup.put_scenario_away": OF_PREPARED,
    "followup.scenario": OF_PREPARED,
    "followup.scenario_plan": OF_PREPARED,
    "followup.stop_goal": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "followup.take_scenario_back": OF_PREPARED,
    "followup.work_out_again": OF_PREPARED,
    "limits.drop_kind": OF_OFFICER,
    "limits.drop_purchase": OF_OFFICER,
    "limits.edit_kind": OF_OFFICER,
    "limits.stop_lift": OF_OFFICER,
    "driving.assign": OF_PLANNER,
    "driving.coming": OF_BOTH,
    "driving.follow_run": OF_PLANNER,
    "driving.report": OF_DRIVER,
    "driving.run": OF_DRIVER,
    "driving.run_sheet": OF_DRIVER,
    "driving.run_track": OF_DRIVER,
    "fleet.edit_carrier": OF_PLANNER,
    "fleet.edit_driver": OF_PLANNER,
    "fleet.edit_vehicle": OF_PLANNER,
    "fleet.kitchen_stop_page": OF_PLANNER,
    "fleet.new_driver": OF_PLANNER,
    "fleet.new_vehicle": OF_PLANNER,
    "fleet.open_days": OF_PLANNER,
    "fleet.own_kitchen_stop": OF_BUYER,
    "fleet.own_site_stop": OF_PRODUCER,
    "fleet.remove_driver_page": OF_PLANNER,
    "fleet.restore_carrier_page": OF_PLANNER,
    "fleet.restore_vehicle_page": OF_PLANNER,
    "fleet.retire_carrier_page": OF_PLANNER,
    "fleet.retire_vehicle_page": OF_PLANNER,
    "fleet.site_stop_page": OF_PLANNER,
    "offers.own_offer_page": OF_PRODUCER,
    "offers.pause": OF_PRODUCER,
    "offers.resume": OF_PRODUCER,
    "offers.weekly": OF_PRODUCER,
    "offers.repeat": OF_PRODUCER,
    "offers.withdraw": OF_PRODUCER,
    "dis.abandon_award_page": Case("procurement_officer", ("other_officer",), of="awarded_id"),
    "dis.annul": Case("procurement_officer", ("other_officer",), of="awarded_id"),
    "dis.award": Case("meal_manager", ("other_meal_manager", "other_officer"), of="awarded_id"),
    "dis.award_decision_pdf": Case("producer", ("other_producer", "other_officer", "other_meal_manager")),
    "dis.award_notices": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.award_notices_csv": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.award_notices_json": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.casefile": Case("meal_manager", ("other_meal_manager", "other_officer"), of="awarded_id"),
    "dis.collect_notices": OF_DIS,
    "dis.decide": Case("procurement_officer", ("other_officer",), of="evaluated_id"),
    "dis.drop": OF_DIS,
    "dis.mark_notice": OF_DIS,
    "dis.outcome": Case("producer", ("other_producer",), of="awarded_id"),
    "dis.place_contract_orders": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.report": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.report_sheet": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.answer_warning": OF_DIS,
    "dis.desk": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.abandon": OF_DIS,
    "dis.agree_deadline": Case("producer", ("other_producer",), of="asked_id"),
    "dis.answer_calloff": OF_DIS,
    "dis.ask_deadline": OF_DIS,
    "dis.calloff": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.change_lots": OF_DIS,
    "dis.close_need_round": OF_DIS,
    "dis.discard_calloff_page": OF_DIS,
    "dis.edit_calloff": OF_DIS,
    "dis.extend_calloff": OF_DIS,
    "dis.invitation": OF_PRODUCER,
    "dis.invitation_proof": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.invite": OF_DIS,
    "dis.keep_need_sheet": OF_NEEDS,
    "dis.merge_needs": OF_DIS,
    "dis.need_round": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "dis.need_sheet_in": OF_NEEDS,
    "dis.need_template": OF_NEEDS,
    "dis.new_round": OF_DIS,
    "dis.reopen_need_round": OF_DIS,
    "dis.state_needs": OF_NEEDS,
    "dis.discard": OF_DIS,
    "dis.edit": OF_DIS,
    "dis.edit_authorities": OF_DIS,
    "dis.edit_categories": OF_DIS,
    "dis.edit_category": OF_DIS,
    "dis.edit_terms": OF_DIS,
    "dis.end": OF_DIS,
    "dis.extend": OF_DIS,
    "dis.publish": OF_DIS,
    "followup.letter_document": Case("meal_manager", ("other_meal_manager", "other_officer")),
    "feedback.card": OF_PRODUCER,
    "feedback.card_pdf": OF_PRODUCER,
    "feedback.give": Case("kitchen", ("other_kitchen", "satellite"), of="received_id"),
    "feedback.product": OF_PRODUCER,
    "feedback.product_story": OF_PRODUCER,
    "orders.accept": Case("producer", ("other_producer", "other_kitchen", "satellite"), of="proposed_id"),
    "orders.ask_cancel": OF_BUYER,
    "orders.cancel": OF_BUYER,
    "orders.confirmation": OF_BOTH,
    "orders.confirmation_pdf": OF_BOTH,
    "orders.consent_cancel": OF_PRODUCER,
    "orders.counter": Case("producer", ("other_producer", "other_kitchen", "satellite"), of="proposed_id"),
    "orders.decline": OF_PRODUCER,
    "orders.edit_standing": OF_BUYER,
    "orders.end_standing": OF_BUYER,
    "orders.invoice": Case("kitchen", ("other_kitchen", "other_producer", "other_officer"), of="received_id"),
    "orders.pause_standing": OF_BUYER,
    "orders.receive": OF_BUYER,
    "orders.refuse_cancel": OF_PRODUCER,
    "orders.resume_standing": OF_BUYER,
    "orders.show": Case(
        "kitchen", ("other_kitchen", "other_producer", "other_officer", "other_planner", "satellite")
    ),
    "planning.board": OF_PLANNER,
    "planning.board_stop": OF_PLANNER,
    "planning.before_publishing": OF_PLANNER,
    "planning.carrier_sheet": OF_PLANNER,
    "planning.compare": OF_PLANNER,
    "jobs.progress": OF_PLANNER,
    "jobs.show": OF_PLANNER,
    "jobs.stop": OF_PLANNER,
    "planning.insert": OF_PLANNER,
    "planning.kitchen_shut": OF_PLANNER,
    "planning.road_closed": OF_PLANNER,
    "planning.vehicle_stands": OF_PLANNER,
    "planning.whats_new": OF_PLANNER,
    "planning.draft_of": replace(OF_PLANNER, posts=303),
    "planning.history": OF_PLANNER,
    "planning.keep_change": replace(OF_PLANNER, posts=422),
    "planning.left_out": OF_PLANNER,
    "planning.map_file": OF_PLANNER,
    "planning.news": OF_PLANNER,
    "planning.share_costs": OF_PLANNER,
    "planning.withdraw": OF_PLANNER,
    "planning.plan": OF_PLANNER,
    "planning.publish": OF_PLANNER,
    "planning.routes": OF_PLANNER,
    "planning.replan": replace(OF_PLANNER, posts=409),
    "planning.run": OF_PLANNER,
    "planning.run_map": OF_PLANNER,
    "planning.run_sheet": OF_PLANNER,
    "planning.run_sheets": OF_PLANNER,
    "fleet.answer": OF_PRODUCER,
    "fleet.new_survey": OF_PLANNER,
    "fleet.set_up": OF_PLANNER,
    "fleet.survey": OF_PLANNER,
    "fleet.take_in": OF_PLANNER,
    "planning.run_track": OF_PLANNER,
    "planning.try_change": replace(OF_PLANNER, posts=422),
    "planning.undo": replace(OF_PLANNER, posts=409),
    "photos.show": Case("producer", ("other_producer", "kitchen", "admin")),
    "photos.thumbnail": Case("producer", ("other_producer", "kitchen", "admin")),
    "register.edit_kitchen": OF_BUYER,
    "register.edit_product": OF_PRODUCER,
    "register.edit_site": OF_PRODUCER,
    "visits.book": OF_BUYER,
    "visits.booking": Case("kitchen", ("other_kitchen", "satellite", "other_producer")),
    "visits.calendar_file": Case("producer", ("other_kitchen", "satellite", "other_producer")),
    "visits.cancel": OF_BUYER,
    "visits.withdraw": OF_PRODUCER,
    "register.remove_certificate": OF_PRODUCER,
}
# Offers are flagged for every kitchen: no buyer is an outsider to one.
# Needs a provider to send people to: tests/market/agreements/test_identify.py.
LEADS_ELSEWHERE = {"agreements.identify"}
# A DIS is open to every supplier (LOU 8 kap. 1 §).
FOR_EVERY_PRODUCER = {"dis.apply", "dis.choose", "dis.save_contact", "dis.submit"}
# A published notice is for everyone, as long as the DIS lives (LOU 8 kap. 1, 5 §§).
FOR_EVERYONE = {
    *("dis.feed_of", "dis.notice_csv", "dis.notice_export", "dis.notice_pdf", "dis.show"),
    *("followup.open_catalog", "followup.open_document", "followup.open_of", "followup.open_sheet"),
}
FOR_EVERY_BUYER = {"agreements.show_interest", "offers.show", "orders.new_standing", "orders.place"}


# What the address calls the thing that a case is `of`, where it is no order.
NAMED = {
    "finished_id": "agreement_id",
    "asked_id": "calloff_id",
    "awarded_id": "calloff_id",
    "evaluated_id": "calloff_id",
}


def id_rules(app: Flask) -> list[Rule]:
    """The addresses that name a thing by its number."""
    return [rule for rule in app.url_map.iter_rules() if any(name.endswith("_id") for name in rule.arguments)]


def needs_outsider(app: Flask, rule: Rule) -> bool:
    """An administrator looks after everything, so nobody with that right is an outsider; the table says who has it."""
    return declared_action(rule.endpoint, app.view_functions[rule.endpoint]) is not Action.ADMINISTER


def address(app: Flask, endpoint: str, ids: dict[str, int], *, of: str = "order_id") -> str:
    ids = ids | {NAMED.get(of, "order_id"): ids[of]} if of in ids else ids
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    told = {"model": "hub_collects"} | ids
    with app.test_request_context():
        return app.url_for(endpoint, **{name: told[name] for name in rule.arguments})


def methods(app: Flask, endpoint: str) -> list[str]:
    allowed = {
        m for rule in app.url_map.iter_rules() if rule.endpoint == endpoint for m in rule.methods or set()
    }
    return [method for method in ("GET", "POST") if method in allowed]


def events(engine) -> int:
    with open_session(engine, writes=False) as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_address_that_names_a_thing_has_its_outsider(app):
    with_numbers = {rule.endpoint for rule in id_rules(app) if needs_outsider(app, rule)}
    assert (
        with_numbers == set(CASES) | FOR_EVERY_BUYER | FOR_EVERY_PRODUCER | FOR_EVERYONE | LEADS_ELSEWHERE
    ), "a new address: say here who may not know of what it names"


@pytest.mark.parametrize("endpoint", CASES)
def test_an_outsider_finds_nothing(app, engine, client_for, ids, endpoint):
    case = CASES[endpoint]
    url, before = address(app, endpoint, ids, of=case.of), events(engine)
    for outsider in case.outsiders:
        client = client_for(outsider)
        for method in methods(app, endpoint):
            assert client.open(url, method=method).status_code == 404, f"{outsider}: {method} {url}"
    assert events(engine) == before


@pytest.mark.parametrize("endpoint", CASES)
def test_who_has_a_part_in_it_finds_it(app, client_for, ids, endpoint):
    """Without this, an address that nobody can open would pass the test above."""
    case = CASES[endpoint]
    method = methods(app, endpoint)[0]
    answer = client_for(case.insider).open(address(app, endpoint, ids, of=case.of), method=method)
    assert answer.status_code == (200 if method == "GET" else case.posts)


def test_what_does_not_exist_is_not_found_by_those_with_the_right_either(app, client_for):
    """The same answer as for an outsider, for administrators too."""
    insiders = {endpoint: case.insider for endpoint, case in CASES.items()} | dict.fromkeys(
        FOR_EVERY_BUYER, "kitchen"
    )
    insiders |= dict.fromkeys(LEADS_ELSEWHERE, "meal_manager") | dict.fromkeys(FOR_EVERY_PRODUCER, "producer")
    for rule in id_rules(app):
        client = client_for(insiders.get(rule.endpoint, "admin"))
        numbers = [name for name in rule.arguments if name != "model"]
        url = address(app, rule.endpoint, dict.fromkeys(numbers, 987_654))
        for method in methods(app, rule.endpoint):
            assert client.open(url, method=method).status_code == 404, f"{method} {url}"


def test_the_refusal_tells_an_outsider_no_more_than_a_wrong_number_does(app, client_for, ids):
    client = client_for("other_kitchen")
    hidden = client.get(address(app, "orders.show", ids)).text
    missing = client.get(address(app, "orders.show", {"order_id": 987_654})).text
    hidden, missing = hidden.replace(f"/orders/{ids['order_id']}", ""), missing.replace("/orders/987654", "")
    assert without_tokens(hidden) == without_tokens(missing)


def without_tokens(page):
    """What guards its forms says in which second the page was made."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize("name", ["producer", "meal_manager", "procurement_officer", "logistics_planner"])
def test_an_order_is_known_to_its_producer_and_to_all_of_its_authority(app, client_for, ids, name):
    assert client_for(name).get(address(app, "orders.show", ids)).status_code == 200


def test_a_role_chosen_in_the_cookie_must_be_ones_own(app, client_for, ids):
    client = client_for("other_producer")
    with client.session_transaction() as cookie:
        cookie["membership"] = ids["membership_id"]
    assert client.get("/orders").status_code == 200
    assert client.get("/offers").status_code == 403, (
        "still a producer, not the kitchen of the other one's role"
    )


def test_one_acts_in_the_role_that_one_chose(app, client_for, ids):
    client = client_for("producer")
    assert client.get("/offers").status_code == 403
    assert client.post(f"/role/{ids['membership_id']}").status_code == 302
    assert client.get("/offers").status_code == 200
    assert client.get("/my-offers").status_code == 403
