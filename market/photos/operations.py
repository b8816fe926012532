"""Storing a photo, and saying who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.photos.encoding import EncodedPhoto, encoded
from market.photos.models import Photo, PhotoReader
from market.photos.rules import PhotoAudience


def store_photo(
    session: Session, *, data: bytes | IO[bytes] | EncodedPhoto, actor: Actor, at: datetime
) -> Photo:
    """A photo that only the actor's own organisation sees until it is shared. Raises NotAPhoto and PhotoTooLarge."""
    ready = data if isinstance(data, EncodedPhoto) else encoded(data)
    photo = Photo(
        sha256=ready.sha256,
        width=ready.width,
        height=ready.height,
        image=ready.image,
        thumbnail=ready.thumbnail,
        audience=PhotoAudience.CHOSEN,
        uploaded_by_id=actor.user_id,
        created_at=at,
        readers=_own_readers(actor),
    )
    session.add(photo)
    session.flush()
    _log(session, "photo.store", photo, actor, at, sha256=photo.sha256)
    return photo


def share_photo(
    session: Session,
    *,
    photo: Photo,
    buyers: bool = False,
    authority_ids: Iterable[int] = (),
    producer_ids: Iterable[int] = (),
    actor: Actor | None,
    at: datetime,
) -> None:
    """Let every buyer see it, or these organisations too; those who could see it still can."""
    known = {(reader.authority_id, reader.producer_id) for reader in photo.readers}
    wanted = {(one, None) for one in authority_ids} | {(None, one) for one in producer_ids}
    for authority_id, producer_id in sorted(wanted - known, key=str):
        photo.readers.append(PhotoReader(authority_id=authority_id, producer_id=producer_id))
    photo.audience = PhotoAudience.BUYERS if buyers else photo.audience
    session.flush()
    readers = [[reader.authority_id, reader.producer_id] for reader in photo.readers]
    _log(session, "photo.share", photo, actor, at, audience=photo.audience.value, readers=readers)


def _own_readers(actor: Actor) -> list[PhotoReader]:
    if actor.producer_id is not None:
        return [PhotoReader(producer_id=actor.producer_id)]
    return [PhotoReader(authority_id=actor.authority_id)] if actor.authority_id is not None else []


def _log(
    session: Session, action: str, photo: Photo, actor: Actor | None, at: datetime, **data: object
) -> None:
    user_id = actor.user_id if actor else None
    audit.record(session, user_id=user_id, at=at, action=action, subject=f"photo:{photo.id}", **data)
