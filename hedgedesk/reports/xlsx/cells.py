"""Where things stand in the report's workbook, so that sheets can refer to one another; and what a sheet is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports.messages import say
from hedgedesk.reports.workbook import Content, Lane, Live

if TYPE_CHECKING:
    from hedgedesk.reports.tables.table import Cell

HEADER = 4
"""Row of a sheet's first header, from 0."""
FIRST = HEADER + 2
"""The row below it as formulas count, from 1."""
AMOUNTS = (
    "budget",
    "mean",
    "unhedged_mean",
    "budget_room",
    "hedge_cost",
    "cvar",
    "unhedged_cvar",
    "tail_taken",
    "transaction_cost",
    "initial_margin",
    "credit_line",
    "margin_room",
    "liquidity_at_risk",
)
AT = {key: f"B{FIRST + place}" for place, key in enumerate(AMOUNTS)}
"""Cell of each amount; the last one is left out where no margin dates were kept."""
BUDGET = AT["budget"]
"""Where other sheets find the budget."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under a header."""

    lanes: tuple[Lane, ...]
    rows: tuple[tuple[Content, ...], ...]
    total: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A sheet: its key, name, unit and blocks."""

    key: str
    name: str
    unit: str
    blocks: tuple[Block, ...]
    title: str = ""
    """Heading of the sheet; empty: its name."""

    @property
    def last(self) -> int:
        """Row of the last line of the first block, without its total, as formulas count."""
        return FIRST + len(self.blocks[0].rows) - 1


def number(cell: Cell | None) -> float | None:
    """The number behind a cell; None where it is missing or not a number at all."""
    value = None if cell is None else cell.value
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def sheet_name(key: str) -> str:
    """Name of a sheet, at most 31 characters."""
    return say(f"report.sheet.{key}")


def ref(key: str, cell: str) -> str:
    """A cell of another sheet: ``'Months'!M31``."""
    return f"'{sheet_name(key)}'!{cell}"


def given(formula: str, value: float, computed: float) -> Live | float:
    """The formula where it gives the model's value; the value alone where the model counts otherwise."""
    return Live(formula, value) if math.isclose(value, computed, rel_tol=1e-9, abs_tol=1e-6) else value


def lane(key: str, look: str, width: float, unit: str = "") -> Lane:
    """A column titled from the catalogue, with its unit."""
    title = say(f"report.lane.{key}")
    return Lane((f"{title}, {unit}" if unit else title).replace("\N{NO-BREAK SPACE}", " "), look, width)


def added(column: str, last: int) -> str:
    """The sum of a column from its first row to ``last``."""
    return f"=SUM({column}{FIRST}:{column}{last})"
