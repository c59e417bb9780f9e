"""The frame around every page: top bar, rail, banner, tray. It starts the run, shows its progress and its failure."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from hedgedesk.dashboard import ids, parts
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.dashboard.theme import THEME
from hedgedesk.dashboard.tray import TRAY, fault_card, tray
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

log = logging.getLogger(__name__)

POLL_MS = 300
KEYS = (
    ("g o", "help.overview"),
    ("g p", "help.plan"),
    ("Ctrl Enter", "help.run"),
    ("Esc", "help.cancel"),
    ("?", "help.help"),
)
FRAME = (f"{ids.BANNER_LEAD}.children", f"{ids.BANNER}.children", f"{ids.UNITS}.children")


def layout(desk: Desk, pages: list[tuple[str, dict[str, Any]]]) -> Component:
    """The frame, with a place for the page."""
    return dmc.MantineProvider(
        id=ids.PROVIDER,
        theme=THEME,
        defaultColorScheme="auto",
        children=html.Div(
            className="hd-shell",
            children=[
                html.A(say("app.skip"), href=f"#{ids.FRAME}", className="hd-skip"),
                _top(desk),
                _rail(pages),
                html.Main(
                    id=ids.FRAME,
                    className="hd-main",
                    tabIndex=-1,
                    children=[
                        html.Div(
                            className="hd-banner",
                            children=[html.Strong(id=ids.BANNER_LEAD), " ", html.Span(id=ids.BANNER)],
                        ),
                        html.Div(
                            html.P(say("fault.silent")),
                            id=ids.SILENT,
                            className="hd-fault hd-silent",
                            role="alert",
                            hidden=True,
                        ),
                        html.Div(id=ids.FAULT, role="alert"),
                        dash.page_container,
                    ],
                ),
                _status(),
                _help(),
                dcc.Store(id=ids.JOB),
                dcc.Store(id=ids.RUN),
                dcc.Store(id=ids.ARRIVED),
                dcc.Interval(id=ids.POLL, interval=POLL_MS, disabled=True),
            ],
        ),
    )


def _top(desk: Desk) -> Component:
    named = say("app.sample") if desk.sample else desk.name
    return html.Div(
        className="hd-top",
        role="region",
        **{"aria-label": say("app.desk")},
        children=[
            html.Div(html.Span(say("app.name")), className="hd-mark"),
            html.Div(named, className="hd-desk"),
            html.Div(str(desk.folder), className="hd-where", title=str(desk.folder)) if not desk.sample else "",
            html.Div(className="hd-grow"),
            html.Button(
                parts.icon("theme"),
                id=ids.THEME,
                className="hd-plain",
                title=say("app.theme"),
                **{"aria-label": say("app.theme")},
            ),
            dmc.Button(
                [say("app.run"), html.Kbd(say("app.run_key"))],
                id=ids.RUN_BUTTON,
                variant="default",
                className="hd-button",
            ),
        ],
    )


def _rail(pages: list[tuple[str, dict[str, Any]]]) -> Component:
    links = [
        dcc.Link(
            [
                parts.icon(name),
                html.Span(say(page["name"]), className="hd-name"),
                html.Kbd(f"g {name[0]}"),
            ],
            id=ids.nav(name),
            href=page["path"],
            className="hd-nav",
            title=say(page["name"]),
        )
        for name, page in pages
    ]
    aid = html.Button(
        [parts.icon("how"), html.Span(say("app.help"), className="hd-name"), html.Kbd("?")],
        id=ids.HELP,
        className="hd-nav",
        title=say("app.help"),
    )
    return html.Nav(
        [html.H2(say("app.decide")), *links, html.Div(className="hd-grow"), aid],
        className="hd-rail",
        **{"aria-label": say("app.navigation")},
    )


def _status() -> Component:
    return html.Footer(
        className="hd-status",
        children=[
            html.B(say("tray.starting"), id=ids.TRAY),
            html.Div(
                html.Div(id=ids.BAR, style={"width": "0%"}),
                id=ids.TRACK,
                className="hd-track",
                hidden=True,
                **{"aria-hidden": "true"},
            ),
            html.Span(id=ids.PERCENT),
            html.Span(id=ids.LEFT),
            html.Button(say("app.cancel"), id=ids.CANCEL, className="hd-link", hidden=True),
            html.Div(className="hd-grow"),
            html.Span(id=ids.UNITS),
            html.Div(id=ids.SAID, role="status", className="hd-hidden"),
        ],
    )


def _help() -> Component:
    rows = [html.Tr([html.Td(html.Kbd(key)), html.Td(say(what))]) for key, what in KEYS]
    return dmc.Modal(
        id=ids.HELP_PANEL,
        title=say("help.title"),
        opened=False,
        closeButtonProps={"aria-label": say("app.close")},
        children=[
            html.P(say("help.lead")),
            html.Table(html.Tbody(rows), className="hd-table"),
            html.P(say("help.folder")),
        ],
    )


def frame(run: HedgeRun) -> dict[str, str]:
    """Banner and units of a run."""
    listed = bool(run.plan.contracts) and all(contract.spec.listed for contract in run.plan.contracts)
    unlisted = run.report.indicative or run.fan.curve.indicative or not listed
    money = say("status.money", currency=run.report.currency)
    prices = say("status.prices", unit=fmt.per_unit(run.fan.currency, run.fan.unit))
    lead = say("banner.lead") if unlisted else ""
    text = say("banner.text", as_of=fmt.day(run.fan.as_of)) if unlisted else ""
    return dict(zip(FRAME, (lead, text, f"{money}{fmt.SPACE * 4}{prices}"), strict=True))


def tell(error: Exception) -> None:
    """Say in its place that a callback failed, with a short id; the traceback goes to the log."""
    reference = uuid.uuid4().hex[:6]
    log.error("callback failed, reference %s", reference, exc_info=error)
    ours = isinstance(error, HedgeDeskError)
    text = str(error) if ours else say("fault.unexpected", reference=reference)
    dash.set_props(ids.FAULT, {"children": fault_card(say("fault.callback"), [html.P(text)])})


def register(app: Dash, desk: Desk) -> None:
    """The frame's callbacks: start, follow, cancel, and what the browser does alone."""

    def start(clicks: int | None) -> tuple[str, bool]:
        # On arrival the run is under way already, or ended a moment ago: only a click tries a failed one again.
        return desk.start_run(retry=bool(clicks)), False

    def follow(_ticks: int | None, job_id: str, shown: str | None) -> dict[str, Any]:
        return tray(desk.job(job_id), shown, desk.finished(job_id))

    def cancel(_clicks: int, job_id: str) -> None:
        desk.cancel(job_id)

    def show(run_id: str) -> dict[str, str]:
        return frame(desk.result(run_id))

    job, run, ticks = Input(ids.JOB, "data"), Input(ids.RUN, "data"), Input(ids.POLL, "n_intervals")
    poll = Output(ids.POLL, "disabled", allow_duplicate=True)
    clicks = Input(ids.RUN_BUTTON, "n_clicks")
    app.callback(Output(ids.JOB, "data"), poll, clicks, prevent_initial_call="initial_duplicate")(start)
    followed = {"_ticks": ticks, "job_id": job}
    shown = {"shown": State(ids.RUN, "data")}
    app.callback(output=outputs(TRAY), inputs=followed, state=shown, prevent_initial_call=True)(follow)
    app.callback(Input(ids.CANCEL, "n_clicks"), State(ids.JOB, "data"), prevent_initial_call=True)(cancel)
    app.callback(output=outputs(FRAME), inputs={"run_id": run}, prevent_initial_call=True)(show)
    _in_the_browser(app)


def _in_the_browser(app: Dash) -> None:
    desk_js = "desk"
    app.clientside_callback(
        ClientsideFunction(desk_js, "theme"),
        Output(ids.PROVIDER, "forceColorScheme"),
        Input(ids.THEME, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(desk_js, "open"),
        Output(ids.HELP_PANEL, "opened"),
        Input(ids.HELP, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(desk_js, "arrived"), Output(ids.ARRIVED, "data"), Input(ids.LOCATION, "pathname")
    )
