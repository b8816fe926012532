"""What the pages of setting up, publishing and reading a DIS share."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flask import current_app, url_for

from market import formatting, shell
from market.dis.blueprint import dis as dis_blueprint
from market.dis.rules import Regime
from market.dis.systems.models import Dis, DisCategory
from market.dis.systems.queries import category_to_change, dis_to_change, own_dis, public_dis
from market.dis.systems.readiness import Gap, SetUpStep
from market.dis.systems.wording import (
    CRITERION_KINDS,
    EVENT_NAMES,
    REGIME_NAMES,
    REQUIREMENT_KINDS,
    STATE_NAMES,
    TIE_RULES,
    WARNING_KINDS,
)
from market.law.models import LawValue
from market.law.queries import law_value_or_none
from market.law.rules import LawKey
from market.values import msg

STEP_NAMES = {
    SetUpStep.BASICS: msg("Grunder"),
    SetUpStep.AUTHORITIES: msg("Kommuner"),
    SetUpStep.CATEGORIES: msg("Kategorier"),
    SetUpStep.TERMS: msg("Villkor"),
    SetUpStep.PUBLISH: msg("Publicera"),
}


@dis_blueprint.app_context_processor
def _words() -> dict[str, object]:
    """What kinds and choices are called, for the templates of every step of a DIS."""
    return {
        "dis_words": {
            "regime": REGIME_NAMES,
            "state": STATE_NAMES,
            "event": EVENT_NAMES,
            "requirement": REQUIREMENT_KINDS,
            "criterion": CRITERION_KINDS,
            "tie": TIE_RULES,
            "warning": WARNING_KINDS,
        },
        "dis_percent": percent,
        "dis_last_day": last_day,
    }


def percent(bp: int) -> str:
    """Hundredths of a per cent, as in "12,5 %"."""
    return f"{formatting.decimal((Decimal(bp) / 100).normalize())}\N{NO-BREAK SPACE}%"


def last_day(dis: Dis) -> date:
    """The last day of the validity, as people say it."""
    return dis.valid_until - timedelta(days=1)


def dis_of_staff(dis_id: int) -> Dis:
    """For the staff of the named authorities, or 404."""
    return shell.found(own_dis(shell.session(), actor=shell.actor(), dis_id=dis_id))


def dis_of_officer(dis_id: int) -> Dis:
    """For the officers who run it, or 404."""
    return shell.found(dis_to_change(shell.session(), actor=shell.actor(), dis_id=dis_id))


def dis_of_everyone(dis_id: int) -> Dis:
    """A published one, or 404."""
    return shell.found(public_dis(shell.session(), dis_id=dis_id))


def category_of_officer(dis_category_id: int) -> DisCategory:
    """For the officers who run its DIS, or 404."""
    category = category_to_change(shell.session(), actor=shell.actor(), dis_category_id=dis_category_id)
    return shell.found(category)


def threshold_today() -> LawValue | None:
    """The EU threshold in kronor, or None where nobody has entered it for today."""
    return law_value_or_none(shell.session(), LawKey.EU_THRESHOLD, on=shell.today())


def notice_url(dis: Dis) -> str:
    """Where the notice is, for readers elsewhere."""
    return url_for("dis.show", dis_id=dis.id, _external=True)


def step_url(dis: Dis, step: SetUpStep, category: DisCategory | None = None) -> str:
    """The page of a step of setting up."""
    if step is SetUpStep.CATEGORY and category is not None:
        return url_for("dis.edit_category", dis_category_id=category.id)
    return url_for(f"dis.{step.value}", dis_id=dis.id)


def gap_url(dis: Dis, gap: Gap) -> str:
    return step_url(dis, gap.step, gap.category)


def notice_template() -> Path:
    """What the notice is typeset from."""
    return Path(current_app.root_path, str(current_app.template_folder), "documents", "dis_notice.typ")


def is_strict(dis: Dis) -> bool:
    return dis.regime is Regime.DIRECTIVE
