"""The words that kinds of jobs and their states are shown with."""

from __future__ import annotations

from market.jobs.rules import JobState
from market.values import msg

KIND_NAMES = {
    "plan_week": msg("Veckan planeras"),
    "replan_from_now": msg("Veckan planeras om från nu"),
    "replan_plan": msg("Planen räknas om runt det som är låst"),
    "prepare_scenario": msg("Beredskapen räknas ut"),
    "simulate_dis": msg("Marknaden simuleras"),
}
WITHOUT_COST = frozenset({"prepare_scenario", "simulate_dis"})
"""Kinds that search for no cheapest way, so that their pages speak of no cost."""
OTHER_KIND = msg("Arbete pågår")
DONE_MESSAGES = {
    "plan_week": msg("Planen är klar. Titta igenom den och publicera den när den ser bra ut."),
    "replan_from_now": msg(
        "Här är ett utkast med resten av veckan. Se vilka som berörs, och publicera det sedan."
    ),
    "replan_plan": msg("Planen är omräknad. Det som var låst är som det var."),
    "prepare_scenario": msg("Scenariot är uträknat."),
    "simulate_dis": msg("Simuleringen är klar."),
}
"""Said where the job's result is shown."""
STATE_NAMES = {
    JobState.WAITING: msg("Väntar på sin tur"),
    JobState.RUNNING: msg("Räknar"),
    JobState.DONE: msg("Klart"),
    JobState.FAILED: msg("Gick inte"),
    JobState.STOPPED: msg("Stoppat"),
}
STATE_TONES = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "note",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.STOPPED: "neutral",
}
