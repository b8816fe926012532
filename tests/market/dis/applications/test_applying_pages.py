"""Applying and qualifying, as those who do it meet the pages."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from dis_making import make_dis
from factories import AT
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.db import open_session
from market.dis.applications.models import Application, Inquiry
from market.dis.rules import ApplicationState
from market.dis.systems.models import DisCategory, Requirement
from market.dis.systems.rules import RequirementKind
from market.outbox import OutboxMessage

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def dis(session, cast):
    """Vegetables and, with a file to attach, potatoes."""
    made = make_dis(session, cast)
    made.categories.append(
        DisCategory(
            category_key="potatoes",
            position=2,
            requirements=[
                Requirement(position=1, kind=RequirementKind.DOCUMENT, text="Intyg om provtagning."),
                Requirement(
                    position=2,
                    kind=RequirementKind.DECLARATION,
                    text="Företaget är registrerat som livsmedelsföretag.",
                ),
            ],
        )
    )
    session.commit()
    return made


@pytest.fixture
def look(engine):
    with open_session(engine, writes=False) as opened:
        yield opened


def applications(look: Session) -> list[Application]:
    look.rollback()
    return list(look.scalars(select(Application).order_by(Application.id)))


def choose(client, dis, *positions):
    wanted = [str(dis.categories[n].id) for n in positions]
    return client.post(f"/dis/{dis.id}/apply/categories", data={"categories": wanted}, follow_redirects=True)


def ids_of(client, url, before):
    """The requirements' ids as the page has them in hidden fields."""
    found = re.findall(r"<input[^>]*requirement_id[^>]*>", client.get(url).text)
    pairs = ((re.search(r'name="([^"]*)"', one)[1], re.search(r'value="([^"]*)"', one)[1]) for one in found)
    return {name: value for name, value in pairs if name.startswith(before)}


def answer(client, application_id, **fields):
    data = {f"a{application_id}-answers-{name.replace('__', '-')}": value for name, value in fields.items()}
    data |= ids_of(client, "/dis/1/apply", f"a{application_id}-")
    return client.post(f"/dis/applications/{application_id}/answers", data=data, follow_redirects=True)


def about(client, dis, *authorities, **changes):
    who = {
        "authorities": [str(one.id) for one in authorities],
        "contact_name": "Anna",
        "contact_phone": "070",
    }
    return client.post(f"/dis/{dis.id}/apply/about", data=who | changes, follow_redirects=True)


def send(client, dis, **data):
    return client.post(f"/dis/{dis.id}/apply/send", data=data, follow_redirects=True)


def apply_whole(client, dis, cast, look):
    choose(client, dis, 0)
    application = applications(look)[-1]
    answer(client, application.id, **{"0__is_met": "y", "1__text": "Partinummer på varje låda."})
    about(client, dis, cast.authority)
    page = send(client, dis, is_declared="y")
    assert "Ansökan är skickad" in page.text
    return application.id


def verdicts(*met, **more):
    """For the vegetables, whose requirements are the first two."""
    data = {}
    for n, is_met in enumerate(met):
        said = "met" if is_met else "not_met"
        data |= {f"verdicts-{n}-requirement_id": str(n + 1), f"verdicts-{n}-verdict": said}
    return data | more


def messages(look, kind):
    look.rollback()
    return list(look.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def test_several_categories_in_one_sitting_each_part_saved_by_itself(dis, cast, client_for, look):
    grower = client_for("producer")
    first = grower.get(f"/dis/{dis.id}/apply").text
    assert "Visa kraven" in first
    assert "Ingen leverantör är godkänd än" in first
    page = choose(grower, dis, 0, 1).text
    vegetables, potatoes = applications(look)
    assert "Intyg om provtagning." in page
    assert "Det här saknas" in page
    page = answer(grower, vegetables.id, **{"0__is_met": "y", "1__text": "Partinummer på varje låda."}).text
    assert "Partinummer på varje låda." in page
    page = answer(grower, potatoes.id, **{"0__file": (io.BytesIO(PDF), "prov.pdf"), "1__is_met": "y"}).text
    assert "prov.pdf" in page
    page = about(grower, dis, cast.other_authority).text
    assert "Allt är ifyllt" in page
    assert "Ansökan är inte skickad" in send(grower, dis).text, "without the declaration"
    assert "Ansökan är skickad" in send(grower, dis, is_declared="y").text
    sent = applications(look)
    assert {one.state for one in sent} == {ApplicationState.SUBMITTED}
    assert [[a.name for a in one.authorities] for one in sent] == [["Vallentuna kommun"]] * 2
    file = grower.get(f"/dis/applications/{potatoes.id}/files/{dis.categories[1].requirements[0].id}")
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"] == "attachment; filename=prov.pdf"
    [told] = messages(look, "dis_application_received")
    assert told.params["category_sv"] == "Grönsaker, Potatis"
    assert "redan skickad" in send(grower, dis, is_declared="y").text, "sent twice by the phone"


def test_what_is_missing_is_said_and_nothing_is_sent(dis, client_for, look):
    grower = client_for("producer")
    choose(grower, dis, 0)
    page = send(grower, dis, is_declared="y").text
    assert "Fyll i det som saknas" in page
    assert "Beskriv hur ni spårar varje parti." in page
    assert [one.state for one in applications(look)] == [ApplicationState.DRAFT]
    assert messages(look, "dis_application_received") == []


def test_nothing_chosen_is_nothing_to_send(dis, client_for):
    assert "Kryssa i minst en kategori" in send(client_for("producer"), dis, is_declared="y").text


def test_a_wrong_file_or_address_is_explained_and_the_rest_is_still_there(dis, cast, client_for, look):
    grower = client_for("producer")
    choose(grower, dis, 1)
    [potatoes] = applications(look)
    page = answer(grower, potatoes.id, **{"0__file": (io.BytesIO(b"PK\x03\x04"), "prov.docx")}).text
    assert "varken en PDF eller en bild" in page
    page = about(grower, dis, cast.authority, contact_email="anna").text
    assert "Skriv en hel e-postadress" in page
    assert 'value="anna"' in page


def test_a_script_saves_and_gets_back_only_what_is_missing(dis, client_for, look):
    grower = client_for("producer")
    choose(grower, dis, 0)
    [draft] = applications(look)
    url = f"/dis/{dis.id}/apply"
    data = ids_of(grower, url, f"a{draft.id}-") | {f"a{draft.id}-answers-0-is_met": "y"}
    part = grower.post(
        f"/dis/applications/{draft.id}/answers", data=data, headers={"HX-Request": "true"}
    ).text
    assert part.lstrip().startswith('<div id="missing"')
    assert "Beskriv hur ni spårar" in part
    assert "registrerat" not in part


def test_an_unticked_category_comes_back_as_it_was(dis, client_for, look):
    grower = client_for("producer")
    choose(grower, dis, 0, 1)
    vegetables, _ = applications(look)
    answer(grower, vegetables.id, **{"1__text": "Partinummer."})
    choose(grower, dis, 1)
    page = choose(grower, dis, 0, 1).text
    assert "Partinummer." in page
    assert [one.state for one in applications(look)] == [
        ApplicationState.WITHDRAWN,
        ApplicationState.DRAFT,
        ApplicationState.DRAFT,
    ]


def test_refused_completed_applied_again_and_admitted(dis, cast, client_for, look):
    grower, officer = client_for("producer"), client_for("procurement_officer")
    first = apply_whole(grower, dis, cast, look)
    listed = officer.get(f"/dis/{dis.id}/applications").text
    assert "Åkerbo gård" in listed
    page = officer.get(f"/dis/applications/{first}/qualify").text
    assert "Partinummer på varje låda." in page
    judge = f"/dis/applications/{first}/judge"
    page = officer.post(judge, data=verdicts(True, False, decision="admit"), follow_redirects=True).text
    assert "Godkänn först när varje krav" in page
    refused = verdicts(
        True, False, decision="reject", ground="requirement", reason="Skriv hur partiet märks."
    )
    page = officer.post(judge, data=refused | {"reason": " "}, follow_redirects=True).text
    assert "Skriv skälen" in page
    assert "inte godkänd" in officer.post(judge, data=refused, follow_redirects=True).text
    page = grower.get(f"/dis/applications/{first}").text
    assert "Skriv hur partiet märks." in page
    assert "Ansök igen" in page
    [told] = messages(look, "dis_application_decided")
    assert told.params["reason"] == "Skriv hur partiet märks."
    page = grower.post(f"/dis/applications/{first}/again", follow_redirects=True).text
    assert "Partinummer på varje låda." in page
    second = applications(look)[-1]
    assert (second.number, second.has_declared) == (2, False)
    assert "Ansökan är skickad" in send(grower, dis, is_declared="y").text
    judge = f"/dis/applications/{second.id}/judge"
    page = officer.post(judge, data=verdicts(True, True, decision="admit"), follow_redirects=True).text
    assert "Leverantören är godkänd" in page
    assert "En leverantör är godkänd" in client_for("other_producer").get(f"/dis/{dis.id}/apply").text


def test_other_producers_see_a_number_and_never_who(dis, cast, client_for, look):
    apply_whole(client_for("producer"), dis, cast, look)
    other = client_for("other_producer")
    for url in ("/dis/mine", f"/dis/{dis.id}/apply"):
        assert "Åkerbo" not in other.get(url).text


def test_nothing_skips_a_state_by_hand_made_posts(dis, cast, client_for, look):
    grower, officer = client_for("producer"), client_for("procurement_officer")
    number = apply_whole(grower, dis, cast, look)
    late = {f"a{number}-answers-1-text": "Ändrat efteråt"}
    late |= {f"a{number}-answers-{n}-requirement_id": str(n + 1) for n in (0, 1)}
    page = grower.post(f"/dis/applications/{number}/answers", data=late, follow_redirects=True).text
    assert "något har ändrats" in page
    admit = verdicts(True, True, decision="admit")
    officer.post(f"/dis/applications/{number}/judge", data=admit)
    for url, data in (
        (f"/dis/applications/{number}/judge", admit),
        (f"/dis/applications/{number}/more-time", {"reason": "x"}),
        (f"/dis/applications/{number}/exclude", {"ground": "bankruptcy", "reason": "x"}),
    ):
        officer.post(url, data=data)
    grower.post(f"/dis/applications/{number}/take-back")
    [kept] = applications(look)
    assert (kept.state, kept.extension_reason) == (ApplicationState.ADMITTED, "")
    assert {answer.text for answer in kept.answers} == {"", "Partinummer på varje låda."}


def test_only_the_authority_that_runs_the_dis_decides(dis, cast, client_for, look):
    number = apply_whole(client_for("producer"), dis, cast, look)
    follower = client_for("other_officer")
    page = follower.get(f"/dis/applications/{number}/qualify")
    assert page.status_code == 200
    assert "Godkänn leverantören" not in page.text
    judged = follower.post(f"/dis/applications/{number}/judge", data=verdicts(True, True, decision="admit"))
    assert judged.status_code == 404
    assert client_for("meal_manager").get(f"/dis/{dis.id}/applications").status_code == 200


def test_a_draft_is_seen_by_nobody_else(dis, client_for, look):
    choose(client_for("producer"), dis, 0)
    [draft] = applications(look)
    assert client_for("procurement_officer").get(f"/dis/applications/{draft.id}/qualify").status_code == 404
    assert "Åkerbo" not in client_for("procurement_officer").get(f"/dis/{dis.id}/applications").text


def test_what_is_late_shows_red(dis, cast, client_for, look, clock):
    number = apply_whole(client_for("producer"), dis, cast, look)
    clock.at = AT + timedelta(days=14)  # Monday 7 December: the tenth working day
    officer = client_for("procurement_officer")
    assert "Försenad" not in officer.get(f"/dis/{dis.id}/applications").text
    clock.at = AT + timedelta(days=15)
    for url in (f"/dis/{dis.id}/applications", f"/dis/applications/{number}/qualify"):
        assert re.search(r"badge--bad|notice--error", officer.get(url).text)
        assert "Försenad" in officer.get(url).text


def test_more_time_with_reasons(dis, cast, client_for, look):
    officer = client_for("procurement_officer")
    number = apply_whole(client_for("producer"), dis, cast, look)
    url = f"/dis/applications/{number}/more-time"
    assert "15 arbetsdagar" in officer.get(url).text
    assert "Skriv skälen" in officer.post(url, data={"reason": ""}).text
    officer.post(url, data={"reason": "Intyget kontrolleras."})
    assert "Intyget kontrolleras." in client_for("producer").get(f"/dis/applications/{number}").text
    assert "redan förlängd" in officer.post(url, data={"reason": "En gång till."}).text


def test_a_bankrupt_supplier_is_heard_and_put_out_of_everything(dis, cast, client_for, look, clock):
    grower, officer = client_for("producer"), client_for("procurement_officer")
    number = apply_whole(grower, dis, cast, look)
    officer.post(f"/dis/applications/{number}/judge", data=verdicts(True, True, decision="admit"))
    out = {"ground": "bankruptcy", "reason": "Konkurs den 1 december.", "everywhere": "y"}
    url = f"/dis/applications/{number}/exclude"
    assert "Låt först leverantören yttra sig" in officer.post(url, data=out).text
    hearing = {"text": "Ni är försatta i konkurs.", "due_on": "2026-11-30"}
    officer.post(f"/dis/applications/{number}/hearing", data=hearing)
    assert "Låt först leverantören yttra sig" in officer.post(url, data=out).text
    assert "Tillfälle att yttra sig" in grower.get("/dis/mine").text
    clock.at = AT + timedelta(days=8)
    officer.post(url, data=out)
    [one] = applications(look)
    assert one.state is ApplicationState.EXCLUDED
    assert "Konkurs den 1 december." in grower.get(f"/dis/applications/{number}").text


def test_a_new_declaration_is_asked_for_and_given(dis, cast, client_for, look):
    grower, officer = client_for("producer"), client_for("procurement_officer")
    number = apply_whole(grower, dis, cast, look)
    officer.post(f"/dis/applications/{number}/judge", data=verdicts(True, True, decision="admit"))
    url = f"/dis/{dis.id}/declarations"
    assert "måndag 30 november" in officer.get(url).text
    page = officer.post(url, data={"producers": [str(cast.producer.id)]}, follow_redirects=True).text
    assert "skickad till en leverantör" in page
    again = officer.post(url, data={"producers": [str(cast.producer.id)]}, follow_redirects=True).text
    assert "redan en fråga" in again
    look.rollback()
    [inquiry] = look.scalars(select(Inquiry)).all()
    assert "Ny egenförsäkran" in grower.get("/dis/mine").text
    answer_url = f"/dis/inquiries/{inquiry.id}"
    assert grower.get(answer_url).status_code == 200
    assert "Skriv ert svar" in grower.post(answer_url, data={"holds": "no"}).text
    assert "Tack, svaret" in grower.post(answer_url, data={"holds": "yes"}, follow_redirects=True).text
    assert "Besvarad" in officer.get(f"/dis/{dis.id}/applications").text
    assert client_for("other_producer").get(answer_url).status_code == 404


def test_taken_back_and_withdrawn(dis, cast, client_for, look, clock):
    grower = client_for("producer")
    number = apply_whole(grower, dis, cast, look)
    assert "räknas om" in grower.get(f"/dis/applications/{number}/take-back").text
    grower.post(f"/dis/applications/{number}/take-back")
    [one] = applications(look)
    assert (one.state, one.submitted_at, one.has_declared) == (ApplicationState.DRAFT, None, False)
    clock.at = AT + timedelta(hours=1)
    send(grower, dis, is_declared="y")
    assert "Ansökan prövas inte" in grower.get(f"/dis/applications/{number}/withdraw").text
    grower.post(f"/dis/applications/{number}/withdraw", data={"reason": "Vi slutar."})
    [one] = applications(look)
    assert one.state is ApplicationState.WITHDRAWN
    assert len(messages(look, "dis_application_ended")) == 2


def test_the_pages_are_in_english_too(dis, cast, client_for, look):
    grower = client_for("producer")
    apply_whole(grower, dis, cast, look)
    grower.get("/language/en")
    assert "Our applications" in grower.get("/dis/mine").text
