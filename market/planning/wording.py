"""The words and tones that a plan's state is shown with."""

from __future__ import annotations

from market.planning.rules import PlanState
from market.register.models import Temperature
from market.values import msg

STATE_NAMES = {PlanState.DRAFT: msg("Utkast"), PlanState.PUBLISHED: msg("Publicerad")}
STATE_TONES = {PlanState.DRAFT: "neutral", PlanState.PUBLISHED: "good"}
WEEKDAY_NAMES = {
    1: msg("mån"), 2: msg("tis"), 3: msg("ons"), 4: msg("tor"), 5: msg("fre"), 6: msg("lör"), 7: msg("sön"),
}  # fmt: skip
CLASS_NAMES = {
    Temperature.AMBIENT: msg("torrt"), Temperature.CHILLED: msg("kylvara"), Temperature.FROZEN: msg("fryst"),
}  # fmt: skip
COMPARTMENT_NAMES = {
    Temperature.AMBIENT: msg("i det torra facket"),
    Temperature.CHILLED: msg("i kylfacket"),
    Temperature.FROZEN: msg("i frysfacket"),
}
