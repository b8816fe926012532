"""The blueprint that all pages of the register share, its filters, and how a form's operation is tried."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting
from market.register.models import CertificateScheme, KitchenWindow, Producer, SiteWindow
from market.register.places import municipality_name
from market.register.rules import masked_number
from market.register.wording import SCHEME_NAMES, WEEKDAYS

register = Blueprint("register", __name__)
register.add_app_template_filter(municipality_name, "municipality_name")


def saved(text: str, endpoint: str) -> ResponseReturnValue:
    """Say that it is done, and go on to a page."""
    flash(text, "success")
    return redirect(url_for(endpoint))


@register.app_template_filter("organisation_number")
def shown_number(producer: Producer) -> str:
    """A producer's number for a page: hidden when it is a person's."""
    return masked_number(producer.organisation_number, is_sole_trader=producer.is_sole_trader)


@register.app_template_filter("scheme_name")
def scheme_name(scheme: CertificateScheme) -> str:
    """What a certificate's scheme is called."""
    return str(gettext(SCHEME_NAMES[scheme]))


@register.app_template_filter("hours_lines")
def hours_lines(windows: Iterable[KitchenWindow | SiteWindow]) -> list[str]:
    """Opening hours as people say them, weekdays with the same hours together: "Måndag-fredag 07:00-11:00"."""
    ordered = sorted(windows, key=lambda w: (w.weekday, w.opens_s))
    days = [(day, _times(own)) for day, own in groupby(ordered, key=lambda w: w.weekday)]
    lines: list[tuple[int, int, str]] = []
    for day, times in days:
        if lines and lines[-1][1:] == (day - 1, times):
            lines[-1] = (lines[-1][0], day, times)
        else:
            lines.append((day, day, times))
    return [f"{_days(first, last)} {times}" for first, last, times in lines]


def _times(windows: Iterable[KitchenWindow | SiteWindow]) -> str:
    clock = formatting.seconds_clock
    return ", ".join(f"{clock(window.opens_s)}–{clock(window.closes_s)}" for window in windows)


def _days(first: int, last: int) -> str:
    start = str(gettext(WEEKDAYS[first]))
    if first == last:
        return start
    end = str(gettext(WEEKDAYS[last]))
    return f"{start}–{end.lower() if formatting.is_swedish() else end}"
