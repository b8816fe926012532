"""The administrator's pages for people: accounts, their roles, their passwords, and closing them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.accounts.admin_operations import (
    activate_user,
    change_user,
    deactivate_user,
    give_another_role,
    set_password,
    take_role,
)
from market.accounts.admin_queries import all_users, any_membership, any_user
from market.accounts.models import Membership, User
from market.accounts.operations import add_user, give_role
from market.actors import Action
from market.register.admin_queries import all_authorities, all_kitchens, all_producers
from market.register.blueprint import register, saved
from market.register.user_forms import NewUserForm, PasswordForm, RoleForm, UserForm
from market.values import Refused


@register.get("/register/users")
@access(Action.ADMINISTER)
def users() -> ResponseReturnValue:
    """Every account with its roles."""
    found = all_users(shell.session(), actor=shell.actor())
    return render_template("register/users.html", users=found)


@register.route("/register/users/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_user() -> ResponseReturnValue:
    """An account with its first role and a first password."""
    form, refused = NewUserForm(), ""
    _offer_organisations(form)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _add_user(form))
        if not refused:
            return saved(gettext("Kontot är klart att logga in med."), "register.users")
    return render_template("register/new_user.html", form=form, refused=refused)


@register.route("/register/users/<int:user_id>", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def edit_user(user_id: int) -> ResponseReturnValue:
    """Who someone is, with the roles they have and ways to the rest."""
    user, refused = _user(user_id), ""
    form = UserForm(obj=user)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _change_user(user, form))
        if not refused:
            return _done(gettext("Kontot är sparat."), user_id)
    return render_template("register/user.html", form=form, user=user, refused=refused)


@register.route("/register/users/<int:user_id>/password", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_password(user_id: int) -> ResponseReturnValue:
    """Set a password for someone who can not sign in."""
    user, form, refused = _user(user_id), PasswordForm(), ""
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _set_password(user, form))
        if not refused:
            return _done(gettext("Lösenordet är bytt."), user_id)
    return render_template("register/password.html", form=form, user=user, refused=refused)


@register.route("/register/users/<int:user_id>/roles/new", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def new_role(user_id: int) -> ResponseReturnValue:
    """Another role for someone who has an account."""
    user, form, refused = _user(user_id), RoleForm(), ""
    _offer_organisations(form)
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _give_role(user, form))
        if not refused:
            return _done(gettext("Rollen är given."), user_id)
    return render_template("register/role.html", form=form, user=user, refused=refused)


@register.route("/register/users/<int:user_id>/roles/<int:membership_id>/end", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def end_role(user_id: int, membership_id: int) -> ResponseReturnValue:
    """Ask, then end a role; what the person did in it stays."""
    session, actor = shell.session(), shell.actor()
    found = any_membership(session, actor=actor, user_id=user_id, membership_id=membership_id)
    membership: Membership = shell.found(found)
    if request.method == "GET":
        return render_template("register/end_role.html", user=membership.user, membership=membership)
    try:
        take_role(session, membership=membership, actor=actor, at=shell.now())
        flash(gettext("Rollen är borttagen."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("register.edit_user", user_id=user_id))


@register.route("/register/users/<int:user_id>/deactivate", methods=["GET", "POST"])
@access(Action.ADMINISTER)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Ask, then close the account; it can be opened again."""
    user = _user(user_id)
    if request.method == "GET":
        return render_template("register/deactivate.html", user=user)
    try:
        deactivate_user(shell.session(), user=user, actor=shell.actor(), at=shell.now())
        flash(gettext("Kontot är avstängt."), "success")
    except Refused as refusal:
        shell.flash_refusal(refusal)
    return redirect(url_for("register.edit_user", user_id=user_id))


@register.post("/register/users/<int:user_id>/activate")
@access(Action.ADMINISTER)
def activate(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    activate_user(shell.session(), user=_user(user_id), actor=shell.actor(), at=shell.now())
    return _done(gettext("Kontot är öppet igen."), user_id)


def _user(user_id: int) -> User:
    return shell.found(any_user(shell.session(), actor=shell.actor(), user_id=user_id))


def _done(text: str, user_id: int) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("register.edit_user", user_id=user_id))


def _offer_organisations(form: RoleForm) -> None:
    session, actor = shell.session(), shell.actor()
    form.offer_choices(
        authorities=all_authorities(session, actor=actor),
        kitchens=all_kitchens(session, actor=actor),
        producers=all_producers(session, actor=actor),
    )


def _add_user(form: NewUserForm) -> None:
    session, by, at = shell.session(), shell.actor().user_id, shell.now()
    user = add_user(
        session,
        password_hash=form.hashed(),
        by_user_id=by,
        at=at,
        **form.person(),
    )
    give_role(session, user=user, by_user_id=by, at=at, **form.membership())


def _change_user(user: User, form: UserForm) -> None:
    change_user(
        shell.session(),
        user=user,
        actor=shell.actor(),
        at=shell.now(),
        **form.person(),
    )


def _set_password(user: User, form: PasswordForm) -> None:
    set_password(shell.session(), user=user, password_hash=form.hashed(), actor=shell.actor(), at=shell.now())


def _give_role(user: User, form: RoleForm) -> None:
    give_another_role(shell.session(), user=user, actor=shell.actor(), at=shell.now(), **form.membership())
