"""The report as an Excel workbook: live formulas with their values, native charts, ready to print."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hedgedesk.reports.messages import say
from hedgedesk.reports.workbook import LINE_HEIGHT, Lane, formats, lay, print_wide, put, workbook
from hedgedesk.reports.xlsx import charts, leaves
from hedgedesk.reports.xlsx.cells import HEADER, Leaf
from hedgedesk.reports.xlsx.summary import summary

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from hedgedesk.reports.report.model import ReportModel

ONE_PAGE = 64
"""Rows of a sheet that can still be read on one page."""
LINE = 120
"""Characters of a note on one line of its sheet."""


def report_workbook(model: ReportModel) -> bytes:
    """The workbook: summary, months, trades, limits, stresses, distribution, prices, model, inputs and method.

    Only formulas written here are formulas; text of the run stays text. The same model gives the same bytes.
    """
    out = io.BytesIO()
    with workbook(out, f"{model.title}, {model.desk}", model.made_at) as book:
        # The summary refers to all others, which stand where their leaves say.
        _place(book, model, summary(model))
        for leaf in leaves.leaves(model):
            sheet, below = _place(book, model, leaf)
            charts.insert(book, sheet, leaf, below + 1)
        _method(book, model)
    return out.getvalue()


def _place(book: Workbook, model: ReportModel, leaf: Leaf) -> tuple[Worksheet, int]:
    sheet = book.add_worksheet(leaf.name)
    _head(book, sheet, model, leaf.title or leaf.name, leaf.unit)
    row = HEADER
    for block in leaf.blocks:
        row = lay(book, sheet, row, block.lanes, block.rows, block.total) + 1
    widest = max(leaf.blocks, key=lambda block: len(block.lanes))
    for at, lane in enumerate(widest.lanes):
        sheet.set_column(at, at, lane.width)
    if len(leaf.blocks) == 1:
        sheet.freeze_panes(HEADER + 1, 1)
        sheet.repeat_rows(HEADER)
    _print_set_up(sheet, model, 1 if row <= ONE_PAGE else 0)
    return sheet, row - 1


def _head(book: Workbook, sheet: Worksheet, model: ReportModel, title: str, unit: str) -> None:
    """What the sheet shows, of which run, in what; and that nobody quotes the curve, where that is so."""
    large = book.add_format({"bold": True, "font_size": 14})
    quiet = book.add_format({"font_size": 9, "font_color": "#626D7B"})
    warn = book.add_format({"font_size": 9, "font_color": "#A34A00", "bold": True})
    context = say("report.context", desk=model.desk, run=model.run_id, as_of=model.as_of, model=model.model)
    put(sheet, 0, 0, title, large)
    put(sheet, 1, 0, " · ".join(part for part in (context, unit, model.origin) if part), quiet)
    if model.banner:
        put(sheet, 2, 0, f"{say('banner.lead')} {model.banner}", warn)


def _print_set_up(sheet: Worksheet, model: ReportModel, pages: int = 0) -> None:
    sheet.hide_gridlines(2)
    print_wide(sheet, say("report.print_foot", desk=model.desk, run=model.run_id, as_of=model.as_of), pages)


def _method(book: Workbook, model: ReportModel) -> None:
    """How the numbers were made and of what: notes, settings, files with their hashes."""
    sheet = book.add_worksheet(say("report.sheet.method"))
    _head(book, sheet, model, say("report.sheet.method"), "")
    rows = [(note.heading, line) for section in model.sections for note in section.notes for line in note.lines]
    rows += [(say("plan.why"), row["why"].text) for row in model.table("why").rows]
    rows += [(say("report.settings"), f"{name} = {value}") for name, value in model.section("provenance").facts]
    for number, (heading, _) in reversed(list(enumerate(rows))):
        if number and rows[number - 1][0] == heading:
            rows[number] = ("", rows[number][1])  # said once
    looks = formats(book, text_wrap=True)
    bold = book.add_format({"bold": True, "font_size": 10, "valign": "top"})
    for number, (heading, line) in enumerate(rows):
        sheet.set_row(HEADER + number, LINE_HEIGHT * min(30, max(1, -(-len(line) // LINE))))
        put(sheet, HEADER + number, 0, heading, bold)
        put(sheet, HEADER + number, 1, line, looks["text"])
    files = [(row["file"].text, row["digest"].text) for row in model.table("files").rows]
    lanes = (Lane(say("report.column.file")), Lane(say("report.column.digest")))
    lay(book, sheet, HEADER + len(rows) + 1, lanes, [*files, (say("report.together"), model.inputs_hash)])
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    _print_set_up(sheet, model)
