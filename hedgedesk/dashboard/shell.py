"""The frame around every page: top bar, rail, banner, status bar with the tray. It stays; only the page changes."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from hedgedesk.dashboard import ids, rail, session, tools
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.failures import in_words
from hedgedesk.dashboard.pages.leaves import outputs
from hedgedesk.dashboard.security import LARGEST_REQUEST
from hedgedesk.dashboard.theme import THEME
from hedgedesk.dashboard.tray import fault_card
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun

log = logging.getLogger(__name__)

FRAME = (
    f"{ids.BANNER_LEAD}.children",
    f"{ids.BANNER}.children",
    f"{ids.UNITS}.children",
    f"{ids.REPORT}.disabled",
)
WORDS = ("copied", "no_copy", "no_file", "no_picture", "link_copied", "made", "cancel", "open", "fetch", "visit")
"""Texts that the browser says by itself, given to it as ``data-say-...`` of the frame."""


def layout(pages: list[tuple[str, dict[str, Any]]]) -> Component:
    """The frame, with a place for the page."""
    words = {f"data-say-{word.replace('_', '-')}": say(f"tools.say.{word}", rows="{rows}") for word in WORDS}
    return dmc.MantineProvider(
        id=ids.PROVIDER,
        theme=THEME,
        defaultColorScheme="auto",
        children=html.Div(
            id=ids.SHELL,
            className="hd-shell",
            children=[
                html.A(say("app.skip"), href=f"#{ids.FRAME}", className="hd-skip"),
                _top(),
                rail.rail(pages),
                _main(),
                _tray(),
                _status(),
                rail.help_panel(pages),
                *session.stores(),
            ],
            **words,
        ),
    )


def _main() -> Component:
    banner = html.Div([html.Strong(id=ids.BANNER_LEAD), " ", html.Span(id=ids.BANNER)], className="hd-banner")
    return html.Main(
        id=ids.FRAME,
        className="hd-main",
        tabIndex=-1,
        children=[
            banner,
            _alone(ids.SILENT, say("fault.silent")),
            _alone(ids.LARGE, say("fault.large", limit=LARGEST_REQUEST // 2**20)),
            html.Div(id=ids.FAULT, role="alert"),
            dash.page_container,
        ],
    )


def _alone(place: str, text: str) -> Component:
    """What the browser says when no answer of the server can."""
    return html.Div(html.P(text), id=place, className="hd-fault hd-silent", role="alert", hidden=True)


def _top() -> Component:
    return html.Div(
        className="hd-top",
        role="region",
        **{"aria-label": say("app.desk")},
        children=[
            html.Div(html.Span(say("app.name")), className="hd-mark"),
            _opened(),
            html.Div(className="hd-grow"),
            _quiet(ids.DENSITY, "density"),
            _quiet(ids.THEME, "theme"),
            _report(),
            dmc.Button(
                [say("app.run"), html.Kbd(say("app.run_key"))],
                id=ids.RUN_BUTTON,
                variant="default",
                className="hd-button",
            ),
        ],
    )


def _opened() -> Component:
    """Which desk is open, and the way to its files."""
    named = html.Span(id=ids.DESK_NAME, className="hd-desk")
    revision = html.Span(id=ids.DESK_REVISION, className="hd-where")
    return dcc.Link([named, revision], href="/inputs", className="hd-opened", title=say("app.opened"))


def _quiet(place: str, name: str) -> Component:
    made = tools.button(name, say(f"app.{name}"))
    made.id = place
    return made


def _report() -> Component:
    label = say("app.report")
    opener = dmc.Button(
        label,
        id=ids.REPORT,
        variant="default",
        leftSection=tools.icon("export"),
        className="hd-button",
        disabled=True,
    )
    items = [
        tools.item(say("app.report_html"), place=ids.REPORT_HTML),
        tools.item(say("app.report_xlsx"), place=ids.REPORT_XLSX),
    ]
    return tools.menu(opener, label, items)


def _tray() -> Component:
    """The open tray: what runs, waits and ended. The browser draws the rows, so that the focus stays on a button."""
    return html.Section(
        id=ids.TRAY_PANEL,
        className="hd-tray",
        hidden=True,
        tabIndex=-1,
        **{"aria-label": say("tray.title")},
        children=[
            html.Header([html.H2(say("tray.title")), html.Span(id=ids.TRAY_COUNT)]),
            html.Ul(className="hd-jobs", **{"data-rows": "jobs"}),
        ],
    )


def _status() -> Component:
    track = html.Div(
        html.Div(id=ids.BAR, style={"width": "0%"}),
        id=ids.TRACK,
        className="hd-track",
        hidden=True,
        **{"aria-hidden": "true"},
    )
    return html.Footer(
        className="hd-status",
        children=[
            html.Button(
                tools.icon("tray"),
                id=ids.TRAY_OPEN,
                className="hd-plain",
                title=say("tray.open"),
                **{"aria-label": say("tray.open"), "aria-expanded": "false", "aria-controls": ids.TRAY_PANEL},
            ),
            html.B(say("tray.idle"), id=ids.TRAY),
            track,
            html.Span(id=ids.PERCENT),
            html.Span(id=ids.LEFT),
            html.Button(say("app.cancel"), id=ids.CANCEL, className="hd-link", hidden=True),
            html.Div(className="hd-grow"),
            html.Span(id=ids.UNITS),
            html.Div(id=ids.SAID, role="status", className="hd-hidden"),
            html.Div(id=ids.SAID_HERE, role="status", className="hd-hidden"),
        ],
    )


def frame(run: HedgeRun) -> dict[str, Any]:
    """Banner and units of a run; there is something to report on."""
    listed = bool(run.plan.contracts) and all(contract.spec.listed for contract in run.plan.contracts)
    unlisted = run.report.indicative or run.fan.curve.indicative or not listed
    money = say("status.money", currency=run.report.currency)
    prices = say("status.prices", unit=fmt.per_unit(run.fan.currency, run.fan.unit))
    lead = say("banner.lead") if unlisted else ""
    text = say("banner.text", as_of=fmt.day(run.fan.as_of)) if unlisted else ""
    return dict(zip(FRAME, (lead, text, f"{money}{fmt.SPACE * 4}{prices}", False), strict=True))


def tell(error: Exception) -> None:
    """Say in its place that a callback failed, with a short id; the traceback goes to the log."""
    reference = uuid.uuid4().hex[:6]
    log.error("callback failed, reference %s", reference, exc_info=error)
    text = in_words(error, reference)
    dash.set_props(ids.FAULT, {"children": fault_card(say("fault.callback"), [html.P(text)])})


def register(app: Dash, desk: Desk) -> None:
    """The frame's callbacks, the session's, and what the browser does alone."""

    def show(run_id: str) -> dict[str, Any]:
        return frame(desk.result(run_id))

    run = Input(ids.RUN, "data")
    app.callback(output=outputs(FRAME), inputs={"run_id": run}, prevent_initial_call=True)(show)
    session.register(app, desk)
    _in_the_browser(app)


def _in_the_browser(app: Dash) -> None:
    presses = (("theme", ids.PROVIDER, "forceColorScheme", ids.THEME), ("open", ids.HELP_PANEL, "opened", ids.HELP))
    for verb, place, prop, pressed in presses:
        app.clientside_callback(
            ClientsideFunction("desk", verb),
            Output(place, prop),
            Input(pressed, "n_clicks"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("desk", "arrived"), Output(ids.ARRIVED, "data"), Input(ids.LOCATION, "pathname")
    )
