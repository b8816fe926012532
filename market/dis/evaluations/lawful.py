"""Added values that are lawful to ask for, as municipalities do; none has to do with where anyone is (LOU 4 kap. 1 §). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from market.values import msg


@dataclass(frozen=True, slots=True)
class Proposal:
    """What it is called, how it is judged so that all are judged alike, and words that show it is already there."""

    name: str
    how: str
    is_scored: bool
    words: tuple[str, ...]


PROPOSALS = (
    Proposal(
        msg("Tar emot studiebesök av skolklasser"),
        msg("Ja eller nej: hur många klasser om året, i vilken storlek, utan kostnad. Styrks med ett program."),
        False,
        ("studiebesök", "skolklass"),
    ),
    Proposal(
        msg("Besöker skolor och berättar om sin verksamhet"),
        msg("Ja eller nej: hur många besök om året, hur länge. Styrks med ett upplägg."),
        False,
        ("besöker skol", "skolbesök", "besök i skol"),
    ),
    Proposal(
        msg("Tar emot praktikanter"),
        msg("Ja eller nej: hur många veckor om året, med utsedd handledare."),
        False,
        ("praktik",),
    ),
    Proposal(
        msg("Färskhet vid leverans"),
        msg("Ja eller nej: högst så många dygn mellan skörd, slakt eller packning och leverans, märkt på varan."),
        False,
        ("färsk",),
    ),
    Proposal(
        msg("Levererar inom snävare tider"),
        msg("Ja eller nej: leverans inom en timme från avtalad tid, eller på fler veckodagar än kravet."),
        False,
        ("leveranstid", "leveransfönster", "veckodag", "snävare tid"),
    ),
    Proposal(
        msg("Förpackningar som passar köken"),
        msg("Ja eller nej: minst två storlekar, eller returemballage."),
        False,
        ("förpackning", "emballage"),
    ),
    Proposal(
        msg("Smak"), msg("Poäng av en arbetsgrupp som provar blint, var och en för sig."), True, ("smak",)
    ),
    Proposal(
        msg("Konsistens"), msg("Poäng av en arbetsgrupp efter tillagning på samma sätt."), True, ("konsistens",)
    ),
    Proposal(
        msg("Vätskeförlust"), msg("Poäng efter vägning före och efter tillagning."), True, ("vätskeförlust",)
    ),
    Proposal(
        msg("Upptining"), msg("Poäng efter upptining på samma sätt: vätska, form och lukt."), True, ("upptining",)
    ),
    Proposal(
        msg("Ekologisk certifiering"), msg("Ja eller nej: EU-ekologiskt eller likvärdigt. Styrks med certifikat."),
        False, ("ekologisk", "krav-"),
    ),
    Proposal(
        msg("Djurvälfärd utöver lagens krav"),
        msg("Ja eller nej: angivna, mätbara villkor, till exempel utevistelse. Likvärdiga bevis godtas."),
        False,
        ("djurvälfärd", "djuromsorg", "utevistelse"),
    ),
)  # fmt: skip


def proposals_beside(names: Iterable[str]) -> list[Proposal]:
    """Those that the criteria do not have already."""
    known = " | ".join(names).lower()
    return [one for one in PROPOSALS if not any(word in known for word in one.words)]
