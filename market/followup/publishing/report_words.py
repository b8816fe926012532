"""What a year's report says in sentences: its opening, changes, definitions and method, in the reader's language."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext

from market import formatting
from market.followup.emission_factors import OWN_VAN
from market.followup.figures import FIGURES, GRAMS_A_KG
from market.followup.periods import Span
from market.followup.publishing.report import YearReport
from market.followup.rules import EmissionMethod
from market.followup.wording import change, earlier_name, shown, span_name
from market.locality.models import DefinitionVersion
from market.locality.stated import Stated, definition_of
from market.register.models import Category


def opening() -> str:
    return str(
        gettext(
            "Det här är vad de offentliga köken köpte av producenter genom Närmat. Siffrorna är räknade ur leveranserna själva, så som "
            "de gällde den dag de togs emot: ingen har rapporterat in något för hand, och en definition, ett pris eller en "
            "enhet som ändrats senare ändrar dem inte. Det som köpts på annat håll, till exempel av grossisten, ingår inte."
        )
    )


def lead(report: YearReport) -> list[str]:
    if report.is_empty:
        return [
            opening(),
            gettext("Inga leveranser har tagits emot %(year)s.", year=report.span.year),
        ]
    said = gettext(
        "Köken tog emot varor för %(spend)s, %(weight)s, från %(suppliers)s leverantörer. Av värdet var %(local)s lokalt enligt kommunens egen "
        "definition och %(organic)s ekologiskt. Ett kilo mat färdades i genomsnitt %(food_km)s.",
        weight=formatting.kilograms(report.whole.grams),
        local=value_of("share_local", report),
        organic=value_of("share_organic", report),
        **{key: value_of(key, report) for key in ("spend", "suppliers", "food_km")},
    )
    return [said, opening()]


def value_of(key: str, report: YearReport) -> str:
    return shown(FIGURES[key], FIGURES[key].of(report.whole))


def since(key: str, report: YearReport) -> str:
    """How much it has changed since the year before, or since the same days of it; nothing where those have no deliveries."""
    if not report.before.lines:
        return ""
    figure = FIGURES[key]
    changed = change(figure, figure.of(report.whole), figure.of(report.before))
    if not changed:
        return ""
    if report.days:
        return str(gettext("%(change)s mot %(period)s", change=changed, period=before_name(report)))
    return str(gettext("%(change)s sedan %(year)s", change=changed, year=report.span.year - 1))


def before_name(report: YearReport) -> str:
    """What the year is compared with."""
    return earlier_name(report.span.before, report.days)


def definitions_intro(report: YearReport) -> str:
    if not report.definitions:
        return str(
            gettext(
                "Kommunen har inte angett någon egen definition. Då räknas det egna länet, som är den vanligaste."
            )
        )
    if len(report.definitions) == 1 and not _begins_late(report):
        return str(gettext("En och samma definition gällde hela året."))
    said = gettext(
        "Definitionen ändrades under året. Varje leverans bedömdes efter den som gällde samma dag, så andelarna före och efter en "
        "ändring är inte helt jämförbara."
    )
    if not _begins_late(report):
        return str(said)
    county = gettext("Innan kommunen hade en egen definition räknades det egna länet.")
    return f"{said} {county}"


def _begins_late(report: YearReport) -> bool:
    """Whether some of the year's first days had no definition of the authority's own."""
    return report.definitions[0].valid_from > report.span.period.start


def definitions(report: YearReport) -> list[tuple[str, str]]:
    """When each version that was in force applied, and what it says."""
    return [(_span(one), definition_words(report, one)) for one in report.definitions]


def _span(version: DefinitionVersion) -> str:
    last = None if version.valid_to is None else version.valid_to - timedelta(days=1)
    end = gettext("tills vidare") if last is None else formatting.full_date(last)
    return f"{formatting.full_date(version.valid_from)} – {end}"


def definition_words(report: YearReport, version: DefinitionVersion) -> str:
    code = report.authority.municipality_code
    words = Stated(code=code, definition=definition_of(version), version=version).words(
        formatting.current_locale().language
    )
    return f"{words}\n{version.own_wording}" if version.own_wording else words


def factors() -> list[list[str]]:
    planned = gettext("Varans del av ruttens utsläpp, efter fordonets eget värde i fordonsregistret.")
    return [
        [gettext("Körda i en publicerad körplan"), planned],
        [gettext("Körda på annat sätt"), f"{gettext(OWN_VAN.name)}. {gettext(OWN_VAN.source)}"],
    ]


def counted(report: YearReport) -> list[list[str]]:
    names = {
        EmissionMethod.PLANNED: gettext("Räknat efter körplan"),
        EmissionMethod.ESTIMATED: gettext("Uppskattat"),
    }
    return [
        [
            names[one.method],
            gettext(
                "%(lines)s leveransrader, %(weight)s, %(co2e)s CO2e",
                lines=formatting.decimal(one.lines, 0),
                weight=formatting.kilograms(one.grams),
                co2e=f"{formatting.decimal(round(one.co2e_g / GRAMS_A_KG, 1))}\N{NO-BREAK SPACE}kg",
            ),
        ]
        for one in report.counted
    ]


def month_name(span: Span) -> str:
    return span_name(span).split()[0].capitalize()


def category_name(kind: Category) -> str:
    return kind.name_sv if formatting.is_swedish() else kind.name_en
