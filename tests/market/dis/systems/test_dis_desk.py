"""The steps put their parts on the desk in the order of the procedure."""

from __future__ import annotations

import pytest
from dis_making import make_dis
from factories import AT
from jinja2 import ChoiceLoader, DictLoader

from market.dis.systems import desk


@pytest.fixture
def registered(monkeypatch):
    """Nothing is registered but what the test registers."""
    monkeypatch.setattr(desk, "_loaders", {})


@pytest.fixture
def dis_id(session, cast):
    dis = make_dis(session, cast)
    session.commit()
    return dis.id


def test_parts_are_drawn_in_the_order_of_the_procedure(app, client_for, registered, dis_id):
    parts = {
        f"dis/{name}/_on_desk.html": f"<p>{name}: {{{{ n }}}} {{{{ desk.runs }}}}</p>"
        for name in ("awards", "needs")
    }
    app.jinja_env.loader = ChoiceLoader([DictLoader(parts), app.jinja_env.loader])
    desk.register_part("awards", lambda *_: {"n": 1})
    desk.register_part("needs", lambda _, dis, actor, at: {"n": f"{dis.name} {actor.role} {at == AT}"})
    page = client_for("meal_manager").get(f"/dis/{dis_id}/desk").text
    assert page.index("<p>needs: DIS Livsmedel meal_manager True False</p>") < page.index(
        "<p>awards: 1 False</p>"
    )
    assert "<p>awards: 1 True</p>" in client_for("procurement_officer").get(f"/dis/{dis_id}/desk").text


def test_a_part_of_no_step_is_refused(registered):
    with pytest.raises(ValueError, match="no step"):
        desk.register_part("gossip", lambda *_: {})
