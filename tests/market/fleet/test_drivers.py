"""Drivers: added by e-mail, removed at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import AT
from fleet_making import OWN
from sqlalchemy import select

from market.accounts.models import Membership, User
from market.accounts.operations import add_user
from market.accounts.rules import Role
from market.fleet import queries
from market.fleet.driver_operations import add_driver, change_driver, remove_driver
from market.fleet.operations import add_carrier, retire_carrier
from market.fleet.rules import AccountClosed, AlreadyDrives, CarrierNotInService, NameOfDriverMissing


def roles(session, user_id):
    query = select(Membership.role, Membership.authority_id).where(Membership.user_id == user_id)
    return [tuple(row) for row in session.execute(query)]


def add(session, fleet, email, **more):
    return add_driver(session, carrier=fleet.carrier, email=email, actor=fleet.planner, at=AT, **more)


def test_a_new_person_gets_an_account_and_the_role(session, cast, fleet):
    driver = add(session, fleet, " Kim@Example.se ", name="Kim", phone="070-1", password_hash="hash")
    assert (driver.user.email, driver.user.name, driver.phone) == ("kim@example.se", "Kim", "070-1")
    assert roles(session, driver.user_id) == [(Role.DRIVER, cast.authority.id)]
    assert queries.drivers_of(session, actor=fleet.planner) == [driver]


@pytest.mark.parametrize("given", [{}, {"name": "Kim"}, {"password_hash": "hash"}])
def test_a_new_person_has_a_name_and_a_password(session, fleet, given):
    with pytest.raises(NameOfDriverMissing):
        add(session, fleet, "kim@example.se", **given)
    assert session.scalar(select(User).where(User.email == "kim@example.se")) is None


def test_one_who_has_an_account_keeps_name_and_password(session, fleet):
    user = session.scalars(select(User).where(User.email == "kitchen@example.se")).one()
    before = (user.name, user.password, user.fs_uniquifier)
    driver = add(session, fleet, "kitchen@example.se", name="Någon annan", password_hash="x")
    assert driver.user is user
    assert (user.name, user.password, user.fs_uniquifier) == before
    assert Role.KITCHEN in {role for role, _ in roles(session, user.id)}


def test_the_role_is_one_of_the_authority_that_plans(session, cast, fleet):
    cast.authority.planned_by_id = cast.other_authority.id
    session.flush()
    driver = add(session, fleet, "kitchen@example.se")
    assert (Role.DRIVER, cast.other_authority.id) in roles(session, driver.user_id)


def test_nobody_drives_twice_for_the_same(session, fleet):
    add(session, fleet, "driver@example.se")
    with pytest.raises(AlreadyDrives):
        add(session, fleet, "driver@example.se")


def test_a_closed_account_and_a_retired_carrier_get_no_driver(session, fleet):
    user = add_user(session, email="old@example.se", name="Old", password_hash="x", by_user_id=None, at=AT)
    user.active = False
    with pytest.raises(AccountClosed):
        add(session, fleet, "old@example.se")
    retire_carrier(session, carrier=fleet.carrier, actor=fleet.planner, at=AT)
    with pytest.raises(CarrierNotInService):
        add(session, fleet, "driver@example.se")


def test_a_removed_driver_has_no_role_and_comes_back_as_the_same(session, cast, fleet):
    driver = add(session, fleet, "driver@example.se")
    for hours in (1, 2):
        remove_driver(session, driver=driver, actor=fleet.planner, at=AT + timedelta(hours=hours))
    assert driver.removed_at == AT + timedelta(hours=1)
    assert (Role.DRIVER, cast.authority.id) not in roles(session, driver.user_id)
    again = add(session, fleet, "driver@example.se")
    assert (again.id, again.removed_at) == (driver.id, None)
    assert (Role.DRIVER, cast.authority.id) in roles(session, driver.user_id)


def test_who_drives_for_another_carrier_too_keeps_the_role(session, cast, fleet):
    second = add_carrier(
        session,
        authority=cast.authority,
        terms=replace(OWN, name="Åkeriet"),
        actor=fleet.planner,
        at=AT,
    )
    first = add(session, fleet, "driver@example.se")
    add_driver(session, carrier=second, email="driver@example.se", actor=fleet.planner, at=AT)
    remove_driver(session, driver=first, actor=fleet.planner, at=AT)
    assert (Role.DRIVER, cast.authority.id) in roles(session, first.user_id)


def test_a_telephone_is_changed(session, fleet):
    driver = add(session, fleet, "driver@example.se")
    change_driver(session, driver=driver, phone=" 070-2 ", actor=fleet.planner, at=AT)
    assert driver.phone == "070-2"


def test_another_municipality_sees_no_driver(session, cast, fleet):
    driver = add(session, fleet, "driver@example.se")
    other = cast.actor("other_planner")
    assert queries.driver_for(session, actor=other, driver_id=driver.id) is None
    assert queries.drivers_of(session, actor=other) == []
