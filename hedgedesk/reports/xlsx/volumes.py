"""The sheets of months, exposure and trades: volumes and money add up here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgedesk.reports.messages import say
from hedgedesk.reports.workbook import Content, Lane, Live
from hedgedesk.reports.xlsx.cells import FIRST, Block, Leaf, added, given, lane, number, sheet_name

if TYPE_CHECKING:
    from hedgedesk.reports.report.model import ReportModel
    from hedgedesk.reports.tables.table import Cell, Table

OWN = 11
"""Place of the notional in the programme's currency among the columns of the trades."""


def months(model: ReportModel) -> Leaf:
    """Volume, cover and mean cost of each month."""
    table, money, volume = model.table("months"), model.totals.currency, model.volume_unit
    rows = [_month(row, FIRST + t) for t, row in enumerate(table.rows)]
    totals = model.totals
    if totals.in_no_month or totals.unhedged_in_no_month:
        rows.append(_aside(model, FIRST + len(rows)))
    return Leaf(
        "months",
        sheet_name("months"),
        "",
        (Block(_month_lanes(money, volume), tuple(rows), _month_total(table, FIRST + len(rows) - 1)),),
    )


def _month_lanes(money: str, volume: str) -> tuple[Lane, ...]:
    return (
        lane("month", "month", 11),
        lane("raw", "whole", 11, "Mtok"),
        *(lane(key, "whole", 11, volume) for key in ("forecast", "fixed", "held", "hedged_volume", "floating")),
        lane("cover", "share", 9),
        lane("low", "share", 9),
        lane("high", "share", 9),
        lane("policy", "text", 14),
        *(lane(key, "money", 15, money) for key in ("unhedged", "hedged", "benefit", "p95")),
    )


def _month(row: dict[str, Cell], r: int) -> tuple[Content, ...]:
    volumes = tuple(number(row[key]) for key in ("raw", "forecast", "fixed", "held", "hedged", "open"))
    cover, cost, without = row["cover"].cover, number(row["cost"]) or 0.0, number(row["unhedged"]) or 0.0
    ends = (None, None) if cover is None else (cover.low, cover.high)
    share = Live(f"=IF(C{r}>0,(D{r}+F{r})/C{r},0)", number(row["cover"]) or 0.0)
    benefit = Live(f"=L{r}-M{r}", without - cost)
    words = row["state"].text
    return (str(row["month"].value), *volumes, share, *ends, words, without, cost, benefit, number(row["p95"]))


def _aside(model: ReportModel, r: int) -> tuple[Content, ...]:
    cost, without = model.totals.in_no_month, model.totals.unhedged_in_no_month
    benefit = Live(f"=L{r}-M{r}", without - cost)
    return (say("report.in_no_month"), *(None,) * 10, without, cost, benefit, None)


def _month_total(table: Table, last: int) -> tuple[Content, ...]:
    total = {key: number(table.total[key]) or 0.0 for key in ("raw", "forecast", "fixed", "held", "hedged", "open")}
    cost, without = number(table.total["cost"]) or 0.0, number(table.total["unhedged"]) or 0.0
    r = last + 1
    volumes = (Live(added(column, last), value) for column, value in zip("BCDEFG", total.values(), strict=True))
    cover = (total["fixed"] + total["hedged"]) / total["forecast"] if total["forecast"] > 0 else 0.0
    share = Live(f"=IF(C{r}>0,(D{r}+F{r})/C{r},0)", cover)
    money = (Live(added("L", last), without), Live(added("M", last), cost), Live(f"=L{r}-M{r}", without - cost))
    return (say("plan.total"), *volumes, share, None, None, None, *money, None)


def lines(model: ReportModel) -> Leaf:
    """Expected use of each model and meter, and what of it is open."""
    table, money = model.table("lines"), model.totals.currency
    lanes = (
        lane("model", "text", 28),
        lane("meter", "text", 18),
        *(lane(key, "whole", 13, "Mtok") for key in ("forecast", "fixed", "open")),
        lane("weight", "money", 9),
        lane("open", "whole", 14, model.volume_unit),
        lane("open", "money", 16, money),
        lane("share", "share", 9),
    )
    last = FIRST + len(table.rows) - 1
    rows = tuple(_line(row, FIRST + j, last) for j, row in enumerate(table.rows))
    sums = (sum(float(row[at] or 0.0) for row in _plain(rows)) for at in (2, 3, 4, 6, 7, 8))
    columns = dict(zip("CDEGHI", sums, strict=True))
    totals = (Live(added(c, last), columns[c]) if c in columns else None for c in "BCDEFGHI")
    return Leaf("exposure", sheet_name("exposure"), "", (Block(lanes, rows, (say("plan.total"), *totals)),))


def _line(row: dict[str, Cell], r: int, last: int) -> tuple[Content, ...]:
    of_all = f"SUM(G${FIRST}:G${last})"
    use = {key: number(row[key]) or 0.0 for key in ("forecast", "fixed", "open", "weight", "standard")}
    return (
        row["model"].text,
        row["meter"].text,
        use["forecast"],
        use["fixed"],
        use["open"],
        use["weight"],
        given(f"=E{r}*F{r}", use["standard"], use["open"] * use["weight"]),
        number(row["money"]),
        Live(f"=IF({of_all}>0,G{r}/{of_all},0)", number(row["share"]) or 0.0),
    )


def _plain(rows: tuple[tuple[Content, ...], ...]) -> list[list[Any]]:
    """The rows with what their formulas give."""
    return [[value.value if isinstance(value, Live) else value for value in row] for row in rows]


def trades(model: ReportModel) -> Leaf:
    """What to trade: volume and notional follow from lots, size of a lot and price."""
    table = model.table("plan")
    native = model.price_unit.partition(" ")[0]
    money, volume = model.totals.currency, model.volume_unit
    lanes = (
        lane("contract", "month", 11),
        lane("side", "text", 7),
        lane("lots", "lots", 9),
        lane("held_lots", "lots", 9),
        lane("after", "lots", 9),
        lane("price", "price", 11, model.price_unit),
        lane("lot", "money", 11, volume),
        lane("volume", "whole", 13, volume),
        lane("notional", "money", 17, native),
        lane("margin", "money", 15, money),
        lane("cost", "money", 13, money),
        lane("notional", "money", 17, money),
        lane("cover", "share", 9),
        lane("why", "text", 40),
    )
    pairs = zip(table.rows, model.lot_mtok, strict=True)
    rows = tuple(_trade(row, lot, FIRST + k) for k, (row, lot) in enumerate(pairs))
    block = Block(lanes, rows, _trade_total(table, len(rows)))
    if all(column.key != "notional_own" for column in table.columns):
        block = _without_own(block)
    return Leaf("trades", sheet_name("trades"), "", (block,))


def _without_own(block: Block) -> Block:
    """The trades where contracts and programme share one currency; no formula looks beyond the column left out."""
    k = OWN
    rows = tuple(row[:k] + row[k + 1 :] for row in block.rows)
    return Block(block.lanes[:k] + block.lanes[k + 1 :], rows, block.total[:k] + block.total[k + 1 :])


def _trade(row: dict[str, Cell], lot: float, r: int) -> tuple[Content, ...]:
    lots, held, price = (number(row[key]) or 0.0 for key in ("lots", "held", "price"))
    return (
        str(row["contract"].value),
        row["side"].text,
        lots,
        held,
        Live(f"=C{r}+D{r}", lots + held),
        price,
        lot,
        Live(f"=C{r}*G{r}", number(row["mtok"]) or 0.0),
        Live(f"=H{r}*F{r}", number(row["notional"]) or 0.0),
        number(row["margin"]),
        number(row["cost"]),
        number(row["notional_own"]),
        number(row["cover"]),
        row["why"].text,
    )


def _trade_total(table: Table, count: int) -> tuple[Content, ...]:
    if not count:
        return ()
    sums = {key: number(cell) or 0.0 for key, cell in table.total.items() if key != "contract"}
    after = sums["lots"] + sums["held"]
    columns = {"C": sums["lots"], "D": sums["held"], "E": after, "H": sums["mtok"], "I": sums["notional"]}
    columns |= {"J": sums["margin"], "K": sums["cost"], "L": sums["notional_own"]}
    last = FIRST + count - 1
    totals = {column: Live(added(column, last), value) for column, value in columns.items()}
    return (say("plan.total"), *(totals.get(column) for column in "BCDEFGHIJKLMN"))
