"""The tables of the pages Exposure, Market and Risk, by name, for :mod:`hedgedesk.reports.tables.shelf`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.tables.table import Table


def _exposure_months(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure import months_table

    return months_table(run)


def _exposure_lines(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure import lines_table

    return lines_table(run)


def _exposure_open(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_month

    return open_by_month(run)


def _exposure_models(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.exposure_twins import open_by_model

    return open_by_model(run)


def _market_fan(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import price_fan

    return price_fan(run.fan)


def _market_quantiles(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.market import quantiles_table

    return quantiles_table(run.fan)


def _market_curve(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.market import curve_table

    return curve_table(run.fan)


def _market_moves(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.market import moves_table

    return moves_table(run.fan)


def _market_parameters(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.market import meaning_table

    return meaning_table(run.model)


def _risk_distribution(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.twins import cost_distribution

    return cost_distribution(run.report)


def _risk_stress(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables import stress_table

    return stress_table(run.report)


def _risk_tornado(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import tornado_table

    return tornado_table(run.report)


def _risk_months(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import month_costs_table

    return month_costs_table(run.report)


def _risk_costs(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import costs_table

    return costs_table(run.report)


def _risk_effectiveness(run: HedgeRun) -> Table:
    from hedgedesk.reports.tables.risk import effectiveness_table

    return effectiveness_table(run.report)


TABLES: dict[str, Callable[[HedgeRun], Table]] = {
    "exposure.months": _exposure_months,
    "exposure.lines": _exposure_lines,
    "exposure.open": _exposure_open,
    "exposure.models": _exposure_models,
    "market.fan": _market_fan,
    "market.quantiles": _market_quantiles,
    "market.curve": _market_curve,
    "market.moves": _market_moves,
    "market.parameters": _market_parameters,
    "risk.distribution": _risk_distribution,
    "risk.stress": _risk_stress,
    "risk.tornado": _risk_tornado,
    "risk.months": _risk_months,
    "risk.costs": _risk_costs,
    "risk.effectiveness": _risk_effectiveness,
}
"""Name to builder. A builder imports what it needs when it is called."""
