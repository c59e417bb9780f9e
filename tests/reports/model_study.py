"""Fitted models and their validation, made by hand: jumps, regimes, a refusal, a view, a thin history."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from hedgedesk.domain.price_models import (
    CoverageTest,
    JumpRecord,
    ModelChoice,
    ModelFit,
    ModelStudy,
    Refusal,
    RegimePath,
    Validation,
    ValidationRow,
)
from hedgedesk.domain.results import ModelSummary

AS_OF = np.datetime64("2026-10-23")
PAST = np.arange("2025-05-02", "2026-10-24", 7, dtype="datetime64[D]")
PRICES = np.where(np.datetime64("2025-11-14") > PAST, 12.0, 9.0) * np.where(np.datetime64("2026-08-14") > PAST, 1, 1.2)
MONTHS = np.arange("2026-11", "2028-11", dtype="datetime64[M]")
AHEAD = np.arange("2026-10-23", "2028-11-01", 7, dtype="datetime64[D]")
LEVELS = np.array([0.05, 0.15, 0.25, 0.5, 0.75, 0.85, 0.95])
SCORES = np.array([-1.6449, -1.0364, -0.6745, 0.0, 0.6745, 1.0364, 1.6449])
JUMPS = (
    JumpRecord(np.datetime64("2025-11-14"), -0.2877, ("deepseek cut deepseek-chat output from 1.10 to 0.42 USD",)),
    JumpRecord(np.datetime64("2026-08-14"), 0.1823),
)


def model_study(**parts: Any) -> ModelStudy:
    """The study; keywords replace its fields."""
    made = ModelStudy(
        as_of=AS_OF,
        index="matched-list-3",
        currency="CNY",
        unit="stu",
        history_dates=PAST,
        history_per_mtok=PRICES,
        fits=(_random_walk(), _jumps(), _regimes()),
        refusals=(Refusal("Bootstrap", "26 changes of the index are too few to resample: 52 are needed"),),
        view={"JumpDiffusion": {"sigma": 0.3}},
        seed=7,
    )
    return dataclasses.replace(made, **parts)


def _fit(summary: ModelSummary, spread: float, drift: float, **more: Any) -> ModelFit:
    years = (AHEAD - AS_OF).astype(float) / 365.25
    ends = (MONTHS + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    curve = PRICES[-1] * np.exp(drift * (ends - AS_OF).astype(float) / 365.25)
    mean = np.log(PRICES[-1]) + (drift - 0.5 * spread**2) * years
    return ModelFit(
        summary=summary,
        months=MONTHS,
        curve_per_mtok=curve,
        curve_low_per_mtok=curve * 0.9,
        curve_high_per_mtok=curve * 1.15,
        dates=AHEAD,
        levels=LEVELS,
        fan_per_mtok=np.exp(mean + spread * np.sqrt(years) * SCORES[:, None]),
        paths_per_mtok=np.exp(mean + spread * np.sqrt(years) * np.array([[-1.0], [0.3], [1.2]])),
        **more,
    )


def _random_walk() -> ModelFit:
    values, errors = {"mu": -0.18, "sigma": 0.42}, {"mu": 0.34, "sigma": 0.034}
    return _fit(ModelSummary("RandomWalk", values, errors, 121.3, 77, ("every move stays",), estimated=2), 0.42, 0.0)


def _jumps() -> ModelFit:
    values = {"kappa": 0.8, "theta": 2.2, "sigma": 0.12, "down_rate": 0.9}
    errors = {"kappa": 0.5, "theta": 0.2, "sigma": 0.01, "down_rate": float("nan")}
    told = ("jumps come at a constant rate",)
    summary = ModelSummary("JumpDiffusion", values, errors, 160.2, 77, told, estimated=4, view={"sigma": 0.3})
    return _fit(summary, 0.5, -0.1, jumps=JUMPS)


def _regimes() -> ModelFit:
    war = np.clip(np.exp(-np.abs((PAST - np.datetime64("2025-11-14")).astype(float)) / 21.0), 0.0, 0.9)
    short = np.clip(np.exp(-np.abs((PAST - np.datetime64("2026-08-14")).astype(float)) / 14.0), 0.0, 0.8) * (1 - war)
    path = RegimePath(("price war", "calm", "shortage"), PAST, np.column_stack((war, 1 - war - short, short)))
    values = {"mean_1": -0.02, "mean_2": 0.0, "mean_3": 0.03}
    summary = ModelSummary("Regimes", values, dict.fromkeys(values, 0.01), 150.0, 77, ("three regimes",), estimated=12)
    return _fit(summary, 0.35, 0.05, regimes=path)


def validation(**parts: Any) -> Validation:
    """Two models at two horizons; keywords replace its fields."""
    rows = tuple(_row(model, h) for h in (1, 3) for model in ("RandomWalk", "JumpDiffusion"))
    made = Validation(
        as_of=AS_OF,
        index="matched-list-3",
        observations=78,
        rows=rows,
        refusals=(Refusal("Bootstrap", "26 changes are too few"),),
        ranking=("JumpDiffusion", "RandomWalk"),
        hedge_horizon_months=3,
        thin=True,
        choice=ModelChoice("RandomWalk", "14 forecasts could be judged, 24 are asked for", "k"),
        seed=7,
        draws=2000,
        notices=("the first forecast is of 1 May 2026",),
    )
    return dataclasses.replace(made, **parts)


def _row(model: str, horizon: int) -> ValidationRow:
    better = model != "RandomWalk"
    return ValidationRow(
        model=model,
        horizon_months=horizon,
        origins=14,
        crps=0.09 if better else 0.1,
        crps_ratio=0.9 if better else 1.0,
        pinball={"0.05": 0.012, "0.5": 0.05, "0.95": 0.014},
        coverage={"0.5": 0.79, "0.8": 0.86, "0.95": 0.93},
        pit=(0, 1, 1, 2, 5, 3, 1, 1, 0, 0),
        pit_p_value=0.031,
        tests=(
            CoverageTest("kupiec", 0.95, 14, 1, 0.12, 0.73, 0.19),
            CoverageTest("christoffersen", 0.95, 14, 1, 0.3, 0.58, 0.19),
        ),
        diebold_mariano=-2.4 if better else None,
        diebold_mariano_p=0.032 if better else None,
        ljung_box_p=0.4,
        adf_p=0.01,
        kpss_p=0.1,
        note="flat in four weeks of five" if better else "",
    )
