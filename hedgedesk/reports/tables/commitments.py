"""The single commitments of a run: what was bought at a fixed price, and whether it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.commitment_uses import CommitmentUse, commitment_uses
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun

COLUMNS = (
    ("name", "text", 150),
    ("kind", "text", 104),
    ("months", "text", 150),
    ("model", "text", 140),
    ("meter", "text", 112),
    ("volume", "number", 96),
    ("price", "number", 96),
    ("cost", "number", 104),
    ("used", "number", 104),
    ("state", "state", 148),
)


def commitments_table(run: HedgeRun) -> Table:
    """One row a commitment, the one that ends first on top; without any, or in an old record, one row that says so."""
    use = run.exposure
    money = use.commitment_currency or run.report.currency
    columns = tuple(
        Column(key, say(f"commitments.column.{key}", money=money), kind, width) for key, kind, width in COLUMNS
    )
    found = commitment_uses(use)
    if not found:
        old = use.fixed_mtok.any()
        return Table("commitments", columns, ({"name": Cell(say(f"commitments.{'old_record' if old else 'none'}"))},))
    decimals = fmt.price_decimals(item.price for item in found)
    return Table("commitments", columns, tuple(_row(item, decimals) for item in found))


def _row(found: CommitmentUse, decimals: int) -> dict[str, Cell]:
    item = found.commitment
    volume = item.mtok_per_month if item.fixes_volume else None
    return {
        "name": Cell(item.name, item.name, item.name),
        "kind": Cell(catalogue().get(f"commitments.kind.{item.kind}", item.kind), item.kind),
        "months": Cell(fmt.span(item.first_month, item.last_month), f"{item.first_month}/{item.last_month}"),
        "model": Cell(item.model, item.model, item.model),
        "meter": Cell(say(f"meter.{item.meter}"), item.meter),
        "volume": Cell("" if volume is None else fmt.number(volume), volume),
        "price": Cell(fmt.price(found.price, decimals), None if fmt.missing(found.price) else found.price),
        "cost": Cell(fmt.number(found.cost), found.cost, fmt.money(found.cost, item.currency)),
        "used": Cell("") if fmt.missing(found.used) else Cell(fmt.share(found.used), found.used),
        "state": _state(found),
    }


def _state(found: CommitmentUse) -> Cell:
    if not found.months:
        return Cell(say("commitments.state.outside"), "none", tone="none")
    if not found.commitment.fixes_volume:
        return Cell(say("commitments.state.price_only"), "none", tone="none")
    if found.over_months:
        key = "over_one" if found.over_months == 1 else "over"
        return Cell(say(f"commitments.state.{key}", count=found.over_months), "over", tone="over")
    return Cell(say("commitments.state.within"), "in", tone="in")
