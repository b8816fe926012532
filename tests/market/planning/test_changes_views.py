"""A plan changed by hand, over HTTP: tried, kept, undone, refused when someone else was faster."""

from __future__ import annotations

import re

import pytest
from job_running import run_jobs
from sqlalchemy import select, update

from market.fleet.models import Vehicle
from market.planning.changes import replanning
from market.planning.changes.describing import more
from market.planning.changes.pages import can_be_given
from market.planning.changes.wording import need_words
from market.planning.models import PlanRevision, Run, WeekPlan
from routing.changes import Change, Kind
from routing.check import violations
from routing.explain import Option
from routing.formats.document import plan_from, problem_from
from routing.solve import Limit

pytestmark = pytest.mark.slow

PART = {"HX-Request": "true"}


@pytest.fixture
def plan_id(to_plan):
    """Two vans; the goods of both days ride with the cheaper one."""
    to_plan.add_vehicle("Lastbilen", fixed_ore_per_shift=90_000)
    return to_plan.first_plan()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(replanning, "LIMIT", Limit(seconds=1, iterations=30))


@pytest.fixture
def desk(plan_id, client_for, look):
    return Desk(plan_id, client_for("logistics_planner"), look)


class Desk:
    """A planner at one plan."""

    def __init__(self, plan_id, client, look):
        self.plan_id, self.client, self.look = plan_id, client, look

    def row(self):
        self.look.rollback()
        return self.look.get_one(WeekPlan, self.plan_id, populate_existing=True)

    def post(self, what, data=None, **more):
        return self.client.post(f"/plans/{self.plan_id}/{what}", data=data or {}, **more)

    def asked(self, *orders, what="move", shift=1, seen=None, **more):
        seen = self.row().revision if seen is None else seen
        shipments = [f"order:{order}" for order in orders]
        return {"what": what, "seen": seen, "shipments": shipments, "shift": shift, **more}

    def try_it(self, data):
        return self.post("changes/try", data, headers=PART)

    def keep(self, data):
        """What was shown is kept."""
        shown = self.try_it(data)
        assert shown.status_code == 200, shown.text
        return self.post("changes/keep", fields_of(shown.text), follow_redirects=True)

    def vehicle(self, name):
        return next(v["id"] for v in self.row().problem["vehicles"] if v["name"] == name)

    def carriers(self, order):
        """Vehicle and weekday of each run that carries the order."""
        self.look.rollback()
        runs = self.look.scalars(select(Run).where(Run.week_plan_id == self.plan_id)).all()
        return {
            (run.vehicle.name, run.day.isoweekday())
            for run in runs
            for stop in run.stops
            for load in stop.loads
            if load.order_id == order
        }


def fields_of(page):
    """What the form to keep holds."""
    form = re.search(r"<form[^>]*data-keep[^>]*>(.*?)</form>", page, re.DOTALL)[1]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: [v for n, v in pairs if n == name] for name, _ in pairs if name != "csrf_token"}


def test_a_move_is_shown_before_it_is_kept(desk, to_plan):
    asked = desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen"))
    shown = desk.try_it(asked)
    assert shown.status_code == 200
    assert "<html" not in shown.text
    assert "Alla tider, laster och låsningar håller" in shown.text
    assert desk.carriers(to_plan.thursday) == {("Kylbilen", 4)}, "nothing is kept yet"
    before = desk.row().cost_ore
    assert "Ändringen är gjord" in desk.keep(asked).text
    assert desk.carriers(to_plan.thursday) == {("Lastbilen", 4)}
    more = desk.row().cost_ore - before
    assert desk.row().revisions[-1].params["cost_ore"] == more == 70_000


def test_without_scripts_the_answer_is_a_page(desk, to_plan):
    page = desk.post("changes/try", desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen")))
    assert "<html" in page.text
    assert "Lägg tillbaka" in page.text


def test_another_day_is_kept_only_by_who_has_read_that_it_was_agreed(desk, to_plan):
    asked = desk.asked(to_plan.thursday, vehicle=desk.vehicle("Kylbilen"), shift=0)
    refused = desk.post("changes/keep", asked, headers=PART)
    assert refused.status_code == 409
    assert "överenskommen för" in refused.text
    assert "Kök och producent får veta det vid publicering" in refused.text
    assert desk.carriers(to_plan.thursday) == {("Kylbilen", 4)}
    desk.keep(asked)
    assert desk.carriers(to_plan.thursday) == {("Kylbilen", 3)}
    assert desk.row().revisions[-1].params["gives"] == [f"day|order:{to_plan.thursday}|-86400||"]


def test_each_kept_change_can_be_undone(desk, to_plan):
    desk.keep(desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen")))
    desk.keep(desk.asked(to_plan.carrots, vehicle=desk.vehicle("Lastbilen"), shift=0))
    desk.post("undo", {"seen": 3})
    assert desk.carriers(to_plan.carrots) == {("Kylbilen", 3)}
    assert desk.carriers(to_plan.thursday) == {("Lastbilen", 4)}
    desk.post("undo", {"seen": 4})
    assert desk.carriers(to_plan.thursday) == {("Kylbilen", 4)}
    assert "Det finns ingen ändring att ångra" in desk.post("undo", {"seen": 5}).text
    history = desk.client.get(f"/plans/{desk.plan_id}/history").text
    assert history.count("Ångrat") == 2
    assert "Flyttat" in history


def test_the_later_of_two_planners_sees_what_the_first_did(desk, to_plan):
    asked = desk.asked(to_plan.carrots, vehicle=desk.vehicle("Lastbilen"), shift=0)
    desk.keep(desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen")))
    for answer in (desk.try_it(asked), desk.post("changes/keep", asked), desk.post("undo", {"seen": 1})):
        assert answer.status_code == 409
        assert "har ändrat planen sedan du öppnade den" in answer.text
        assert "Flyttat" in answer.text
    assert desk.carriers(to_plan.carrots) == {("Kylbilen", 3)}
    assert desk.row().revision == 2


def test_locks_hold_and_are_named_when_they_give_way(desk, to_plan):
    kyl, last = desk.vehicle("Kylbilen"), desk.vehicle("Lastbilen")
    desk.keep(desk.asked(to_plan.thursday, what="lock", vehicle=kyl))
    assert desk.row().problem["rules"]["locks"] == [
        {"shipment": f"order:{to_plan.thursday}", "vehicle": kyl, "shift": 1}
    ]
    assert "Låset hävs" in desk.try_it(desk.asked(to_plan.thursday, vehicle=last)).text
    desk.keep(desk.asked(to_plan.thursday, what="unlock", vehicle=kyl))
    assert not desk.row().problem["rules"].get("locks")
    assert "Alla tider" in desk.try_it(desk.asked(to_plan.thursday, vehicle=last)).text


def test_a_whole_route_is_locked_and_unlocked(desk, to_plan):
    kyl = desk.vehicle("Kylbilen")
    desk.keep(desk.asked(what="lock", scope="route", vehicle=kyl))
    assert len(desk.row().problem["rules"]["fixed_routes"]) == 1
    assert "låst rutt" in desk.try_it(desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen"))).text
    desk.keep(desk.asked(what="unlock", scope="route", vehicle=kyl))
    assert not desk.row().problem["rules"].get("fixed_routes")
    gone = desk.try_it(desk.asked(what="unlock", scope="route", vehicle=kyl))
    assert (gone.status_code, "finns inte längre" in gone.text) == (422, True)


def test_a_vehicle_is_locked_in_all_its_shifts(desk):
    desk.keep(desk.asked(what="lock", scope="vehicle", vehicle=desk.vehicle("Kylbilen"), shift=""))
    assert len(desk.row().problem["rules"]["locks"]) == 3
    empty = desk.try_it(desk.asked(what="lock", scope="vehicle", vehicle=desk.vehicle("Lastbilen"), shift=""))
    assert "finns inget att låsa" in empty.text


def test_a_forbidden_vehicle_gives_the_goods_away(desk, to_plan):
    kyl = desk.vehicle("Kylbilen")
    desk.keep(desk.asked(to_plan.thursday, what="lock", vehicle=kyl))
    desk.keep(desk.asked(to_plan.thursday, what="forbid", vehicle=kyl, shift=""))
    assert desk.carriers(to_plan.thursday) == {("Lastbilen", 4)}
    desk.keep(desk.asked(to_plan.thursday, what="forbid", vehicle=desk.vehicle("Lastbilen"), shift=""))
    assert desk.carriers(to_plan.thursday) == set()
    assert [entry.order_id for entry in desk.row().unserved] == [to_plan.thursday]
    desk.keep(desk.asked(to_plan.thursday, what="allow", vehicle=kyl, shift=""))
    assert [ban["vehicle"] for ban in desk.row().problem["rules"]["bans"]] == [desk.vehicle("Lastbilen")]


def test_goods_are_kept_apart(desk, to_plan):
    apart = f"order:{to_plan.potatoes}"
    desk.keep(desk.asked(to_plan.carrots, what="forbid", apart=apart, shift=""))
    assert desk.carriers(to_plan.carrots) != desk.carriers(to_plan.potatoes)
    desk.keep(desk.asked(to_plan.carrots, what="allow", apart=apart, shift=""))
    assert not desk.row().problem["rules"].get("apart")


def test_every_stored_revision_is_sound(desk, to_plan):
    desk.keep(desk.asked(to_plan.thursday, vehicle=desk.vehicle("Kylbilen"), shift=0))
    desk.keep(desk.asked(to_plan.carrots, what="forbid", vehicle=desk.vehicle("Kylbilen"), shift=""))
    desk.post("undo", {"seen": 3})
    desk.look.rollback()
    revisions = desk.look.scalars(select(PlanRevision)).all()
    assert len(revisions) == 4
    assert [violations(problem_from(r.problem), plan_from(r.plan)) for r in revisions] == [()] * 4


def test_planning_again_goes_around_the_locks(desk, to_plan, app):
    last = desk.vehicle("Lastbilen")
    desk.keep(desk.asked(to_plan.thursday, vehicle=last))
    desk.keep(desk.asked(to_plan.carrots, vehicle=last, shift=0))
    desk.keep(desk.asked(to_plan.thursday, what="lock", vehicle=last))
    answer = desk.post("replan", {"seen": 4})
    assert answer.status_code == 303
    assert run_jobs(app) == 1
    assert "Planen är omräknad" in desk.client.get(answer.location, follow_redirects=True).text
    assert desk.carriers(to_plan.thursday) == {("Lastbilen", 4)}
    assert desk.carriers(to_plan.carrots) == {("Kylbilen", 3)}
    again = desk.post("replan", {"seen": 5})
    assert run_jobs(app) == 1
    assert "ingen bättre plan" in desk.client.get(again.location).text
    assert desk.row().revision == 5


def test_planning_again_loses_to_a_change_meanwhile(desk, to_plan, app):
    desk.keep(desk.asked(to_plan.carrots, vehicle=desk.vehicle("Lastbilen"), shift=0))
    answer = desk.post("replan", {"seen": 2})
    desk.keep(desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen")))
    assert run_jobs(app) == 1
    assert "har ändrat planen" in desk.client.get(answer.location).text
    assert desk.carriers(to_plan.thursday) == {("Lastbilen", 4)}


def test_a_published_plan_is_changed_in_a_draft_of_it(desk, to_plan):
    asked = desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen"))
    to_plan.publish(desk.plan_id)
    refused = desk.try_it(asked)
    assert refused.status_code == 409
    assert "Gör ett utkast av planen" in refused.text
    draft = desk.post("draft").location.removesuffix("/board")
    assert desk.client.post(f"{draft}/changes/try", data=asked, headers=PART).status_code == 200


def test_what_was_left_out_is_helped_with_one_click(to_plan, client_for, look):
    to_plan.change(update(Vehicle).values(capacity_crates=3))
    desk = Desk(to_plan.make_plan(), client_for("logistics_planner"), look)
    left_out = [entry.order_id for entry in desk.row().unserved]
    assert left_out
    page = desk.client.get(f"/plans/{desk.plan_id}/left-out")
    assert "Räkna ut vad som skulle hjälpa" in page.text
    help_ = desk.client.get(f"/plans/{desk.plan_id}/left-out?order={left_out[0]}", headers=PART).text
    assert re.search(r"Ge Kylbilen plats för \d+ backar till", help_)
    form = re.search(r"<form.*?</form>", help_, re.DOTALL)[0]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    asked = {name: [v for n, v in pairs if n == name] for name, _ in pairs}
    shown = desk.try_it(asked)
    assert "Kommer med" in shown.text
    desk.post("changes/keep", fields_of(shown.text))
    assert left_out[0] not in [entry.order_id for entry in desk.row().unserved]
    assert desk.row().revisions[-1].kind == "relaxed"


def test_nothing_left_out_teaches(desk):
    assert "Allt fick plats" in desk.client.get(f"/plans/{desk.plan_id}/left-out").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "fly"},
        {"seen": "soon"},
        {"shipments": "order:999"},
        {"shipments": ""},
        {"vehicle": "999"},
        {"shift": "9"},
        {"shift": ""},
        {"stop": "kitchen:999"},
        {"position": "first"},
        {"gives": "nonsense"},
        {"what": "relax"},
        {"what": "relax", "change": "stop_closes_later|kitchen:999|600||"},
        {"what": "relax", "change": "capacity_crates|1|-5||"},
        {"what": "relax", "change": "day|order:1|86400||"},
        {"what": "forbid", "vehicle": ""},
    ],
)
def test_what_makes_no_sense_is_refused_with_words(desk, to_plan, wrong):
    asked = desk.asked(to_plan.thursday, vehicle=desk.vehicle("Lastbilen")) | wrong
    for answer in (desk.try_it(asked), desk.post("changes/keep", asked)):
        assert answer.status_code == 422
        assert "Ladda om sidan" in answer.text
    assert desk.row().revision == 1


@pytest.mark.parametrize(
    ("person", "status"), [("meal_manager", 403), ("producer", 403), ("other_planner", 404)]
)
def test_others_change_nothing(plan_id, client_for, person, status):
    client = client_for(person)
    asked = {"what": "lock", "seen": 1, "vehicle": "1", "scope": "route", "shift": 0}
    for what in ("changes/try", "changes/keep", "undo", "draft", "replan"):
        assert client.post(f"/plans/{plan_id}/{what}", data=asked).status_code == status
    assert client.get(f"/plans/{plan_id}/left-out").status_code == status


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ("tail_lift", "bakgavellyft"),
        ("ferry", "plats på färjan"),
        ("own:12", "producentens egen bil"),
        ("hub:3", "personal från Centralköket"),
    ],
)
def test_what_goods_need_is_said_in_words(app, need, said):
    with app.test_request_context():
        assert need_words(need, {"kitchen:3": "Centralköket"}) == said


def test_nobody_is_told_to_give_a_vehicle_somebody_elses_staff():
    ways = [
        Option((Change(Kind.SKILLS, "1", names=(need,)),), "1", 0, 100)
        for need in ("own:12", "hub:3", "tail_lift")
    ]
    assert [can_be_given(way) for way in ways] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("12 km", 12_000, "+12 km"),
        ("-12 km", -12_000, "\N{MINUS SIGN}12 km"),
        ("\N{MINUS SIGN}3 kr", -300, "\N{MINUS SIGN}3 kr"),
        ("-0,0 kg", -30, "0,0 kg"),
        ("0,0 kg", 30, "0,0 kg"),
        (0, 0, "0"),
    ],
)
def test_a_difference_has_its_sign(text, number, said):
    assert more(text, number) == said
