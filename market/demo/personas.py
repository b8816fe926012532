"""The invented people of the demo, each with one role, and who acts for an organisation that has no person of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from market.accounts.models import Membership
from market.accounts.operations import add_user, give_role
from market.accounts.rules import DEMO_DOMAIN, Role
from market.actors import Actor
from market.demo.farms import HEBY_GROWER, MEAT_FARM, VEGETABLE_GROWER
from market.register.models import Authority, Kitchen, Producer

ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A person to sign in as. `organisation` is the name of a producer, kitchen or authority; empty for the admin."""

    key: str
    name: str
    role: Role
    organisation: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@{DEMO_DOMAIN}"


SCHOOL_KITCHEN = "Skola i Norrtälje (demo)"
HUB_KITCHEN = "Skola i Kramfors (demo)"
TIERP_KITCHEN = "Skola i Tierp (demo)"

LIMITS_OFFICER = Persona(
    key="procurement-officer2",
    name="Nora Hagström",
    role=Role.PROCUREMENT_OFFICER,
    organisation="Norrtälje kommun",
)
PERSONAS = (
    Persona(key=ADMIN, name="Alva Ström", role=Role.ADMIN),
    Persona(
        key="producer", name="Anna Åkerlund", role=Role.PRODUCER, organisation=f"{VEGETABLE_GROWER} (demo)"
    ),
    Persona(key="producer2", name="Mats Lundgren", role=Role.PRODUCER, organisation=f"{MEAT_FARM} (demo)"),
    Persona(key="kitchen", name="Karin Holm", role=Role.KITCHEN, organisation=SCHOOL_KITCHEN),
    Persona(key="kitchen-hub", name="Hanna Sjödin", role=Role.KITCHEN, organisation=HUB_KITCHEN),
    Persona(key="meal-manager", name="Maria Ek", role=Role.MEAL_MANAGER, organisation="Norrtälje kommun"),
    Persona(
        key="procurement-officer",
        name="Ulf Wester",
        role=Role.PROCUREMENT_OFFICER,
        organisation="Tierps kommun",
    ),
    Persona(
        key="logistics-planner",
        name="Lena Berglund",
        role=Role.LOGISTICS_PLANNER,
        organisation="Tierps kommun",
    ),
    Persona(
        key="logistics-planner2",
        name="Per Nordin",
        role=Role.LOGISTICS_PLANNER,
        organisation="Kramfors kommun",
    ),
    Persona(
        key="logistics-planner3",
        name="Sara Öberg",
        role=Role.LOGISTICS_PLANNER,
        organisation="Norrtälje kommun",
    ),
    Persona(key="driver", name="Dag Bergström", role=Role.DRIVER, organisation="Tierps kommun"),
    Persona(key="driver2", name="Siv Näslund", role=Role.DRIVER, organisation="Kramfors kommun"),
    Persona(
        key="officer-vallentuna",
        name="Vera Lindqvist",
        role=Role.PROCUREMENT_OFFICER,
        organisation="Vallentuna kommun",
    ),
    LIMITS_OFFICER,
    # Who else takes part in the purchasing system of Tierp, Heby, Knivsta and Östhammar.
    Persona(
        key="meal-manager-tierp", name="Gunilla Forss", role=Role.MEAL_MANAGER, organisation="Tierps kommun"
    ),
    Persona(key="meal-manager-heby", name="Amir Haddad", role=Role.MEAL_MANAGER, organisation="Heby kommun"),
    Persona(key="kitchen-tierp", name="Elin Sandgren", role=Role.KITCHEN, organisation=TIERP_KITCHEN),
    Persona(
        key="producer-heby", name="Olle Norrman", role=Role.PRODUCER, organisation=f"{HEBY_GROWER} (demo)"
    ),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: the organisation's own person, or the admin on behalf of one that has none."""

    admin: Membership
    members: Mapping[tuple[str, Role], Membership]

    def producer(self, producer: Producer) -> Actor:
        return self._actor(producer.name, Role.PRODUCER, producer_id=producer.id)

    def kitchen(self, kitchen: Kitchen) -> Actor:
        return self._actor(kitchen.name, Role.KITCHEN, kitchen_id=kitchen.id)

    def meal_manager(self, authority: Authority) -> Actor:
        return self._actor(authority.name, Role.MEAL_MANAGER, authority_id=authority.id)

    def planner(self, authority: Authority) -> Actor:
        return self._actor(authority.name, Role.LOGISTICS_PLANNER, authority_id=authority.id)

    def officer(self, authority: Authority) -> Actor:
        return self._actor(authority.name, Role.PROCUREMENT_OFFICER, authority_id=authority.id)

    def _actor(
        self,
        organisation: str,
        role: Role,
        *,
        producer_id: int | None = None,
        kitchen_id: int | None = None,
        authority_id: int | None = None,
    ) -> Actor:
        membership = self.members.get((organisation, role), self.admin)
        return Actor(
            user_id=membership.user_id,
            membership_id=membership.id,
            name=membership.user.name,
            role=role,
            organisation_name=organisation,
            producer_id=producer_id,
            kitchen_id=kitchen_id,
            authority_id=authority_id,
        )


def add_admin(session: Session, *, password_hash: str | None, at: datetime) -> Membership:
    """The admin comes first: what the demo enters is logged as theirs."""
    admin = next(persona for persona in PERSONAS if persona.key == ADMIN)
    user = add_user(
        session,
        email=admin.email,
        name=admin.name,
        password_hash=password_hash,
        by_user_id=None,
        at=at,
    )
    return give_role(session, user=user, role=Role.ADMIN, by_user_id=user.id, at=at)


def add_people(
    session: Session,
    *,
    admin: Membership,
    authorities: Mapping[str, Authority],
    kitchens: Mapping[str, Kitchen],
    producers: Mapping[str, Producer],
    password_hash: str | None,
    at: datetime,
) -> Cast:
    """Everyone but the admin. The three mappings are by name."""
    members = {}
    for persona in (p for p in PERSONAS if p.key != ADMIN):
        user = add_user(
            session,
            email=persona.email,
            name=persona.name,
            password_hash=password_hash,
            by_user_id=admin.user_id,
            at=at,
        )
        members[persona.organisation, persona.role] = give_role(
            session,
            user=user,
            role=persona.role,
            producer_id=_id_in(producers, persona),
            kitchen_id=_id_in(kitchens, persona),
            authority_id=_id_in(authorities, persona),
            by_user_id=admin.user_id,
            at=at,
        )
    return Cast(admin=admin, members=members)


def _id_in(
    rows: Mapping[str, Authority] | Mapping[str, Kitchen] | Mapping[str, Producer], persona: Persona
) -> int | None:
    row = rows.get(persona.organisation)
    return None if row is None else row.id
