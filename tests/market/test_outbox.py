"""What is told is written with what it tells, once."""

from __future__ import annotations

from factories import AT
from sqlalchemy import select

from market.accounts.queries import people_of_authority, people_of_kitchen, people_of_producer
from market.accounts.rules import Role
from market.outbox import OutboxMessage, tell, tell_address


def test_the_same_key_tells_each_person_once(session, cast):
    people = people_of_producer(session, cast.producer.id)
    for _ in range(2):
        tell(session, user_ids=[*people, *people], kind="order_placed", key="order:1", at=AT, order_id=1)
        tell_address(
            session, address="anna@example.se", kind="order_placed", key="order:1", at=AT, order_id=1
        )
    session.flush()
    told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [(message.user_id, message.address) for message in told] == [
        (people[0], None),
        (None, "anna@example.se"),
    ]
    assert told[0].params == {"order_id": 1}


def test_whom_to_tell(session, cast):
    assert people_of_producer(session, cast.producer.id) == [cast.actor("producer").user_id]
    assert people_of_kitchen(session, cast.hub.id) == [cast.actor("kitchen").user_id]
    manager = people_of_authority(session, cast.authority.id, Role.MEAL_MANAGER)
    assert manager == [cast.actor("meal_manager").user_id]
    other = people_of_authority(session, cast.other_authority.id, Role.MEAL_MANAGER)
    assert other == [cast.actor("other_meal_manager").user_id]


def test_who_has_left_is_not_told(session, cast):
    from market.accounts.models import User

    session.get_one(User, cast.actor("producer").user_id).active = False
    session.flush()
    assert people_of_producer(session, cast.producer.id) == []
