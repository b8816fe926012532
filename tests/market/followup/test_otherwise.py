"""Our purchases by other municipalities' definitions: their rule, our kitchens, the version in force on the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from factories import AT, Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, Rule, Step, WithinDistance
from market.followup.local_otherwise import Compared, compare
from market.followup.models import Delivered, OtherAnswer
from market.followup.otherwise.answers import Key, keep_answers
from market.followup.otherwise.timelines import cut, timeline
from market.followup.periods import Span
from market.followup.queries import Scope
from market.followup.rules import Verdict
from market.locality.models import DefinitionVersion
from market.locality.stated import stored_form
from market.offers.models import Offer
from market.values import Period

SignIn = Callable[[str | None], FlaskClient]
VALLENTUNA, OSTHAMMAR, KIRUNA = "0115", "0382", "2584"
NEAR = LocalDefinition(rule=WithinDistance(km=15))  # from the hub, but not from the satellite
NOVEMBER = Span.parse("2026-11")
CHANGE = date(2026, 11, 15)


@pytest.fixture
def offer(session: Session, cast: Cast) -> Offer:
    return some_offer(session, cast)


def restated(session: Session, cast: Cast, definition: LocalDefinition, *, first: date = CHANGE) -> None:
    """Vallentuna changes its definition."""
    before = session.scalars(
        select(DefinitionVersion).where(DefinitionVersion.authority_id == cast.other_authority.id)
    ).one()
    before.valid_to = first
    session.flush()
    session.add(
        DefinitionVersion(
            authority_id=cast.other_authority.id, number=2, definition=stored_form(definition), valid_from=first,
            created_at=AT,
        )
    )  # fmt: skip
    session.flush()


def compared(session: Session, cast: Cast, *codes: str, **scope: Any) -> Compared:
    return compare(
        session,
        scope=Scope(authority_id=cast.authority.id, **scope),
        own_code="0188",
        codes=codes,
        period=NOVEMBER.period,
    )


def kept(session: Session, found: Compared) -> None:
    session.add_all(
        OtherAnswer(chain_id=chain, vantage_id=vantage, definition_sha256=sha, answer=answer)
        for (chain, vantage, sha), answer in found.new.items()
    )
    session.flush()


def test_the_version_in_force_on_each_day_judges_from_our_own_kitchens(
    session: Session, cast: Cast, offer: Offer
) -> None:
    restated(session, cast, NEAR)
    for day in (14, 15):
        delivered(session, cast, offer, day=date(2026, 11, day), kilograms=10, kitchen=cast.hub)
        delivered(session, cast, offer, day=date(2026, 11, day), kilograms=30, kitchen=cast.satellite)

    found = compared(session, cast, VALLENTUNA)
    assert found.own.total.of_value == 100
    (theirs,) = found.others
    assert [(part.period.start.day, part.is_assumption) for part in theirs.timeline] == [
        (1, False),
        (15, False),
    ]
    assert theirs.total.of_value == theirs.total.of_weight == Decimal(100) * 50 / 80
    assert (theirs.gained_ore, theirs.lost_ore) == (0, 42_000)  # 30 kg on the 15th at 14 kr
    assert theirs.by_category["vegetables"].above(found.own.by_category["vegetables"]) == Decimal("-37.5")

    (row,) = found.flips[VALLENTUNA]
    assert (row.flip.own, row.flip.theirs, row.flip.ore) == (Verdict.YES, Verdict.NO, 42_000)
    assert "över 15\xa0km" in row.their_reason.text("sv")
    assert "Stockholms län" in row.own_reason.text("sv")


def test_the_own_verdict_stays_as_it_was_kept(session: Session, cast: Cast, offer: Offer) -> None:
    delivered(session, cast, offer)
    session.execute(update(Delivered).values(is_local=Verdict.NO))
    found = compared(session, cast, VALLENTUNA)
    assert (found.own.total.of_value, found.others[0].total.of_value) == (0, 100)
    assert found.others[0].gained_ore == found.own.total.sums.ore > 0


@pytest.mark.parametrize(
    "rule",
    [WithinDistance(km=12), WithinDistance(km=15, by="road"), WithinDistance(km=20, measured_from="seat")],
)
def test_the_same_rule_gives_the_verdict_that_was_kept(
    session: Session, cast: Cast, offer: Offer, rule: Rule
) -> None:
    definition = LocalDefinition(rule=rule, steps=(Step.FARM,))
    for version in session.scalars(select(DefinitionVersion)):
        version.definition = stored_form(definition)
    session.flush()
    for kitchen in (cast.hub, cast.satellite):
        delivered(session, cast, offer, kitchen=kitchen)
    found = compared(session, cast, VALLENTUNA)
    assert found.others[0].total == found.own.total
    assert (found.others[0].moved, found.flips[VALLENTUNA]) == ({}, [])


def test_who_has_stated_nothing_is_assumed_to_mean_its_county_which_here_is_ours(
    session: Session, cast: Cast, offer: Offer
) -> None:
    delivered(session, cast, offer)
    (kiruna,) = compared(session, cast, KIRUNA).others
    assert [part.is_assumption for part in kiruna.timeline] == [True]
    assert kiruna.total.of_value == 100


def test_an_answer_is_worked_out_once_and_then_kept(session: Session, cast: Cast, offer: Offer) -> None:
    restated(session, cast, NEAR, first=date(2026, 11, 2))
    delivered(session, cast, offer, kitchen=cast.satellite)
    found = compared(session, cast, VALLENTUNA)
    assert list(found.new.values()) == [Verdict.NO]
    kept(session, found)
    session.execute(update(OtherAnswer).values(answer=Verdict.UNCERTAIN))

    again = compared(session, cast, VALLENTUNA)
    assert (again.new, again.others[0].total.uncertain) == ({}, 100)


def test_only_the_kitchen_and_category_asked_about(session: Session, cast: Cast, offer: Offer) -> None:
    restated(session, cast, NEAR, first=date(2026, 11, 2))
    delivered(session, cast, offer, kitchen=cast.hub)
    delivered(session, cast, offer, kitchen=cast.satellite, category="dairy")
    assert compared(session, cast, VALLENTUNA, kitchen_id=cast.satellite.id).others[0].total.of_value == 0
    assert compared(session, cast, VALLENTUNA, category_key="vegetables").others[0].total.of_value == 100


def test_a_timeline_has_no_gap_and_the_first_authority_has_the_word() -> None:
    period = Period(date(2026, 1, 1), date(2027, 1, 1))

    def version(authority: int, first: date, after: date | None, km: float) -> DefinitionVersion:
        definition = stored_form(LocalDefinition(rule=WithinDistance(km=km)))
        return DefinitionVersion(
            authority_id=authority, definition=definition, valid_from=first, valid_to=after
        )

    second = version(2, date(2025, 1, 1), None, 20)
    first = version(1, date(2026, 3, 1), date(2026, 5, 1), 10)
    never = version(1, date(2026, 6, 1), date(2026, 6, 1), 5)
    parts = timeline(VALLENTUNA, [first, never, second], period)
    assert [(part.period.start.month, part.version) for part in parts] == [
        (1, second),
        (3, first),
        (5, second),
    ]
    assert [part.period.end for part in parts] == [*(part.period.start for part in parts[1:]), period.end]
    assert [part.is_assumption for part in timeline(VALLENTUNA, [first], period)] == [True, False, True]


def test_a_period_is_cut_only_within_itself() -> None:
    period = Period(date(2026, 11, 1), date(2026, 12, 1))
    days = [date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 15), date(2026, 12, 1), date(2027, 1, 1)]
    assert cut(period, days) == [Period(period.start, CHANGE), Period(CHANGE, period.end)]


def test_the_page_shows_both_and_keeps_what_it_worked_out(
    client_for: SignIn, session: Session, cast: Cast, offer: Offer, look: Session
) -> None:
    restated(session, cast, NEAR)
    delivered(session, cast, offer, day=date(2026, 11, 16), kitchen=cast.satellite)
    session.commit()
    page = client_for("meal_manager").get(
        f"/followup/definitions?period=2026-11&with={VALLENTUNA}&with={KIRUNA}"
    )
    assert page.status_code == 200
    assert "Vallentuna" in page.text
    assert "Antagande" in page.text
    assert "Bedöms annorlunda efter definitionen i Vallentuna" in page.text
    answers: dict[Key, Verdict] = {
        (one.chain_id, one.vantage_id, one.definition_sha256): one.answer
        for one in look.scalars(select(OtherAnswer))
    }
    assert sorted(answers.values()) == [Verdict.NO, Verdict.YES]  # one county for both
    keep_answers(
        session.get_bind().engine, dict.fromkeys(answers, Verdict.NO)
    )  # a second time changes nothing
    look.rollback()
    assert {one.answer for one in look.scalars(select(OtherAnswer))} == {Verdict.NO, Verdict.YES}


def test_kitchen_staff_see_their_own_kitchen_alone(
    client_for: SignIn, session: Session, cast: Cast, offer: Offer
) -> None:
    delivered(session, cast, offer, kitchen=cast.satellite)
    session.commit()
    address = f"/followup/definitions?period=2026-11&with={VALLENTUNA}"
    assert "Inget levererat i perioden" in client_for("kitchen").get(address).text
    assert "100,0" in client_for("satellite").get(address).text
    assert client_for("producer").get(address).status_code == 403


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("period=9999", "är ingen vecka, månad eller år"),
        ("period=2026-W54", "är ingen vecka, månad eller år"),
        ("with=9999", "En av kommunerna finns inte"),
        ("with=0114&with=0115&with=0117&with=0120&with=0123&with=0125", "Välj högst 5 kommuner"),
    ],
)
def test_what_can_not_be_asked_is_told(client_for: SignIn, stored: Cast, asked: str, says: str) -> None:
    page = client_for("meal_manager").get(f"/followup/definitions?{asked}")
    assert page.status_code == 400
    assert says in page.text


def test_more_deliveries_and_definitions_are_not_more_queries(
    client_for: SignIn,
    session: Session,
    cast: Cast,
    offer: Offer,
    queries: Callable[[Callable[[], Any]], int],
) -> None:
    restated(session, cast, NEAR)
    delivered(session, cast, offer, day=CHANGE, kitchen=cast.satellite)
    session.commit()
    client = client_for("meal_manager")
    one = f"/followup/definitions?period=2026-11&with={VALLENTUNA}"
    client.get(one)
    few = queries(lambda: client.get(one))
    for n in range(6):
        delivered(
            session, cast, offer, day=date(2026, 11, 10 + n), kitchen=cast.satellite if n % 2 else cast.hub
        )
    session.commit()
    many = f"{one}&with={KIRUNA}&with={OSTHAMMAR}"
    client.get(many)
    assert queries(lambda: client.get(many)) == few
