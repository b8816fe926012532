"""Stating what is local: a new version, which ends those before it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.local import LocalDefinition, needs_kitchen
from market import audit
from market.locality.models import DefinitionVersion
from market.locality.queries import active_kitchens, versions_of
from market.locality.rules import (
    EditedMeanwhile,
    KitchenGone,
    NoKitchenToMeasureFrom,
    NothingChanged,
    Span,
    check_start,
    shortened,
)
from market.locality.stated import stored_form
from market.register.models import Authority
from market.values import local_date


def state_definition(
    session: Session,
    *,
    authority: Authority,
    definition: LocalDefinition,
    own_wording: str,
    valid_from: date,
    kitchen_id: int | None,
    based_on: int,
    user_id: int | None,
    at: datetime,
) -> DefinitionVersion:
    """A new version, in force from `valid_from`; earlier ones end there. `based_on` is the number that was edited (0: none).

    Saving the same thing once more gives the version that is there. Raises EditedMeanwhile, NothingChanged,
    BeginsInThePast, NoKitchenToMeasureFrom or KitchenGone.
    """
    session.execute(
        select(Authority.id).where(Authority.id == authority.id).with_for_update()
    )  # one at a time
    earlier = versions_of(session, authority_id=authority.id)
    version = DefinitionVersion(
        authority_id=authority.id,
        number=len(earlier) + 1,
        definition=stored_form(definition),
        own_wording=own_wording.strip(),
        kitchen_id=kitchen_id if needs_kitchen(definition) else None,
        valid_from=valid_from,
        created_at=at,
        created_by=user_id,
    )
    sent_before = _sent_before(earlier, version, based_on)
    if sent_before is not None:
        return sent_before
    _check(session, earlier, version, definition, today=local_date(at), based_on=based_on)
    _end_earlier(session, earlier, start=valid_from)
    session.add(version)
    session.flush()
    audit.record(
        session, user_id=user_id, at=at, action="definition.state", subject=f"authority:{authority.id}",
        number=version.number, definition=version.definition, valid_from=valid_from.isoformat(),
    )  # fmt: skip
    return version


def _sent_before(
    earlier: list[DefinitionVersion], version: DefinitionVersion, based_on: int
) -> DefinitionVersion | None:
    """What an earlier sending of the same form has made: the same content, and based on the one before it."""
    if earlier and based_on == earlier[0].number - 1 and _says_same(earlier[0], version):
        return earlier[0]
    return None


def _says_same(one: DefinitionVersion, other: DefinitionVersion) -> bool:
    return _content(one) == _content(other) and one.valid_from == other.valid_from


def _content(version: DefinitionVersion) -> tuple[object, ...]:
    return version.definition, version.own_wording, version.kitchen_id


def _check(
    session: Session,
    earlier: list[DefinitionVersion],
    version: DefinitionVersion,
    definition: LocalDefinition,
    *,
    today: date,
    based_on: int,
) -> None:
    latest = earlier[0] if earlier else None
    if latest is not None and latest.number != based_on:
        raise EditedMeanwhile(number=latest.number)
    if latest is not None and _content(latest) == _content(version) and latest.valid_from <= today:
        raise NothingChanged
    check_start(version.valid_from, today=today)
    _check_kitchen(session, version, definition)


def _check_kitchen(session: Session, version: DefinitionVersion, definition: LocalDefinition) -> None:
    if not needs_kitchen(definition):
        return
    active = {kitchen.id for kitchen in active_kitchens(session, authority_id=version.authority_id)}
    if not active:
        raise NoKitchenToMeasureFrom
    if version.kitchen_id is not None and version.kitchen_id not in active:
        raise KitchenGone


def _end_earlier(session: Session, earlier: list[DefinitionVersion], *, start: date) -> None:
    """Flushed before the new one is added: only one version of an authority may be open at a time."""
    spans = shortened([Span(version.valid_from, version.valid_to) for version in earlier], start=start)
    for version, span in zip(earlier, spans, strict=True):
        version.valid_to = span.end
    session.flush()
