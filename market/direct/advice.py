"""Which ways of buying are lawful for a planned purchase, and which is quickest (LOU 5, 8, 19 and 19 a kap.). Pure.

It knows amounts, times and whether the need recurs; nothing of who sells or where.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from market.direct.need import Advice, Facts, Need, Route, Said, Verdict
from market.values import Money, msg


def advise(need: Need, facts: Facts) -> list[Advice]:
    """All four routes: the lawful ones first, the quickest before the others."""
    found = [
        direct_award(need, facts),
        lots(need, facts),
        national_dis(need, facts),
        directive_dis(need, facts),
    ]
    order = [Verdict.LAWFUL, Verdict.UNKNOWN, Verdict.UNLAWFUL]
    return sorted(found, key=lambda advice: (order.index(advice.verdict), _quickness(advice.route)))


def _quickness(route: Route) -> int:
    """The routes are listed by how long they take.

    A direct award has no times to keep, a lot those of the way it is awarded in, a national DIS a reasonable time, one
    under the directive the days of chapter 8.
    """
    return list(Route).index(route)


def counted_ore(need: Need, facts: Facts) -> int:
    """The value that is held against the direct-award limit, in öre.

    One contract: its whole value beside what is bought already (5 kap. 3 and 4 §§). A recurring need: the coming twelve
    months (5 kap. 11 § 2), or what this period comes to with it, whichever is more.
    """
    if not need.recurs:
        return facts.spent_ore + need.ore
    yearly = -(-need.ore * 12 // need.months)
    days = min(max(0, (facts.period_end - need.on).days), round(need.months * 365 / 12))
    in_period = facts.spent_ore + min(need.ore, -(-yearly * days // 365))
    return max(yearly, in_period)


def direct_award(need: Need, facts: Facts) -> Advice:
    value = counted_ore(need, facts)
    amounts = {"value": Money(value), "limit": Money(facts.limit_ore), "spent": Money(facts.spent_ore)}
    paragraphs = "19 a kap. 2 §, 5 kap. 3, 4, 11 §§"
    if value >= facts.limit_ore:
        return Advice(
            route=Route.DIRECT_AWARD,
            verdict=Verdict.UNLAWFUL,
            why=Said(
                msg(
                    "Värdet räknas till %(value)s, med %(spent)s som redan är köpt av samma slag. Det ska vara under "
                    "%(limit)s. Att dela upp köpet för att komma under är inte tillåtet (5 kap. 7 a §)."
                ),
                amounts,
            ),
            paragraphs=paragraphs,
        )
    return Advice(
        route=Route.DIRECT_AWARD,
        verdict=Verdict.LAWFUL,
        why=Said(
            msg("Värdet räknas till %(value)s, med %(spent)s som redan är köpt. Det är under %(limit)s."),
            amounts,
        ),
        paragraphs=paragraphs,
        steps=(
            Said(
                msg(
                    "Ingen annons och ingen bestämd tid för anbud. Leverantörer behandlas lika (19 a kap. 8 §)."
                )
            ),
            *_documenting(value, facts),
            Said(msg("Har fler än en tillfrågats: underrätta dem skriftligt om beslutet (19 a kap. 10 §).")),
        ),
        lacks=_guidelines(facts),
        days=0,
    )


def lots(need: Need, facts: Facts) -> Advice:
    """Small lots of a procurement over the threshold may follow the national rules (5 kap. 8 §)."""
    paragraphs = "5 kap. 8 §"
    judged = _lot_refusal(need, facts)
    if judged is not None:
        verdict, why, lacks = judged
        return Advice(route=Route.LOTS, verdict=verdict, why=why, paragraphs=paragraphs, lacks=lacks)
    assert need.whole_ore is not None
    by_direct_award = counted_ore(need, facts) < facts.limit_ore
    how = (
        Said(
            msg(
                "Delkontraktet får direktupphandlas: dess värde och det som är köpt av samma slag är under gränsen."
            )
        )
        if by_direct_award
        else Said(msg("Delkontraktet annonseras enligt 19 kap., med skälig tid för anbud (19 kap. 11 §)."))
    )
    return Advice(
        route=Route.LOTS,
        verdict=Verdict.LAWFUL,
        why=Said(
            msg(
                "Delkontraktet är under %(euro)s euro, och de undantagna delarna är tillsammans %(lots)s av "
                "%(whole)s: högst %(share)s procent."
            ),
            {
                "euro": facts.lot_limit_eur.normalize(),
                "lots": Money(need.lots_ore + need.ore),
                "whole": Money(need.whole_ore),
                "share": facts.lot_share.normalize(),
            },
        ),
        paragraphs=f"{paragraphs}, {'19 a kap.' if by_direct_award else '19 kap.'}",
        steps=(
            how,
            Said(
                msg("Skriv i den stora upphandlingen vilka delar som undantas, så att andelen går att följa.")
            ),
            *(_documenting(need.ore, facts) if by_direct_award else ()),
        ),
        lacks=_guidelines(facts) if by_direct_award else (),
        days=0 if by_direct_award else None,
    )


def _lot_refusal(need: Need, facts: Facts) -> tuple[Verdict, Said, tuple[Said, ...]] | None:
    """Why a lot may not, or can not yet be said to, be taken out; None where it may."""
    if need.whole_ore is None:
        return (
            Verdict.UNLAWFUL,
            Said(msg("Vägen gäller bara en del av en större upphandling, till exempel grossistavtalet.")),
            (),
        )
    if facts.threshold_ore is None:
        return Verdict.UNKNOWN, Said(msg("Det går inte att säga utan tröskelvärdet.")), (_no_threshold(),)
    if need.whole_ore < facts.threshold_ore:
        return (
            Verdict.UNLAWFUL,
            Said(
                msg(
                    "Hela upphandlingen är under tröskelvärdet %(threshold)s: undantaget behövs inte och gäller inte."
                ),
                {"threshold": Money(facts.threshold_ore)},
            ),
            (),
        )
    return _too_large(need, facts, need.whole_ore)


def _too_large(need: Need, facts: Facts, whole_ore: int) -> tuple[Verdict, Said, tuple[Said, ...]] | None:
    """A lot of a procurement over the threshold: small enough by itself, and beside the other lots."""
    if need.kronor_per_euro is None:
        lack = Said(msg("Skriv eurokursen som tröskelvärdena är tillkännagivna med."))
        return Verdict.UNKNOWN, Said(msg("Gränsen för ett delkontrakt är satt i euro.")), (lack,)
    if Decimal(need.ore) / 100 >= facts.lot_limit_eur * need.kronor_per_euro:
        return (
            Verdict.UNLAWFUL,
            Said(
                msg("Delkontraktet ska vara under %(euro)s euro."), {"euro": facts.lot_limit_eur.normalize()}
            ),
            (),
        )
    if (need.lots_ore + need.ore) * 100 > facts.lot_share * whole_ore:
        return (
            Verdict.UNLAWFUL,
            Said(
                msg(
                    "De undantagna delarna blir tillsammans %(lots)s: mer än %(share)s procent av %(whole)s."
                ),
                {
                    "lots": Money(need.lots_ore + need.ore),
                    "share": facts.lot_share.normalize(),
                    "whole": Money(whole_ore),
                },
            ),
            (),
        )
    return None


def national_dis(need: Need, facts: Facts) -> Advice:
    """A dynamic purchasing system under the threshold, by chapter 19."""
    paragraphs = "19 kap. 1, 6, 7, 11, 12 §§, 5 kap. 14 §"
    if not need.recurs:
        return Advice(
            route=Route.NATIONAL_DIS,
            verdict=Verdict.UNLAWFUL,
            why=Said(
                msg(
                    "Ett DIS är till för återkommande köp. Annonsera ett enskilt köp enligt 19 kap. i stället."
                )
            ),
            paragraphs=paragraphs,
        )
    if facts.threshold_ore is None:
        return Advice(
            route=Route.NATIONAL_DIS,
            verdict=Verdict.UNKNOWN,
            why=Said(msg("Det går inte att säga utan tröskelvärdet.")),
            paragraphs=paragraphs,
            lacks=(_no_threshold(),),
        )
    amounts = {"value": Money(need.ore), "threshold": Money(facts.threshold_ore)}
    if need.ore >= facts.threshold_ore:
        return Advice(
            route=Route.NATIONAL_DIS,
            verdict=Verdict.UNLAWFUL,
            why=Said(
                msg(
                    "Allt som kan köpas under hela giltighetstiden räknas: %(value)s. Det ska vara under tröskelvärdet "
                    "%(threshold)s."
                ),
                amounts,
            ),
            paragraphs=paragraphs,
        )
    return Advice(
        route=Route.NATIONAL_DIS,
        verdict=Verdict.LAWFUL,
        why=Said(
            msg("Hela giltighetstidens värde är %(value)s, under tröskelvärdet %(threshold)s."), amounts
        ),
        paragraphs=paragraphs,
        steps=(
            Said(msg("Annonsera i en registrerad annonsdatabas (19 kap. 6 och 8 §§).")),
            Said(msg("Ge skälig tid för ansökningar och anbud: lagen säger inga dagar (19 kap. 11 §).")),
            Said(
                msg("Samtal är tillåtna som komplement, om det som har betydelse antecknas (19 kap. 12 §).")
            ),
            Said(
                msg("Efterannonsera inom %(days)s dagar, eller samlat per kvartal (19 kap. 7 §)."),
                {"days": facts.notice_days},
            ),
        ),
    )


def directive_dis(need: Need, facts: Facts) -> Advice:
    """A dynamic purchasing system under the directive, by chapter 8: the way that any value may go."""
    paragraphs = "8 kap. 1–14 §§, 12 kap. 5 §"
    if not need.recurs:
        return Advice(
            route=Route.DIRECTIVE_DIS,
            verdict=Verdict.UNLAWFUL,
            why=Said(
                msg("Ett DIS är till för återkommande köp av varor som är allmänt tillgängliga (8 kap. 1 §).")
            ),
            paragraphs=paragraphs,
        )
    applied = need.on + timedelta(days=facts.application_days)
    tendered = applied + timedelta(days=facts.tender_days)
    needed = facts.threshold_ore is not None and need.ore >= facts.threshold_ore
    why = (
        Said(msg("Värdet når tröskelvärdet: det här är vägen för återkommande köp i den storleken."))
        if needed
        else Said(
            msg(
                "Får alltid användas för återkommande köp, men tar längre tid än vad som behövs under tröskeln."
            )
        )
    )
    return Advice(
        route=Route.DIRECTIVE_DIS,
        verdict=Verdict.LAWFUL,
        why=why,
        paragraphs=paragraphs,
        steps=(
            Said(
                msg("Ansökningar: minst %(days)s dagar från annonsen, tidigast %(day)s (8 kap. 8 §)."),
                {"days": facts.application_days, "day": applied},
            ),
            Said(
                msg("Pröva varje ansökan inom %(days)s arbetsdagar (8 kap. 7 §)."),
                {"days": facts.evaluation_days},
            ),
            Said(
                msg(
                    "Anbud: minst %(days)s dagar från inbjudan till alla godkända, tidigast %(day)s (8 kap. 11 §)."
                ),
                {"days": facts.tender_days, "day": tendered},
            ),
            Said(msg("Allt sker elektroniskt och inget av betydelse sägs muntligt (12 kap. 5 §).")),
            Said(
                msg("Efterannonsera inom %(days)s dagar, eller samlat per kvartal (10 kap. 4 §)."),
                {"days": facts.notice_days},
            ),
        ),
        days=facts.application_days + facts.tender_days,
    )


def _documenting(ore: int, facts: Facts) -> tuple[Said, ...]:
    if ore < facts.document_from_ore:
        return ()
    return (
        Said(
            msg("Dokumentera köpet löpande, klart inom %(days)s dagar från avtalet (19 a kap. 11 §)."),
            {"days": facts.document_days},
        ),
    )


def _guidelines(facts: Facts) -> tuple[Said, ...]:
    lack = Said(
        msg("Riktlinjer för direktupphandling: myndigheten ska ha beslutat om sådana (19 a kap. 15 §).")
    )
    return () if facts.has_guidelines else (lack,)


def _no_threshold() -> Said:
    return Said(msg("Tröskelvärdet i kronor för dagen: en administratör lägger in det med källa."))
