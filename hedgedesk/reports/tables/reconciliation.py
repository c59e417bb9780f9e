"""Billed against priced: one row a seller, model and month, the gap and what explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.reconciliation import CAUSES, TOLERANCE
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.reconciliation import GapLine, Reconciliation
    from hedgedesk.domain.study import UsageStudy

LEAST = 0.005
"""Of a unit of money: smaller parts of a gap are shown as nothing."""


def reconciliation_table(study: UsageStudy) -> Table:
    """The newest month first, in it the largest bill; a column for every cause that explains a part somewhere."""
    found = study.reconciliation
    causes = present_causes(found)
    lines = sorted(found.lines, key=lambda line: (line.month, line.billed or line.priced or 0.0), reverse=True)
    columns = (
        Column("month", say("reconciliation.column.month"), "text", 84),
        Column("seller", say("reconciliation.column.seller"), "text", 88),
        Column("model", say("reconciliation.column.model"), "text", 140),
        Column("mtok", say("reconciliation.column.mtok"), width=80),
        *(_money(key, found.currency) for key in ("billed", "priced", "gap")),
        *(_cause(cause, found.currency) for cause in causes),
        Column("book", say("reconciliation.column.book"), "text", 116),
        Column("state", say("reconciliation.column.state"), "state", 128),
    )
    return Table("reconciliation", columns, tuple(_row(line, causes) for line in lines), _total(found, causes))


def present_causes(found: Reconciliation) -> tuple[str, ...]:
    """Causes that explain a part of some line, in the order they are told."""
    return tuple(cause for cause in CAUSES if any(abs(line.causes.get(cause, 0.0)) >= LEAST for line in found.lines))


def badge(found: Reconciliation) -> tuple[str, str]:
    """Words and tone of the whole: reconciled, not reconciled, or nothing to compare with."""
    if found.billed is None or found.priced is None:
        return say("reconciliation.nothing_billed"), "plain"
    key = "reconciled" if found.reconciled else "not_reconciled"
    return say(f"reconciliation.{key}"), "in" if found.reconciled else "under"


def gap_words(found: Reconciliation) -> str:
    """The whole in one line: billed, priced, gap and the largest causes."""
    if found.billed is None:
        return say("reconciliation.no_bill")
    scale = fmt.money_scale(found.billed, found.priced)
    parts = sorted(found.causes.items(), key=lambda part: -abs(part[1]))
    named = [(cause, amount) for cause, amount in parts if not fmt.reads_as_nothing(scale.text(amount))]
    told = ", ".join(f"{say(f'cause.name.{cause}')} {scale.text(amount, signed=True)}" for cause, amount in named)
    return say(
        "reconciliation.whole",
        billed=scale.full(found.billed, found.currency),
        priced=scale.text(found.priced),
        gap=scale.text(found.gap, signed=True),
        causes=told or say("reconciliation.no_cause"),
    )


def _cause(cause: str, currency: str) -> Column:
    title = say(f"cause.{cause}")
    return Column(cause, title, width=max(88, 24 + 7 * len(title)), unit=currency)


def _money(key: str, currency: str) -> Column:
    return Column(key, say(f"reconciliation.column.{key}", money=currency), width=100)


def _row(line: GapLine, causes: tuple[str, ...]) -> dict[str, Cell]:
    month = fmt.month(np.datetime64(line.month, "M"))
    return {
        "month": Cell(month, line.month),
        "seller": Cell(line.seller, line.seller),
        "model": Cell(line.model or say("usage.unnamed"), line.model, line.model),
        "mtok": Cell(fmt.number(line.mtok, 1), line.mtok),
        **{key: _amount(getattr(line, key), signed=key == "gap") for key in ("billed", "priced", "gap")},
        **{cause: _part(line.causes.get(cause, 0.0)) for cause in causes},
        "book": Cell(line.book, line.book, line.book),
        "state": _state(line),
    }


def _total(found: Reconciliation, causes: tuple[str, ...]) -> dict[str, Cell]:
    mtok = sum(line.mtok for line in found.lines)
    words, tone = badge(found)
    return {
        "month": Cell(say("plan.total")),
        "mtok": Cell(fmt.number(mtok, 1), mtok),
        **{key: _amount(getattr(found, key), signed=key == "gap") for key in ("billed", "priced", "gap")},
        **{cause: _part(found.causes.get(cause, 0.0)) for cause in causes},
        "state": Cell(words, tone, tone=tone),
    }


def _amount(value: float | None, *, signed: bool = False) -> Cell:
    return Cell("") if value is None else Cell(fmt.number(value, 2, signed=signed), value)


def _part(value: float) -> Cell:
    return Cell("") if abs(value) < LEAST else Cell(fmt.number(value, 2, signed=True), value)


def _state(line: GapLine) -> Cell:
    if line.billed is None:
        return Cell(say("reconciliation.state.no_bill"), "none", tone="none")
    if line.priced is None and abs(line.causes.get("unknown_model", 0.0)) >= LEAST:
        return Cell(say("reconciliation.state.no_price"), "under", tone="under")
    left = abs(line.causes.get("unexplained", 0.0))
    if left <= TOLERANCE * abs(line.billed) + LEAST:
        return Cell(say("reconciliation.state.explained"), "in", tone="in")
    share = fmt.share(left / abs(line.billed)) if line.billed else fmt.number(left, 2)
    return Cell(say("reconciliation.state.open", share=share), "under", tone="under")
