"""Kitchens and vehicles as a workbook: out with what there is, back in with a preview before anything is kept."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField
from wtforms.validators import Length

from geodata.geocoders import AnyGeocoder, chain
from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import fleet, own_authorities, saved
from market.fleet.sheet_operations import ImportPlan, There, import_rows, names_of, planned_import, there_is
from market.fleet.sheet_reading import read_workbook
from market.fleet.sheet_writing import fleet_workbook
from market.form_fields import NarmatForm
from market.register.models import Authority
from market.sheets.errors import NoFile, SheetError, TooLargeFile
from market.values import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 1_500_000
"""It goes back and forth once more in a hidden field, until it is kept."""


class FleetSheetForm(NarmatForm):
    """A filled-in workbook."""

    sheet = FileField(_l("Ifylld fil"), render_kw={"accept": ".xlsx"})


class KeepForm(NarmatForm):
    """The same file once more, and the fingerprint of what was shown."""

    content = HiddenField()
    seen = HiddenField(validators=[Length(max=64)])


@fleet.get("/fleet/sheet.xlsx")
@access(Action.EDIT_VEHICLE)
def sheet_out() -> ResponseReturnValue:
    """The workbook, with the kitchens and vehicles that there are."""
    there = there_is(shell.session(), authority=_authority())
    vehicles = [one for one in there.vehicles.values() if one.is_active]
    kitchens = [one for one in there.kitchens.values() if one.is_active]
    headers = {"Content-Disposition": 'attachment; filename="kok-och-fordon.xlsx"'}
    return Response(fleet_workbook(kitchens, vehicles), mimetype=XLSX, headers=headers)


@fleet.route("/fleet/sheet", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def sheet_in() -> ResponseReturnValue:
    """A filled-in workbook: what it would add and change, or what is wrong with it. Keeps nothing."""
    form = FleetSheetForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        content = _content(form.sheet.data)
        return _preview(form, content)
    except Refused as refusal:
        return _page(form, refused=shell.explain(refusal))


@fleet.post("/fleet/sheet/keep")
@access(Action.EDIT_VEHICLE)
def keep_sheet() -> ResponseReturnValue:
    """Keep all of a workbook that was shown, or nothing."""
    form, shown = KeepForm(), FleetSheetForm(formdata=None)
    content = _decoded(form.content.data or "")
    try:
        there, plan = _read(content)
        if plan.errors:
            return _preview(shown, content)
        refused = shell.attempt(lambda: _keep(there, plan, form.seen.data or ""))
        if not refused:
            return saved(gettext("Sparat: %(n)s rader ur filen.", n=len(names_of(plan))))
        return _preview(shown, content, refused=refused)
    except Refused as refusal:
        return _page(shown, refused=shell.explain(refusal))


def _keep(there: There, plan: ImportPlan, seen: str) -> None:
    import_rows(shell.session(), there=there, plan=plan, seen=seen, actor=shell.actor(), at=shell.now())


def _authority() -> Authority:
    """The one in the address, else the actor's own."""
    authorities = own_authorities()
    asked = request.args.get("authority", type=int)
    return next((one for one in authorities if one.id == asked), authorities[0])


def _read(content: bytes) -> tuple[There, ImportPlan]:
    """Raises what reading the workbook refuses as a whole."""
    there = there_is(shell.session(), authority=_authority())
    reading = read_workbook(content, there.known(), _offline())
    plan = (
        planned_import(there=there, reading=reading)
        if not reading.errors
        else ImportPlan(errors=reading.errors)
    )
    return there, plan


def _preview(form: FleetSheetForm, content: bytes, *, refused: str = "") -> ResponseReturnValue:
    _, plan = _read(content)
    keep = KeepForm(formdata=None)
    keep.content.data, keep.seen.data = b64encode(content).decode(), plan.fingerprint()
    return _page(form, refused=refused, plan=plan, keep=keep)


def _page(
    form: FleetSheetForm, *, refused: str = "", plan: ImportPlan | None = None, keep: KeepForm | None = None
) -> ResponseReturnValue:
    return render_template(
        "fleet/sheet.html",
        form=form,
        keep=keep,
        refused=refused,
        errors=[(error, _explained(error)) for error in plan.errors] if plan else [],
        preview=names_of(plan) if plan and not plan.errors else None,
        authority=_authority(),
        authorities=own_authorities(),
    )


def _offline() -> AnyGeocoder:
    """Thousands of rows ask no network: what is here, and coordinates, are enough."""
    return chain(folder=shell.settings().instance / "geodata")


def _content(sent: FileStorage | None) -> bytes:
    """A little more than the most is read, so that what is too large is seen to be. Raises NoFile, TooLargeFile."""
    content = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    if not content:
        raise NoFile
    if len(content) > MOST_BYTES:
        raise TooLargeFile
    return content


def _decoded(text: str) -> bytes:
    """Nothing for what no preview wrote; it is then refused as no sheet."""
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""


def _explained(error: SheetError) -> str:
    refusal = Refused(**error.params)
    refusal.message = error.message  # type: ignore[misc]
    return shell.explain(refusal)
