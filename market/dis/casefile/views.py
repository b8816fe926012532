"""The file of a call-off as one archive, and the report of a DIS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from market import shell
from market.access import access
from market.actors import Action
from market.db import open_session
from market.dis.awards.queries import followed_calloff, followed_dis
from market.dis.blueprint import dis
from market.dis.calloffs.models import CallOff
from market.dis.casefile import wording
from market.dis.casefile.archive import stream
from market.dis.casefile.contents import members
from market.dis.casefile.report import report_of
from market.dis.casefile.report_sheet import report_csv
from market.dis.systems.desk import register_part
from market.dis.tenders.blindness import is_blind

__all__ = ["dis"]

register_part("casefile", lambda _session, found, _actor, _at: {"casefile_dis": found})


@dis.get("/calloffs/<int:calloff_id>/file.zip")
@access(Action.FOLLOW_DIS)
def casefile(calloff_id: int) -> ResponseReturnValue:
    """Everything of a call-off, streamed: it verifies by itself, and before the opening holds nothing of tenders."""
    shell.found(followed_calloff(shell.session(), actor=shell.actor(), calloff_id=calloff_id))
    if is_blind(shell.session(), actor=shell.actor(), calloff_id=calloff_id):
        shell.not_found()
    name = f"akt-{calloff_id}.zip"
    return Response(
        _streamed(shell.engine(), calloff_id, shell.now()),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@dis.get("/<int:dis_id>/report")
@access(Action.FOLLOW_DIS)
def report(dis_id: int) -> ResponseReturnValue:
    """The working life of a DIS on one page, each number with what it means."""
    found = shell.found(followed_dis(shell.session(), actor=shell.actor(), dis_id=dis_id))
    made = report_of(shell.session(), dis=found)
    return render_template(
        "dis/casefile/report.html", dis=found, report=made, words=wording, today=shell.today()
    )


@dis.get("/<int:dis_id>/report.csv")
@access(Action.FOLLOW_DIS)
def report_sheet(dis_id: int) -> ResponseReturnValue:
    """The same numbers as a sheet."""
    found = shell.found(followed_dis(shell.session(), actor=shell.actor(), dis_id=dis_id))
    text = "\N{BYTE ORDER MARK}" + report_csv(report_of(shell.session(), dis=found))
    headers = {"Content-Disposition": f'attachment; filename="rapport-dis-{dis_id}.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _streamed(engine: Engine, calloff_id: int, at: datetime) -> Iterator[bytes]:
    """Read in a session of its own: that of the request is closed when the first byte leaves."""
    with open_session(engine, writes=False) as session:
        calloff = session.get_one(CallOff, calloff_id)
        yield from stream(members(session, calloff=calloff, at=at), at=at)
