"""Real usage of a large router against the list prices that its collector used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.pricing import price
from hedgedesk.files.price_books.desk_list import DeskList

LISTED = {
    "uncached_input": "list_input_usd_per_mtok",
    "cache_read": "list_cached_input_usd_per_mtok",
    "output": "list_output_usd_per_mtok",
}


@pytest.fixture(scope="module")
def weeks(reference_data: Path) -> pd.DataFrame:
    told = pd.read_csv(reference_data / "consumption" / "openrouter_weekly_top_models.csv")
    return told[~told["is_free"]].reset_index(drop=True)


def listed(weeks: pd.DataFrame) -> DeskList:
    """The collector's list prices as a desk's own, each week's from its end on."""
    rows = [(week, meter, week[column]) for _, week in weeks.iterrows() for meter, column in LISTED.items()]
    return DeskList(
        ListPrices(
            "USD",
            np.array([week["week_end_date"] for week, _, _ in rows], dtype="datetime64[D]"),
            ("openrouter",) * len(rows),
            tuple(week["model"] for week, _, _ in rows),
            tuple(meter for _, meter, _ in rows),
            np.array([told for _, _, told in rows], dtype=np.float64),
        )
    )


def as_usage(weeks: pd.DataFrame, uncached: np.ndarray) -> Usage:
    keys = tuple(UsageKey("openrouter", model) for model in sorted(set(weeks["model"])))
    names = [key.model for key in keys]
    n = len(weeks)
    blank = np.full(n, np.nan)
    return Usage(
        starts=weeks["week_end_date"].to_numpy(dtype="datetime64[s]"),
        keys=keys,
        key=np.array([names.index(model) for model in weeks["model"]], dtype=np.int64),
        tokens=np.column_stack([uncached, weeks["cached_tokens"], np.zeros(n), weeks["completion_tokens"]]).astype(
            float
        ),
        cache_write_1h=np.zeros(n),
        reasoning=weeks["reasoning_tokens"].to_numpy(dtype=np.float64),
        requests=weeks["request_count"].to_numpy(dtype=np.float64),
        billed=weeks["estimated_spend_usd"].to_numpy(dtype=np.float64),
        listed=blank,
        priced=blank,
    )


def test_the_collectors_estimate_is_found_to_the_cent(weeks: pd.DataFrame) -> None:
    """The collector charges the whole prompt as uncached, and cached tokens once more at their own price."""
    usage = as_usage(weeks, weeks["prompt_tokens"].to_numpy())
    np.testing.assert_allclose(price(usage, listed(weeks)).priced, weeks["estimated_spend_usd"], rtol=0, atol=0.01)


def test_counted_once_cached_tokens_make_the_bill_smaller_by_their_input_price(weeks: pd.DataFrame) -> None:
    usage = as_usage(weeks, (weeks["prompt_tokens"] - weeks["cached_tokens"]).to_numpy())
    twice = weeks["cached_tokens"] * weeks["list_input_usd_per_mtok"] / 1e6
    found = price(usage, listed(weeks)).priced
    np.testing.assert_allclose(found, weeks["estimated_spend_usd"] - twice, rtol=0, atol=0.01)
    assert found.sum() < 0.75 * weeks["estimated_spend_usd"].sum()
