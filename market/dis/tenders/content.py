"""A tender as the bytes that are sealed: canonical JSON, so that its SHA-256 is that of the receipt and of the opened file.

    {"format": "narmat-tender-1", "given_at": ..., "lots": [...], ...}

One that has been taken back says only that, and when.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from market.dis.tenders.rules import Claimed, Evidence, OfferedLot, Written

FORMAT = "narmat-tender-1"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Whose it is, who gave it, and the server's instant. `request_key` tells a form sent twice."""

    calloff_id: int
    invitation_id: int
    producer_id: int
    user_id: int
    given_at: datetime
    request_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What lies in an envelope; `written` is None when the tender has been taken back."""

    stamp: Stamp
    written: Written | None


def packed(sealed: Sealed) -> bytes:
    stamp, written = sealed.stamp, sealed.written
    content = {
        "format": FORMAT,
        "calloff": stamp.calloff_id,
        "invitation": stamp.invitation_id,
        "producer": stamp.producer_id,
        "given_by": stamp.user_id,
        "given_at": stamp.given_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "request_key": stamp.request_key,
        "tender": None if written is None else _tender(written),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def unpacked(content: bytes) -> Sealed:
    """Raises ValueError for bytes that are no tender of this format."""
    read: Json = json.loads(content)
    if read.get("format") != FORMAT:
        raise ValueError(f"not {FORMAT}")
    stamp = Stamp(
        calloff_id=read["calloff"],
        invitation_id=read["invitation"],
        producer_id=read["producer"],
        user_id=read["given_by"],
        given_at=datetime.fromisoformat(read["given_at"]),
        request_key=read["request_key"],
    )
    return Sealed(stamp=stamp, written=None if read["tender"] is None else _written(read["tender"]))


def _tender(written: Written) -> Json:
    return {
        "lots": [_lot(lot) for lot in written.lots],
        "deliveries_ore": {str(kitchen): ore for kitchen, ore in written.deliveries.items()},
        "min_total_ore": written.min_total_ore,
        "claims": [_claim(claim) for claim in written.claims],
        "note": written.note,
    }


def _lot(lot: OfferedLot) -> Json:
    return {
        "lot": lot.lot_id,
        "product": lot.product_name,
        "price": str(lot.price),
        "min_steps": lot.min_steps,
        "max_steps": lot.max_steps,
        "weekdays": list(lot.weekdays),
        "organic": lot.is_organic,
        "note": lot.note,
    }


def _claim(claim: Claimed) -> Json:
    file = claim.file
    return {
        "criterion": claim.criterion_id,
        "evidence": claim.evidence,
        "file": None
        if file is None
        else {
            "name": file.name,
            "content_type": file.content_type,
            "base64": base64.b64encode(file.content).decode("ascii"),
        },
    }


def _written(read: Mapping[str, Any]) -> Written:
    return Written(
        lots=tuple(_offered(lot) for lot in read["lots"]),
        deliveries={int(kitchen): ore for kitchen, ore in read["deliveries_ore"].items()},
        min_total_ore=read["min_total_ore"],
        claims=tuple(
            Claimed(criterion_id=one["criterion"], evidence=one["evidence"], file=_file(one["file"]))
            for one in read["claims"]
        ),
        note=read["note"],
    )


def _offered(lot: Mapping[str, Any]) -> OfferedLot:
    return OfferedLot(
        lot_id=lot["lot"],
        product_name=lot["product"],
        price=Decimal(lot["price"]),
        min_steps=lot["min_steps"],
        max_steps=lot["max_steps"],
        weekdays=tuple(lot["weekdays"]),
        is_organic=lot["organic"],
        note=lot["note"],
    )


def _file(file: Mapping[str, str] | None) -> Evidence | None:
    if file is None:
        return None
    return Evidence(
        name=file["name"],
        content_type=file["content_type"],
        content=base64.b64decode(file["base64"], validate=True),
    )
