"""What a draft still lacks before it can be published, and every free text in it. Pure over the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from market.dis.systems.models import Dis, DisCategory
from market.dis.systems.rules import RequirementKind
from market.dis.systems.wording_operations import FreeText
from market.values import msg


class SetUpStep(StrEnum):
    """The steps of setting up, in order; the value ends the endpoint's name."""

    BASICS = "edit"
    AUTHORITIES = "edit_authorities"
    CATEGORIES = "edit_categories"
    CATEGORY = "edit_category"
    TERMS = "edit_terms"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and the step where it is filled in; of a category where it is one's."""

    step: SetUpStep
    message: str
    category: DisCategory | None = None


def gaps_of(dis: Dis) -> list[Gap]:
    """What a notice must say and this one does not yet (LOU 8 kap. 3-5 §§)."""
    return [*_basic_gaps(dis), *(gap for one in dis.categories for gap in _category_gaps(one))]


def _basic_gaps(dis: Dis) -> Iterator[Gap]:
    if not dis.description.strip():
        yield Gap(SetUpStep.BASICS, msg("Skriv vad ni ska köpa och ungefär hur mycket (8 kap. 5 §)."))
    if not dis.contact.strip():
        yield Gap(SetUpStep.BASICS, msg("Skriv vem leverantörerna kan fråga."))
    if not dis.categories:
        yield Gap(SetUpStep.CATEGORIES, msg("Välj minst en kategori."))
    if not dis.contract_terms.strip():
        yield Gap(SetUpStep.TERMS, msg("Skriv avtalsvillkoren."))


def _category_gaps(category: DisCategory) -> Iterator[Gap]:
    if not category.description.strip():
        yield Gap(SetUpStep.CATEGORY, msg("Skriv vad som kännetecknar kategorin (8 kap. 4 §)."), category)
    if not category.requirements:
        yield Gap(
            SetUpStep.CATEGORY,
            msg("Varje kategori behöver minst ett kvalificeringskrav (8 kap. 3 §)."),
            category,
        )
    if any(one.kind is RequirementKind.DOCUMENT and not one.proof.strip() for one in category.requirements):
        yield Gap(SetUpStep.CATEGORY, msg("Skriv vilket bevis som ska bifogas till kravet."), category)


def texts_of(dis: Dis) -> list[FreeText]:
    """Every text that a supplier reads and that could favour somebody, with where it stands."""
    own = [("name", dis.name), ("description", dis.description), ("contract_terms", dis.contract_terms)]
    return [FreeText(*pair) for pair in own] + [text for one in dis.categories for text in texts_in(one)]


def texts_in(category: DisCategory) -> list[FreeText]:
    pairs = [(f"category:{category.id}", category.description)]
    for row in category.requirements:
        pairs += [(f"requirement:{row.id}", row.text), (f"requirement:{row.id}:proof", row.proof)]
    for one in category.criteria:
        pairs += [(f"criterion:{one.id}", one.name), (f"criterion:{one.id}:description", one.description)]
    return [FreeText(*pair) for pair in pairs]


def step_of(dis: Dis, place: str) -> tuple[SetUpStep, DisCategory | None]:
    """Where the text at a place is changed."""
    if place == "contract_terms":
        return SetUpStep.TERMS, None
    for category in dis.categories:
        if place in {text.place for text in texts_in(category)}:
            return SetUpStep.CATEGORY, category
    return SetUpStep.BASICS, None
