"""The report as one HTML file: opens from disk, asks nobody for anything, runs nothing, prints well."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import LANGUAGE, say
from hedgedesk.reports.svg import svg

if TYPE_CHECKING:
    from jinja2 import Template

    from hedgedesk.reports.report.model import ReportModel
    from hedgedesk.reports.tables.table import Cell, Column, Cover

TEMPLATE, STYLE = "report.html.jinja", "report.css"


def report_html(model: ReportModel) -> str:
    """The whole page; every text of the run is escaped, and its policy forbids all but its own style."""
    from markupsafe import Markup

    style = _shipped(STYLE)
    return _template().render(
        model=model,
        lang=LANGUAGE,
        say=say,
        style=Markup(style),  # noqa: S704 - ships with the program
        policy=_policy(style),
        svg=lambda chart, name: Markup(svg(chart, name)),  # noqa: S704 - escapes every text it draws
        classes=_classes,
        number=_exact,
        band=_band,
        policy_range=_policy_range,
    )


@cache
def _template() -> Template:
    from jinja2 import BaseLoader, Environment, StrictUndefined

    world = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=BaseLoader()
    )
    return world.from_string(_shipped(TEMPLATE))


@cache
def _shipped(name: str) -> str:
    return (files("hedgedesk.reports.report") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str) -> str:
    """Nothing may load or run; the one style sheet is named by its hash, so no other style counts."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _classes(column: Column, cell: Cell) -> str:
    """How a cell looks: numbers to the right, its tone."""
    names = ["number"] if column.kind in ("number", "cover") else [column.kind]
    return " ".join([*names, cell.tone] if cell.tone else names)


def _exact(cell: Cell) -> str:
    """The number behind a cell, for programs that read the page; empty where there is none."""
    return repr(float(cell.value)) if isinstance(cell.value, (int, float)) else ""


def _policy_range(cover: Cover) -> str:
    """The band as ``50–75%``; empty where none binds."""
    if cover.low is None or cover.high is None:
        return ""
    return say("report.range", low=fmt.number(100.0 * cover.low), high=fmt.share(cover.high))


def _band(band: tuple[float, float | None, float | None, str]) -> dict[str, float | str | None]:
    """A band in the 80 units of its picture."""
    share, low, high, state = band
    return {
        "fill": round(80 * min(max(share, 0.0), 1.0), 1),
        "low": None if low is None else round(80 * low, 1),
        "width": None if low is None or high is None else round(80 * (min(high, 1.0) - low), 1),
        "state": state,
    }
