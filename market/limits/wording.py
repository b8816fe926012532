"""The words of the limit: periods, grounds, states, and how a meter is told."""

from __future__ import annotations

from babel.dates import get_month_names

from market import formatting
from market.limits.rules import EntryEvent, EntryState, LiftGround, Meter, PeriodKind
from market.values import msg

PERIOD_NAMES = {
    PeriodKind.YEAR: msg("Räkenskapsåret"),
    PeriodKind.ROLLING: msg("De senaste tolv månaderna, räknat för varje dag"),
}
GROUND_NAMES = {
    LiftGround.NO_SUITABLE_TENDERS: msg("Inga lämpliga anbud i en annonserad upphandling (19 a kap. 3 §)"),
    LiftGround.UNACCEPTABLE_TENDERS: msg("Bara ogiltiga eller oacceptabla anbud (19 a kap. 4 §)"),
    LiftGround.URGENCY: msg("Synnerlig brådska som inte gick att förutse (19 a kap. 5 § 1)"),
    LiftGround.OTHER_EXCEPTION: msg("Annat undantag eller synnerliga skäl (19 a kap. 5 § 2–3)"),
    LiftGround.REVIEW: msg("Upphandlingen överprövas (19 a kap. 6 §)"),
    LiftGround.NOT_SAME_KIND: msg("Det som räknats här är inte ett och samma köp (5 kap. 3, 4 och 11 §§)"),
}
STATE_NAMES = {
    EntryState.COMMITTED: msg("Beställt"),
    EntryState.DELIVERED: msg("Levererat"),
    EntryState.RELEASED: msg("Räknas inte"),
}
STATE_TONES = {EntryState.COMMITTED: "note", EntryState.DELIVERED: "good", EntryState.RELEASED: "neutral"}
EVENT_NAMES = {
    EntryEvent.COMMIT: msg("Togs i anspråk"),
    EntryEvent.RECORD: msg("Fördes in för hand"),
    EntryEvent.SETTLE: msg("Räknades om till det levererade"),
    EntryEvent.RELEASE: msg("Gavs tillbaka"),
}
TONES = ("good", "note", "warn", "bad")
LEVEL_WORDS = (
    msg("Gott om utrymme"),
    msg("Första varningen"),
    msg("Andra varningen"),
    msg("Sista varningen"),
)
OVER, LIFTED = msg("Gränsen är nådd"), msg("Spärren är hävd")


def month_name(month: int) -> str:
    return str(get_month_names("wide", locale=formatting.current_locale())[month])


def level_word(meter: Meter) -> str:
    """How a kind stands in two words."""
    if meter.lifted_ore:
        return LIFTED
    return OVER if meter.is_over or not meter.room_ore else LEVEL_WORDS[meter.level]


def level_tone(meter: Meter) -> str:
    if meter.is_over or not meter.room_ore:
        return "bad"
    return TONES[meter.level]
