"""The months of a risk report."""

from __future__ import annotations

import dataclasses
import runpy
from pathlib import Path

import numpy as np
import pytest

from hedgedesk.domain.results import MonthlyRisk
from hedgedesk.domain.values import from_plain, to_plain


@pytest.fixture(scope="module")
def months() -> MonthlyRisk:
    """Those of the run made by hand."""
    made = Path(__file__).parents[1] / "reports" / "sample_run.py"
    return runpy.run_path(str(made))["sample_run"]().report.months


def test_quantiles_must_have_a_row_a_level_and_a_column_a_month(months):
    with pytest.raises(ValueError, match="hedged_quantile must have one row a level"):
        dataclasses.replace(months, hedged_quantile=months.hedged_quantile[:, :-1])
    with pytest.raises(ValueError, match="unhedged_quantile must have one row a level"):
        dataclasses.replace(months, unhedged_quantile=months.unhedged_quantile[1:])


def test_quantiles_survive_being_written_down(months):
    again = from_plain(MonthlyRisk, to_plain(months))
    assert np.array_equal(again.hedged_quantile, months.hedged_quantile)
    assert np.array_equal(again.open_value, months.open_value)


def test_a_record_from_before_them_is_read_without_them(months):
    record = to_plain(months)
    for name in ("levels", "unhedged_quantile", "hedged_quantile", "open_value"):
        del record[name]
    old = from_plain(MonthlyRisk, record)
    assert old.levels.size == old.hedged_quantile.size == old.open_value.size == 0
    assert np.array_equal(old.hedged_p95, months.hedged_p95)


def test_the_cover_of_the_first_months_is_weighted_by_forecast(months):
    two = dataclasses.replace(
        months,
        **{
            name: np.concatenate([values, getattr(months, name)[2:]])
            for name, values in {
                "forecast_mtok": np.array([300.0, 100.0]),
                "fixed_mtok": np.array([30.0, 0.0]),
                "hedged_mtok": np.array([120.0, 10.0]),
                "band_min": np.array([0.5, 0.1]),
                "band_max": np.array([0.9, 0.5]),
            }.items()
        },
    )
    assert two.cover_of_first(2) == pytest.approx((160 / 400, 0.4, 0.8))


def test_where_nothing_is_forecast_nothing_is_covered_and_no_band_rules(months):
    idle = dataclasses.replace(months, forecast_mtok=np.zeros_like(months.forecast_mtok))
    share, low, high = idle.cover_of_first(2)
    assert share == 0.0
    assert np.isnan([low, high]).all()
