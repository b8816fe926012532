"""Drafting, publishing, extending and ending: what is published stays as it is, and nobody joins it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from dis_drafts import FIRST_ROUND, basics, make_draft
from dis_making import admit, invite, make_calloff, make_dis, steps_of
from factories import AT
from sqlalchemy import func, select

from market import audit
from market.dis.calloffs.models import CallOff
from market.dis.rules import (
    ApplicationState,
    CallOffState,
    DisState,
    NotPossibleNow,
    ReasonNeeded,
    Regime,
    Thing,
)
from market.dis.systems.chores import end_what_is_over
from market.dis.systems.draft_operations import (
    answer_wording,
    change_basics,
    change_category,
    change_terms,
    choose_categories,
    discard_dis,
    name_authorities,
)
from market.dis.systems.models import Dis, DisCategory, WordingAnswer
from market.dis.systems.operations import FirstRound, end_dis, extend_dis, publish_dis
from market.dis.systems.queries import drafts_of, own_dis, participates, public_dis, public_list, runs
from market.dis.systems.readiness import gaps_of, texts_of
from market.dis.systems.rules import (
    AlreadyPublished,
    AuthorityMissing,
    CategoryText,
    DraftIncomplete,
    EndsTooEarly,
    FirstRoundTooShort,
    MustFollowDirective,
    NotLater,
    RequirementKind,
    RequirementText,
    StandstillTooShort,
    TermsText,
    TieRule,
    WarningsOpen,
    end_of,
)
from market.dis.systems.wording_operations import warnings_of
from market.law.models import LawValue
from market.law.rules import LawKey
from market.outbox import OutboxMessage
from market.register.models import Category

SECOND = timedelta(seconds=1)
TERMS = TermsText(TieRule.LOT, 0, "Betalning inom 30 dagar.")


@pytest.fixture
def officer(cast):
    return {"actor": cast.actor("procurement_officer"), "at": AT}


@pytest.fixture
def draft(session, cast):
    return make_draft(session, cast)


def published(session, dis, officer, first_round=FIRST_ROUND):
    publish_dis(session, dis=dis, first_round=first_round, pdf=b"%PDF-annons", **officer)
    return dis


def test_the_same_submit_makes_one_draft(session, cast, draft):
    assert make_draft(session, cast).id == draft.id
    assert session.scalar(select(func.count()).select_from(Dis)) == 1
    assert steps_of(session, Thing.DIS, draft.id) == ["draft"]


def test_a_starting_point_fills_terms_and_categories(draft):
    assert [one.category_key for one in draft.categories][:2] == ["prepared", "fruit"]
    assert draft.categories[0].max_suppliers_per_lot == 2
    assert gaps_of(draft) == []


def test_an_empty_draft_says_all_that_it_lacks(session, cast, officer, draft):
    choose_categories(session, dis=draft, categories=[session.get_one(Category, "eggs")], **officer)
    category = draft.categories[0]
    change_category(session, category=category, content=CategoryText("", 1, None), **officer)
    change_terms(session, dis=draft, terms=TermsText(TieRule.LOT, 0, " "), **officer)
    change_basics(session, dis=draft, basics=basics(description="", contact=""), **officer)
    assert len(gaps_of(draft)) == 5
    with pytest.raises(DraftIncomplete):
        published(session, draft, officer)


def test_choosing_categories_keeps_what_those_that_stay_say(session, officer, draft):
    eggs = next(one for one in draft.categories if one.category_key == "eggs")
    before = (eggs.id, [row.id for row in eggs.requirements])
    chosen = [session.get_one(Category, key) for key in ("honey", "eggs")]
    choose_categories(session, dis=draft, categories=chosen, **officer)
    session.expire_all()
    assert [(one.category_key, one.position) for one in draft.categories] == [("eggs", 1), ("honey", 2)]
    assert (draft.categories[0].id, [row.id for row in draft.categories[0].requirements]) == before
    assert session.scalar(select(func.count()).select_from(DisCategory)) == 2


def test_a_category_takes_rows_only_of_its_own(session, officer, draft):
    """An id from another category makes a new row instead of taking that one's."""
    first, second = draft.categories[:2]
    stolen = second.requirements[0].id
    text = RequirementText(RequirementKind.TEXT, "Beskriv", "", stolen)
    change_category(session, category=first, content=CategoryText("x", 1, None, (text,)), **officer)
    session.expire_all()
    assert second.requirements[0].id == stolen
    assert second.requirements[0].text != "Beskriv"
    assert [row.text for row in first.requirements] == ["Beskriv"]


def test_the_one_that_runs_it_is_always_among_the_authorities(session, cast, officer, draft):
    with pytest.raises(AuthorityMissing):
        name_authorities(session, dis=draft, authorities=[cast.other_authority], **officer)
    name_authorities(session, dis=draft, authorities=[cast.other_authority, cast.authority], **officer)
    assert draft.authorities == [cast.authority, cast.other_authority]


def test_a_standstill_shorter_than_the_law_is_refused(session, officer, draft):
    with pytest.raises(StandstillTooShort):
        change_terms(session, dis=draft, terms=TermsText(TieRule.LOT, 9, "x"), **officer)


def enter_threshold(session):
    source = "LOU 5 kap. 1 §"
    session.add(
        LawValue(
            key=LawKey.EU_THRESHOLD,
            value=Decimal(2_000_000),
            valid_from=date(2026, 1, 1),
            valid_until=None,
            source=source,
        )
    )
    session.flush()


def test_the_threshold_of_the_day_of_publication_decides(session, officer, cast):
    """A draft from before the threshold was known is judged by it when it is published (LOU 5 kap. 5 §)."""
    dis = make_draft(session, cast, regime=Regime.NATIONAL, value_ore=200_000_000)
    enter_threshold(session)
    with pytest.raises(MustFollowDirective):
        published(session, dis, officer)


def test_publishing_sets_the_dates_and_tells_the_staff_of_all(session, cast, officer, draft):
    name_authorities(session, dis=draft, authorities=[cast.authority, cast.other_authority], **officer)
    published(session, draft, officer)
    assert draft.state is DisState.PUBLISHED
    assert (draft.valid_from, draft.published_at) == (date(2026, 11, 23), AT)
    assert draft.first_round_ends_at == datetime(2026, 12, 28, 23, tzinfo=UTC)
    assert len(draft.documents[0].sha256) == 64
    told = session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.kind == "dis_changed"))
    people = {
        cast.actor(name).user_id
        for name in ("procurement_officer", "meal_manager", "other_officer", "other_meal_manager")
    }
    assert set(told) == people
    assert audit.verify(session)[1] is None


def test_the_first_round_is_never_too_short(session, officer, draft):
    with pytest.raises(FirstRoundTooShort):
        published(session, draft, officer, FirstRound(date(2026, 12, 22)))
    published(session, draft, officer, FirstRound(date(2026, 12, 23)))


def test_what_is_published_is_changed_no_more_and_nobody_joins(session, cast, officer, draft):
    published(session, draft, officer)
    with pytest.raises(AlreadyPublished):
        name_authorities(session, dis=draft, authorities=[cast.authority, cast.other_authority], **officer)
    with pytest.raises(AlreadyPublished):
        change_basics(session, dis=draft, basics=basics(), **officer)
    with pytest.raises(AlreadyPublished):
        choose_categories(session, dis=draft, categories=[], **officer)
    with pytest.raises(AlreadyPublished):
        change_category(session, category=draft.categories[0], content=CategoryText("x", 1, None), **officer)
    with pytest.raises(AlreadyPublished):
        change_terms(session, dis=draft, terms=TERMS, **officer)
    with pytest.raises(AlreadyPublished):
        published(session, draft, officer)
    with pytest.raises(NotPossibleNow):
        discard_dis(session, dis=draft, **officer)
    assert [one.id for one in draft.authorities] == [cast.authority.id]


def test_a_word_of_place_is_answered_before_anything_is_published(session, officer, draft):
    terms = TermsText(TieRule.LOT, 0, "Levereras till köket i Tierp. Betalning inom 30 dagar.")
    change_terms(session, dis=draft, terms=terms, **officer)
    with pytest.raises(WarningsOpen):
        published(session, draft, officer)
    asked = {"place": "contract_terms", "found": "Tierp", "sentence": "Levereras till köket i Tierp."}
    with pytest.raises(ReasonNeeded):
        answer_wording(session, dis=draft, **asked, reason="  ", **officer)
    with pytest.raises(NotPossibleNow):
        answer_wording(session, dis=draft, **(asked | {"found": "Heby"}), reason="x", **officer)
    answer_wording(session, dis=draft, **asked, reason="Säger vart varorna ska.", **officer)
    published(session, draft, officer)
    kept = session.scalars(select(WordingAnswer)).one()
    assert (kept.reason, kept.at) == ("Säger vart varorna ska.", AT)


def test_an_answer_holds_for_its_sentence_and_its_place_only(session, officer, draft):
    sentence = "Levereras till köket i Tierp."
    change_terms(session, dis=draft, terms=TermsText(TieRule.LOT, 0, sentence), **officer)
    answer_wording(
        session,
        dis=draft,
        place="contract_terms",
        found="Tierp",
        sentence=sentence,
        reason="Dit ska de.",
        **officer,
    )

    def unanswered():
        found = warnings_of(session, thing=Thing.DIS, subject_id=draft.id, texts=texts_of(draft))
        return [(one.place, one.warning.sentence) for one in found if one.answer is None]

    assert unanswered() == []
    change_basics(session, dis=draft, basics=basics(description=sentence), **officer)
    assert unanswered() == [("description", sentence)]
    changed = "Odlat i Tierp."
    change_terms(session, dis=draft, terms=TermsText(TieRule.LOT, 0, f"{sentence} {changed}"), **officer)
    assert unanswered() == [("description", sentence), ("contract_terms", changed)]


def test_a_word_of_place_in_any_text_stops_the_publication(session, officer, draft):
    for text in texts_of(draft):
        assert text.place
    places = {text.place.partition(":")[0] for text in texts_of(draft)}
    assert places == {"name", "description", "contract_terms", "category", "requirement", "criterion"}
    criterion = draft.categories[0].criteria[0]
    criterion.name = "Närproducerat"
    with pytest.raises(WarningsOpen):
        published(session, draft, officer)
    criterion.name, draft.categories[0].requirements[0].proof = "Smak", "Karta med avstånd"
    with pytest.raises(WarningsOpen):
        published(session, draft, officer)


def test_extending_needs_a_later_day_and_keeps_both_notices(session, officer, draft):
    published(session, draft, officer)
    for day in (date(2028, 12, 30), date(2028, 12, 31)):
        with pytest.raises(NotLater):
            extend_dis(session, dis=draft, last_day=day, pdf=b"%PDF-2", **officer)
    extend_dis(session, dis=draft, last_day=date(2029, 1, 1), pdf=b"%PDF-2", **officer)
    session.expire_all()
    assert draft.valid_until == date(2029, 1, 2)
    assert [one.pdf for one in draft.documents] == [b"%PDF-annons", b"%PDF-2"]
    assert steps_of(session, Thing.DIS, draft.id) == ["draft", "publish", "extend"]


def test_only_what_is_published_is_extended_or_ended(session, officer, draft):
    with pytest.raises(NotPossibleNow):
        extend_dis(session, dis=draft, last_day=date(2030, 1, 1), pdf=b"%PDF", **officer)
    with pytest.raises(NotPossibleNow):
        end_dis(session, dis=draft, reason="Nytt system", **officer)


def test_ending_early_needs_a_reason(session, officer, draft):
    published(session, draft, officer)
    with pytest.raises(ReasonNeeded):
        end_dis(session, dis=draft, reason=" ", **officer)
    end_dis(session, dis=draft, reason="Ersätts av ett nytt system.", **officer)
    assert (draft.state, draft.ended_at) == (DisState.ENDED, AT)
    with pytest.raises(NotPossibleNow):
        extend_dis(session, dis=draft, last_day=date(2030, 1, 1), pdf=b"%PDF", **officer)


def test_the_clock_ends_it_at_the_first_instant_after_its_last_day(session, officer, draft):
    published(session, draft, officer)
    over = end_of(date(2028, 12, 31))
    assert end_what_is_over(session, at=over - SECOND) == 0
    assert draft.is_open(date(2028, 12, 31))
    assert end_what_is_over(session, at=over) == 1
    assert draft.state is DisState.ENDED
    assert end_what_is_over(session, at=over + SECOND) == 0
    assert not draft.is_open(date(2028, 12, 31))


def test_call_offs_that_are_open_go_on_when_it_ends(session, cast, officer):
    dis = make_dis(session, cast)
    calloff = make_calloff(session, cast, dis)
    application = admit(session, dis, cast.producer)
    invite(session, calloff, [application])
    end_dis(session, dis=dis, reason="Ersätts", **officer)
    session.expire_all()
    assert session.get_one(CallOff, calloff.id).state is CallOffState.INVITED
    assert application.state is ApplicationState.ADMITTED


def test_a_last_day_that_has_come_is_refused(session, cast):
    with pytest.raises(EndsTooEarly):
        make_draft(session, cast, last_day=AT.date())


def test_who_sees_what(session, cast, officer, draft):
    mine, other = cast.actor("procurement_officer"), cast.actor("other_officer")
    assert runs(mine, draft)
    assert not runs(cast.actor("meal_manager"), draft)
    assert own_dis(session, actor=other, dis_id=draft.id) is None
    assert public_dis(session, dis_id=draft.id) is None
    name_authorities(session, dis=draft, authorities=[cast.authority, cast.other_authority], **officer)
    assert participates(other, draft)
    assert not runs(other, draft)
    assert drafts_of(session, actor=other) == [draft]
    assert not participates(cast.actor("producer"), draft)
    published(session, draft, officer)
    assert public_list(session) == [draft]
    assert drafts_of(session, actor=mine) == []


def test_a_discarded_draft_is_seen_by_nobody_else(session, officer, draft):
    discard_dis(session, dis=draft, **officer)
    assert public_list(session) == []
    with pytest.raises(AlreadyPublished):
        change_terms(session, dis=draft, terms=TERMS, **officer)
