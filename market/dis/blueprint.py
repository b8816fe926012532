"""The blueprint that all pages of a DIS share, and links to pages of other steps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for

dis = Blueprint("dis", __name__, url_prefix="/dis")


def dis_url(endpoint: str, **values: Any) -> str | None:
    """The address of a page of a DIS by its endpoint, such as "dis.desk"; None where there is no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


@dis.app_context_processor
def _link_between_steps() -> dict[str, object]:
    return {"dis_url": dis_url}
