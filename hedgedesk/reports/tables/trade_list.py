"""The list of trades that a desk hands to whoever trades: futures and other instruments, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.domain.units import Lots
from hedgedesk.market.quotes import points
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables.choices import kind_words, quantity_text
from hedgedesk.reports.tables.plan import reason_words
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hedgedesk.domain.instruments import InstrumentChoice
    from hedgedesk.domain.plan import HedgePlan
    from hedgedesk.domain.run import HedgeRun

QUOTE_DIGITS = 8
"""Of a quote: a venue's ticks are never finer."""
_COLUMNS = (
    ("instrument", "text", 120),
    ("kind", "text", 90),
    ("contract", "text", 90),
    ("last_day", "text", 90),
    ("side", "text", 60),
    ("quantity", "number", 90),
    ("unit", "text", 60),
    ("quote", "number", 80),
    ("price", "number", 80),
    ("volume", "number", 100),
    ("notional", "number", 110),
    ("premium", "number", 100),
    ("cost", "number", 90),
    ("margin", "number", 110),
    ("reason", "text", 240),
)


def trade_list(run: HedgeRun) -> Table:
    """One row a trade to do now; contracts of which nothing is traded are left out.

    The quote is today's price in the venue's points, on its ticks. Notional and price are in the contracts' currency,
    premium, cost and margin in the programme's; the margin is of the position after the trade.
    """
    plan = run.plan
    native = plan.contracts[0].spec.currency if plan.contracts else plan.program.currency
    titles = {"native": native, "ccy": plan.program.currency, "unit": fmt.volume_unit(run.fan.unit)}
    titles["price"] = fmt.per_unit(native, run.fan.unit)
    columns = tuple(Column(key, say(f"trade_list.{key}", **titles), kind, width) for key, kind, width in _COLUMNS)
    return Table("trade_list", columns, tuple(_rows(plan)))


def _rows(plan: HedgePlan) -> Iterator[dict[str, Cell]]:
    yield from (_future(plan, k) for k in range(len(plan.contracts)) if plan.lots[k])
    yield from (_choice(choice) for choice in plan.choices if choice.quantity)


def _future(plan: HedgePlan, k: int) -> dict[str, Cell]:
    contract, lots, price = plan.contracts[k], float(plan.lots[k]), float(plan.price_per_mtok[k])
    quote = round(points(contract.spec, price), QUOTE_DIGITS)
    decimals = 0 if plan.program.lots == "whole" else 2
    amounts = {
        "volume": float(contract.mtok(Lots(lots))),
        "notional": contract.notional(Lots(lots), price),
        "cost": float(plan.transaction_cost[k]),
        "margin": float(plan.initial_margin[k]),
    }
    return {
        "instrument": Cell(contract.spec.name),
        "kind": Cell(say("trade_list.futures")),
        "contract": Cell(fmt.month(contract.delivery_month), contract.code),
        "last_day": Cell(fmt.day(contract.last_trading_day), str(contract.last_trading_day)),
        "side": Cell(_side(lots)),
        "quantity": Cell(fmt.number(lots, decimals, signed=True), lots),
        "unit": Cell(say("trade_list.lots")),
        "quote": Cell(fmt.significant(quote, QUOTE_DIGITS), quote),
        "price": Cell(fmt.number(price, fmt.price_decimals(plan.price_per_mtok)), price),
        **{key: Cell(fmt.number(value), value) for key, value in amounts.items()},
        "premium": Cell(""),
        "reason": Cell(reason_words(plan.reasons[k] if plan.reasons else "")),
    }


def _choice(choice: InstrumentChoice) -> dict[str, Cell]:
    offer = choice.offer
    amounts = {
        "volume": choice.cover_mtok,
        "premium": choice.premium,
        "cost": choice.transaction_cost,
        "margin": choice.initial_margin,
    }
    month = fmt.month(offer.contract) if offer.contract else ""
    return {
        "instrument": Cell(offer.name),
        "kind": Cell(kind_words(offer.kind)),
        "contract": Cell(month, offer.contract or None),
        "last_day": Cell(""),
        "side": Cell(_side(choice.quantity, share=offer.unit == "share")),
        "quantity": Cell(quantity_text(choice), choice.quantity),
        "unit": Cell(offer.unit),
        "quote": Cell(""),
        "price": Cell(""),
        "notional": Cell(""),
        **{key: Cell(fmt.number(value), value) for key, value in amounts.items()},
        "reason": Cell(reason_words(choice.reason)),
    }


def _side(quantity: float, *, share: bool = False) -> str:
    """What is done; a share of the own use is taken up rather than bought."""
    if share:
        return say("trade_list.take")
    return say("plan.buy" if quantity > 0 else "plan.sell")
