"""What a report is made of: a section, and the charts and tables in it."""

from __future__ import annotations

from dataclasses import dataclass

from hedgedesk.reports.chart import Chart
from hedgedesk.reports.findings import Finding
from hedgedesk.reports.headlines import Headline
from hedgedesk.reports.method import Note
from hedgedesk.reports.tables.table import Table


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart and the table that says the same."""

    chart: Chart
    twin: Table


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with its title and what it is in."""

    title: str
    unit: str
    table: Table
    folded: bool = False
    """Long and seldom read: a screen shows it when it is asked for."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under one heading; what is empty is left out."""

    key: str
    title: str
    lead: str = ""
    kpis: tuple[Headline, ...] = ()
    findings: tuple[Finding, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    beside: tuple[Listing, ...] = ()
    """Short tables that belong next to the exhibits."""
    listings: tuple[Listing, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Named values that no table holds."""
    notes: tuple[Note, ...] = ()
