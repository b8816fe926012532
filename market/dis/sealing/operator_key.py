"""Where the operator's key comes from: a setting, or a file in the instance folder that is made when it is first needed."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from market.config import BadSetting, Settings
from market.dis.sealing.boxes import derived
from market.dis.sealing.keeping import Keeper

FILE = "tender-key"
SHORTEST = 32


def keeper_of(settings: Settings) -> Keeper:
    """Raises BadSetting for a key that is too short to be one."""
    secret = settings.tender_key or _kept(settings.instance / FILE)
    if len(secret) < SHORTEST:
        raise BadSetting(
            f"The tender key has {len(secret)} characters: NARMAT_TENDER_KEY, or the file {FILE} in the instance "
            f"folder, must have {SHORTEST} or more, and must be the same as when the tenders were sealed."
        )
    return Keeper(derived(secret.encode(), about=b"narmat/operator"))


def _kept(path: Path) -> str:
    """The file appears whole, readable by its owner only, or that of whoever came first stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(48))
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="utf-8").strip()
