"""The demo's call-offs: beef that is awarded and waits for its standstill, vegetables that take sealed tenders, eggs being asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.demo.farms import HEBY_GROWER, MEAT_FARM, VEGETABLE_GROWER
from market.demo.purchasing import MEMBERS, RUNNER, Purchasing, documents
from market.demo.story import Step
from market.dis.awards.documents import Decision, decision_content, decision_pdf
from market.dis.awards.operations import Decided, decide_award, end_of, next_number
from market.dis.awards.outcomes import lot_outcomes
from market.dis.awards.reasons import proposed_reasons
from market.dis.calloffs.invite_operations import invite_all
from market.dis.calloffs.lots import LotPeriod
from market.dis.calloffs.models import CallOff, Invitation, Lot
from market.dis.calloffs.operations import draft_calloff
from market.dis.calloffs.question_operations import answer_question, ask_question
from market.dis.evaluations.group_operations import add_evaluator, declare, save_scores, submit_scores
from market.dis.evaluations.models import Evaluator
from market.dis.evaluations.operations import Judged, claims_of, judge_claims, read_inputs, store_evaluation
from market.dis.evaluations.queries import latest_evaluation
from market.dis.evaluations.rules import Declaration
from market.dis.evaluations.working_out import work_out
from market.dis.needs.models import NeedRound
from market.dis.needs.operations import Asked, close_round, open_round, save_needs
from market.dis.needs.queries import stated
from market.dis.needs.rules import AskedProduct, Cell, fingerprint, weeks_from
from market.dis.sealing.keeping import Keeper
from market.dis.sealing.reading_codes import fresh_code
from market.dis.systems.rules import CriterionKind
from market.dis.tenders.models import Tender
from market.dis.tenders.opening_operations import confirm_opening
from market.dis.tenders.operations import give_tender
from market.dis.tenders.queries import valid_tenders
from market.dis.tenders.rules import Claimed, OfferedLot, Written
from market.register.models import Kitchen, KitchenKind
from market.values import Unit, Week, local_date

WEEKS = 8
AHEAD = timedelta(weeks=4)
EGGS = "Ägg till våren"
EGGS_NOW = "Ägg i vinter"
MORE_BEEF = "Högrev och fransyska"
BEEF = "Nötkött till vintern"
VEGETABLES = "Rotfrukter och kål"
ASKED: Mapping[str, tuple[str, tuple[AskedProduct, ...]]] = {
    BEEF: (
        "beef",
        (
            AskedProduct(
                "Nötfärs", Unit.KILOGRAM, "Högst 12 % fett, i påsar om 2 till 5 kg, fryst eller färsk."
            ),
            AskedProduct("Grytbitar av nöt", Unit.KILOGRAM, "Tärnade 2 till 3 cm, putsade."),
        ),
    ),
    VEGETABLES: (
        "vegetables",
        (
            AskedProduct("Morötter", Unit.KILOGRAM, "Tvättade, klass 1 eller 2, i säck om 10 kg."),
            AskedProduct("Vitkål", Unit.KILOGRAM, "Hela huvuden om 1 till 3 kg."),
        ),
    ),
    EGGS: ("eggs", (AskedProduct("Ägg, medelstora", Unit.PIECE, "Klass A, i brätten om 30."),)),
    EGGS_NOW: ("eggs", (AskedProduct("Ägg, stora", Unit.PIECE, "Klass A, i brätten om 20."),)),
    MORE_BEEF: ("beef", (AskedProduct("Högrev", Unit.KILOGRAM, "I bit om 1 till 2 kg, fryst eller färsk."),)),
}
PER_WEEK = {Unit.KILOGRAM: 8_000, Unit.PIECE: 180}
"""What a kitchen needs of a product in a week, in steps; some more, some less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bids:
    """A farm's tender: kronor for each product, for the authorities named (none: all), at most so much of each lot."""

    farm: str
    prices: Mapping[str, Decimal]
    codes: tuple[str, ...] = MEMBERS
    most_percent: int = 100
    is_organic: bool = False


BEEF_BIDS = (
    Bids(farm=MEAT_FARM, prices={"Nötfärs": Decimal("112.50"), "Grytbitar av nöt": Decimal("139.00")}),
    Bids(
        farm="Mellanhagens naturbete",
        prices={"Nötfärs": Decimal("103.50")},
        codes=("0382", "0330"),
        most_percent=60,
        is_organic=True,
    ),
)
VEGETABLE_BIDS = (
    Bids(
        farm=HEBY_GROWER, prices={"Morötter": Decimal("13.20"), "Vitkål": Decimal("11.00")}, codes=("0331",)
    ),
    Bids(farm=VEGETABLE_GROWER, prices={"Morötter": Decimal("14.80")}, most_percent=80),
)
EGG_BIDS = (Bids(farm="Solbackens ägg", prices={"Ägg, stora": Decimal("2.85")}),)
QUESTION = "Kan morötterna levereras otvättade i storsäck?"
ANSWER = "Nej, köken har ingen tvätt. Tvättade i säck om 10 kg, som inbjudan säger."


@dataclass(slots=True)
class CallingOff:
    """The steps after the purchasing system's own. `keeper` seals what is tendered; `tasters` score blind."""

    purchasing: Purchasing
    kitchens: Mapping[str, Kitchen]
    keeper: Keeper
    tasters: Sequence[Actor]

    def steps(self) -> list[Step]:
        """In the order in which they happen is up to who plays them: each has its own instant."""
        when = self.purchasing.when
        return [
            (when(34, 8), partial(self._ask, BEEF, when(34, 8), when(32, 12))),
            (when(33, 9), partial(self._state, BEEF, when(33, 9))),
            (when(32, 9), partial(self._invite, BEEF, when(32, 9), when(15, 12))),
            *[
                (when(24, 18, n), partial(self._tender, BEEF, bids, when(24, 18, n)))
                for n, bids in enumerate(BEEF_BIDS)
            ],
            *self._opening(BEEF, days_ago=15),
            (when(15, 14), partial(self._gather, BEEF, when(15, 14))),
            (when(12, 9), partial(self._taste, when(12, 9))),
            (when(8, 10), partial(self._evaluate, when(8, 10))),
            (when(4, 14), partial(self._award, when(4, 14))),
            (when(20, 8), partial(self._ask, VEGETABLES, when(20, 8), when(14, 12))),
            (when(18, 9), partial(self._state, VEGETABLES, when(18, 9))),
            (when(12, 9), partial(self._invite, VEGETABLES, when(12, 9), when(-6, 12))),
            (when(9, 17), partial(self._talk, when(9, 17))),
            *[
                (when(3, 18, n), partial(self._tender, VEGETABLES, bids, when(3, 18, n)))
                for n, bids in enumerate(VEGETABLE_BIDS)
            ],
            (when(33, 13), partial(self._ask, EGGS_NOW, when(33, 13), when(31, 12))),
            (when(32, 13), partial(self._state, EGGS_NOW, when(32, 13))),
            (when(31, 13), partial(self._invite, EGGS_NOW, when(31, 13), when(2, 12))),
            *[(when(5, 18), partial(self._tender, EGGS_NOW, bids, when(5, 18))) for bids in EGG_BIDS],
            *self._opening(EGGS_NOW, days_ago=2),
            (when(2, 14), partial(self._gather, EGGS_NOW, when(2, 14))),
            (when(6, 8), partial(self._ask, MORE_BEEF, when(6, 8), when(2, 12))),
            (when(5, 9), partial(self._state, MORE_BEEF, when(5, 9))),
            (when(1, 9), partial(self._leave_draft, MORE_BEEF, when(1, 9))),
            (when(3, 8), partial(self._ask, EGGS, when(3, 8), when(-8, 12))),
            (when(2, 11), partial(self._state, EGGS, when(2, 11), 3)),
        ]

    def _ask(self, name: str, at: datetime, closes_at: datetime) -> None:
        key, products = ASKED[name]
        category = next(one for one in self.purchasing.dis.categories if one.category_key == key)
        first = Week.containing(local_date(self.purchasing.at) + AHEAD).monday
        asked = Asked(name=name, first_week_on=first, weeks=WEEKS, closes_at=closes_at, products=products)
        open_round(
            self._session, category=category, asked=asked, wording_reason="", request_key=f"demo-{name}",
            actor=self.purchasing.officer, at=at,
        )  # fmt: skip

    def _state(self, name: str, at: datetime, most: int = 99) -> None:
        """Each hub of the members says what it needs, the first `most` of them."""
        asked = self._round(name)
        for number, kitchen in enumerate(self._hubs()[:most]):
            cells = {
                Cell(product.id, kitchen.id, week): PER_WEEK[product.unit] * (1 + (number + row) % 3)
                for row, product in enumerate(asked.products)
                for week in weeks_from(asked.first_week_on, asked.end_week_on)
            }
            seen = fingerprint(stated(self._session, round_id=asked.id, kitchen_ids=[kitchen.id]))
            actor = self.purchasing.cast.kitchen(kitchen)
            save_needs(
                self._session, need_round=asked, kitchen_ids=[kitchen.id], needs=cells, seen=seen, actor=actor, at=at
            )  # fmt: skip

    def _leave_draft(self, name: str, at: datetime) -> None:
        self._draft(name, at)

    def _draft(self, name: str, at: datetime) -> CallOff:
        asked, officer = self._round(name), self.purchasing.officer
        close_round(self._session, need_round=asked, user_id=officer.user_id, at=at)
        return draft_calloff(
            self._session, need_round=asked, period=LotPeriod.WHOLE, request_key=f"demo-{name}", actor=officer, at=at
        )  # fmt: skip

    def _invite(self, name: str, at: datetime, deadline_at: datetime) -> None:
        calloff = self._draft(name, at)
        invite_all(
            self._session, calloff=calloff, deadline_at=deadline_at, reason="", keeper=self.keeper,
            actor=self.purchasing.officer, at=at,
        )  # fmt: skip

    def _talk(self, at: datetime) -> None:
        calloff = self._calloff(VEGETABLES)
        question = ask_question(
            self._session,
            invitation=calloff.invitations[0],
            text=QUESTION,
            request_key="demo-question",
            at=at,
        )
        answer_question(
            self._session, calloff=calloff, question=question, answer=ANSWER, actor=self.purchasing.officer, at=at
        )  # fmt: skip

    def _tender(self, name: str, bids: Bids, at: datetime) -> None:
        actor, calloff = self.purchasing.grower(bids.farm), self._calloff(name)
        invitation = self._session.scalars(
            select(Invitation).where(
                Invitation.calloff_id == calloff.id, Invitation.producer_id == actor.producer_id
            )
        ).one()
        codes = {self.purchasing.authorities[code].id for code in bids.codes}
        lots = [lot for lot in calloff.lots if lot.authority_id in codes and _product(lot) in bids.prices]
        claims = [c for c in calloff.dis_category.criteria if c.kind is CriterionKind.STATEMENT]
        written = Written(
            lots=tuple(_offered(lot, bids) for lot in lots),
            deliveries={},
            min_total_ore=0,
            claims=tuple(
                Claimed(criterion_id=c.id, evidence="Tog emot två klasser i våras.") for c in claims[:1]
            ),
            note="",
        )
        give_tender(
            self._session, invitation=invitation, written=written, code=fresh_code(), request_key="", keeper=self.keeper,
            actor=actor, at=at,
        )  # fmt: skip

    def _opening(self, name: str, *, days_ago: int) -> list[Step]:
        """The officer and a meal manager, ten minutes apart."""
        people = (self.purchasing.officer, self._manager)
        instants = [self.purchasing.when(days_ago, 13, 10 * number) for number in range(len(people))]
        return [(at, partial(self._confirm, name, who, at)) for who, at in zip(people, instants, strict=True)]

    def _confirm(self, name: str, actor: Actor, at: datetime) -> None:
        from market.dis.tenders.attesting import attest_in

        calloff = self._calloff(name)
        is_open = confirm_opening(
            self._session, calloff=calloff, keeper=self.keeper, draw=Random(7), actor=actor, at=at  # noqa: S311
        )  # fmt: skip
        if is_open:
            template = documents() / "opening_list.typ"
            attest_in(self._session, calloff_id=calloff.id, template=template, at=at)

    def _gather(self, name: str, at: datetime) -> None:
        calloff = self._calloff(name)
        for taster in self.tasters:
            add_evaluator(
                self._session, calloff=calloff, user_id=taster.user_id, actor=self.purchasing.officer, at=at
            )
        for actor in (*self.tasters, self.purchasing.officer):
            declare(
                self._session, calloff=calloff, declaration=Declaration.IMPARTIAL, note="", actor=actor, at=at
            )

    def _taste(self, at: datetime) -> None:
        calloff = self._calloff(BEEF)
        criterion = next(c for c in calloff.dis_category.criteria if c.kind is CriterionKind.SCORED)
        for number, taster in enumerate(self.tasters):
            seat = self._session.scalars(
                select(Evaluator).where(
                    Evaluator.calloff_id == calloff.id, Evaluator.user_id == taster.user_id
                )
            ).one()
            points = {
                (tender.id, criterion.id): 3 + (number + place) % 3
                for place, tender in enumerate(self._tenders(calloff))
            }
            save_scores(
                self._session, seat=seat, calloff=calloff, points=points, notes={}, actor=taster, at=at
            )
            submit_scores(self._session, seat=seat, calloff=calloff, actor=taster, at=at)

    def _evaluate(self, at: datetime) -> None:
        calloff, officer = self._calloff(BEEF), self.purchasing.officer
        claims = claims_of(self._tenders(calloff))
        verdicts = {pair: Judged(is_granted=True) for pair in claims}
        judge_claims(self._session, calloff=calloff, verdicts=verdicts, actor=officer, at=at)
        inputs = read_inputs(self._session, calloff=calloff, actor=officer)
        outcome = work_out(inputs)
        store_evaluation(self._session, calloff=calloff, inputs=inputs, outcome=outcome, actor=officer, at=at)

    def _award(self, at: datetime) -> None:
        calloff, officer = self._calloff(BEEF), self.purchasing.officer
        evaluation = latest_evaluation(self._session, calloff_id=calloff.id)
        assert evaluation is not None
        tenders = self._tenders(calloff)
        outcomes = lot_outcomes(calloff.lots, evaluation, tenders)
        reasons = proposed_reasons(
            outcomes, cost_ore=evaluation.cost_ore, comparison_ore=evaluation.comparison_ore
        )
        days = calloff.standstill_days
        decision = Decision(
            number=next_number(self._session, calloff_id=calloff.id),
            outcomes=outcomes,
            invited=len(calloff.invitations),
            tenderers=[one.producer.name for one in tenders],
            reasons=reasons,
            decided_at=at,
            decided_by=officer.name,
            standstill_days=days,
            standstill_ends_at=end_of(at=at, days=days),
            cost_ore=evaluation.cost_ore,
        )
        pdf = decision_pdf(
            decision_content(calloff, decision), template=documents() / "award_decision.typ", at=at
        )
        decided = Decided(evaluation_id=evaluation.id, reasons=reasons, standstill_days=days, pdf=pdf)
        decide_award(self._session, calloff=calloff, decided=decided, actor=officer, at=at)

    @property
    def _session(self) -> Session:
        return self.purchasing.session

    @property
    def _manager(self) -> Actor:
        return self.purchasing.cast.meal_manager(self.purchasing.authorities[RUNNER])

    def _hubs(self) -> list[Kitchen]:
        members = {self.purchasing.authorities[code].id for code in MEMBERS}
        found = [k for k in self.kitchens.values() if k.authority_id in members and k.kind is KitchenKind.HUB]
        return sorted(found, key=lambda kitchen: kitchen.id)

    def _round(self, name: str) -> NeedRound:
        return self._session.scalars(select(NeedRound).where(NeedRound.name == name)).one()

    def _calloff(self, name: str) -> CallOff:
        return self._session.scalars(select(CallOff).where(CallOff.request_key == f"demo-{name}")).one()

    def _tenders(self, calloff: CallOff) -> list[Tender]:
        return valid_tenders(self._session, calloff_id=calloff.id)


def _product(lot: Lot) -> str:
    return next(
        (
            name
            for _, products in ASKED.values()
            for name in [p.name for p in products]
            if lot.name.startswith(name)
        ),
        "",
    )


def _offered(lot: Lot, bids: Bids) -> OfferedLot:
    most = lot.steps * bids.most_percent // 100 // lot.unit.steps * lot.unit.steps
    return OfferedLot(
        lot_id=lot.id,
        product_name=_product(lot),
        price=bids.prices[_product(lot)],
        min_steps=most
        if not lot.allows_parts
        else max(lot.unit.steps, most // 4 // lot.unit.steps * lot.unit.steps),
        max_steps=most,
        weekdays=(2, 4),
        is_organic=bids.is_organic,
    )
