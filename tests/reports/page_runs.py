"""Runs at the edges of what a desk can be, made from the run by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from hedgedesk.domain.run import HedgeRun


def of_months(run: HedgeRun, count: int) -> HedgeRun:
    """The run over another number of months: its first ones, or the same again and again."""
    take = np.arange(count) % run.exposure.months.size
    months = np.arange(count).astype("timedelta64[M]") + run.exposure.months[0]
    rows = ("forecast_mtok", "fixed_mtok", "spread", "committed_cost", "beta")
    exposure = dataclasses.replace(
        run.exposure, months=months, **{name: getattr(run.exposure, name)[take] for name in rows}
    )
    monthly = _months_taken(run.report.months, take, months)
    quantile = run.fan.quantile_per_mtok[:, take]
    fan = dataclasses.replace(
        run.fan, months=months, quantile_per_mtok=quantile, mean_per_mtok=run.fan.mean_per_mtok[take]
    )
    return dataclasses.replace(run, exposure=exposure, fan=fan, report=dataclasses.replace(run.report, months=monthly))


def _months_taken(monthly: Any, take: np.ndarray, months: np.ndarray) -> Any:
    names = [f.name for f in dataclasses.fields(monthly) if f.name not in ("months", "levels")]
    return dataclasses.replace(
        monthly, months=months, **{name: each[..., take] for name in names if (each := getattr(monthly, name)).size}
    )


def with_months(run: HedgeRun, **fields: Any) -> HedgeRun:
    """The run with other numbers by month."""
    months = dataclasses.replace(run.report.months, **fields)
    return dataclasses.replace(run, report=dataclasses.replace(run.report, months=months))


def without_contracts(run: HedgeRun) -> HedgeRun:
    """Nothing is listed or modelled: no contract, no lots, no curve."""
    empty = np.empty(0)
    plan = dataclasses.replace(
        run.plan,
        contracts=(),
        reasons=(),
        lots=empty,
        held_lots=empty,
        continuous_lots=empty,
        price_per_mtok=empty,
        transaction_cost=empty,
        initial_margin=empty,
    )
    curve = dataclasses.replace(run.fan.curve, delivery_months=np.empty(0, dtype="datetime64[M]"), price_per_mtok=empty)
    none = np.zeros(run.exposure.months.size)
    bare = with_months(run, held_mtok=none, hedged_mtok=none, hedgeable=none.astype(bool))
    return dataclasses.replace(bare, plan=plan, fan=dataclasses.replace(run.fan, curve=curve))


def nothing_open(run: HedgeRun) -> HedgeRun:
    """Everything has a fixed price."""
    none, m = np.zeros(run.exposure.months.size), run.report.months
    exposure = dataclasses.replace(run.exposure, fixed_mtok=run.exposure.forecast_mtok)
    closed = with_months(
        run,
        open_mtok=none,
        raw_open_mtok=none,
        open_value=none,
        held_mtok=none,
        hedged_mtok=none,
        fixed_mtok=m.forecast_mtok,
    )
    return dataclasses.replace(closed, exposure=exposure)


def before_quantiles(run: HedgeRun) -> HedgeRun:
    """As a record from before the months' quantiles and values were kept is read."""
    record = run.record()
    for name in ("levels", "unhedged_quantile", "hedged_quantile", "open_value"):
        del record["report"]["months"][name]
    return HedgeRun.from_record(record)
