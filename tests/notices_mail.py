"""Settings of an installation that sends mail, and what a message about an order carries."""

from __future__ import annotations

from market.config import Settings

ORDER = {
    "order_id": 7,
    "producer": "Åkerbo gård",
    "kitchen": "Köket på Ön",
    "receiving_kitchen": "Centralköket",
    "deliver_on": "2026-11-25",
    "total_ore": 56_000,
    "lines": [{"product": "Morötter", "steps": 40_000, "unit": "KGM", "price": "14.00"}],
}


def mail_settings(settings: Settings, url: str) -> Settings:
    return settings.having(
        smtp_url=url, mail_from="Närmat <narmat@example.se>", base_url="https://narmat.example.se"
    )
