"""What every page is built of: heading, KPI, card, chart, drawer. Skeletons without data, all ids present."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard import tools
from hedgedesk.dashboard.grids import grid, plain_table
from hedgedesk.dashboard.ids import on
from hedgedesk.dashboard.tools import icon
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.method import Note
from hedgedesk.reports.paint import CONFIG, blank
from hedgedesk.reports.tables.table import Table


def heading(page: str, path: str, *actions: Component) -> list[Component]:
    """The page's question, its badges, the page's own ``actions``, a link to copy, the way to its method; the context.

    The badges are there always and shown by the frame's class: ``hd-stale``, ``hd-what-if``.
    """
    return [
        html.Div(
            className="hd-head",
            children=[
                html.H1(say(f"{page}.title"), tabIndex=-1, **{"data-path": path}),
                html.Span(say("app.what_if"), className="hd-badge hd-what-if-badge"),
                html.Span(say("app.stale"), className="hd-badge hd-under hd-stale-badge"),
                html.Div(
                    className="hd-actions",
                    children=[
                        *actions,
                        tools.button("link", say("tools.link"), **{"data-link": "run"}),
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
    export: str | None = None,
) -> Component:
    """A card: title, unit (id ``of``) and tools on one line, then the body.

    Parameters
    ----------
    tool
        The page's own, before the others.
    export
        Name of the card's table in ``reports/tables/shelf.py``, such as ``plan.trades``; None: nothing to take away.
    """
    head = html.H2(title) if title_id is None else html.H2(title, id=title_id)
    unit = html.Span(className="hd-of") if of is None else html.Span(id=of, className="hd-of")
    return titled_card([head, unit], body, title, export, tool)


def titled_card(
    head: Sequence[Component],
    body: Sequence[Component],
    title: str,
    export: str | None = None,
    tool: Component | None = None,
) -> Component:
    """A card whose title line is made by the page; ``title`` names its tools. See :func:`card`."""
    right = [*([] if tool is None else [tool]), *tools.table_tools(title, export)]
    return html.Section([html.Div([*head, *_tools(right)], className="hd-card-title"), *body], className="hd-card")


def _tools(right: Sequence[Component]) -> list[Component]:
    return [html.Div(list(right), className="hd-tools")] if right else []


def empty_card(title: str, *words: Component, **attributes: Any) -> Component:
    """What stands where there is nothing yet: a drawing, what is missing, and the next step."""
    drawing = html.Div(className="hd-empty-drawing", **{"aria-hidden": "true"})
    return html.Section([drawing, html.H2(title), *words], className="hd-card hd-empty", **attributes)


def table_card(
    page: str, name: str, title: str, *, export: str | None = None, of: str | None = None, tool: Component | None = None
) -> Component:
    """A card with a grid (id ``page-name``) and what its table is taken away by.

    Parameters
    ----------
    export
        Name of the table in ``reports/tables/shelf.py``, such as ``plan.trades``; None: nothing to take away.
    of
        Id of the unit beside the title; None: none is shown.
    """
    return card(title, [grid(on(page, name))], of=of, export=export, tool=tool)


def chart_card(
    page: str, name: str, title: str, *, low: bool = False, export: str | None = None, tool: Component | None = None
) -> Component:
    """A card with a chart, its words for readers who cannot see it, the table behind it, and files of both.

    Parameters
    ----------
    low
        Less high, for a second row.
    export
        Name of the chart's table in ``reports/tables/shelf.py``; None: only pictures can be taken away.
    tool
        The page's own, before the others.
    """
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
    twin = tools.button("table", say("twin.button", title=title), **{"aria-pressed": "false"})
    twin.id = on(page, f"{name}-twin")
    own = [] if tool is None else [tool]
    right = html.Div(
        [tools.told(), *own, twin, *tools.chart_tools(title, on(page, name), export)], className="hd-tools"
    )
    unit = html.Span(id=on(page, f"{name}-unit"), className="hd-of")
    head = html.Div([html.H2(title, id=on(page, f"{name}-title")), unit, right], className="hd-card-title")
    return html.Section([head, figure, table], className="hd-card")


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
