"""Reads of photos, each limited to those that the actor may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, undefer

from market.actors import Actor
from market.photos.models import Photo, PhotoReader
from market.photos.rules import PhotoAudience


def photo_for(session: Session, *, actor: Actor, photo_id: int, small: bool = False) -> Photo | None:
    """A photo with its bytes (those of the thumbnail when `small`), or None where the actor may not see it."""
    wanted = Photo.thumbnail if small else Photo.image
    query = select(Photo).where(Photo.id == photo_id, may_see(actor)).options(undefer(wanted))
    return session.scalar(query)


def may_see(actor: Actor) -> ColumnElement[bool]:
    """An authority's people see what buyers see; everyone sees what their own organisation is a reader of."""
    if actor.authority_id is not None:
        return or_(
            Photo.audience == PhotoAudience.BUYERS, _read_by(PhotoReader.authority_id, actor.authority_id)
        )
    if actor.producer_id is not None:
        return _read_by(PhotoReader.producer_id, actor.producer_id)
    return false()


def _read_by(column: object, organisation_id: int) -> ColumnElement[bool]:
    return exists().where(and_(PhotoReader.photo_id == Photo.id, column == organisation_id))  # type: ignore[arg-type]
