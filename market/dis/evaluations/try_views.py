"""Before publishing: try criteria on yesterday's tenders. All is in the address; nothing is kept."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.evaluations import wording
from market.dis.evaluations.inputs import Inputs
from market.dis.evaluations.lawful import proposals_beside
from market.dis.evaluations.queries import past_calloffs, past_inputs
from market.dis.evaluations.try_form import TryForm, as_text
from market.dis.evaluations.trying import always_alone, always_first, silent, try_all, twins, under
from market.dis.systems.wording_check import place_warnings


@dis.get("/try-criteria")
@access(Action.RUN_DIS)
def try_criteria() -> ResponseReturnValue:
    """Who would win, what it costs, how many get to deliver, and what can not separate equal bidders."""
    form = TryForm(request.args if "per_lot" in request.args else None)
    form.offer_choices(past_calloffs(shell.session(), actor=shell.actor()))
    if "per_lot" not in request.args:
        form.begin()
    inputs = _inputs(form) if "per_lot" in request.args and form.validate() else None
    shell.let_go()
    return render_template("dis/evaluations/try.html", form=form, words=wording, **_shown(form, inputs))


def _inputs(form: TryForm) -> Inputs | None:
    """The tenders to try; past ones with the values as they are written now, or as they were when none are."""
    if not form.calloff.data:
        return form.made_up()
    past = shell.found(past_inputs(shell.session(), actor=shell.actor(), calloff_id=form.calloff.data))
    if request.args.get("keep"):
        form.values.data = as_text(past.values)
    values = form.other_values(past.values)
    return None if values is None else replace(past, values=tuple(values))


def _shown(form: TryForm, inputs: Inputs | None) -> dict[str, object]:
    if inputs is None:
        return {"inputs": None, "tried": []}
    chosen = under(inputs, form.setting)
    tried = try_all(inputs, form.setting)
    names = [value.name for value in inputs.values]
    return {
        "inputs": inputs,
        "tried": tried,
        "alone": always_alone(tried),
        "first": always_first(tried),
        "twins": twins(chosen),
        "silent": silent(inputs),
        "proposals": proposals_beside(names),
        "places": place_warnings("\n".join(names)),
    }
