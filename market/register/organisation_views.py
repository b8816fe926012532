"""Pages for what a kitchen and an authority look after themselves."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.locality.queries import stated_by
from market.register.blueprint import register, saved
from market.register.forms import AuthorityForm, KitchenForm
from market.register.models import Authority, Kitchen
from market.register.operations import change_authority, change_kitchen
from market.register.queries import authority_of, kitchen_for

HOME = "register.index"


@register.route("/register/kitchens/<int:kitchen_id>", methods=["GET", "POST"])
@access(Action.EDIT_KITCHEN)
def edit_kitchen(kitchen_id: int) -> ResponseReturnValue:
    """Where and when a kitchen takes in goods."""
    kitchen = shell.found(kitchen_for(shell.session(), actor=shell.actor(), kitchen_id=kitchen_id))
    form, refused = KitchenForm(), ""
    if request.method == "GET":
        form.fill_in(kitchen)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_kitchen(kitchen, form))
        if not refused:
            return saved(gettext("Kökets uppgifter är sparade."), HOME)
    return render_template("register/kitchen.html", form=form, kitchen=kitchen, refused=refused)


@register.route("/register/authority", methods=["GET", "POST"])
@access(Action.EDIT_AUTHORITY)
def edit_authority() -> ResponseReturnValue:
    """How the actor's authority buys and gets its goods. The definition of local is shown in words; it has a page of its own."""
    authority = shell.found(authority_of(shell.session(), actor=shell.actor()))
    form, refused = AuthorityForm(), ""
    form.offer_choices()
    if request.method == "GET":
        form.fill_in(authority)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_authority(authority, form))
        if not refused:
            return saved(gettext("Uppgifterna är sparade."), HOME)
    stated = stated_by(shell.session(), authority=authority, day=shell.today())
    return render_template(
        "register/authority.html", form=form, authority=authority, stated=stated, refused=refused
    )


def _change_kitchen(kitchen: Kitchen, form: KitchenForm) -> None:
    change_kitchen(shell.session(), kitchen=kitchen, actor=shell.actor(), at=shell.now(), **form.values())


def _change_authority(authority: Authority, form: AuthorityForm) -> None:
    change_authority(
        shell.session(), authority=authority, actor=shell.actor(), at=shell.now(), **form.values()
    )
