"""The search: repeatable, stoppable at any moment, and cheap to import around."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from routing import feasible
from routing.check import violations
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.worker import Assignment, Crew, WorkerFailed, search_apart
from routing.problem import Shipment, Window
from routing.solve import Limit, PlanCheckFailed, solve


@pytest.fixture(scope="module")
def busy(on_a_line, stop, van):
    """Forty shipments between ten places: more than a search ever finishes."""
    from routing.problem import Shipment

    stops = [stop("home", 0), *(stop(f"p{n}", 3 * n + n * n % 7, stop_s=60) for n in range(1, 10))]
    shipments = [Shipment(f"s{n}", f"p{n % 4 + 1}", f"p{n % 5 + 5}", 20_000 + n) for n in range(40)]
    return on_a_line(stops, shipments, [van(f"v{n}", capacity_grams=150_000) for n in range(6)])


@pytest.mark.slow
def test_the_same_seed_and_iterations_give_the_same_routes(busy):
    first, again = (solve(busy, limit=Limit(iterations=15), seed=3) for _ in range(2))
    assert first.routes == again.routes
    assert first.seed == 3


@pytest.mark.slow
def test_another_seed_searches_elsewhere(busy):
    assert len({solve(busy, limit=Limit(iterations=5), seed=seed).routes for seed in range(4)}) > 1


@pytest.mark.slow
def test_more_iterations_are_never_dearer(busy):
    short, long = (solve(busy, limit=Limit(iterations=count)).totals.cost_ore for count in (1, 15))
    assert long <= short


@pytest.mark.slow
def test_progress_is_told_and_the_plan_is_the_last_one_told(morning):
    told = []

    def listen(progress):
        told.append(progress)
        return True

    plan = solve(morning, limit=Limit(iterations=20), progress=listen)
    assert violations(morning, plan) == ()
    assert [progress.cost_ore for progress in told] == sorted((p.cost_ore for p in told), reverse=True)
    assert told[-1].cost_ore == plan.totals.cost_ore


def test_refusing_to_go_on_ends_the_search_with_the_best_so_far(busy):
    def stop_at_first_plan(progress):
        return progress.iterations == 0

    began = time.monotonic()
    plan = solve(busy, limit=Limit(seconds=300), progress=stop_at_first_plan)
    assert plan.served
    assert time.monotonic() - began < 200  # far from the limit: it was stopped


def test_a_search_stopped_before_any_plan_leaves_everything_out(busy):
    plan = solve(busy, limit=Limit(seconds=300), progress=lambda _: False)
    assert plan.routes == ()
    assert len(plan.unserved) == len(busy.shipments)


def run_apart(problem, *engines, crew=None, **more):
    jobs = [Assignment(engine, Limit(iterations=1), 0) for engine in engines]
    more = {"heard": lambda _: None, "go_on": lambda _: True, **more}
    return search_apart(jobs, problem, crew=crew or Crew(1), **more)


def test_a_search_that_dies_says_so(morning):
    with pytest.raises(WorkerFailed, match="without a plan"):
        run_apart(morning, None)


def test_when_one_search_dies_the_other_still_answers(morning):
    with pytest.warns(RuntimeWarning, match="without a plan"):
        dead, alive = run_apart(morning, None, PyVrp())
    assert dead.trips == ()
    assert alive.trips


def test_processes_that_wait_take_the_next_searches_and_none_outlives_the_run(morning):
    with Crew(2) as crew:
        crew.call()
        first, left = crew._waiting
        (found,) = run_apart(morning, PyVrp(), crew=crew)
        assert found.trips == run_apart(morning, PyVrp())[0].trips
        assert first.returncode is not None
        assert left.poll() is None
    assert left.returncode is not None
    crew.call()  # nobody would end it
    assert crew._waiting == []


def test_one_that_died_while_it_waited_costs_no_search(morning):
    with Crew(2) as crew:
        crew.call()
        for process in crew._waiting:
            process.kill()
            process.wait()
        (found,) = run_apart(morning, PyVrp(), crew=crew)
    assert found.trips


def test_one_that_dies_when_it_gets_its_task_is_told_of(morning, monkeypatch):
    """Killed between being looked at and being told, by a stand-in that always seems to live."""
    with Crew(2) as crew:
        crew.call()
        dying, _ = crew._waiting
        dying.kill()
        monkeypatch.setattr(dying, "poll", lambda: None)
        with pytest.warns(RuntimeWarning, match="without a plan"):
            dead, alive = run_apart(morning, PyVrp(), PyVrp(), crew=crew)
    assert dead.trips == ()
    assert alive.trips


def test_the_next_processes_are_called_once_it_is_time(morning):
    with Crew(2) as crew:
        run_apart(morning, PyVrp(), crew=crew, calls_at=float("inf"))
        assert crew._waiting == []
        run_apart(morning, PyVrp(), crew=crew, calls_at=0.0)
        assert len(crew._waiting) == 2


def test_what_is_done_meanwhile_is_done_while_processes_work_and_before_any_answer_is_looked_at(morning):
    told = []
    with Crew(1) as crew:
        crew.call()
        run_apart(
            morning,
            PyVrp(),
            crew=crew,
            meanwhile=lambda: told.append(len(crew._waiting)),
            heard=lambda _: told.append("heard"),
        )
    assert told[0] == 0  # the one that waited has its task
    assert "heard" in told


def test_however_short_the_time_there_is_a_first_plan(on_a_line, stop, van):
    """Searches that VROOM's plan is not waited for may not even begin."""
    stops = [stop("home", 0), stop("shop", 9, windows=(Window(7 * 3600, 8 * 3600),))]
    problem = on_a_line(stops, [Shipment("s", "home", "shop", 1)], [van(fixed_ore_per_shift=0)])
    told = []
    plan = solve(problem, limit=Limit(seconds=0.2), progress=lambda state: told.append(state) is None)
    assert plan.served == {"s"}
    assert told


def test_a_listener_is_told_though_there_is_nothing_to_plan(on_a_line, stop, van):
    told = []
    solve(
        on_a_line([stop("home", 0)], [], [van()]),
        limit=Limit(seconds=1),
        progress=lambda state: told.append(state) is None,
    )
    assert told


def test_where_all_may_be_left_out_the_search_still_ends(morning):
    """With nothing on any route OR-Tools' ruin step would look for a visit for ever."""
    free = tuple(replace(shipment, skip_ore=0) for shipment in morning.shipments)
    plan = solve(replace(morning, shipments=free), limit=Limit(iterations=20))
    assert plan.routes == ()
    assert {entry.reason_code for entry in plan.unserved} == {"dearer_than_skipping"}


def test_a_limit_without_an_end_is_refused():
    for values in ({}, {"seconds": 0}, {"iterations": 0}):
        with pytest.raises(ValueError, match=r"[Gg]ive"):
            Limit(**values)


def test_a_plan_that_fails_the_check_never_leaves(morning, monkeypatch):
    def forget_the_way_home(trip, *, places):
        from routing.schedule import schedule

        return replace(schedule(trip, places=places), distance_m=1)

    monkeypatch.setattr(feasible, "schedule", forget_the_way_home)
    with pytest.raises(PlanCheckFailed, match="figure_distance_m") as caught:
        solve(morning, limit=Limit(iterations=1))
    assert caught.value.plan.routes


def test_problem_and_commands_import_without_the_engine():
    code = "import sys, routing.problem, routing.plan, routing.cli; print(sorted({'ortools', 'pyvrp', 'vroom', 'pandas', 'folium'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_vehicle_that_cannot_even_drive_home_hinders_nobody(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("school", 40), stop("far", 300)]
    tired = van("tired", start="far", max_drive_s=60)
    plan = plan_for(on_a_line(stops, [Shipment("s", "home", "school", 1)], [van(), tired]))
    assert plan.served == {"s"}
