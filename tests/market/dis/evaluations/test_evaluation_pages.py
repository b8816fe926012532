"""The pages: who sees what, blind points, verdicts with reasons, the comparison, and wrong steps by hand-made HTTP."""

from __future__ import annotations

import re

import pytest
from evaluation_making import LABELS, make_opened

from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation, Evaluator, Score
from market.dis.rules import CallOffState
from market.dis.tenders.models import Tender

SECRETS = ("Åkerbo", "Granby", "14,00", "15,00", "14.00", "15.00")


@pytest.fixture
def opened(session, cast):
    calloff = make_opened(session, cast)
    session.commit()
    return calloff.id


def at(calloff_id, what=""):
    return f"/dis/calloffs/{calloff_id}/{what}"


def join(client_for, cast, calloff_id, *names):
    officer = client_for("procurement_officer")
    for name in names:
        answer = officer.post(at(calloff_id, "evaluation/group"), data={"person": cast.actor(name).user_id})
        assert answer.status_code == 302
    for name in (*names, "procurement_officer"):
        said = client_for(name).post(at(calloff_id, "declaration"), data={"declaration": "impartial"})
        assert said.status_code == 302, name


def sheet(look, *points, do="submit"):
    tenders = look.query(Tender).order_by(Tender.blind_label).all()
    taste = tenders[0].calloff.dis_category.criteria[1].id
    named = {f"p-{t.blind_label}-{taste}": str(p) for t, p in zip(tenders, points, strict=True)}
    look.rollback()
    return named | {"do": do}


def test_who_scores_sees_labels_and_never_a_name_or_a_price(client_for, cast, opened, look):
    """Nor an id: the addresses of opened tenders have them beside the names."""
    ids = [one.id for one in look.query(Tender)]
    look.rollback()
    join(client_for, cast, opened, "kitchen", "meal_manager")
    for name in ("kitchen", "meal_manager"):
        client = client_for(name)
        for page in ("/dis/judging", at(opened, "score")):
            html = client.get(page).text
            assert [word for word in SECRETS if word in html] == []
        assert all(label in html for label in LABELS.values())
        assert not {f'"{kind}-{one}' for kind in "pn" for one in ids if f'"{kind}-{one}' in html}
    assert client_for("meal_manager").get(at(opened, "evaluation")).location.endswith("/score")


def test_who_scores_reads_no_tender_before_the_points_are_in(client_for, cast, opened, look):
    join(client_for, cast, opened, "meal_manager")
    manager = client_for("meal_manager")
    tender_id = look.query(Tender.id).limit(1).scalar()
    pages = [
        f"/dis/tenders/{tender_id}",
        f"/dis/tenders/{tender_id}/sealed.json",
        at(opened, "opening-list.pdf"),
    ]
    pages.append(at(opened, "file.zip"))
    assert {manager.get(page).status_code for page in pages} == {404}
    assert manager.get(at(opened, "tenders")).location.endswith("/dis/judging")
    handed_in = manager.post(at(opened, "score"), data=sheet(look, 4, 5))
    assert handed_in.status_code == 302
    assert manager.get(f"/dis/tenders/{tender_id}").status_code == 200


def test_nobody_sees_anothers_points_before_all_are_in(client_for, cast, opened, look):
    join(client_for, cast, opened, "kitchen", "other_kitchen")
    kitchen, other = client_for("kitchen"), client_for("other_kitchen")
    kitchen.post(at(opened, "score"), data=sheet(look, 4, 1) | {})
    for name in ("other_kitchen", "procurement_officer"):
        page = client_for(name).get(at(opened, "score" if name == "other_kitchen" else "evaluation")).text
        assert "Medel och spridning" not in page
        assert not re.search(r'<input[^>]*value="4"', page)
    other.post(at(opened, "score"), data=sheet(look, 3, 5))
    for name in ("kitchen", "other_kitchen"):
        page = client_for(name).get(at(opened, "score")).text
        assert "3–4 (4, 3)" in page
        assert [word for word in SECRETS if word in page] == []
    assert "3–4 (4, 3)" in client_for("procurement_officer").get(at(opened, "evaluation")).text


def test_points_that_can_not_be_read_are_marked_and_nothing_is_kept(client_for, cast, opened, look):
    join(client_for, cast, opened, "kitchen")
    answer = client_for("kitchen").post(at(opened, "score"), data=sheet(look, "7", "4,5"))
    assert answer.text.count("Skriv ett heltal mellan 0 och 5.") >= 2
    assert look.query(Score).count() == 0


def test_points_are_saved_as_one_goes_and_locked_when_handed_in(client_for, cast, opened, look):
    join(client_for, cast, opened, "kitchen")
    client = client_for("kitchen")
    client.post(at(opened, "score"), data=sheet(look, 4, "", do="save"))
    assert 'value="4"' in client.get(at(opened, "score")).text
    half = client.post(at(opened, "score"), data=sheet(look, 4, ""))
    assert "Alla prover behöver poäng" in half.text
    client.post(at(opened, "score"), data=sheet(look, 4, 2))
    again = client.post(at(opened, "score"), data=sheet(look, 0, 0))
    assert "Bedömningen är avslutad" in again.text
    assert sorted(score.points for score in look.query(Score)) == [2, 4]


def test_the_barred_are_told_why_and_see_no_sample(client_for, cast, opened):
    client_for("procurement_officer").post(
        at(opened, "evaluation/group"), data={"person": cast.actor("kitchen").user_id}
    )
    client = client_for("kitchen")
    assert client.get(at(opened, "score")).location.endswith("/declaration")
    unsaid = client.post(at(opened, "declaration"), data={"declaration": "conflict"})
    assert "Skriv vilket intresse du har" in unsaid.text
    client.post(at(opened, "declaration"), data={"declaration": "conflict", "note": "Min syster äger Åkerbo"})
    page = client.get(at(opened, "score")).text
    assert "jävig" in page
    assert not any(f"Prov {label}" in page for label in LABELS.values())


def test_an_officer_with_an_interest_neither_judges_nor_compares(client_for, opened, look):
    officer = client_for("procurement_officer")
    officer.post(at(opened, "declaration"), data={"declaration": "conflict", "note": "Min man"})
    page = officer.get(at(opened, "evaluation")).text
    assert "En annan upphandlare" in page
    tender = look.query(Tender).first()
    pair = f"{tender.id}-{tender.claims[0].criterion_id}"
    look.rollback()
    refused = officer.post(at(opened, "evaluation/values"), data={f"v-{pair}": "yes"})
    assert "frågan om jäv" in refused.text
    officer.post(at(opened, "evaluation"))
    assert look.query(Evaluation).count() == 0


def test_from_opened_to_every_krona(client_for, cast, opened, look):
    join(client_for, cast, opened, "kitchen")
    client_for("kitchen").post(at(opened, "score"), data=sheet(look, 3, 5))
    officer = client_for("procurement_officer")
    fields = re.findall(r'name="(v-[\d-]+)"', officer.get(at(opened, "evaluation/values")).text)
    pairs = sorted(set(fields))
    wrong = officer.post(at(opened, "evaluation/values"), data={pairs[0]: "no", pairs[1]: "yes"})
    assert "Skriv varför det inte godkänns" in wrong.text
    officer.post(at(opened, "evaluation/values"), data=dict.fromkeys(pairs, "yes"))
    assert "Jämför anbuden" in officer.get(at(opened, "evaluation")).text
    officer.post(at(opened, "evaluation"))
    page = officer.get(at(opened, "evaluation")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert look.get(CallOff, opened).state is CallOffState.EVALUATED
    # 15 kr less 10 % and 20 %: 10,50; against 14 kr less 10 % and 12 %: 10,92
    for words in ("(3) / 1 = 3 av 5 poäng", "10,50 kr/kg", "10,92 kr/kg", "4 800,00 kr", "3 360,00 kr"):
        assert words in page, words
    twice = officer.post(at(opened, "evaluation"), follow_redirects=True)
    assert "Det går inte längre" in twice.text
    assert look.query(Evaluation).count() == 1


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("POST", "evaluation"),
        ("POST", "evaluation/group"),
        ("GET", "evaluation/values"),
        ("GET", "evaluation/close-scoring"),
        ("GET", "evaluation/again"),
        ("GET", "declaration"),
        ("GET", "score"),
    ],
)
def test_an_officer_of_another_authority_in_the_dis_follows_and_changes_nothing(
    client_for, opened, method, what
):
    other = client_for("other_officer")
    assert other.get(at(opened, "evaluation")).status_code == 200
    assert other.open(at(opened, what), method=method).status_code == 404


def test_before_the_opening_a_group_can_be_named_and_nothing_is_scored(client_for, cast, session, look):
    calloff = make_opened(session, cast)
    calloff.state = CallOffState.INVITED
    session.commit()
    join(client_for, cast, calloff.id, "kitchen")
    page = client_for("kitchen").get(at(calloff.id, "score")).text
    assert "när anbuden har öppnats" in page
    assert not any(f"Prov {label}" in page for label in LABELS.values())
    client_for("kitchen").post(at(calloff.id, "score"), data=sheet(look, 3, 3))
    assert look.query(Score).count() == 0
    assert "förseglade" in client_for("procurement_officer").get(at(calloff.id, "evaluation")).text
    assert look.query(Evaluator).count() == 2
