"""The pages of an award, as each reader meets them; what is posted in the wrong state changes nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from dis_awarding import DECIDED, evaluate, make_awarded, make_opened, name_all, sign_contract
from factories import AT
from pypdf import PdfReader

from market.db import open_session
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.order_operations import place_orders
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation
from market.dis.rules import CallOffState


@pytest.fixture
def look(engine):
    """What is stored; ask it to roll back before looking again."""
    with open_session(engine, writes=False) as opened:
        yield opened


@pytest.fixture
def evaluated(session, cast) -> int:
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff)
    name_all(session, cast)
    session.commit()
    return calloff.id


@pytest.fixture
def awarded(session, cast) -> int:
    award = make_awarded(session, cast)
    session.commit()
    return award.calloff_id


def said(look, calloff_id: int, **changes) -> dict[str, str]:
    evaluation = look.query(Evaluation).filter_by(calloff_id=calloff_id).one()
    return {"evaluation": str(evaluation.id), "reasons": "Lägst pris", "standstill_days": "10"} | changes


def test_the_officer_decides_with_proposed_reasons_and_all_get_the_same_document(
    look, clock, client_for, evaluated
):
    clock.at = DECIDED
    officer = client_for("procurement_officer")
    page = officer.get(f"/dis/calloffs/{evaluated}/award/decide").text
    assert "Åkerbo gård tilldelas 200 kg till 14,00 kr/kg; efter 10 % avdrag" in page
    assert "Ett annat giltigt anbud lämnades på delen och gav ingen lägre sammanlagd jämförelsesumma" in page
    proposed = page[page.index("Del 1, Morötter") : page.index("</textarea>")]
    assert "16,00" not in proposed, "what those who lost asked is theirs"
    answer = officer.post(f"/dis/calloffs/{evaluated}/award/decide", data=said(look, evaluated))
    assert answer.status_code == 302
    look.rollback()
    award = look.query(CallOffAward).one()
    path = f"/dis/decisions/{award.id}.pdf"
    texts = {
        " ".join(page.extract_text() for page in PdfReader(BytesIO(client_for(name).get(path).data)).pages)
        for name in ("procurement_officer", "other_meal_manager", "producer", "other_producer")
    }
    assert len(texts) == 1
    (text,) = texts
    for part in (
        "Lägst pris",
        "Åkerbo gård",
        "Granby gård",
        "22 december 2026 klockan 00:00:00",
        "LOU 19 kap. 19 §",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reasons": "  "}, "Skriv skälen för beslutet"),
        ({"standstill_days": "9"}, "minst 10 dagar"),
        ({"standstill_days": "tio"}, "Skriv ett helt antal dagar"),
        ({"evaluation": "x"}, "En nyare utvärdering"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(look, clock, client_for, evaluated, changes, words):
    clock.at = DECIDED
    data = said(look, evaluated, **changes)
    answer = client_for("procurement_officer").post(f"/dis/calloffs/{evaluated}/award/decide", data=data)
    assert answer.status_code == 200
    assert words in answer.text
    look.rollback()
    assert look.query(CallOffAward).count() == 0


def test_the_countdown_is_on_the_page_to_the_minute(look, clock, client_for, awarded):
    award = look.query(CallOffAward).one()
    clock.at = award.standstill_ends_at - timedelta(days=1, hours=2, minutes=3, seconds=1)
    client = client_for("procurement_officer")
    page = " ".join(client.get(f"/dis/calloffs/{awarded}/award").text.split())
    assert "1 dag 2 timmar 4 minuter</time> kvar" in page
    clock.at = award.standstill_ends_at - timedelta(seconds=1)
    page = " ".join(client.get(f"/dis/calloffs/{awarded}/award").text.split())
    assert "0 timmar 1 minut</time> kvar" in page
    clock.at = award.standstill_ends_at
    assert "Avtal kan ingås" in client.get(f"/dis/calloffs/{awarded}/award").text


def test_a_tenderer_sees_its_own_tender_beside_the_winning_one_and_no_loser_sees_another(
    clock, client_for, awarded
):
    clock.at = DECIDED
    page = client_for("other_producer").get(f"/dis/calloffs/{awarded}/outcome").text
    assert "16,00\N{NO-BREAK SPACE}kr/kg" in page
    assert "12,60\N{NO-BREAK SPACE}kr/kg" in page
    winner = client_for("producer").get(f"/dis/calloffs/{awarded}/outcome").text
    assert "Ni tilldelas hela eller en del" in winner
    assert "16,00" not in winner, "the unit prices of those who lost are theirs"


def test_before_the_decision_a_tenderer_finds_nothing(client_for, evaluated):
    assert client_for("producer").get(f"/dis/calloffs/{evaluated}/outcome").status_code == 404


def test_annulling_abandoning_and_dropping_by_the_pages(look, clock, client_for, awarded):
    clock.at = DECIDED
    officer = client_for("procurement_officer")
    for path in ("annul", "abandon"):
        answer = officer.post(f"/dis/calloffs/{awarded}/award/{path}", data={"reason": "", "withdrawn": ""})
        assert "Skriv skälen" in answer.text
    contract = look.query(AwardContract).first()
    answer = officer.post(f"/dis/contracts/{contract.id}/drop", data={"reason": "Konkurs"})
    assert answer.status_code == 302
    calloff = look.get_one(CallOff, awarded)
    assert officer.get(f"/dis/calloffs/{awarded}/award/annul").status_code == 200
    data = {"reason": "Konkurs", "withdrawn": ""}
    assert officer.post(f"/dis/calloffs/{awarded}/award/annul", data=data).status_code == 302
    look.rollback()
    assert calloff.state is CallOffState.OPENED
    for path in ("annul", "abandon"):
        assert officer.post(f"/dis/calloffs/{awarded}/award/{path}", data=data).status_code == 404
    assert "upphävt" in officer.get(f"/dis/calloffs/{awarded}/award").text
    assert "Beslutet är upphävt" in client_for("producer").get(f"/dis/calloffs/{awarded}/outcome").text


def test_a_decision_can_not_be_posted_in_another_state(look, clock, client_for, awarded):
    clock.at = DECIDED
    officer = client_for("procurement_officer")
    answer = officer.post(f"/dis/calloffs/{awarded}/award/decide", data=said(look, awarded))
    assert answer.status_code == 302
    look.rollback()
    assert look.query(CallOffAward).count() == 1


def test_orders_can_not_be_posted_before_the_agreement_is_in_force(look, clock, client_for, awarded):
    clock.at = DECIDED
    contract = look.query(AwardContract).first()
    page = client_for("procurement_officer").post(
        f"/dis/contracts/{contract.id}/orders", follow_redirects=True
    )
    assert "Beställningarna läggs när båda har skrivit under" in page.text
    look.rollback()
    assert contract.orders_placed_at is None


@pytest.mark.parametrize("name", ["meal_manager", "producer", "admin", "kitchen"])
def test_who_may_not_decide(client_for, awarded, name):
    assert client_for(name).post(f"/dis/calloffs/{awarded}/award/annul").status_code == 403


def test_an_officer_of_another_authority_follows_but_does_not_run_it(look, client_for, awarded):
    other = client_for("other_officer")
    assert other.get(f"/dis/calloffs/{awarded}/award").status_code == 200
    for path in ("decide", "annul", "abandon"):
        assert other.get(f"/dis/calloffs/{awarded}/award/{path}").status_code == 404
    contract = look.query(AwardContract).first()
    assert other.post(f"/dis/contracts/{contract.id}/drop").status_code == 404
    assert other.post(f"/dis/contracts/{contract.id}/orders").status_code == 404, "another buyer's contract"


@pytest.fixture
def ordered_id(session, cast) -> int:
    award = make_awarded(session, cast)
    contract = award.contracts[0]
    sign_contract(session, cast, contract.agreement, at=award.standstill_ends_at)
    place_orders(session, contract=contract, at=award.standstill_ends_at)
    session.commit()
    return contract.id


@pytest.fixture
def ordered(look, ordered_id) -> AwardContract:
    return look.get_one(AwardContract, ordered_id)


def test_the_orders_are_on_the_page_and_the_kitchens_have_them(clock, client_for, ordered):
    clock.at = DECIDED + timedelta(days=14)
    page = client_for("meal_manager").get(f"/dis/calloffs/{ordered.award.calloff_id}/award").text
    assert "8 beställningar" in page
    assert "Morötter" in client_for("kitchen").get("/orders").text
    agreement = client_for("producer").get(f"/agreements/{ordered.agreement_id}").text
    assert "DIS Livsmedel, Morötter, januari" in agreement


def test_notices_due_late_collected_and_sent(look, clock, client_for, ordered):
    dis_id = ordered.award.calloff.dis_category.dis_id
    officer, due = client_for("procurement_officer"), ordered.notice_due_on
    clock.at = AT + (due - AT.date()) + timedelta(days=1)
    assert "1 efterannons är för sen" in officer.get(f"/dis/{dis_id}/award-notices").text
    assert officer.post(f"/dis/{dis_id}/award-notices/collect", data={"how": "quarterly"}).status_code == 302
    look.rollback()
    assert ordered.notice_due_on.isoformat() == "2027-01-30"
    assert "för sen" not in officer.get(f"/dis/{dis_id}/award-notices").text
    wrong = {"sent_on": "2027-06-01", "reference": "TED 1"}
    assert "Dagen har inte varit än" in officer.post(f"/dis/contracts/{ordered.id}/notice", data=wrong).text
    right = {"sent_on": clock.at.date().isoformat(), "reference": " TED 1 "}
    assert officer.post(f"/dis/contracts/{ordered.id}/notice", data=right).status_code == 302
    look.rollback()
    assert ordered.notice_reference == "TED 1"
    assert client_for("other_officer").post(f"/dis/{dis_id}/award-notices/collect").status_code == 404
    assert client_for("meal_manager").post(f"/dis/{dis_id}/award-notices/collect").status_code == 403


def test_the_notices_data_as_json_and_csv(client_for, ordered):
    dis_id = ordered.award.calloff.dis_category.dis_id
    officer = client_for("procurement_officer")
    (row,) = officer.get(f"/dis/{dis_id}/award-notices.json").json
    assert (row["supplier"], row["value_sek"], row["tenders_received"], row["invited"]) == (
        "Åkerbo gård",
        "2800",
        2,
        2,
    )
    assert row["cpv"][0].startswith("03")
    text = officer.get(f"/dis/{dis_id}/award-notices.csv").text
    assert text.startswith("\ufeffsystem;regime;buyer;")
    assert "Åkerbo gård" in text


def test_the_draft_of_a_contract_changes_in_its_contacts_alone(look, clock, client_for, awarded):
    clock.at = DECIDED
    contract = look.query(AwardContract).first()
    officer, path = client_for("procurement_officer"), f"/agreements/{contract.agreement_id}/edit"
    assert "Bara kontaktpersonerna kan ändras" in officer.get(path).text
    data = {
        "producer": str(contract.producer_id), "categories": ["potatoes"], "kind": "frame", "first_day": "2026-12-22",
        "last_day": "2029-01-01", "delivery_terms": "Annat", "payment_days": "1", "authority_contact": "Ny",
        "producer_contact": "Också ny",
    }  # fmt: skip
    assert officer.post(path, data=data).status_code == 302
    look.rollback()
    agreement = contract.agreement
    assert (agreement.authority_contact, agreement.kind.value, agreement.payment_days) == (
        "Ny",
        "one_off",
        30,
    )
    assert [one.key for one in agreement.categories] == ["vegetables"]
