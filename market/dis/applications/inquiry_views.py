"""Asking suppliers: for a new self-declaration, or for their view before a decision against them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.applications.forms import DeclarationsForm, HearingForm
from market.dis.applications.inquiry_operations import ask_declarations as ask_all
from market.dis.applications.inquiry_operations import ask_hearing as ask_one
from market.dis.applications.queries import admitted_to, followed_application, staffed_dis
from market.dis.applications.steps import legal_days
from market.dis.blueprint import dis as pages
from market.dis.working_days import add_working_days
from market.law.rules import LawKey
from market.values import Refused

DAYS_TO_BE_HEARD = 5
"""Working days proposed to a supplier that is to be heard; the law says "a certain time" (LOU 19 kap. 17 §)."""


@pages.route("/<int:dis_id>/declarations", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def ask_declarations(dis_id: int) -> ResponseReturnValue:
    """Ask admitted suppliers to declare anew (LOU 8 kap. 13 §)."""
    session, actor = shell.session(), shell.actor()
    system = shell.found(staffed_dis(session, actor=actor, dis_id=dis_id, must_run=True))
    suppliers = {one.producer_id: one.producer.name for one in admitted_to(session, dis_id=dis_id)}
    form, refused = DeclarationsForm(), ""
    form.producers.choices = [(str(key), name) for key, name in suppliers.items()]
    if request.method == "GET":
        only = request.args.get("producer", type=int)
        form.producers.data = [str(key) for key in suppliers if only in (None, key)]
    elif form.validate_on_submit():
        try:
            return _asked(dis_id, form)
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    days = legal_days(shell.session(), LawKey.DIS_DECLARATION, at=shell.now())
    return render_template(
        "dis/applications/ask_declarations.html", dis=system, form=form, refused=refused, has_suppliers=bool(suppliers),
        days=days, due_on=add_working_days(shell.today(), days),
    )  # fmt: skip


@pages.route("/applications/<int:application_id>/hearing", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def ask_hearing(application_id: int) -> ResponseReturnValue:
    """Let a supplier speak before it is refused or put out on other grounds than a requirement."""
    found = shell.found(
        followed_application(
            shell.session(), actor=shell.actor(), application_id=application_id, must_run=True
        )
    )
    form, refused = HearingForm(), ""
    if request.method == "GET":
        form.due_on.data = add_working_days(shell.today(), DAYS_TO_BE_HEARD)
    elif form.validate_on_submit() and form.due_on.data:
        try:
            said, due_on = form.text.data or "", form.due_on.data
            ask_one(
                shell.session(), dis=found.dis, producer=found.producer, text=said, due_on=due_on,
                actor=shell.actor(), at=shell.now(),
            )  # fmt: skip
            flash(gettext("Frågan är skickad. Beslutet kan fattas när svaret har kommit."), "success")
            return redirect(url_for("dis.qualify", application_id=application_id))
        except Refused as refusal:
            shell.session().rollback()
            refused = shell.explain(refusal)
    return render_template("dis/applications/ask_hearing.html", application=found, form=form, refused=refused)


def _asked(dis_id: int, form: DeclarationsForm) -> ResponseReturnValue:
    session, actor = shell.session(), shell.actor()
    system = shell.found(staffed_dis(session, actor=actor, dis_id=dis_id, must_run=True))
    chosen = [int(one) for one in form.producers.data or ()]
    sent = ask_all(
        session, dis=system, producer_ids=chosen, text=form.text.data or "", actor=actor, at=shell.now()
    )
    number = len(sent)
    if number:
        flash(
            ngettext(
                "Frågan är skickad till en leverantör.",
                "Frågan är skickad till %(num)s leverantörer.",
                number,
            ),
            "success",
        )
    else:
        flash(gettext("Alla som valdes har redan en fråga att svara på."), "info")
    return redirect(url_for("dis.applications", dis_id=dis_id))
