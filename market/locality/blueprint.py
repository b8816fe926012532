"""The blueprint that all pages about what is local share, and the filters of their templates."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask_babel import gettext

from geodata.local import Change, Reason
from market import formatting
from market.locality.models import DefinitionVersion
from market.register.categories import spoken_names
from market.register.models import Category

locality = Blueprint("locality", __name__)


def language() -> str:
    """The reader's language, as geodata writes its texts in."""
    return "sv" if formatting.is_swedish() else "en"


@locality.app_template_filter("category_name")
def category_name(category: Category) -> str:
    return category.name_sv if formatting.is_swedish() else category.name_en


@locality.app_template_filter("spoken_category")
def spoken_category(key: str) -> str:
    """What a category is called inside a sentence."""
    return spoken_names(language()).get(key, key)


@locality.app_template_filter("said")
def said(statement: Reason | Change) -> str:
    """A reason for a verdict, or what would change it, in the reader's language."""
    return statement.text(language(), product_names=spoken_names(language()))


@locality.app_template_filter("in_force_words")
def in_force_words(version: DefinitionVersion, today: date) -> str:
    """When a version applies, seen from today: "gäller från och med 1 januari 2026"."""
    first = formatting.full_date(version.valid_from)
    if version.never_applied:
        return str(gettext("ersattes innan den började gälla"))
    if version.valid_to is not None:
        last = formatting.full_date(version.valid_to)
        return str(gettext("från och med %(first)s, till %(end)s", first=first, end=last))
    if version.valid_from > today:
        return str(gettext("börjar gälla %(first)s", first=first))
    return str(gettext("gäller sedan %(first)s", first=first))
