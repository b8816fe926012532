"""The letter that invites a producer, as it stands before anyone edits it, and the same as a PDF.

It says no figure that comes of single suppliers' deliveries: only what the kitchens have stated themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext

from market import formatting
from market.followup.supply.models import SupplierInvitation
from market.typesetting import typeset
from market.values import Named, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a draft is made of. `stated_grams`: what kitchens have said that they need; `dis_urls`: where to apply, if open."""

    name: str
    authority: str
    category: Named
    stated_grams: int
    home_url: str
    dis_urls: Sequence[str]
    sender: str
    sender_email: str


def draft(facts: Facts) -> str:
    """Plain text, in the reader's language."""
    kind = formatting.named(facts.category)
    kind = kind[0].lower() + kind[1:]
    parts = [
        gettext("Hej %(name)s!", name=facts.name) if facts.name else gettext("Hej!"),
        gettext(
            "Vi på %(authority)s vill köpa mer mat direkt av dem som producerar den, och vi söker %(category)s till våra kök.",
            authority=facts.authority, category=kind,
        ),
    ]  # fmt: skip
    if facts.stated_grams:
        amount = formatting.kilograms(facts.stated_grams)
        parts.append(
            gettext(
                "Köken har sagt att de behöver ungefär %(amount)s under det närmaste året.", amount=amount
            )
        )
    parts += [_how(facts), *_dis(facts.dis_urls), _law(), _end(facts)]
    return "\n\n".join(parts)


def _how(facts: Facts) -> str:
    return str(
        gettext(
            "Så går det till: Ni berättar i Närmat vad ni har, hur mycket och när. Det tar en minut från telefonen, eller så ringer ni "
            "oss. Köken ser det på en karta, visar intresse och beställer. Ni bestämmer själva pris och mängd, och det kostar inget "
            "att vara med. Läs mer och se vad som finns: %(url)s",
            url=facts.home_url,
        )
    )


def _dis(urls: Sequence[str]) -> list[str]:
    if not urls:
        return []
    lead = gettext("Vårt dynamiska inköpssystem är öppet för ansökningar hela tiden:")
    return ["\n".join([lead, *urls])]


def _law() -> str:
    return str(
        gettext(
            "Inbjudan ger ingen förtur. Alla leverantörer är lika välkomna och behandlas lika när vi upphandlar (LOU 4 kap. 1 §)."
        )
    )


def _end(facts: Facts) -> str:
    lines = [
        gettext("Svara på brevet eller hör av er, så hjälper vi er att komma i gång."), "",
        gettext("Vänliga hälsningar"), facts.sender, facts.authority, facts.sender_email,
    ]  # fmt: skip
    return "\n".join(lines)


def letter_pdf(invitation: SupplierInvitation, *, template: Path, authority: str, at: datetime) -> bytes:
    """A letter on A4, archivable and tagged."""
    content = {
        "title": gettext("Brev till %(name)s", name=invitation.name),
        "language": formatting.current_locale().language,
        "from": authority,
        "to": invitation.name,
        "date": formatting.full_date(local_date(invitation.made_at)),
        "paragraphs": [part.split("\n") for part in invitation.letter.split("\n\n")],
        "page": gettext("Sida"),
    }
    return typeset(template, content, at=at)
