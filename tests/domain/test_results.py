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
