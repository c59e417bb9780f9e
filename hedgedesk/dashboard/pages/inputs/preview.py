"""The draft as leaf props: what can be said first, its files, faults and notices, the tabs, the bar below. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard.grids import plain_table
from hedgedesk.dashboard.pages.inputs import places
from hedgedesk.dashboard.pages.inputs.vendors import is_export, vendor_of
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import faults_table
from hedgedesk.reports.tables import inputs as input_tables

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from hedgedesk.dashboard.pages.inputs.drafting import Held, Standing
    from hedgedesk.domain.draft import DraftFile, Preview
    from hedgedesk.reports.tables.table import Cell, Column

LEAVES = (
    f"{places.PREVIEW}.hidden",
    f"{places.PREVIEW}.className",
    f"{places.PREVIEW_TITLE}.children",
    f"{places.PREVIEW_NOTE}.children",
    f"{places.PREVIEW_FAULTS}.children",
    f"{places.PREVIEW_FILES}.children",
    f"{places.PREVIEW_NOTICES}.children",
    f"{places.BAR}.hidden",
    f"{places.BAR}.className",
    f"{places.BAR_WORDS}.children",
    f"{places.BAR_NOTE}.children",
    f"{places.CONFIRM}.children",
    f"{places.CONFIRM}.disabled",
    f"{places.CONFIRM}.variant",
    f"{places.CONFIRM}.style",
    f"{places.KEEP_NEW}.style",
    f"{places.KEEP_NEW}.disabled",
    f"{places.UNDO}.disabled",
    f"{places.TAB}.data",
)
"""What changes with every edit."""
SHOWN: dict[str, str] = {}
AWAY = {"display": "none"}


def view(preview: Preview, mine: Held, stand: Standing, chosen: str) -> dict[str, Any]:
    """Leaf props of a draft that has been read, while the table ``chosen`` (its stem) is shown."""
    coming = mine.kind == "import"
    conflict = stand.conflict
    worth = coming or preview.changes > 0
    values = (
        not coming,
        f"hd-card hd-preview{'' if preview.ready else ' hd-faulty'}",
        input_tables.headline(preview, coming=coming),
        _note(preview),
        _faults(preview),
        _files(preview) if coming else [],
        _notices(preview),
        not worth,
        f"hd-draft-bar{'' if preview.ready and not conflict else ' hd-faulty'}",
        _words(preview, coming, conflict),
        _bar_note(preview, coming, conflict),
        say("inputs.save", revision=stand.follows) if stand.follows else say("inputs.confirm"),
        not preview.ready,
        "filled" if preview.ready else "default",
        AWAY if conflict else SHOWN,
        SHOWN if conflict or stand.follows else AWAY,
        not preview.ready,
        not preview.undoable,
        [{"value": tab.stem, "label": tab.label} for tab in input_tables.tabs(preview, chosen)],
    )
    return dict(zip(LEAVES, values, strict=True))


def _note(preview: Preview) -> str:
    return say("inputs.ready" if preview.ready else "inputs.mend")


def _words(preview: Preview, coming: bool, conflict: bool) -> str:
    if conflict:
        return say("inputs.conflict")
    if not preview.ready:
        return input_tables.headline(preview, coming=coming)
    return say("inputs.import_ready") if coming else input_tables.count("inputs.changes", preview.changes)


def _bar_note(preview: Preview, coming: bool, conflict: bool) -> str:
    if conflict:
        return say("inputs.conflict_note")
    if not preview.ready:
        return say("inputs.not_yet")
    return say("inputs.import_note") if coming else say("inputs.own_files")


def _faults(preview: Preview) -> list[Component]:
    if not preview.faults:
        return []
    table = plain_table(faults_table(preview.faults))
    scroll = html.Div(
        table, className="hd-scroll hd-pick", tabIndex=0, role="region", **{"aria-label": say("inputs.faults")}
    )
    return [html.H3(say("inputs.faults")), scroll]


def _files(preview: Preview) -> list[Component]:
    table = input_tables.files_table(preview)
    head = [*(html.Th(column.title, scope="col", className=_css(column.kind)) for column in table.columns), html.Td()]
    rows = [
        html.Tr(
            [
                *(_cell(column, row[column.key], file) for column in table.columns),
                html.Td(_leave_out(file)),
            ]
        )
        for row, file in zip(table.rows, preview.files, strict=True)
    ]
    whole = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="hd-table")
    scroll = html.Div(whole, className="hd-scroll", tabIndex=0, role="region", **{"aria-label": say("inputs.came")})
    return [html.H3(say("inputs.came")), scroll]


def _cell(column: Column, cell: Cell, file: DraftFile) -> Component:
    """A cell of the files; an export's vendor can be changed beside what it is."""
    css = f"{_css(column.kind)} hd-{cell.tone}"
    if column.key == "known" and is_export(file):
        return html.Td([cell.text, " ", vendor_of(file)], className=css)
    return html.Td(cell.text, className=css)


def _css(kind: str) -> str:
    return {"number": "hd-number", "name": "hd-whole"}.get(kind, "")


def _leave_out(file: DraftFile) -> Component | str:
    """A button for a file that has no place in a desk, or shares it; the browser hears it by its class."""
    if file.name:
        return ""
    told = {"data-name": file.uploaded_as, "aria-label": say("inputs.leave_out_file", name=file.uploaded_as)}
    return html.Button(say("inputs.leave_out"), className="hd-link hd-leave-out", **told)


def _notices(preview: Preview) -> list[Component]:
    if not preview.notices:
        return []
    notices = html.Ul([html.Li(notice) for notice in preview.notices], className="hd-notices")
    return [html.H3(say("inputs.notices")), notices]
