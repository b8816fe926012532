"""Checks a case file by itself: that no file in it was changed, added or removed, and that its log holds together.

    python3 verify.py            (in the unpacked folder; any Python from 3.9 on, nothing else is needed)

MANIFEST.sha256 has the SHA-256 of each file, as `sha256sum -c` reads it. log/chain.jsonl is the part of the hash-chained log
from the first to the last event of this case: its own events in full, and of all others between them only the hash, so
that the chain can be followed without revealing what they are about. Compare the last hash with the operator's log.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.sha256"
CHAIN = "log/chain.jsonl"


def faults(folder: Path) -> list[str]:
    """Everything that is wrong, in words; nothing when the file is whole."""
    return [*manifest_faults(folder), *chain_faults(folder)]


def manifest_faults(folder: Path) -> list[str]:
    """Files that are changed, missing, or not in the manifest."""
    if not (folder / MANIFEST).is_file():
        return [f"{MANIFEST} is missing"]
    lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found = [f"{name} is missing" for name in sorted(listed.keys() - present)]
    found += [f"{name} is not in the manifest" for name in sorted(present - listed.keys() - {MANIFEST})]
    for name in sorted(listed.keys() & present):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]:
            found.append(f"{name} was changed")
    return found


def chain_faults(folder: Path) -> list[str]:
    """The first event at which the chain does not hold."""
    if not (folder / CHAIN).is_file():
        return [f"{CHAIN} is missing"]
    try:
        return _followed(folder / CHAIN)
    except (ValueError, KeyError, TypeError, StopIteration):
        return [f"{CHAIN} can not be read"]


def _followed(chain: Path) -> list[str]:
    with chain.open(encoding="utf-8") as lines:
        start: dict[str, Any] = json.loads(next(lines))
        number, previous = start["first"], start["previous_hash"]
        for line in lines:
            event: dict[str, Any] = json.loads(line)
            if event["id"] != number:
                return [f"event {number} of the log is missing"]
            if "action" in event and digest_of(event, previous) != event["hash"]:
                return [f"event {number} of the log was changed, or does not follow the one before it"]
            number, previous = number + 1, event["hash"]
    if (number - 1, previous) != (start["last"], start["last_hash"]):
        return ["the end of the log is missing"]
    return []


def digest_of(event: dict[str, Any], previous: str) -> str:
    """SHA-256 of number, instant, user, action, subject, data and the hash before, as canonical JSON."""
    content = [event[name] for name in ("id", "at", "user_id", "action", "subject", "data")]
    text = json.dumps([*content, previous], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    """Say what was found; 0 when everything holds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    found = faults(folder)
    sys.stdout.write(
        "".join(f"FEL: {fault}\n" for fault in found) or "OK: akten är hel och loggen hänger ihop.\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
