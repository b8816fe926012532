"""The sheet of a round: out as a template, back in with a preview before anything is kept."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.needs.blueprint import own_kitchens, own_shape, round_at
from market.dis.needs.forms import SheetForm
from market.dis.needs.operations import save_needs
from market.dis.needs.rules import Cell, Change, NotOfTheRound, changes, fingerprint
from market.dis.needs.sheet import Shape
from market.dis.needs.sheet_reading import Reading, read_sheet
from market.dis.needs.sheet_writing import need_sheet
from market.dis.rules import NeedRoundState
from market.sheets.errors import NoFile, SheetError
from market.sheets.opening import MOST_BYTES
from market.values import Quantity, Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dis.get("/rounds/<int:round_id>/needs.xlsx")
@access(Action.STATE_NEEDS)
def need_template(round_id: int) -> ResponseReturnValue:
    """The sheet for the kitchens that the actor answers for, with what they have stated."""
    content = need_sheet(own_shape(round_at(round_id), own_kitchens()))
    headers = {"Content-Disposition": f'attachment; filename="avropsmall-{round_id}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


@dis.route("/rounds/<int:round_id>/sheet", methods=["GET", "POST"])
@access(Action.STATE_NEEDS)
def need_sheet_in(round_id: int) -> ResponseReturnValue:
    """A filled-in sheet: what it would change, or what is wrong with it. Keeps nothing."""
    form, refused, reading = SheetForm(), "", Reading()
    shape = own_shape(round_at(round_id), own_kitchens())
    if form.validate_on_submit():
        shell.let_go()
        try:
            reading = read_sheet(_content(form.sheet.data), shape)
        except Refused as refusal:
            refused = shell.explain(refusal)
    need_round = round_at(round_id)
    return render_template(
        "dis/needs/sheet.html",
        form=form,
        round=need_round,
        refused=refused,
        errors=[(error, _explained(error)) for error in reading.errors],
        preview=_preview(shape, reading) if form.is_submitted() and not refused else None,
        written=_written(shape, reading),
        seen=fingerprint(shape.stated),
        is_open=need_round.state is NeedRoundState.OPEN and shell.now() < need_round.closes_at,
    )


@dis.post("/rounds/<int:round_id>/sheet/keep")
@access(Action.STATE_NEEDS)
def keep_need_sheet(round_id: int) -> ResponseReturnValue:
    """What the preview showed."""
    need_round = round_at(round_id)
    try:
        changed = save_needs(
            shell.session(),
            need_round=need_round,
            kitchen_ids=[one.id for one in own_kitchens()],
            needs=_read_written(request.form.get("needs", "")),
            seen=request.form.get("seen", ""),
            actor=shell.actor(),
            at=shell.now(),
        )
        flash(gettext("Sparat: %(count)s mängder är ändrade.", count=len(changed)), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
        return redirect(url_for("dis.need_sheet_in", round_id=round_id))
    return redirect(url_for("dis.state_needs", round_id=round_id))


def _content(sent: FileStorage | None) -> bytes:
    """A little more than the most is read, so that what is too large is seen to be. Raises NoFile."""
    content = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    if not content:
        raise NoFile
    return content


def _explained(error: SheetError) -> str:
    refusal = Refused(**error.params)
    refusal.message = error.message  # type: ignore[misc]
    return shell.explain(refusal)


def _preview(shape: Shape, reading: Reading) -> list[tuple[str, str, Change, Quantity, Quantity]]:
    """The changes with the names of kitchen and product, and the amounts before and after."""
    products = {product.id: product for product in shape.products}
    shown = []
    for change in changes(shape.stated, reading.needs):
        product = products[change.cell.product_id]
        before, after = (Quantity(steps, product.unit) for steps in (change.before, change.after))
        shown.append((shape.kitchens[change.cell.kitchen_id], product.name, change, before, after))
    return shown


def _written(shape: Shape, reading: Reading) -> str:
    """The changes as one hidden field of the preview."""
    return ";".join(
        f"{one.cell.product_id},{one.cell.kitchen_id},{one.cell.week_on.isoformat()},{one.after}"
        for one in changes(shape.stated, reading.needs)
    )


def _read_written(text: str) -> dict[Cell, int]:
    """Raises NotOfTheRound for what no preview wrote; what it says is checked as any need is."""
    needs = {}
    try:
        for part in filter(None, text.split(";")):
            product, kitchen, week, steps = part.split(",")
            needs[Cell(int(product), int(kitchen), date.fromisoformat(week))] = int(steps)
    except ValueError:
        raise NotOfTheRound from None
    return needs
