"""narmat prepare: what a scenario of preparedness was worked out to mean, as text or JSON."""

from __future__ import annotations

import json
import sys
from typing import NoReturn

import click
from flask import Flask
from flask_babel import force_locale

from market import create_app
from market.config import from_environment
from market.db import open_session
from market.followup.preparedness.documents import plan_content, plan_text
from market.followup.preparedness.pages import ScenarioPage, scenario_pages
from market.followup.preparedness.queries import scenario_by_id
from market.migrations import is_current
from market.register.models import Authority
from market.values import LARGEST
from market.wiring import LOCALES


@click.command()
@click.argument("scenario_id", type=click.IntRange(1, LARGEST))
@click.option("--json", "as_json", is_flag=True, help="The answer as it is stored.")
@click.option("--english", is_flag=True, help="In English; else in Swedish.")
def prepare(scenario_id: int, as_json: bool, english: bool) -> None:
    """Print the newest answer of a scenario, which is worked out at its page."""
    app = create_app(from_environment())
    if not is_current(app.extensions["narmat.engine"]):
        _refuse(
            "This database is empty or from an earlier version: run narmat db upgrade, or set NARMAT_DATABASE_URL."
        )
    with app.app_context(), open_session(app.extensions["narmat.engine"], writes=False) as session:
        scenario = scenario_by_id(session, scenario_id=scenario_id)
        if scenario is None:
            _refuse(f"There is no scenario {scenario_id}. Its number stands in the address of its page.")
        page = scenario_pages(session, [scenario])[0]
        if page.result is None:
            _refuse(f"Scenario {scenario_id} is not worked out yet. Work it out at its page first.")
        authority = session.get_one(Authority, scenario.authority_id)
        click.echo(_printed(app, page, authority.name, as_json=as_json, english=english))


def _printed(app: Flask, page: ScenarioPage, authority_name: str, *, as_json: bool, english: bool) -> str:
    assert page.result is not None
    assert page.outcome is not None
    if as_json:
        return json.dumps(page.result.outcome, ensure_ascii=False, indent=2)
    with app.test_request_context(), force_locale(LOCALES["en" if english else "sv"]):
        return plan_text(
            plan_content(
                name=page.scenario.name,
                authority_name=authority_name,
                supposed=page.supposed,
                kitchens=page.kitchens,
                outcome=page.outcome,
                worked_out_at=page.result.worked_out_at,
            )
        )


def _refuse(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)
