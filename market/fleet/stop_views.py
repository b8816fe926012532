"""What drivers need to know of each stop, told by those who plan and by the place itself; and how long stops take."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.fleet.blueprint import fleet, own_authorities, saved
from market.fleet.models import StopDetail
from market.fleet.place_forms import ServiceTimesForm, StopForm
from market.fleet.place_operations import change_settings, describe_stop
from market.fleet.queries import kitchen_stop, settings_of, site_stop, stop_details, stops_of
from market.register.models import Authority, Kitchen, ProductionSite
from market.register.queries import kitchen_for, site_for

LIST = "fleet.stops"


@fleet.get("/fleet/stops")
@access(Action.EDIT_VEHICLE)
def stops() -> ResponseReturnValue:
    """Every kitchen and every site that the vehicles stop at."""
    found = stops_of(shell.session(), actor=shell.actor())
    return render_template("fleet/stops.html", stops=found, has_several=len(own_authorities()) > 1)


@fleet.route("/fleet/stops/kitchens/<int:kitchen_id>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def kitchen_stop_page(kitchen_id: int) -> ResponseReturnValue:
    """A kitchen, by those who plan."""
    found = kitchen_stop(shell.session(), actor=shell.actor(), kitchen_id=kitchen_id)
    return _describe(shell.found(found), LIST)


@fleet.route("/fleet/stops/sites/<int:site_id>", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def site_stop_page(site_id: int) -> ResponseReturnValue:
    """A production site, by those who plan."""
    found = site_stop(shell.session(), actor=shell.actor(), site_id=site_id)
    return _describe(shell.found(found), LIST)


@fleet.route("/register/kitchens/<int:kitchen_id>/stop", methods=["GET", "POST"])
@access(Action.EDIT_KITCHEN)
def own_kitchen_stop(kitchen_id: int) -> ResponseReturnValue:
    """The same, told by the kitchen itself."""
    found = kitchen_for(shell.session(), actor=shell.actor(), kitchen_id=kitchen_id)
    return _describe(shell.found(found), "register.index")


@fleet.route("/register/sites/<int:site_id>/stop", methods=["GET", "POST"])
@access(Action.EDIT_PRODUCER)
def own_site_stop(site_id: int) -> ResponseReturnValue:
    """The same, told by the producer itself."""
    found = site_for(shell.session(), actor=shell.actor(), site_id=site_id)
    return _describe(shell.found(found), "register.index")


@fleet.route("/fleet/service-times", methods=["GET", "POST"])
@access(Action.EDIT_VEHICLE)
def service_times() -> ResponseReturnValue:
    """How long the work takes where a place says nothing else."""
    authorities, form, refused = own_authorities(), ServiceTimesForm(), ""
    asked = request.values.get("authority", type=int)
    authority = next((one for one in authorities if one.id == asked), authorities[0])
    if request.method == "GET":
        form.fill_in(settings_of(shell.session(), authority_id=authority.id))
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_settings(authority, form))
        if not refused:
            return saved(gettext("Tiderna är sparade. De gäller nästa gång ni planerar."))
    return render_template(
        "fleet/service_times.html", form=form, refused=refused, authority=authority, authorities=authorities
    )


def _describe(place: Kitchen | ProductionSite, back: str) -> ResponseReturnValue:
    form, refused, detail = StopForm(), "", _detail(place)
    if request.method == "GET":
        form.fill_in(detail)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _keep(place, form, detail))
        if not refused:
            return saved(gettext("Sparat. Föraren ser det på sin körlista."), back)
    return render_template(
        "fleet/stop.html", form=form, refused=refused, place=place, detail=detail, back_url=url_for(back)
    )


def _detail(place: Kitchen | ProductionSite) -> StopDetail | None:
    is_kitchen = isinstance(place, Kitchen)
    found = stop_details(
        shell.session(),
        kitchen_ids=[place.id] if is_kitchen else [],
        site_ids=[] if is_kitchen else [place.id],
    )
    return (found.kitchens if is_kitchen else found.sites).get(place.id)


def _keep(place: Kitchen | ProductionSite, form: StopForm, detail: StopDetail | None) -> None:
    describe_stop(shell.session(), place=place, terms=form.terms(detail), actor=shell.actor(), at=shell.now())


def _change_settings(authority: Authority, form: ServiceTimesForm) -> None:
    change_settings(
        shell.session(), authority=authority, actor=shell.actor(), at=shell.now(), **form.values()
    )
