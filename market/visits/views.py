"""Study visits as a school meets them: find a day, book it, the booking with its calendar file, cancel."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.register.models import Kitchen
from market.register.queries import kitchens_for
from market.values import Refused
from market.visits import own_views
from market.visits.blueprint import visits
from market.visits.calendar import calendar
from market.visits.forms import BookingForm, ReasonForm
from market.visits.journeys import journeys
from market.visits.models import VisitBooking, VisitDay
from market.visits.operations import book_day, cancel_booking
from market.visits.queries import booking_for, bookings_of, day_for, open_days

__all__ = ["own_views", "visits"]  # these add their routes to the blueprint


@visits.get("/visits")
@access(Action.BOOK_VISIT)
def index() -> ResponseReturnValue:
    """Days that can be booked, of one producer when its number is in the address, and the school's own bookings."""
    session, actor = shell.session(), shell.actor()
    producer_id = request.args.get("producer", type=int)
    days = open_days(session, today=shell.today(), producer_id=producer_id)
    return render_template(
        "visits/index.html",
        days=[day for day in days if day.starts_at > shell.now()],
        bookings=bookings_of(session, actor=actor, since=shell.today()),
        ways=_ways(days),
        producer_id=producer_id,
    )


@visits.route("/visits/<int:day_id>/book", methods=["GET", "POST"])
@access(Action.BOOK_VISIT)
def book(day_id: int) -> ResponseReturnValue:
    """What the class will see, and the form to book it."""
    session, actor = shell.session(), shell.actor()
    day = shell.found(day_for(session, actor=actor, day_id=day_id))
    kitchens = kitchens_for(session, actor=actor)
    form, refused = BookingForm(), ""
    form.offer_choices(kitchens)
    if form.validate_on_submit():
        try:
            return _booked(form, day, kitchens)
        except Refused as refusal:
            session.rollback()
            refused = shell.explain(refusal)
    return render_template(
        "visits/book.html", day=day, form=form, refused=refused, way=_ways([day]).get(day.id)
    )


def _booked(form: BookingForm, day: VisitDay, kitchens: list[Kitchen]) -> ResponseReturnValue:
    kitchen = next((k for k in kitchens if str(k.id) == form.kitchen.data), kitchens[0])
    booking = book_day(
        shell.session(),
        day=day,
        kitchen=kitchen,
        school_class=form.school_class(),
        request_key=form.request_key.data or "",
        actor=shell.actor(),
        at=shell.now(),
    )
    flash(gettext("Bokat. Gården vet att ni kommer."), "success")
    return redirect(url_for("visits.booking", booking_id=booking.id))


@visits.get("/visits/bookings/<int:booking_id>")
@access(Action.SEE_VISITS)
def booking(booking_id: int) -> ResponseReturnValue:
    """A booking, for the school and for the farm."""
    found = _booking(booking_id)
    return render_template("visits/booking.html", booking=found, day=found.day, now=shell.now())


@visits.get("/visits/bookings/<int:booking_id>.ics")
@access(Action.SEE_VISITS)
def calendar_file(booking_id: int) -> ResponseReturnValue:
    """The booking for a calendar."""
    found = _booking(booking_id)
    link = url_for("visits.booking", booking_id=found.id, _external=True)
    contact = f"{found.class_name}, {found.contact_name}, {found.contact_phone}"
    data = calendar(
        found,
        summary=gettext("Studiebesök: %(place)s", place=found.day.producer.name),
        description=f"{found.day.about}\n{contact}\n{link}",
        domain=request.host.partition(":")[0],
        at=shell.now(),
    )
    disposition = f'attachment; filename="narmat-studiebesok-{found.id}.ics"'
    return Response(
        data, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition}
    )


@visits.route("/visits/bookings/<int:booking_id>/cancel", methods=["GET", "POST"])
@access(Action.BOOK_VISIT)
def cancel(booking_id: int) -> ResponseReturnValue:
    """The school can't come; it says why."""
    found, form = _booking(booking_id), ReasonForm()
    reason = (form.reason.data or "").strip()
    if request.method == "GET" or not (reason and form.validate()):
        missing = request.method == "POST"
        return render_template("visits/cancel.html", booking=found, missing=missing)
    try:
        cancel_booking(shell.session(), booking=found, reason=reason, actor=shell.actor(), at=shell.now())
        flash(gettext("Besöket är avbokat. Gården ser varför."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("visits.booking", booking_id=booking_id))


def _booking(booking_id: int) -> VisitBooking:
    return shell.found(booking_for(shell.session(), actor=shell.actor(), booking_id=booking_id))


def _ways(days: list[VisitDay]) -> dict[int, tuple[str, bool]]:
    """The journey to each day in words, from the actor's first kitchen, and whether it fits a school day."""
    kitchens = kitchens_for(shell.session(), actor=shell.actor())
    if not kitchens:
        return {}
    found = journeys(days, school=kitchens[0], travel=shell.travel())
    return {day_id: (formatting.hours(way.travel_s), way.fits_a_school_day) for day_id, way in found.items()}
