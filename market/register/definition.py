"""An authority's definition of local in words, written from the rules themselves."""

from __future__ import annotations

from geodata.local import describe, from_json
from market.register.models import Authority


def definition_in_words(authority: Authority, *, swedish: bool) -> str:
    definition = from_json(authority.local_definition)
    return describe(definition, "sv" if swedish else "en", authority_code=authority.municipality_code)
