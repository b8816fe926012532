"""The service worker's script: what stands in static/js/drive/worker.js, told whose phone it is and which version it keeps."""

from __future__ import annotations

import hashlib
import json

from market.static_files import STATIC

SOURCE = STATIC / "js" / "drive" / "worker.js"
KEPT = ("js", "css")


def _version() -> str:
    """Changes with any script or style sheet, so that a phone does not keep pages of one version with files of another."""
    digest = hashlib.sha256()
    for folder in KEPT:
        for path in sorted((STATIC / folder).rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = _version()


def worker_script(*, user_id: int, stopped_url: str) -> str:
    """The constants and the script."""
    known = {"USER": str(user_id), "VERSION": VERSION, "STOPPED": stopped_url}
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    return constants + SOURCE.read_text(encoding="utf-8")
