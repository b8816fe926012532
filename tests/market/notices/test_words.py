"""Every kind of message in both languages, with what it carries; and what is done with people's own words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tree import ROOT

from market.notices.delivery import Told
from market.notices.kinds import CHOOSABLE, DIGEST, KINDS
from market.notices.posting import one_line
from market.notices.writing import read_token, unsubscribe_token, write, written_for

SAMPLES = json.loads(Path(__file__).with_name("samples.json").read_text(encoding="utf-8"))
SHARED = {
    "order": {
        "order_id": 7,
        "producer": "Åkerbo gård",
        "kitchen": "Centralköket",
        "receiving_kitchen": "Centralköket",
        "deliver_on": "2026-11-25",
        "total_ore": 56_000,
        "lines": [
            {
                "product": "Morötter",
                "steps": 40_000,
                "unit": "KGM",
                "price": "14.00",
                "accepted": 0,
                "deviation": "damaged",
                "note": "Frusna",
            }
        ],
    },
    "agreement": {"agreement_id": 5, "producer": "Åkerbo gård", "authority": "Norrtälje kommun"},
    "limit": {
        "kind_key": "vegetables",
        "kind_sv": "Grönsaker",
        "kind_en": "Vegetables",
        "spent_ore": 57_400_000,
        "limit_ore": 70_000_000,
    },
    "visit": {
        "booking_id": 4,
        "producer": "Åkerbo gård",
        "site": "Gården",
        "address": "",
        "school": "Skolan",
        "class_name": "3 B",
        "pupils": 22,
        "contact_name": "Eva Ek",
        "contact_phone": "070-123 45 67",
        "day": "2026-12-01",
        "starts_s": 34_200,
        "ends_s": 41_400,
    },
}
TEMPLATES = {path.stem for path in (ROOT / "templates/emails").glob("*.txt")} - {DIGEST}


def sample(kind: str) -> Told:
    params = dict(SAMPLES[kind])
    for name, more in SHARED.items():
        if params.pop(name, False):
            params |= more
    return Told(kind=kind, params=params)


def test_every_kind_has_words_a_label_and_a_sample():
    assert set(KINDS) & set(SAMPLES) >= TEMPLATES, (
        "a kind is a template in templates/emails, a line in market/notices/kinds.py and what it carries in samples.json"
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_a_kind_says_what_has_happened_and_where_to_go(app, kind, language):
    with written_for(app, base_url="https://narmat.example.se", language=language):
        written = write(sample(kind))
    assert 5 < len(written.subject) < 120
    assert "\n" not in written.subject
    assert len(re.findall(r"https://narmat\.example\.se/\S+", written.body)) == 1, "one link"
    assert "\n\n\n" not in written.body
    assert not re.search(r"None|\{\{|%\(|undefined", written.subject + written.body)
    assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", written.body), "dates are written out"


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_the_two_languages_differ(app, kind):
    said = set()
    for language in ("sv", "en"):
        with written_for(app, base_url="", language=language):
            said.add(write(sample(kind)).body)
    assert len(said) == 2


@pytest.mark.parametrize(("language", "word"), [("sv", "Grönsaker"), ("en", "Vegetables")])
def test_a_kind_of_goods_is_named_in_the_reader_s_language(app, language, word):
    with written_for(app, base_url="", language=language):
        assert word in write(sample("limit_warning")).subject


def test_a_digest_holds_its_messages_whole(app):
    parts = [sample("order_proposed"), sample("need_matched")]
    with written_for(app, base_url="https://narmat.example.se", language="sv"):
        digest = write(Told(kind=DIGEST, params={}), parts=parts)
        each = [write(part) for part in parts]
    assert digest.subject == "Närmat: 2 meddelanden"
    for part in each:
        assert part.subject in digest.body
        assert part.body in digest.body


def test_a_message_that_lacks_something_is_never_written_half(app):
    told = Told(kind="order_proposed", params={"kitchen": "Centralköket"})
    with written_for(app, base_url="", language="sv"), pytest.raises(Exception, match="must be str"):
        write(told)


@pytest.mark.parametrize(
    "text", ["a\nBcc: b", "a\r\nBcc: b", "a\x00Bcc: b", "a\x0bBcc: b", "a\u2028Bcc: b", "a\x85Bcc: b"]
)
def test_no_control_gets_into_a_header(text):
    assert one_line(text) == "a Bcc: b"


def test_a_token_is_ours_or_nobody_s(app):
    settings = app.extensions["narmat.settings"]
    token = unsubscribe_token(settings, user_id=3, kind="need_matched")
    assert read_token(settings, token) == (3, "need_matched")
    assert read_token(settings, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert read_token(settings.having(secret_key="another"), token) is None
    assert read_token(settings, "987654") is None


def test_what_belongs_to_a_deal_can_not_be_chosen_away():
    assert not {"order_confirmed", "order_declined", "order_cancelled", "visit_cancelled"} & set(CHOOSABLE)
