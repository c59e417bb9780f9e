"""The table behind every chart: the same numbers as text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import cover_of, page_scale
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.scenarios import PriceFan


def cost_distribution(report: RiskReport) -> Table:
    """One row a bin of cost: share of the scenarios with the plan and without hedges."""
    scale, d = page_scale(report), report.distribution
    unit = scale.unit(report.currency)
    keys = ("from", "to", "plan", "unhedged")
    columns = tuple(Column(key, say(f"twin.{key}", unit=unit)) for key in keys)
    rows = tuple(
        {
            "from": Cell(scale.text(float(low)), scale.of(float(low))),
            "to": Cell(scale.text(float(high)), scale.of(float(high))),
            "plan": Cell(fmt.share(float(hedged), 1), float(hedged)),
            "unhedged": Cell(fmt.share(float(unhedged), 1), float(unhedged)),
        }
        for (low, high), hedged, unhedged in zip(pairwise(d.edges), d.hedged, d.unhedged, strict=True)
    )
    return Table("distribution", columns, rows)


def price_fan(fan: PriceFan) -> Table:
    """One row a month: quantiles and mean of its average price, and today's curve where a contract delivers."""
    decimals = fmt.price_decimals(fan.quantile_per_mtok[-1])
    quoted = dict(zip(fan.curve.delivery_months.tolist(), fan.curve.price_per_mtok.tolist(), strict=True))
    levels = [fmt.share(float(level)) for level in fan.levels]
    unit = fmt.per_unit(fan.currency, fan.unit)
    columns = (
        Column("month", say("twin.month"), "text"),
        *(Column(level, level, unit=unit) for level in levels),
        Column("mean", say("twin.mean"), unit=unit),
        Column("curve", say("twin.curve"), unit=unit),
    )
    rows = []
    for t, month in enumerate(fan.months):
        price = quoted.get(month.item())
        cells = zip(levels, fan.quantile_per_mtok[:, t].tolist(), strict=True)
        rows.append(
            {
                "month": Cell(fmt.month(month), str(month)),
                **{level: Cell(fmt.price(value, decimals), value) for level, value in cells},
                "mean": Cell(fmt.price(float(fan.mean_per_mtok[t]), decimals), float(fan.mean_per_mtok[t])),
                "curve": Cell("" if price is None else fmt.price(price, decimals), price),
            }
        )
    return Table("fan", columns, tuple(rows))


def cover_by_month(report: RiskReport) -> Table:
    """One row a month: what is fixed, held and hedged as shares of the forecast, and the policy band."""
    keys = ("month", "fixed", "held", "hedged", "cover", "low", "high", "state")
    kinds = {"month": "text", "state": "text"}
    columns = tuple(Column(key, say(f"twin.{key}"), kinds.get(key, "number")) for key in keys)
    return Table("cover", columns, tuple(_cover(report, t) for t in range(report.months.months.size)))


def _cover(report: RiskReport, t: int) -> dict[str, Cell]:
    m, cover = report.months, cover_of(report, t)
    forecast = float(m.forecast_mtok[t])
    volumes = {"fixed": m.fixed_mtok, "held": m.held_mtok, "hedged": m.hedged_mtok}
    shares = {key: float(v[t]) / forecast if forecast > 0 else 0.0 for key, v in volumes.items()}
    words = cover.words if m.hedgeable[t] else say("cover.out_of_reach")
    return {
        "month": Cell(fmt.month(m.months[t]), str(m.months[t])),
        **{key: Cell(fmt.share(value), value) for key, value in shares.items()},
        "cover": Cell(fmt.share(cover.share), cover.share),
        "low": Cell(fmt.share(cover.low), cover.low),
        "high": Cell(fmt.share(cover.high), cover.high),
        "state": Cell(words),
    }
