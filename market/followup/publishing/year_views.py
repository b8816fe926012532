"""The year's report: its page, the two editions as PDF, the workbook, and the figures and deliveries as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from market import shell
from market.access import access
from market.actors import Action
from market.db import open_session
from market.followup.blueprint import followup
from market.followup.figures import FIGURES
from market.followup.periods import FIRST_YEAR, Span, SpanKind
from market.followup.publishing import report_document as document
from market.followup.publishing import report_words
from market.followup.publishing.delivered_rows import delivered_csv, delivered_values
from market.followup.publishing.queries import years_of
from market.followup.publishing.report import YearReport, public_rows
from market.followup.publishing.report import year_report as report_of
from market.followup.publishing.report_lines import heads, line_of
from market.followup.publishing.year_sheet import MOST_ROWS, figures_csv, year_workbook
from market.followup.queries import Scope, scope_for
from market.typesetting import typeset

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = ("spend", "share_local", "share_organic", "suppliers", "food_km", "co2e")


@followup.get("/followup/year/<int:year>")
@access(Action.SEE_FOLLOWUP)
def year_report(year: int) -> ResponseReturnValue:
    """The year in short, and what can be fetched of it."""
    scope = _scope()
    years = years_of(shell.session(), scope=scope)
    if not _is_year(year):
        return render_template("followup/year.html", year=year, years=years, report=None), 404
    report = report_of(shell.session(), scope=scope, year=year, today=shell.today())
    return render_template(
        "followup/year.html",
        year=year,
        years=years,
        report=report,
        words=report_words,
        figures=FIGURES,
        shown=SHOWN,
        line_of=line_of,
        heads=heads,
        most_rows=MOST_ROWS,
        is_whole=scope.kitchen_id is None,
    )


@followup.get("/followup/year/<int:year>/report.pdf")
@access(Action.SEE_FOLLOWUP)
def year_pdf(year: int) -> ResponseReturnValue:
    """Every figure, for the authority itself."""
    content = document.internal_content(_report(year), at=shell.now())
    return _pdf(content, f"mataret-{year}-internt.pdf")


@followup.get("/followup/year/<int:year>/public.pdf")
@access(Action.SEE_FOLLOWUP)
def year_public_pdf(year: int) -> ResponseReturnValue:
    """What may leave the authority; of all its kitchens together."""
    scope = _scope()
    if scope.kitchen_id is not None:
        shell.not_found()
    rows = public_rows(shell.session(), authority_id=scope.authority_id, year=year, today=shell.today())
    content = document.public_content(_report(year), rows, at=shell.now())
    return _pdf(content, f"mataret-{year}.pdf")


@followup.get("/followup/year/<int:year>/figures.xlsx")
@access(Action.SEE_FOLLOWUP)
def year_sheet(year: int) -> ResponseReturnValue:
    """Figures by month, category and kitchen, and the deliveries."""
    report, scope = _report(year), _scope()
    rows = delivered_values(shell.session(), scope=scope, span=report.span, most=MOST_ROWS)
    return _file(year_workbook(report, rows), XLSX, f"mataret-{year}.xlsx")


@followup.get("/followup/year/<int:year>/figures.csv")
@access(Action.SEE_FOLLOWUP)
def year_figures(year: int) -> ResponseReturnValue:
    """The same figures as one sheet."""
    text = "\N{BYTE ORDER MARK}" + figures_csv(_report(year))
    return _file(text.encode(), "text/csv", f"mataret-{year}-siffror.csv")


@followup.get("/followup/year/<int:year>/deliveries.csv")
@access(Action.SEE_FOLLOWUP)
def year_deliveries(year: int) -> ResponseReturnValue:
    """Every delivered line of the year, as it counted."""
    if not _is_year(year):
        shell.not_found()
    scope = _scope()
    lines = _lines(shell.engine(), scope, Span(SpanKind.YEAR, year))
    headers = {"Content-Disposition": f'attachment; filename="mataret-{year}-leveranser.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _lines(engine: Engine, scope: Scope, span: Span) -> Iterator[str]:
    """Sent while it is read, when the request is over: with a session of its own."""
    with open_session(engine, writes=False) as session:
        yield from delivered_csv(session, scope=scope, span=span)


def _scope() -> Scope:
    return shell.found(scope_for(shell.session(), actor=shell.actor()))


def _report(year: int) -> YearReport:
    """404 for what is no year that deliveries could be of."""
    if not _is_year(year):
        shell.not_found()
    return report_of(shell.session(), scope=_scope(), year=year, today=shell.today())


def _is_year(year: int) -> bool:
    return FIRST_YEAR < year <= shell.today().year


def _pdf(content: dict[str, object], name: str) -> Response:
    """The document is made with no transaction open."""
    shell.let_go()
    folder = Path(current_app.root_path, str(current_app.template_folder))
    made = typeset(folder / "documents" / "food_year.typ", content, at=shell.now())
    return _file(made, "application/pdf", name)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
