"""Which seal this installation has: the operator's, in the demo one of its own, or none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from market.agreements.seals import Seal, UnusableSeal, demo_seal, seal_from_files
from market.config import BadSetting, Settings


def seal_of(settings: Settings) -> Seal | None:
    """The operator's seal, read once at the start. Raises BadSetting for what can not be used."""
    if not settings.seal_key:
        if settings.seal_cert:
            raise BadSetting(
                "NARMAT_SEAL_CERT is set but NARMAT_SEAL_KEY is not: a certificate needs its key."
            )
        return None
    certificate = Path(settings.seal_cert) if settings.seal_cert else None
    try:
        return seal_from_files(Path(settings.seal_key), certificate, passphrase=settings.seal_passphrase)
    except UnusableSeal as problem:
        raise BadSetting(f"NARMAT_SEAL_KEY: {problem}") from None


def seal_at_hand(settings: Settings, configured: Seal | None, *, at: datetime) -> Seal | None:
    """What seals now: the operator's, else in the demo its own, which is made when it is first needed."""
    if configured is None and settings.demo:
        return demo_seal(settings.instance, at=at)
    return configured
