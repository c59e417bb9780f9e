"""Where do we stand? The answer in five numbers, the reason in charts, the proof in tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import Dash, dcc, html

from hedgedesk.dashboard import grids, parts
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.pages import leaves
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import twins

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.findings import Finding
    from hedgedesk.reports.headlines import Headline

NAME = "overview"
PAGE: dict[str, Any] = {"path": "/", "name": "nav.overview", "order": 10}
KPIS = ("mean", "tail", "chance", "cover", "margin")
BANDED = ("cover", "margin")
GRID = on(NAME, "stress-grid")
LEAVES = (
    *leaves.frame_leaves(NAME),
    *(f"{on(NAME, k)}-{p}.children" for k in KPIS for p in ("label", "value", "unit", "delta", "note", "more")),
    *(f"{on(NAME, k)}-{p}" for k in KPIS for p in ("value.title", "delta.className")),
    *(f"{on(NAME, k)}-band.children" for k in BANDED),
    *(leaf for chart in ("fan", "distribution", "coverage") for leaf in leaves.chart_leaves(NAME, chart)),
    f"{on(NAME, 'findings')}.children",
    f"{on(NAME, 'findings-unit')}.children",
    f"{on(NAME, 'stress-unit')}.children",
    *leaves.grid_leaves(GRID),
)


def layout(_desk: Desk, **_query: str) -> Component:
    """The skeleton."""
    return html.Div(
        className="hd-page",
        children=[
            *parts.heading(NAME, PAGE["path"]),
            html.Div(className="hd-row hd-kpis", children=[_kpi(name) for name in KPIS]),
            html.Div(
                className="hd-row hd-seven-five",
                children=[
                    parts.chart_card(NAME, "fan", say("figure.fan.title"), export="overview.fan"),
                    parts.chart_card(
                        NAME, "distribution", say("figure.distribution.blank"), export="overview.distribution"
                    ),
                ],
            ),
            html.Div(
                className="hd-row hd-seven-five",
                children=[
                    parts.chart_card(NAME, "coverage", say("figure.cover.title"), low=True, export="overview.coverage"),
                    parts.card(
                        say("overview.findings"),
                        [html.Ul(id=on(NAME, "findings"), className="hd-findings", tabIndex=0)],
                        of=on(NAME, "findings-unit"),
                    ),
                ],
            ),
            parts.table_card(
                NAME,
                "stress-grid",
                say("overview.stress"),
                export="overview.stress",
                of=on(NAME, "stress-unit"),
            ),
            parts.drawer(NAME),
        ],
    )


def _kpi(name: str) -> Component:
    return parts.kpi(NAME, name, say(f"kpi.{name}_blank"), band=name in BANDED)


def view(run: HedgeRun) -> leaves.Leaves:
    """Every leaf of the page."""
    from hedgedesk.reports import figures, tables
    from hedgedesk.reports.findings import findings
    from hedgedesk.reports.headlines import headlines
    from hedgedesk.reports.tables.market import model_words

    found = findings(run)
    scale = tables.page_scale(run.report)
    shown = leaves.frame(NAME, run)
    for name, headline in headlines(run).items():
        shown |= _told(name, headline)
    fan = figures.price_fan(run.fan)
    shown |= leaves.chart(NAME, "fan", replace(fan, unit=" · ".join((fan.unit, model_words(run.model)))))
    shown |= leaves.chart(NAME, "distribution", figures.cost_distribution(run.report))
    shown |= leaves.chart(NAME, "coverage", figures.cover_by_month(run.report))
    shown[f"{on(NAME, 'findings')}.children"] = [_finding(f) for f in found] or say("overview.nothing")
    shown[f"{on(NAME, 'findings-unit')}.children"] = _count(len(found))
    shown[f"{on(NAME, 'stress-unit')}.children"] = say("overview.stress_unit", unit=scale.unit(run.report.currency))
    return shown | grids.grid_leaves(GRID, tables.stress_table(run.report))


def _told(name: str, headline: Headline) -> leaves.Leaves:
    place = on(NAME, name)
    shown: leaves.Leaves = {
        f"{place}-label.children": headline.label,
        f"{place}-value.children": headline.value,
        f"{place}-value.title": headline.full,
        f"{place}-unit.children": headline.unit,
        f"{place}-delta.children": headline.delta,
        f"{place}-delta.className": f"hd-{headline.tone}",
        f"{place}-note.children": headline.note,
        f"{place}-more.children": headline.more,
    }
    if name in BANDED:
        shown[f"{place}-band.children"] = _band(headline)
    return shown


def _band(headline: Headline) -> list[Component]:
    return [] if headline.band is None else parts.band(*headline.band)


def _count(found: int) -> str:
    return "" if not found else say("overview.item") if found == 1 else say("overview.items", count=found)


def _finding(finding: Finding) -> Component:
    words = html.Div([html.Div(finding.title, className="hd-what"), html.Div(finding.detail, className="hd-detail")])
    badge = html.Span(finding.label, className=f"hd-badge hd-{finding.kind}")
    link = dcc.Link(say("overview.open_plan"), href="/plan", className="hd-link") if finding.kind != "note" else ""
    return html.Li([html.Div(badge), words, html.Div(link)])


def register(app: Dash, desk: Desk) -> None:
    """Fill the page with the run; open its drawer."""
    leaves.show_run(app, desk, LEAVES, view)
    leaves.open_drawer(app, NAME)
    leaves.show_twin(app, desk, on(NAME, "fan"), lambda run: twins.price_fan(run.fan))
    leaves.show_twin(app, desk, on(NAME, "distribution"), lambda run: twins.cost_distribution(run.report))
    leaves.show_twin(app, desk, on(NAME, "coverage"), lambda run: twins.cover_by_month(run.report))
