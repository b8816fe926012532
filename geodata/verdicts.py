"""Is this local, for whom, and why: a definition applied to a product's chain of production sites.

Three answers. A site's rules combine by and (the least answer) and or (the greatest); the sites of
the chain combine by and, so one site outside decides. Uncertain is said where the answer turns on
what is not known well enough: within 2 km of a border when only a coordinate is known, and inside
the band of an estimated road.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geodata import shapes
from geodata.definitions import AllOf, AnyOf, LocalDefinition, NotInForce, Rule
from geodata.evidence import Evidence
from geodata.findings import Finding, judge
from geodata.reasons import Answer, Change, Reason
from geodata.sites import ProductionSite, Situation
from geodata.statements import statement
from geodata.travel import Estimator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geodata.points import Point
    from geodata.travel import TravelEngine


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer; the reasons, those that decided it first; what would change it; what it rests on."""

    answer: Answer
    reasons: tuple[Reason, ...]
    would_change: tuple[Change, ...]
    evidence: tuple[Evidence, ...]
    on: date

    @property
    def deciding(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.answer is self.answer)

    def to_json(
        self, language: str = "sv", *, product_names: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Plain data with the texts in one language; `product_names` are in it, by an expanding circle's product."""
        changes = [
            {"code": c.code, "text": c.text(language, product_names=product_names)} for c in self.would_change
        ]
        return {
            "answer": str(self.answer),
            "reasons": [_reason_json(reason, language, product_names) for reason in self.reasons],
            "would_change": changes,
            "evidence": [_evidence_json(evidence, language) for evidence in self.evidence],
            "data_version": shapes.origin()[1],
            "on": self.on.isoformat(),
        }


def verdict(
    definition: LocalDefinition,
    *,
    authority_code: str,
    sites: Sequence[ProductionSite],
    kitchen: Point | None = None,
    kitchen_name: str = "",
    travel: TravelEngine | None = None,
    on: date,
) -> Verdict:
    """Apply an authority's definition to a chain, as of a day; the order of the sites never matters.

    Without a travel engine roads are estimated, and said to be. Raises `NotInForce` when the
    definition doesn't apply on that day, and `geodata.areas.UnknownArea` for an unknown code.
    """
    if not definition.is_in_force(on):
        raise NotInForce(
            f"The definition is not in force on {on} (from {definition.valid_from}, to {definition.valid_to}). "
            "Choose the version that is."
        )
    situation = Situation(authority_code, kitchen, kitchen_name, travel or Estimator())
    counting = sorted({site for site in sites if site.step in definition.steps}, key=ProductionSite.sort_key)
    if not counting:
        return _nothing_counts(on)
    judged = [_judge(definition.rule, site, situation) for site in counting]
    answer = min((own for own, _ in judged), key=lambda own: own.rank)
    decided = [finding for own, found in judged if own is answer for finding in found]
    rest = [finding for own, found in judged if own is not answer for finding in found]
    return _verdict(answer, decided, rest, on)


def _judge(rule: Rule, site: ProductionSite, situation: Situation) -> tuple[Answer, tuple[Finding, ...]]:
    """The answer for one site, and the findings that it rests on."""
    if not isinstance(rule, AllOf | AnyOf):
        finding = judge(rule, site, situation)
        return finding.answer, (finding,)
    parts = [_judge(part, site, situation) for part in rule.rules]
    extreme = min if isinstance(rule, AllOf) else max
    answer = extreme((own for own, _ in parts), key=lambda own: own.rank)
    settled = Answer.NO if isinstance(rule, AllOf) else Answer.YES
    resting = [found for own, found in parts if answer is not settled or own is answer]
    return answer, tuple(finding for found in resting for finding in found)


def _verdict(answer: Answer, decided: list[Finding], rest: list[Finding], on: date) -> Verdict:
    agreeing = [finding for finding in decided if finding.answer is answer]
    others = [finding for finding in decided if finding.answer is not answer]
    changes = () if answer is Answer.YES else (f.change for f in agreeing if f.change is not None)
    everything = [*agreeing, *others, *rest]
    return Verdict(
        answer=answer,
        reasons=tuple(dict.fromkeys(finding.reason for finding in everything)),
        would_change=tuple(dict.fromkeys(changes)),
        evidence=tuple(dict.fromkeys(finding.evidence for finding in everything)),
        on=on,
    )


def _nothing_counts(on: date) -> Verdict:
    reason = Reason(answer=Answer.UNCERTAIN, said=statement("question.no_site"))
    change = Change(said=statement("change.state_site"))
    return Verdict(Answer.UNCERTAIN, (reason,), (change,), (), on)


def _reason_json(reason: Reason, language: str, product_names: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "code": reason.code,
        "answer": str(reason.answer),
        "step": str(reason.step) if reason.step else None,
        "site": reason.site,
        "text": reason.text(language, product_names=product_names),
        "facts": {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in reason.said.facts},
    }


def _evidence_json(evidence: Evidence, language: str) -> dict[str, str]:
    return {
        "method": evidence.method,
        "source": evidence.source,
        "version": evidence.version,
        "text": evidence.text(language),
    }
