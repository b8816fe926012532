"""The demo's purchasing system (DIS): Tierp's, with Heby, Knivsta and Östhammar, as the report tells of it.

Nearly three months old: the first round is over, one grower was refused and let in the second time, another delivers to Heby alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.demo.farms import HEBY_GROWER, MEAT_FARM, VEGETABLE_GROWER
from market.demo.personas import Cast
from market.demo.story import Step
from market.dis.applications.apply_operations import (
    Given,
    choose_categories,
    latest_by_category,
    save_about,
    save_answers,
    submit_applications,
)
from market.dis.applications.models import Application
from market.dis.applications.review_operations import Verdict, admit, judge_requirements, reject
from market.dis.applications.rules import About, Ground
from market.dis.files import CheckedFile, check_file
from market.dis.rules import Regime
from market.dis.systems.draft_operations import change_category, draft_dis, name_authorities
from market.dis.systems.draft_operations import choose_categories as choose_what_to_buy
from market.dis.systems.models import Dis, DisCategory
from market.dis.systems.notice import Dates, content_of, notice_pdf
from market.dis.systems.operations import FirstRound, earliest_first_round, publish_dis
from market.dis.systems.rules import (
    Basics,
    CategoryText,
    CriterionKind,
    CriterionText,
    RequirementKind,
)
from market.dis.systems.starting_points import STARTING_POINTS
from market.register.models import Authority, Category, Producer
from market.values import local_date, wall_clock

RUNNER = "0360"
MEMBERS = ("0360", "0331", "0330", "0382")
PUBLISHED_DAYS_AGO = 80
CATEGORIES = ("beef", "vegetables", "eggs", "bread")
NAME = "Livsmedel från producenter (demo)"
MEAT_FARMS = (MEAT_FARM, "Nyängens nötkött", "Mellanhagens naturbete")
TASTE = CriterionText(
    CriterionKind.SCORED,
    "Smak",
    2_000,
    "Arbetsgruppen provar tillagad vara blint och sätter poäng var för sig: 0 godtas inte i köken, 5 utmärkt.",
    max_points=5,
)
TRACES = "Varje låda märks med skördedag och fält. Uppgifterna sparas i fem år."


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """A farm's application: sent and decided so many days ago. `lacks`: what it did not show, by which it is refused."""

    farm: str
    categories: tuple[str, ...]
    sent: int
    decided: int | None
    only_for: str | None = None
    lacks: str = ""


APPLICATIONS = (
    Applies(farm=MEAT_FARM, categories=("beef",), sent=72, decided=45),
    Applies(farm="Mellanhagens naturbete", categories=("beef",), sent=66, decided=45),
    Applies(farm="Nyängens nötkött", categories=("beef",), sent=63, decided=44),
    Applies(farm=HEBY_GROWER, categories=("vegetables",), sent=69, decided=45, only_for="0331"),
    Applies(
        farm=VEGETABLE_GROWER,
        categories=("vegetables",),
        sent=62,
        decided=44,
        lacks="Beskrivningen av hur partierna spåras säger inte hur länge uppgifterna sparas. Komplettera och ansök igen.",
    ),
    Applies(farm=VEGETABLE_GROWER, categories=("vegetables",), sent=43, decided=37),
    Applies(farm="Solbackens ägg", categories=("eggs",), sent=58, decided=44),
    Applies(farm="Ekhagens ägg", categories=("eggs",), sent=4, decided=None),
)


@dataclass(slots=True)
class Purchasing:
    """What the steps share. `authorities` are by code, `producers` by name; the DIS is there once it is drafted."""

    session: Session
    cast: Cast
    authorities: Mapping[str, Authority]
    producers: Mapping[str, Producer]
    at: datetime
    proof: CheckedFile = field(init=False)

    def __post_init__(self) -> None:
        self.proof = check_file("egenkontroll.jpg", _self_checks())

    @property
    def dis(self) -> Dis:
        return self.session.scalars(select(Dis).where(Dis.name == NAME)).one()

    @property
    def officer(self) -> Actor:
        return self.cast.officer(self.authorities[RUNNER])

    def grower(self, farm: str) -> Actor:
        return self.cast.producer(self.producers[f"{farm} (demo)"])

    def when(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """A time of day so many days before the demo's own instant."""
        return wall_clock(local_date(self.at) - timedelta(days=days_ago), hour * 3600 + minute * 60)

    def steps(self) -> list[Step]:
        """Set up, published, applied to and qualified."""
        steps: list[Step] = [
            (self.when(PUBLISHED_DAYS_AGO + 1), self._set_up),
            (self.when(PUBLISHED_DAYS_AGO), self._publish),
            (self.when(12, 15), self._draft_another),
        ]
        for number, one in enumerate(APPLICATIONS):
            steps.append((self.when(one.sent, 19, number), partial(self._apply, one)))
            if one.decided is not None:
                steps.append((self.when(one.decided, 14, number), partial(self._decide, one)))
        return steps

    def _set_up(self) -> None:
        at, start = self.when(PUBLISHED_DAYS_AGO + 1), STARTING_POINTS["school_classes"]
        basics = Basics(
            name=NAME,
            description="Livsmedel till förskola, skola och äldreomsorg, i mängder som köken anger inför varje avrop.",
            contact="Ulf Wester, upphandling@tierp.example",
            last_day=date(self.at.year + 2, 12, 31),
            value_ore=640_000_000,
            regime=Regime.DIRECTIVE,
            regime_reason="Värdet under hela giltighetstiden ligger långt över de senaste kända tröskelvärdena.",
        )
        authority, officer = self.authorities[RUNNER], self.officer
        dis = draft_dis(
            self.session, authority=authority, basics=basics, starting_point=start, request_key="demo-dis", actor=officer, at=at
        )  # fmt: skip
        members = [self.authorities[code] for code in MEMBERS]
        name_authorities(self.session, dis=dis, authorities=members, actor=officer, at=at)
        chosen = [self.session.get_one(Category, key) for key in CATEGORIES]
        choose_what_to_buy(self.session, dis=dis, categories=chosen, actor=officer, at=at)
        for category in dis.categories:
            content = _with_taste(start.categories.get(category.category_key) or start.categories["grain"])
            change_category(self.session, category=category, content=content, actor=officer, at=at)

    def _publish(self) -> None:
        dis, at = self.dis, self.when(PUBLISHED_DAYS_AGO)
        day = local_date(at)
        first_round = FirstRound(earliest_first_round(self.session, dis=dis, on=day))
        dates = Dates.to_publish(dis, first_round, on=day)
        content = content_of(self.session, dis, dates, url=f"/dis/{dis.id}", on=day)
        pdf = notice_pdf(content, template=documents() / "dis_notice.typ", at=at)
        publish_dis(self.session, dis=dis, first_round=first_round, pdf=pdf, actor=self.officer, at=at)

    def _draft_another(self) -> None:
        """What an officer has begun and not yet published."""
        at = self.when(12, 15)
        basics = Basics(
            name="Bröd och mjöl (demo, utkast)",
            description="Bröd, mjöl och gryn till skolornas frukost.",
            contact="Ulf Wester, upphandling@tierp.example",
            last_day=date(self.at.year + 1, 12, 31),
            value_ore=90_000_000,
            regime=Regime.NATIONAL,
            regime_reason="Under de senaste kända tröskelvärdena.",
        )
        draft_dis(
            self.session, authority=self.authorities[RUNNER], basics=basics, starting_point=STARTING_POINTS["visits"],
            request_key="demo-dis-draft", actor=self.officer, at=at,
        )  # fmt: skip

    def _apply(self, one: Applies) -> None:
        at, actor = self.when(one.sent, 19, APPLICATIONS.index(one)), self.grower(one.farm)
        wanted = {c.id for c in self.dis.categories if c.category_key in one.categories}
        choose_categories(self.session, dis=self.dis, category_ids=wanted, actor=actor, at=at)
        drafts = self._latest(one)
        for draft in drafts:
            save_answers(
                self.session,
                application=draft,
                given=self._answers(draft.dis_category, one),
                actor=actor,
                at=at,
            )
        named = [
            a for code, a in self.authorities.items() if code in MEMBERS and one.only_for in {None, code}
        ]
        about = About(
            contact_name=actor.name,
            contact_email="gard@demo.example",
            contact_phone="070-174 06 05",
            authority_ids=frozenset(a.id for a in named),
        )
        save_about(self.session, drafts=drafts, about=about, actor=actor, at=at)
        submit_applications(self.session, drafts=drafts, is_declared=True, actor=actor, at=at)

    def _decide(self, one: Applies) -> None:
        assert one.decided is not None
        at = self.when(one.decided, 14, APPLICATIONS.index(one))
        for application in self._latest(one):
            texts = {r.id for r in application.dis_category.requirements if r.kind is RequirementKind.TEXT}
            met = {r.id: not (one.lacks and r.id in texts) for r in application.dis_category.requirements}
            verdicts = {number: Verdict(is_met=is_met) for number, is_met in met.items()}
            judge_requirements(
                self.session, application=application, verdicts=verdicts, actor=self.officer, at=at
            )
            if one.lacks:
                reject(
                    self.session, application=application, ground=Ground.REQUIREMENT, reason=one.lacks,
                    actor=self.officer, at=at,
                )  # fmt: skip
            else:
                admit(self.session, application=application, actor=self.officer, at=at)

    def _latest(self, one: Applies) -> list[Application]:
        found = latest_by_category(self.session, dis=self.dis, actor=self.grower(one.farm))
        return [a for a in found.values() if a.dis_category.category_key in one.categories]

    def _answers(self, category: DisCategory, one: Applies) -> dict[int, Given]:
        text = "Partierna märks med skördedag." if one.lacks else TRACES
        given: Mapping[RequirementKind, Callable[[], Given]] = {
            RequirementKind.DECLARATION: lambda: Given(is_met=True),
            RequirementKind.TEXT: lambda: Given(text=text),
            RequirementKind.DOCUMENT: lambda: Given(file=self.proof),
        }
        return {requirement.id: given[requirement.kind]() for requirement in category.requirements}


def _with_taste(content: CategoryText) -> CategoryText:
    """The starting point's criteria with a blind test beside them, and several who may deliver."""
    return CategoryText(
        description=content.description,
        max_suppliers_per_lot=2,
        max_lots_per_supplier=None,
        requirements=content.requirements,
        criteria=(*content.criteria, TASTE),
    )


def documents() -> Path:
    from market.wiring import templates_folder

    return templates_folder() / "documents"


def _self_checks() -> bytes:
    """A picture that stands for the proof a farm attaches."""
    from PIL import Image, ImageDraw

    out = BytesIO()
    sheet = Image.new("RGB", (620, 440), "white")
    ImageDraw.Draw(sheet).text((40, 40), "Egenkontroll enligt HACCP (demo)", fill="black")
    sheet.save(out, "JPEG")
    return out.getvalue()
