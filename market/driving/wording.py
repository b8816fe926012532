"""The words that a run on the road is shown with."""

from __future__ import annotations

from market.driving.rules import ReportKind
from market.register.models import Temperature
from market.values import msg

KIND_NAMES = {
    ReportKind.LEFT: msg("Kört iväg"),
    ReportKind.ARRIVED: msg("Framme"),
    ReportKind.LOADED: msg("Lastat"),
    ReportKind.DELIVERED: msg("Lämnat"),
    ReportKind.DEVIATION: msg("Avvikelse"),
    ReportKind.TEMPERATURE: msg("Temperatur"),
    ReportKind.ENDED: msg("Rutten klar"),
}
TEMPERATURE_NAMES = {
    Temperature.CHILLED: msg("Kyl"),
    Temperature.FROZEN: msg("Frys"),
    Temperature.AMBIENT: msg("Torrt"),
}
MEASURED_NAMES = {
    Temperature.CHILLED: msg("Temperatur, kylvaror"),
    Temperature.FROZEN: msg("Temperatur, frysta varor"),
}
# What the page's script says. Every text stands in the page, translated, so that it can be said without coverage.
QUEUE_WORDS = {
    "waiting": msg("Sparat på telefonen, väntar på täckning"),
    "refused": msg("Togs inte emot"),
    "allSent": msg("Allt du har rapporterat är skickat."),
    "left": msg("{n} rapporter väntar på telefonen och skickas när det finns täckning."),
    "oneLeft": msg("1 rapport väntar på telefonen och skickas när det finns täckning."),
    "signedOut": msg("Du är utloggad. Rapporterna ligger kvar på telefonen. Logga in, så skickas de."),
    "stopped": msg("Rapporterna togs inte emot och ligger kvar på telefonen."),
    "gone": msg("Rutten finns inte längre för dig. Ring den som planerar om det är fel."),
    "tooLarge": msg("Fotot är för stort. Rapportera igen med ett mindre foto eller utan."),
    "failed": msg("Något gick fel hos oss. Skicka den igen om en stund, eller ring den som planerar."),
    "remove": msg("Ta bort"),
    "again": msg("Skicka igen"),
    "needed": msg("Fyll i det här."),
    "number": msg("Skriv ett tal, till exempel 12,5."),
}
