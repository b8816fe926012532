"""Needs: the rounds, the grid of a kitchen, and the sums for those who overlook them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.needs import round_views, sheet_views
from market.dis.needs.blueprint import own_kitchens, own_shape, round_at
from market.dis.needs.grid_form import Grid, grid_of, read_grid
from market.dis.needs.models import NeedRound
from market.dis.needs.operations import save_needs
from market.dis.needs.queries import kitchens_asked, lines_of, rounds_for, rounds_of
from market.dis.needs.rules import fingerprint
from market.dis.needs.sheet import Shape
from market.dis.needs.summing import overview
from market.dis.rules import NeedRoundState
from market.dis.systems.desk import register_part
from market.dis.systems.queries import runs
from market.form_fields import NarmatForm
from market.register.models import Kitchen
from market.values import Refused, Week, local_date

__all__ = ["round_views", "sheet_views"]


@dis.get("/needs")
@access(Action.STATE_NEEDS)
def needs_index() -> ResponseReturnValue:
    """The rounds in which the kitchens are asked."""
    return render_template(
        "dis/needs/index.html", rounds=rounds_for(shell.session(), actor=shell.actor()), at=shell.now()
    )


@dis.route("/rounds/<int:round_id>/needs", methods=["GET", "POST"])
@access(Action.STATE_NEEDS)
def state_needs(round_id: int) -> ResponseReturnValue:
    """One kitchen's grid. A meal manager chooses among the authority's kitchens."""
    need_round, kitchens = round_at(round_id), own_kitchens()
    kitchen = _chosen(kitchens)
    shape, refused = own_shape(need_round, [kitchen]), ""
    grid = grid_of(shape, kitchen.id)
    if request.method == "POST":
        grid = read_grid(shape, kitchen.id, request.form)
        try:
            if not grid.errors:
                return _kept(need_round, kitchen, grid)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return _grid_page(need_round, kitchens, shape, grid, refused=refused)


@dis.get("/rounds/<int:round_id>")
@access(Action.FOLLOW_DIS)
def need_round(round_id: int) -> ResponseReturnValue:
    """What all kitchens need, and who has answered; for the officer what to do next."""
    found, session, actor = round_at(round_id), shell.session(), shell.actor()
    dis_of_it = found.dis_category.dis
    return render_template(
        "dis/needs/round.html",
        round=found,
        dis=dis_of_it,
        overview=overview(
            found, lines_of(session, round_id=round_id), kitchens_asked(session, dis=dis_of_it)
        ),
        runs=runs(actor, dis_of_it),
        form=NarmatForm(),
        is_open=found.state is NeedRoundState.OPEN and shell.now() < found.closes_at,
    )


def _chosen(kitchens: Sequence[Kitchen]) -> Kitchen:
    """The kitchen that was asked for, else the first. 404 for one that the actor does not answer for."""
    asked = request.values.get("kitchen", type=int)
    if asked is None:
        return shell.found(next(iter(kitchens), None))
    return shell.found(next((one for one in kitchens if one.id == asked), None))


def _kept(need_round: NeedRound, kitchen: Kitchen, grid: Grid) -> ResponseReturnValue:
    changed = save_needs(
        shell.session(),
        need_round=need_round,
        kitchen_ids=[kitchen.id],
        needs=grid.needs,
        seen=request.form.get("seen", ""),
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(
        gettext("Sparat: behoven för %(kitchen)s.", kitchen=kitchen.name)
        if changed
        else gettext("Inget var ändrat."),
        "success",
    )
    return redirect(url_for("dis.state_needs", round_id=need_round.id, kitchen=kitchen.id))


def _grid_page(
    need_round: NeedRound, kitchens: Sequence[Kitchen], shape: Shape, grid: Grid, *, refused: str
) -> ResponseReturnValue:
    return render_template(
        "dis/needs/grid.html",
        round=need_round,
        kitchens=kitchens,
        kitchen=next(one for one in kitchens if one.id == grid.kitchen_id),
        grid=grid,
        weeks=[Week.containing(monday) for monday in shape.weeks],
        seen=request.form.get("seen") or fingerprint(shape.stated),
        refused=refused,
        is_open=need_round.state is NeedRoundState.OPEN and shell.now() < need_round.closes_at,
    )


register_part(
    "needs",
    lambda session, dis_of_it, actor, at: {
        "rounds": rounds_of(session, dis_id=dis_of_it.id),
        "can_ask": runs(actor, dis_of_it) and dis_of_it.is_open(local_date(at)),
        "of_dis": dis_of_it,
    },
)
