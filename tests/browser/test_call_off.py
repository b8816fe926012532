"""From the needs collected to the invitations sent, in a real browser: how many clicks it takes."""

from __future__ import annotations

import threading

import pytest
from browser.visiting import DESKTOP, Visitor
from need_making import admit_both, answered_round
from werkzeug.serving import make_server

from market.accounts.models import User
from market.dis.calloffs.models import CallOff, Invitation
from market.dis.needs.operations import close_round
from market.dis.rules import CallOffState

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AT_MOST = 4


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def round_id(session, cast):
    made = answered_round(session, cast)
    admit_both(session, cast, made)
    close_round(session, need_round=made, user_id=None, at=made.created_at)
    session.commit()
    return made.id


def signed_in(app, session, name):
    """The cookie of somebody of the cast."""
    user = session.query(User).filter_by(email=f"{name}@example.se").one()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
    session.rollback()
    return client.get_cookie("narmat").value


def test_clicks_from_needs_collected_to_invitations_sent(app, address, round_id, session, browser, capsys):
    context = browser.new_context(viewport=DESKTOP, locale="sv-SE", reduced_motion="reduce")
    cookie = signed_in(app, session, "procurement_officer")
    context.add_cookies([{"name": "narmat", "value": cookie, "url": address}])
    officer, clicks = Visitor(context, address), 0
    page = officer.open(f"/dis/rounds/{round_id}")
    for name in ("Lägg ihop till ett avrop", "Bjud in", "Skicka inbjudan till alla"):
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).click()
        page.wait_for_load_state()
        clicks += 1
    page.get_by_role("heading", name="Så gick inbjudan ut").wait_for()
    context.close()
    officer.had_no_trouble()
    with capsys.disabled():
        print(f"\nFrom needs collected to invitations sent: {clicks} clicks")
    assert clicks <= AT_MOST
    assert session.query(CallOff).one().state is CallOffState.INVITED
    assert session.query(Invitation).count() == 2
