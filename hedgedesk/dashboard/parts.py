"""What every page is built of: heading, KPI, card, chart, drawer. Skeletons without data, all ids present."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from hedgedesk.dashboard.grids import plain_table
from hedgedesk.dashboard.ids import on
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.method import Note
from hedgedesk.reports.paint import CONFIG, blank
from hedgedesk.reports.table import Table


def icon(name: str) -> Component:
    """A vendored icon in the colour of its text."""
    return html.Span(className=f"hd-icon hd-icon-{name}")


def heading(page: str, path: str) -> list[Component]:
    """The page's question, the stale badge, the way to its method; the context line below."""
    return [
        html.Div(
            className="hd-head",
            children=[
                html.H1(say(f"{page}.title"), tabIndex=-1, **{"data-path": path}),
                html.Span(say("app.stale"), className="hd-badge hd-under hd-stale-badge"),
                dmc.Button(
                    say("app.how"),
                    id=on(page, "how"),
                    variant="default",
                    leftSection=icon("how"),
                    className="hd-button",
                    **{"aria-expanded": "false"},
                ),
            ],
        ),
        html.Div(say("context.waiting"), id=on(page, "context"), className="hd-context"),
    ]


def kpi(page: str, name: str, label: str, *, band: bool = False) -> Component:
    """A number with its unit, what it is compared with, and a band where there is one."""

    def part(thing: str) -> str:
        return on(page, f"{name}-{thing}")

    shape = [html.Div(id=part("band"), className="hd-band hd-band-quiet")] if band else []
    return html.Div(
        className="hd-card hd-kpi",
        children=[
            html.Div(label, id=part("label"), className="hd-kpi-label"),
            html.Div(
                className="hd-kpi-figure",
                children=[
                    html.Span(fmt.DASH, id=part("value"), className="hd-kpi-value"),
                    html.Span(id=part("unit"), className="hd-kpi-unit"),
                ],
            ),
            *shape,
            html.Div(
                className="hd-kpi-foot",
                children=[
                    html.B(id=part("delta")),
                    html.Span(say("kpi.pending"), id=part("note")),
                    html.Span(id=part("more")),
                ],
            ),
        ],
    )


def band(share: float, low: float | None, high: float | None, state: str, scale: float = 1.0) -> list[Component]:
    """Cover against its policy range, as the grid's cells draw it."""

    def percent(value: float) -> str:
        return f"{100.0 * min(1.0, max(0.0, value / scale)):.1f}%"

    parts: list[Component] = [html.I(className="hd-band-track")]
    if low is not None and high is not None:
        parts.append(html.I(className="hd-band-zone", style={"left": percent(low), "width": percent(high - low)}))
    parts.append(html.I(className=f"hd-band-fill hd-{state}", style={"width": percent(share)}))
    return parts


def card(
    title: str,
    body: Sequence[Component],
    *,
    of: str | None = None,
    title_id: str | None = None,
    tool: Component | None = None,
) -> Component:
    """A card: title, unit (id ``of``) and tool on one line, then the body."""
    head = html.H2(title) if title_id is None else html.H2(title, id=title_id)
    unit = [] if of is None else [html.Span(id=of, className="hd-of")]
    return html.Section(
        className="hd-card",
        children=[html.Div([head, *unit, *([] if tool is None else [tool])], className="hd-card-title"), *body],
    )


def chart_card(page: str, name: str, title: str, *, low: bool = False) -> Component:
    """A card with a chart and, for readers who cannot see it, its words."""
    graph = dcc.Graph(id=on(page, name), figure=blank(), config=CONFIG, responsive=True, style={"height": "100%"})
    figure = html.Figure(
        className=f"hd-chart{' hd-chart-low' if low else ''}",
        children=[
            html.Div(graph, **{"aria-hidden": "true"}),
            html.Figcaption(id=on(page, f"{name}-alt"), className="hd-hidden"),
        ],
        id=on(page, f"{name}-figure"),
    )
    table = html.Div(
        id=on(page, f"{name}-table"), className=f"hd-twin{' hd-chart-low' if low else ''}", hidden=True, tabIndex=0
    )
    label = say("twin.button", title=title)
    button = html.Button(
        icon("table"),
        id=on(page, f"{name}-twin"),
        className="hd-plain",
        title=label,
        **{"aria-label": label, "aria-pressed": "false"},
    )
    return card(title, [figure, table], of=on(page, f"{name}-unit"), title_id=on(page, f"{name}-title"), tool=button)


def drawer(page: str) -> Component:
    """The method of the page, at the right edge; not modal, Escape closes it."""
    title = on(page, "drawer-title")
    return html.Aside(
        id=on(page, "drawer"),
        hidden=True,
        className="hd-drawer",
        **{"aria-labelledby": title},
        children=[
            html.Header(
                [
                    html.H2(say("method.title"), id=title),
                    html.Button(
                        icon("close"),
                        id=on(page, "drawer-close"),
                        className="hd-plain",
                        **{"aria-label": say("app.close")},
                    ),
                ]
            ),
            html.Div(id=on(page, "method"), children=html.P(say("chart.waiting"))),
        ],
    )


def method(notes: Sequence[Note], parameters: Table) -> list[Component]:
    """The drawer's content."""
    parts: list[Component] = []
    for note in notes:
        css = "hd-fixed" if note.fixed else ""
        parts.append(html.Div([html.H3(note.heading), *(html.P(line) for line in note.lines)], className=css))
        if note.heading == say("method.model"):
            parts.append(plain_table(parameters))
    return parts


def facts(pairs: Sequence[tuple[str, str]]) -> list[Component]:
    """Named values, one a line."""
    return [html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs]
