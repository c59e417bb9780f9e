"""Usage exports come in: the place to drop them, what each was taken for, and who wrote it where that was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import ids
from hedgedesk.dashboard import mantine as dmc
from hedgedesk.dashboard.pages.exposure import places
from hedgedesk.dashboard.pages.inputs import steps, vendors, zone
from hedgedesk.dashboard.pages.inputs.drafting import held
from hedgedesk.dashboard.pages.inputs.loading import receive
from hedgedesk.dashboard.pages.inputs.skeleton import LARGEST
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import DraftFile, Preview
    from hedgedesk.domain.usage import UsageFile
    from hedgedesk.reports.tables.table import Cell, Column

SUFFIXES = (".csv", ".gz", ".zip", ".parquet")
"""What can be loaded here."""


def skeleton() -> list[Component]:
    """Drop zone with the state of the usage beside it, and the preview of what came."""
    return [
        html.Section(
            [
                html.Div([_state(), _drop()], className="hd-usage-in"),
                *zone.said(places.REFUSED, places.LEFT_OUT, places.READING),
            ],
            className="hd-card hd-usage-card",
            **{"aria-label": say("usage.card")},
        ),
        _preview(),
    ]


def _state() -> Component:
    study = dmc.Button(
        say("usage.study"), id=places.STUDY_BUTTON, variant="filled", className="hd-button", style={"display": "none"}
    )
    words = [html.H2(fmt.DASH, id=places.STATE), html.P(id=places.STATE_NOTE)]
    return html.Div([*words, html.Div(study, className="hd-actions")], className="hd-usage-state")


def _drop() -> Component:
    limit = fmt.number(LARGEST / 1e6, 1)
    told = zone.words(SUFFIXES, LARGEST, say("usage.types"))
    return html.Div(
        id=places.DROP,
        className="hd-drop",
        children=[
            html.P(say("usage.lead"), className="hd-lead"),
            html.P(say("usage.limits", limit=limit)),
            html.Div(
                dmc.Button(say("usage.choose"), id=places.CHOOSE, variant="default", className="hd-button"),
                className="hd-actions",
            ),
        ],
        **told,
    )


def _preview() -> Component:
    body = (places.PREVIEW_FILES, places.PREVIEW_FAULTS, places.PREVIEW_NOTICES)
    return zone.preview(places.PREVIEW, places.PREVIEW_TITLE, places.PREVIEW_NOTE, body)


def exports_of(read: Preview) -> list[DraftFile]:
    """The usage exports among the files of a draft that were loaded just now."""
    return [file for file in read.files if vendors.is_export(file)]


def files(came: Sequence[DraftFile], read: Sequence[UsageFile]) -> list[Component]:
    """Export by export: whose it was taken for, to be changed in place, and what was found in it."""
    from hedgedesk.reports.tables.usage import files_table

    found = {vendors.FOLDER + item.file: item for item in read}
    shown = [found.get(file.name) or unread(file) for file in came]
    table = files_table(shown)
    head = [*(html.Th(column.title, scope="col", className=_css(column.kind)) for column in table.columns), html.Td()]
    rows = [
        html.Tr([*(_cell(column, row, file) for column in table.columns), html.Td(_leave_out(file))])
        for row, file in zip(table.rows, came, strict=True)
    ]
    whole = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="hd-table")
    label = {"aria-label": say("usage.files")}
    return [html.Div(whole, className="hd-scroll", tabIndex=0, role="region", **label)]


def unread(file: DraftFile) -> UsageFile:
    """An export of which nothing could be read."""
    from hedgedesk.domain.usage import UsageFile

    return UsageFile(file.uploaded_as, file.vendor, "", file.rows, file.faults, None, None)


def _cell(column: Column, row: dict[str, Cell], file: DraftFile) -> Component:
    css = f"{_css(column.kind)} hd-{row[column.key].tone}".strip()
    if column.key == "vendor":
        return html.Td(vendors.vendor_of(file), className=css)
    return html.Td(file.uploaded_as if column.key == "file" else row[column.key].text, className=css)


def _css(kind: str) -> str:
    return {"number": "hd-number", "name": "hd-whole"}.get(kind, "")


def _leave_out(file: DraftFile) -> Component:
    told = {
        "data-name": file.name or file.uploaded_as,
        "aria-label": say("inputs.leave_out_file", name=file.uploaded_as),
    }
    return html.Button(say("inputs.leave_out"), className="hd-link hd-leave-out", **told)


def listed(read: Preview) -> list[DraftFile]:
    """What is told file by file: the exports, and files that have no place in a desk."""
    return [*exports_of(read), *(file for file in read.files if not file.name)]


def register(app: Dash, desk: Desk) -> None:
    """Take files, change a vendor, undo, leave a file out."""

    def take(sent: dict[str, Any] | None, record: Any) -> tuple[Any, ...]:
        if not sent:
            raise PreventUpdate
        try:
            mine = receive(desk, sent["files"], held(record))
        except HedgeDeskError as error:
            return no_update, no_update, no_update, str(error), None
        return mine.record(), mine.job, "", "", None

    draft = State(places.DRAFT, "data")
    app.callback(
        Output(places.DRAFT, "data", allow_duplicate=True),
        Output(ids.JOB, "data", allow_duplicate=True),
        Output(places.TITLE, "value", allow_duplicate=True),
        Output(places.REFUSED, "children", allow_duplicate=True),
        Output(places.FILES, "data"),
        Input(places.FILES, "data"),
        draft,
        prevent_initial_call=True,
    )(take)
    steps.register(app, desk, undone=places.UNDO, left=places.LEAVE, draft=places.DRAFT)
    vendors.register(app, desk, asked=places.VENDOR, draft=places.DRAFT, refused=places.REFUSED)
