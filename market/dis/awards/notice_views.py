"""The notices of awards: what is due or late, the data to announce, and that it was done."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import shell
from market.access import access
from market.actors import Action
from market.dis.awards import wording
from market.dis.awards.blueprint import by, contract_at, dis_at
from market.dis.awards.exports import notice_csv, notice_rows
from market.dis.awards.forms import NoticeForm
from market.dis.awards.models import AwardContract
from market.dis.awards.notice_operations import choose_collecting, mark_notice_sent
from market.dis.awards.queries import answers_for, signed_contracts, tender_counts
from market.dis.awards.rules import notice_state
from market.dis.blueprint import dis
from market.dis.systems.queries import runs
from market.law.queries import law_value
from market.law.rules import LawKey


@dis.get("/<int:dis_id>/award-notices")
@access(Action.FOLLOW_DIS)
def award_notices(dis_id: int) -> ResponseReturnValue:
    """Every contract of the DIS with the last day of its notice; what is late shows red."""
    found, session, today = dis_at(dis_id), shell.session(), shell.today()
    contracts = signed_contracts(session, dis_id=dis_id)
    states = {
        one.id: notice_state(due_on=one.notice_due_on, sent_on=one.notice_sent_on, today=today)
        for one in contracts
        if one.notice_due_on is not None
    }
    return render_template(
        "dis/awards/notices.html",
        dis=found,
        contracts=contracts,
        states=states,
        words=wording,
        runs=runs(shell.actor(), found),
        may_mark={one.id: answers_for(shell.actor(), one) for one in contracts},
        days=int(law_value(session, LawKey.AWARD_NOTICE, on=today).value),
    )


@dis.get("/<int:dis_id>/award-notices.json")
@access(Action.FOLLOW_DIS)
def award_notices_json(dis_id: int) -> ResponseReturnValue:
    """The same as data for the tender databases."""
    return jsonify(_rows(dis_id))


@dis.get("/<int:dis_id>/award-notices.csv")
@access(Action.FOLLOW_DIS)
def award_notices_csv(dis_id: int) -> ResponseReturnValue:
    """And as a sheet."""
    headers = {"Content-Disposition": f'attachment; filename="efterannonser-{dis_id}.csv"'}
    return Response("\N{BYTE ORDER MARK}" + notice_csv(_rows(dis_id)), mimetype="text/csv", headers=headers)


@dis.post("/<int:dis_id>/award-notices/collect")
@access(Action.RUN_DIS)
def collect_notices(dis_id: int) -> ResponseReturnValue:
    """Each award by itself, or quarter by quarter."""
    found = dis_at(dis_id)
    shell.found(found if runs(shell.actor(), found) else None)
    collects = request.form.get("how") == "quarterly"
    refused = shell.attempt(lambda: choose_collecting(shell.session(), dis=found, collects=collects, **by()))
    flash(refused or gettext("Sparat. Sista dagarna är räknade om."), "error" if refused else "success")
    return redirect(url_for("dis.award_notices", dis_id=dis_id))


@dis.route("/contracts/<int:contract_id>/notice", methods=["GET", "POST"])
@access(Action.RUN_DIS)
def mark_notice(contract_id: int) -> ResponseReturnValue:
    """That the notice was sent: the day, and what it is called there."""
    contract, form, refused = contract_at(contract_id), NoticeForm(), ""
    shell.found(contract if answers_for(shell.actor(), contract) else None)
    back = url_for("dis.award_notices", dis_id=contract.award.calloff.dis_category.dis_id)
    if request.method == "GET":
        form.sent_on.data, form.reference.data = (
            contract.notice_sent_on or shell.today(),
            contract.notice_reference,
        )
    if form.validate_on_submit():
        refused = shell.attempt(lambda: _mark(contract, form))
        if not refused:
            flash(gettext("Efterannonsen är noterad som skickad."), "success")
            return redirect(back)
    return render_template(
        "dis/awards/mark_notice.html", contract=contract, form=form, refused=refused, back=back
    )


def _mark(contract: AwardContract, form: NoticeForm) -> None:
    assert form.sent_on.data is not None
    mark_notice_sent(
        shell.session(), contract=contract, sent_on=form.sent_on.data, reference=form.reference.data or "", **by()
    )  # fmt: skip


def _rows(dis_id: int) -> list[dict[str, Any]]:
    dis_at(dis_id)
    contracts = signed_contracts(shell.session(), dis_id=dis_id)
    counts = tender_counts(shell.session(), calloff_ids=[one.award.calloff_id for one in contracts])
    return notice_rows(contracts, tenders=counts)
