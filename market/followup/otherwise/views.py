"""Local by other municipalities' definitions, beside our own."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.followup.blueprint import followup
from market.followup.local_otherwise import Compared, compare
from market.followup.otherwise.answers import keep_answers
from market.followup.otherwise.forms import Asked, asked_for
from market.followup.otherwise.wording import OtherwiseWords
from market.followup.queries import Scope, scope_for
from market.register.models import Authority
from market.register.queries import categories


@followup.get("/followup/definitions")
@access(Action.SEE_FOLLOWUP)
def definitions() -> ResponseReturnValue:
    """A period's purchases by up to five other definitions; what of them flips, and why."""
    scope = shell.found(scope_for(shell.session(), actor=shell.actor()))
    authority = shell.session().get_one(Authority, scope.authority_id)
    asked = asked_for(
        shell.session(), request.args, own_code=authority.municipality_code, today=shell.today()
    )
    found = None if asked.errors else _compared(scope, authority, asked)
    words = OtherwiseWords(authority.municipality_code, categories(shell.session()))
    page = render_template(
        "followup/definitions.html", asked=asked, found=found, authority=authority, words=words
    )
    return page, 400 if asked.errors else 200


def _compared(scope: Scope, authority: Authority, asked: Asked) -> Compared:
    """What had to be worked out is kept for the next time."""
    found = compare(
        shell.session(),
        scope=scope,
        own_code=authority.municipality_code,
        codes=asked.codes,
        period=asked.span.period,
    )
    keep_answers(shell.engine(), found.new)
    return found
