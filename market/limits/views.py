"""The limit of direct awards: the meter, a kind's ledger, settings, purchases made elsewhere, and lifting the block."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.limits import wording
from market.limits.forms import KindForm, LiftForm, PurchaseForm, RemoveForm, SettingsForm
from market.limits.models import KindOfGoods
from market.limits.officer_operations import (
    change_settings,
    end_lift,
    lift_block,
    record_purchase,
    remove_kind,
    remove_purchase,
    save_kind,
)
from market.limits.queries import (
    authority_seen_by,
    entries_of,
    entry_for,
    grouping_for,
    groupings,
    kind_by_key,
    lift_for,
    lifts_of,
    meters,
    settings_of,
)
from market.limits.rules import Kind, Meter
from market.register.models import Authority
from market.register.queries import categories

limits = Blueprint("limits", __name__)
limits.add_app_template_filter(wording.level_word, "level_word")
limits.add_app_template_filter(wording.level_tone, "level_tone")


@limits.get("/limits")
@access(Action.SEE_LIMITS)
def index() -> ResponseReturnValue:
    """How every kind of goods stands against the limit, the fullest first."""
    authority = _authority()
    found = _meters(authority)
    found.sort(key=lambda meter: -meter.spent_ore)
    return render_template(
        "limits/index.html",
        authority=authority,
        used=[meter for meter in found if meter.spent_ore or meter.lifted_ore],
        unused=[meter for meter in found if not meter.spent_ore and not meter.lifted_ore],
        settings=settings_of(shell.session(), authority_id=authority.id),
        periods=wording.PERIOD_NAMES,
    )


@limits.get("/limits/kinds/<kind_key>")
@access(Action.SEE_LIMITS)
def kind(kind_key: str) -> ResponseReturnValue:
    """One kind: its meter, its ledger in the period, and every decision to lift the block."""
    authority, session = _authority(), shell.session()
    found = _kind(authority, kind_key)
    meter = next(meter for meter in _meters(authority) if meter.kind.key == kind_key)
    return render_template(
        "limits/kind.html",
        meter=meter,
        entries=entries_of(
            session, authority_id=authority.id, categories=found.categories, period=meter.period
        ),
        lifts=lifts_of(session, authority_id=authority.id, kind_key=kind_key),
        names=wording,
        today=shell.today(),
    )


@limits.route("/limits/settings", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def settings() -> ResponseReturnValue:
    """Over which time the authority counts, and when it is warned."""
    authority, form, refused = _authority(), SettingsForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(settings_of(shell.session(), authority_id=authority.id))
    if form.validate_on_submit():
        refused = shell.attempt(
            lambda: change_settings(shell.session(), authority=authority, **form.values(), **_by())
        )
        if not refused:
            return _done(gettext("Inställningarna är sparade."))
    kinds = groupings(shell.session(), authority_id=authority.id)
    return render_template("limits/settings.html", form=form, refused=refused, kinds=kinds)


@limits.route("/limits/groupings/new", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def new_kind() -> ResponseReturnValue:
    """Count some categories as one kind."""
    return _kind_page(None)


@limits.route("/limits/groupings/<int:kind_id>", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def edit_kind(kind_id: int) -> ResponseReturnValue:
    """Change which categories count as one kind."""
    return _kind_page(shell.found(grouping_for(shell.session(), actor=shell.actor(), kind_id=kind_id)))


@limits.post("/limits/groupings/<int:kind_id>/remove")
@access(Action.MANAGE_LIMITS)
def drop_kind(kind_id: int) -> ResponseReturnValue:
    """Let its categories count each for itself again."""
    found = shell.found(grouping_for(shell.session(), actor=shell.actor(), kind_id=kind_id))
    remove_kind(shell.session(), kind=found, **_by())
    return _done(gettext("Kategorierna räknas var för sig igen."), "limits.settings")


@limits.route("/limits/purchases/new", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def new_purchase() -> ResponseReturnValue:
    """Count a purchase that was made beside the marketplace."""
    authority, form, refused = _authority(), PurchaseForm(), ""
    form.offer_choices(categories(shell.session()))
    if form.validate_on_submit():
        refused = shell.attempt(
            lambda: record_purchase(shell.session(), authority=authority, **form.values(), **_by())
        )
        if not refused:
            return _done(gettext("Köpet räknas nu med."))
    return render_template("limits/purchase.html", form=form, refused=refused)


@limits.route("/limits/purchases/<int:entry_id>/remove", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def drop_purchase(entry_id: int) -> ResponseReturnValue:
    """Take back a purchase that was entered by hand."""
    entry = shell.found(entry_for(shell.session(), actor=shell.actor(), entry_id=entry_id))
    form, refused = RemoveForm(), ""
    if form.validate_on_submit():
        reason = form.reason.data or ""
        refused = shell.attempt(lambda: remove_purchase(shell.session(), entry=entry, reason=reason, **_by()))
        if not refused:
            return _done(gettext("Köpet räknas inte längre. Det står kvar i historiken."))
    return render_template("limits/remove.html", form=form, entry=entry, refused=refused)


@limits.route("/limits/kinds/<kind_key>/lift", methods=["GET", "POST"])
@access(Action.MANAGE_LIMITS)
def lift(kind_key: str) -> ResponseReturnValue:
    """Let one kind go above the limit, so much, so long, for a reason that is kept."""
    authority = _authority()
    found, form, refused = _kind(authority, kind_key), LiftForm(), ""
    form.offer_choices()
    if form.validate_on_submit():
        refused = shell.attempt(
            lambda: lift_block(
                shell.session(), authority=authority, kind_key=found.key, **form.values(), **_by()
            )
        )
        if not refused:
            return _done(gettext("Spärren är hävd. Beslutet och skälet är sparade."), "limits.kind", kind_key)
    return render_template("limits/lift.html", form=form, kind=found, refused=refused)


@limits.post("/limits/lifts/<int:lift_id>/end")
@access(Action.MANAGE_LIMITS)
def stop_lift(lift_id: int) -> ResponseReturnValue:
    """Put the block back before the lift's last day."""
    found = shell.found(lift_for(shell.session(), actor=shell.actor(), lift_id=lift_id))
    refused = shell.attempt(lambda: end_lift(shell.session(), lift=found, **_by()))
    if refused:
        flash(refused, "error")
        return redirect(url_for("limits.kind", kind_key=found.kind_key))
    return _done(gettext("Spärren gäller igen."), "limits.kind", found.kind_key)


def _kind_page(found: KindOfGoods | None) -> ResponseReturnValue:
    authority, form, refused = _authority(), KindForm(), ""
    form.offer_choices(categories(shell.session()))
    if request.method == "GET" and found is not None:
        form.fill_in(found)
    if form.validate_on_submit():
        refused = shell.attempt(
            lambda: save_kind(
                shell.session(),
                authority=authority,
                kind=found,
                name=form.name.data or "",
                categories=form.categories.data or [],
                **_by(),
            )
        )
        if not refused:
            return _done(gettext("Varuslaget är sparat."), "limits.settings")
    return render_template("limits/grouping.html", form=form, kind=found, refused=refused)


def _authority() -> Authority:
    return shell.found(authority_seen_by(shell.session(), actor=shell.actor()))


def _kind(authority: Authority, kind_key: str) -> Kind:
    return shell.found(kind_by_key(shell.session(), authority_id=authority.id, kind_key=kind_key))


def _meters(authority: Authority) -> list[Meter]:
    return meters(shell.session(), authority_id=authority.id, today=shell.today())


def _by() -> dict[str, Any]:
    return {"actor": shell.actor(), "at": shell.now()}


def _done(text: str, endpoint: str = "limits.index", kind_key: str | None = None) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for(endpoint, kind_key=kind_key) if kind_key else url_for(endpoint))
