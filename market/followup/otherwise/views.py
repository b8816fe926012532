"""Local by other municipalities' definitions, beside our own."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.followup.asking import Asked, asked_for, picker
from market.followup.blueprint import followup
from market.followup.local_otherwise import Compared, compare
from market.followup.otherwise.answers import keep_answers
from market.followup.otherwise.forms import Others, others_asked
from market.followup.otherwise.timelines import stating_codes
from market.followup.otherwise.wording import OtherwiseWords
from market.register.models import Authority


@followup.get("/followup/definitions")
@access(Action.SEE_FOLLOWUP)
def definitions() -> ResponseReturnValue:
    """A period's purchases by up to five other definitions; what of them flips, and why."""
    asked = asked_for()
    own_code = shell.session().get_one(Authority, asked.scope.authority_id).municipality_code
    stating = stating_codes(shell.session(), period=asked.span.period)
    others = others_asked(stating=stating, own_code=own_code)
    picked = picker(asked)
    page = render_template(
        "followup/definitions.html",
        asked=asked,
        picker=picked,
        others=others,
        found=None if others.errors else _compared(asked, others, own_code),
        words=OtherwiseWords(own_code, picked.categories),
    )
    return page, 400 if others.errors else asked.status


def _compared(asked: Asked, others: Others, own_code: str) -> Compared:
    """What had to be worked out is kept for the next time."""
    found = compare(
        shell.session(), scope=asked.scope, own_code=own_code, codes=others.codes, period=asked.span.period
    )
    keep_answers(shell.engine(), found.new)
    return found
