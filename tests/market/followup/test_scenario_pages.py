"""The pages of preparedness: describe a scenario, have it worked out, read, compare, print; what is wrong is said in words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from factories import AT, MONDAY, make_offer, make_order
from job_running import run_jobs
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from market.audit import AuditEvent
from market.commands import prepare
from market.followup.preparedness import documents
from market.followup.preparedness.models import PortionNorm, Scenario, ScenarioResult
from market.followup.preparedness.operations import save_scenario
from market.followup.preparedness.outcome import Outcome
from market.followup.preparedness.queries import read_known
from market.followup.preparedness.rules import Assumptions, Basis
from market.offers.models import Offer
from market.orders.models import Order
from market.orders.operations import receive_order
from market.orders.receipt_rules import ReceivedLine
from market.values import local_date

LIST = "/followup/preparedness"
FIELDS = {
    "name": "Grossisten stannar",
    "days": "7",
    "wholesaler_stops": "y",
    "radius_km": "3",
    "request_key": "k1",
}


@pytest.fixture
def supplied(cast, session):
    """Carrots for the weeks to come, and a hub that has told its portions."""
    make_offer(session, cast).available_until = MONDAY + timedelta(days=40)
    cast.hub.portions = 100
    session.commit()
    return cast


def ask(client, **fields):
    return client.post(f"{LIST}/new", data=FIELDS | fields)


def worked_out(client, app, **fields) -> str:
    """The address of the scenario's page."""
    job = ask(client, **fields).location
    assert run_jobs(app) == 1
    return client.get(job).location


@pytest.mark.parametrize("role", ["meal_manager", "procurement_officer", "logistics_planner"])
def test_those_who_prepare_see_an_empty_list_that_teaches(stored, client_for, role):
    assert "Inga scenarier än" in client_for(role).get(LIST).text


def test_a_scenario_is_worked_out_read_printed_and_compared(supplied, client_for, app, look):
    client = client_for("meal_manager")
    address = worked_out(client, app)
    page = client.get(address).text
    assert "Grossisten levererar inget" in page
    assert "Åkerbo gård" not in page, "there is no vehicle, so nobody can deliver"
    assert "Det finns inget fordon att köra med" in page
    assert "(antagande)" in page, "the satellite has told no portions"
    row = look.scalars(select(ScenarioResult)).one()
    assert (row.number, len(row.fingerprint)) == (1, 64)
    pdf = client.get(f"{address}/plan.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert "Grossisten stannar" in client.get(f"{LIST}/compare").text
    assert "Grossisten stannar" in client.get(LIST).text
    client.post(f"{address}/work-out")
    assert run_jobs(app) == 1
    assert "Tidigare svar" in client.get(address).text
    actions = set(
        look.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"scenario:{row.scenario_id}"))
    )
    assert actions == {"scenario.save", "scenario.work_out"}


def test_a_double_click_makes_one_scenario(supplied, client_for, look):
    client = client_for("logistics_planner")
    assert ask(client).location == ask(client).location
    assert look.scalar(select(func.count()).select_from(Scenario)) == 1


def test_a_scenario_is_made_from_another_and_can_be_put_away(supplied, client_for, app, look):
    client = client_for("procurement_officer")
    address = worked_out(client, app)
    number = int(address.rpartition("/")[2])
    assert 'value="Grossisten stannar"' in client.get(f"{LIST}/new?based_on={number}").text
    client.post(f"{LIST}/new?based_on={number}", data=FIELDS | {"request_key": "k2", "fuel_km": "200"})
    client.post(f"{address}/put-away")
    assert look.scalars(select(Scenario.based_on_id).order_by(Scenario.id)).all() == [None, number]
    assert f'href="{address}"' not in client.get(LIST).text
    assert "undanlagt" in client.get(address).text
    client.post(f"{address}/take-back")
    assert f'href="{address}"' in client.get(LIST).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": "9999"}, "mellan 1 och 60"),
        ({"days": "två"}, "Skriv ett helt tal"),
        ({"name": " "}, "Fyll i det här"),
        ({"fuel_km": "-3"}, "mellan 0 och"),
        ({"within_km": "0"}, "mellan 1 och"),
        ({"place": "Ingenstansby"}, "error-summary"),
        ({"place": "59.8, 18.6", "detour_km": "10"}, "hur många minuter"),
        ({"shut": "99999"}, "error-summary"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(stored, client_for, look, wrong, said):
    answer = ask(client_for("meal_manager"), **wrong)
    assert answer.status_code == 200
    assert said in answer.text
    assert look.scalar(select(func.count()).select_from(Scenario)) == 0


def test_a_shut_kitchen_can_not_cook_for_itself(stored, client_for, look):
    hub = str(stored.hub.id)
    assert "är självt stängt" in ask(client_for("meal_manager"), shut=hub, instead=hub).text
    assert look.scalar(select(func.count()).select_from(Scenario)) == 0


def test_others_do_not_learn_that_it_exists(supplied, client_for, app):
    address = worked_out(client_for("meal_manager"), app)
    outsider = client_for("other_meal_manager")
    for path in (address, f"{address}/plan.pdf", f"{LIST}/new?based_on={address.rpartition('/')[2]}"):
        assert outsider.get(path).status_code == 404
    for path in ("work-out", "put-away", "take-back"):
        assert outsider.post(f"{address}/{path}").status_code == 404
    assert client_for("kitchen").get(LIST).status_code == 403


def test_what_a_portion_holds_is_the_authoritys_own(stored, client_for, look):
    client = client_for("meal_manager")
    assert "Tomt: 120 g" in client.get(f"{LIST}/portions").text
    client.post(f"{LIST}/portions", data={"grams_potatoes": "150", "grams_honey": "5"})
    assert {row.category_key: row.grams for row in look.scalars(select(PortionNorm))} == {
        "potatoes": 150,
        "honey": 5,
    }
    assert "mellan 1 och 2000" in client.post(f"{LIST}/portions", data={"grams_potatoes": "9000"}).text
    assert look.scalar(select(AuditEvent.subject).where(AuditEvent.action == "portions.set"))


def test_a_plan_that_is_not_worked_out_says_so(supplied, client_for):
    client = client_for("meal_manager")
    ask(client)
    answer = client.get(f"{LIST}/1/plan.pdf", follow_redirects=True)
    assert "inte uträknat än" in answer.text


def test_supply_is_what_is_offered_and_promised_or_the_pace_whichever_is_more(supplied, session):
    today = local_date(AT)
    offer = session.scalars(select(Offer)).one()
    before = read_known(session, authority_id=supplied.authority.id, days=7, today=today)
    assert [(one.category, one.grams, one.basis) for one in before.supplies] == [
        ("vegetables", 120_000, Basis.OFFERS)
    ]
    order = make_order(session, supplied, offer, kilograms=40, day=MONDAY + timedelta(days=8), key="promised")
    assert _grams(session, supplied, today) == 120_000, "what is promised was taken from the offer"
    order.deliver_on = MONDAY + timedelta(days=1)
    _receive(session, supplied, order)
    later = MONDAY + timedelta(days=9)
    known = read_known(session, authority_id=supplied.authority.id, days=60, today=later)
    assert known.pace == {"vegetables": 40_000 // 56}
    offer.available_until = later
    session.flush()
    paced = read_known(session, authority_id=supplied.authority.id, days=60, today=later).supplies
    assert [(one.grams, one.basis) for one in paced] == [(40_000 * 60 // 56, Basis.PACE)]
    others = read_known(session, authority_id=supplied.other_authority.id, days=7, today=later)
    assert others.pace == {}


def _grams(session, cast, today) -> int:
    return sum(
        one.grams for one in read_known(session, authority_id=cast.authority.id, days=7, today=today).supplies
    )


def _receive(session, cast, order: Order) -> None:
    line = order.lines[0]
    receive_order(
        session, order=order, received=[ReceivedLine(line_id=line.id, accepted=line.steps)], decidegrees=None,
        note="", actor=cast.actor("kitchen"), at=AT + timedelta(days=1),
    )  # fmt: skip
    session.flush()


def test_the_command_prints_the_answer(supplied, client_for, app, monkeypatch):
    monkeypatch.setattr(prepare, "create_app", lambda _settings: app)
    monkeypatch.setattr(prepare, "from_environment", lambda: None)
    runner = CliRunner()
    assert runner.invoke(prepare.prepare, ["7"]).exit_code == 1
    worked_out(client_for("meal_manager"), app)
    text = runner.invoke(prepare.prepare, ["1"]).output
    assert "Beredskapsplan för maten, Norrtälje kommun" in text
    assert "Varuslag för varuslag" in text
    told = json.loads(runner.invoke(prepare.prepare, ["1", "--json"]).output)
    assert Outcome.from_plain(told).days == 7


def test_a_scenario_with_nothing_at_stake_says_so(supplied, client_for, app, monkeypatch):
    """The wholesaler delivers, and nothing local has come of late: nought of nought meals is no hundred per cent."""
    client = client_for("meal_manager")
    fields = {key: value for key, value in FIELDS.items() if key != "wholesaler_stops"}
    job = client.post(f"{LIST}/new", data=fields).location
    assert run_jobs(app) == 1
    address = client.get(job).location
    for page in (client.get(address), client.get(f"{LIST}/compare"), client.get(LIST)):
        assert "100\N{NO-BREAK SPACE}%" not in page.text
        assert "100 %" not in page.text
        assert "None" not in page.text
    said = "Ingen lokal leverans av något som ingår i en portion är känd de senaste 56 dagarna."
    assert said in client.get(address).text
    assert "Inget på spel" in client.get(LIST).text
    contents = []
    monkeypatch.setattr(
        documents, "typeset", lambda _template, content, at: contents.append((content, at)) or b"%PDF-"
    )
    client.get(f"{address}/plan.pdf")
    assert said in contents[0][0]["answer"][0]
    monkeypatch.setattr(prepare, "create_app", lambda _settings: app)
    monkeypatch.setattr(prepare, "from_environment", lambda: None)
    printed = CliRunner().invoke(prepare.prepare, ["1"]).output
    assert said in printed
    assert "av 0 måltider" not in printed
    client.post(f"{address}/work-out")
    assert run_jobs(app) == 1
    assert "inget på spel" in client.get(address).text


def test_as_many_queries_for_many_answers(supplied, client_for, app, session, queries):
    """The earlier ones are listed by what stands beside them; only the newest is read."""
    client = client_for("meal_manager")
    address = worked_out(client, app)
    first = session.scalars(select(ScenarioResult)).one()
    client.get(address)
    one = queries(lambda: client.get(address))
    for number in range(2, 9):
        session.add(
            ScenarioResult(
                scenario_id=first.scenario_id,
                number=number,
                fingerprint=first.fingerprint,
                outcome=first.outcome,
                meals=7 * number,
                meals_needed=1750,
                worked_out_at=AT + timedelta(days=number),
            )
        )
    session.commit()
    page = client.get(address).text.replace("\N{NO-BREAK SPACE}", " ")
    for number in range(2, 8):
        assert f"{7 * number} av 1 750 måltider" in page
    assert queries(lambda: client.get(address)) == one


def test_an_answer_says_its_meals_beside_it(supplied, client_for, app, look):
    worked_out(client_for("meal_manager"), app)
    row = look.scalars(select(ScenarioResult)).one()
    outcome = Outcome.from_plain(row.outcome)
    assert (row.meals, row.meals_needed) == (outcome.meals, outcome.meals_needed)
    assert row.meals_needed > 0


def saved(session, actor, key):
    return save_scenario(
        session, actor=actor, name="X", supposed=Assumptions(days=7), based_on=None, request_key=key, at=AT
    )


def test_the_same_request_at_the_same_instant_is_ones_own_scenario(session, cast, monkeypatch):
    """Whoever looked before the other had stored it finds it afterwards; another authority's is never handed out."""
    mine = saved(session, cast.actor("meal_manager"), "k")
    look_up, seen = session.scalar, []
    monkeypatch.setattr(
        session, "scalar", lambda query: seen.append(query) or (look_up(query) if len(seen) > 1 else None)
    )
    assert saved(session, cast.actor("meal_manager"), "k") is mine
    monkeypatch.undo()
    with pytest.raises(IntegrityError):
        saved(session, cast.actor("other_meal_manager"), "k")
    assert session.scalars(select(Scenario)).all() == [mine]


def test_as_many_queries_for_many_scenarios(supplied, client_for, app, queries):
    client = client_for("meal_manager")
    worked_out(client, app)
    one = queries(lambda: client.get(LIST))
    for number in range(3):
        worked_out(client, app, request_key=f"more{number}")
    assert queries(lambda: client.get(LIST)) == one
