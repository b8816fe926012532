"""What a page of follow-up is asked for in its address: the period, the kitchen, the category; and links that ask for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from market import shell
from market.followup import wording
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, kitchens_of, scope_for
from market.formatting import named
from market.register.queries import categories
from market.values import Named

CHOICES = {SpanKind.WEEK: 60, SpanKind.MONTH: 36, SpanKind.YEAR: 6}
"""So many periods can be chosen from; the arrows lead further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`wrong` says what was wrong with the period, where this month is shown instead."""

    span: Span
    scope: Scope
    today: date
    wrong: str = ""

    @property
    def status(self) -> int:
        return 400 if self.wrong else 200

    @property
    def is_going_on(self) -> bool:
        return self.today in self.span.period

    def url(self, endpoint: str, **changed: Any) -> str:
        """To a page with the same period, kitchen and category, but for what is `changed`."""
        kept = {"period": self.span, "kitchen": self._chosen_kitchen, "category": self.scope.category_key}
        return url_for(endpoint, **{name: value for name, value in {**kept, **changed}.items() if value})

    @property
    def _chosen_kitchen(self) -> int | None:
        return None if shell.actor().kitchen_id else self.scope.kitchen_id

    def of_kind(self, kind: SpanKind) -> Span:
        """The week, month or year at the end of this period, or today's where it is going on."""
        return Span.containing(self.today if self.is_going_on else self.span.period.last, kind)


def asked_for() -> Asked:
    """From the address. 404 for a kitchen that is not the reader's, and for a category that there is not."""
    wrong, today = "", shell.today()
    text = request.args.get("period", "").strip()
    span = Span.containing(today, SpanKind.MONTH)
    if text:
        try:
            span = Span.parse(text)
        except ValueError:
            wrong = gettext(
                "”%(text)s” är ingen vecka, månad eller år. Skriv till exempel 2026-W48, 2026-11 eller 2026. Här visas den här månaden.",
                text=text[:40],
            )
    scope = scope_for(
        shell.session(),
        actor=shell.actor(),
        kitchen_id=number_asked("kitchen"),
        category_key=request.args.get("category", "").strip() or None,
    )
    return Asked(span=span, scope=shell.found(scope), today=today, wrong=wrong)


def number_asked(name: str) -> int | None:
    """A whole number of the address; 404 for what is none, as for one that nobody has."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        shell.not_found()
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """What can be chosen at the top of a page."""

    kinds: list[tuple[str, Span, bool]]
    spans: list[tuple[Span, str]]
    kitchens: dict[int, str]
    categories: dict[str, str]
    offers_kitchens: bool


def picker(asked: Asked) -> Picker:
    """Three queries."""
    kind = asked.span.kind
    newest = max(asked.span, Span.containing(asked.today, kind))
    spans = list(reversed(newest.trail(CHOICES[kind])))
    if asked.span not in spans:
        spans.append(asked.span)
    kitchens = kitchens_of(shell.session(), authority_id=asked.scope.authority_id)
    return Picker(
        kinds=[(gettext(wording.KIND_NAMES[k]), asked.of_kind(k), k is kind) for k in SpanKind],
        spans=[(span, wording.span_name(span)) for span in spans],
        kitchens={kitchen.id: kitchen.name for kitchen in kitchens},
        categories={c.key: named(Named(c.name_sv, c.name_en)) for c in categories(shell.session())},
        offers_kitchens=shell.actor().kitchen_id is None,
    )
