"""The supplier's page of a tender: written, changed, taken back and read at one address, which always answers alike.

A tender leaves no trace before the opening, so there is no redirect after it, no flash, and no other status than 200: a log of
requests does not tell one who gave a tender from one who looked at the form.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from market import shell
from market.access import access
from market.actors import Action
from market.dis.blueprint import dis
from market.dis.calloffs.models import Invitation
from market.dis.rules import CallOffState
from market.dis.sealing import reading_codes
from market.dis.sealing.at_hand import keeper
from market.dis.tenders import wording
from market.dis.tenders.evidence import MOST_PDF
from market.dis.tenders.forms import TenderForm, files_of
from market.dis.tenders.operations import (
    Receipt,
    give_tender,
    hold_calloff,
    look_over,
    read_own,
    take_back,
)
from market.dis.tenders.queries import asked_of, authorities_of, invitation_here, own_tender
from market.dis.tenders.rules import Asked, Evidence, Written, most_ore
from market.dis.tenders.summing import summed
from market.photos.uploads import takes_photos
from market.values import Refused, msg

COOKIE = "narmat_reading_code"
KEEP_S = 180 * 24 * 3600


class CodeOpensNothing(Refused):
    message = msg(
        "Koden öppnar inget anbud från er. Kontrollera att alla tecken är med. Har någon hos er lämnat ett nytt anbud sedan dess "
        "gäller den nya koden."
    )


@dataclass(kw_only=True)
class Desk:
    """What the page shows. `own` is what the code in hand opens; `checked` a tender that was looked over and not given."""

    invitation: Invitation
    asked: Asked
    form: TenderForm
    own_authorities: frozenset[int] = frozenset()
    code: str = ""
    own: Receipt | None = None
    is_new: bool = False
    refused: str = ""
    checked: Written | None = None
    is_open: bool = False

    @property
    def has_stale_code(self) -> bool:
        """A code in hand that opens nothing: somebody else gave a new tender, or it is from before."""
        return bool(self.code) and self.own is None

    @property
    def shown_code(self) -> str:
        return reading_codes.shown(self.code) if self.own else ""

    @property
    def kept_files(self) -> Mapping[int, Evidence]:
        """The files in the envelope, by the added value that they show."""
        return files_of(self.own.sealed.written if self.own else None)

    @property
    def has_evidence(self) -> bool:
        """Whether files were chosen, which a browser does not send twice."""
        return any(value.file.evidence for value, _ in self.form.values())

    def sum_of(self, written: Written) -> int:
        return most_ore(written, self.asked)


Step = Callable[[Desk], None]


@dis.route("/calloffs/<int:calloff_id>/tender", methods=["GET", "POST"])
@access(Action.APPLY_TO_DIS)
@takes_photos
def tender(calloff_id: int) -> ResponseReturnValue:
    """Give, change, take back or read the own tender; after the opening, what it said."""
    invitation = shell.found(invitation_here(shell.session(), actor=shell.actor(), calloff_id=calloff_id))
    if invitation.calloff.state is not CallOffState.INVITED:
        own = own_tender(shell.session(), invitation=invitation)
        row = summed(own) if own else None
        return render_template("dis/tenders/own.html", calloff=invitation.calloff, row=row, words=wording)
    desk = _desk(invitation)
    if request.method == "POST" and request.form.get("do", "") in STEPS:
        _do(STEPS[request.form["do"]], desk)
    return _answer(desk)


def _desk(invitation: Invitation) -> Desk:
    form = TenderForm()
    form.offer(invitation.calloff)
    code = reading_codes.read(request.cookies.get(COOKIE, ""))
    desk = Desk(
        invitation=invitation,
        own_authorities=authorities_of(shell.session(), invitation=invitation),
        asked=asked_of(invitation.calloff),
        form=form,
        code=code,
        is_open=invitation.calloff.is_open(shell.now()),
    )
    _read(desk)
    if request.method == "GET":
        _fill_in(desk)
    return desk


def _do(step: Step, desk: Desk) -> None:
    """A refusal undoes everything and is said on the page, with what was typed still in it."""
    try:
        step(desk)
    except Refused as refusal:
        shell.session().rollback()
        desk.refused = shell.explain(refusal)
        desk.is_open = desk.invitation.calloff.is_open(shell.now())


def _seal(desk: Desk) -> None:
    if not desk.form.validate():
        return
    written = desk.form.written(_before(desk))
    code = desk.code if desk.own else reading_codes.fresh_code()
    hold_calloff(shell.session(), calloff=desk.invitation.calloff)
    desk.own = give_tender(
        shell.session(),
        invitation=desk.invitation,
        written=written,
        code=code,
        request_key=desk.form.request_key.data or secrets.token_urlsafe(24),
        keeper=keeper(),
        actor=shell.actor(),
        at=shell.now_anew(),
    )
    desk.code, desk.is_new = code, True
    _start_anew(desk)


def _check(desk: Desk) -> None:
    if not desk.form.validate():
        return
    written = desk.form.written(_before(desk))
    hold_calloff(shell.session(), calloff=desk.invitation.calloff)
    look_over(
        shell.session(), invitation=desk.invitation, written=written, keeper=keeper(), at=shell.now_anew()
    )
    desk.checked = written


def _take_back(desk: Desk) -> None:
    code = desk.code if desk.own else reading_codes.fresh_code()
    hold_calloff(shell.session(), calloff=desk.invitation.calloff)
    desk.own = take_back(
        shell.session(),
        invitation=desk.invitation,
        code=code,
        request_key=desk.form.request_key.data or "",
        keeper=keeper(),
        actor=shell.actor(),
        at=shell.now_anew(),
    )
    desk.code, desk.is_new = code, True
    _start_anew(desk)


def _read_typed(desk: Desk) -> None:
    desk.code = reading_codes.read(request.form.get("code", ""))
    _read(desk)
    _start_anew(desk)
    if desk.own is None:
        desk.code = reading_codes.read(request.cookies.get(COOKIE, ""))
        _read(desk)
        raise CodeOpensNothing


STEPS: Mapping[str, Step] = MappingProxyType(
    {"seal": _seal, "check": _check, "take_back": _take_back, "read": _read_typed}
)
"""What the page's buttons do."""


def _read(desk: Desk) -> None:
    desk.own = read_own(shell.session(), invitation=desk.invitation, code=desk.code, keeper=keeper())


def _before(desk: Desk) -> Written | None:
    return desk.own.sealed.written if desk.own else None


def _start_anew(desk: Desk) -> None:
    """A fresh form, filled in with what lies in the envelope now."""
    desk.form = TenderForm(formdata=None)
    desk.form.offer(desk.invitation.calloff)
    _fill_in(desk)


def _fill_in(desk: Desk) -> None:
    desk.form.start()
    written = _before(desk)
    if written is not None:
        desk.form.fill_in(written)


def _answer(desk: Desk) -> Response:
    page = render_template(
        "dis/tenders/tender.html",
        desk=desk,
        calloff=desk.invitation.calloff,
        form=desk.form,
        words=wording,
        most_pdf_kb=MOST_PDF // 1000,
    )
    answer = make_response(page)
    if desk.own is not None:
        answer.set_cookie(
            COOKIE,
            desk.code,
            max_age=KEEP_S,
            path=url_for("dis.tender", calloff_id=desk.invitation.calloff_id),
            secure=shell.settings().cookie_secure,
            httponly=True,
            samesite="Strict",
        )
    return answer
