"""The quality-constant index: the cheapest price that reached a score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_index import IndexSettings, Scores
from hedgedesk.index import study

QUALITY = IndexSettings(method="quality_constant", frequency="month", threshold=80.0)


def scores(*rows: tuple[str, float, str]) -> Scores:
    """MMLU scores of (model, score, known from)."""
    return Scores(
        models=tuple(row[0] for row in rows),
        benchmarks=("mmlu",) * len(rows),
        score_pct=np.array([row[1] for row in rows]),
        providers=("",) * len(rows),
        known_from=np.array([row[2] or "NaT" for row in rows], dtype="datetime64[D]"),
    )


def test_it_is_the_lowest_price_so_far_of_what_reaches_the_score(listed):
    prices = listed(
        [
            ("2026-01-05", "v/good", 8.0, ""),
            ("2026-01-05", "v/weak", 1.0, ""),
            ("2026-02-05", "w/better", 6.0, ""),
            ("2026-03-05", "w/better", 9.0, ""),
        ]
    )
    made = study(
        QUALITY, list_prices=prices, scores=scores(("good", 80.0, ""), ("weak", 79.9, ""), ("better", 90.0, ""))
    )
    assert made.values == pytest.approx([8.0, 6.0, 6.0])
    assert made.unit == "usd per mtok"
    assert made.constituents == ("v/good", "w/better")
    assert made.weights.tolist() == [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]


def test_a_price_that_stood_for_a_week_in_mid_month_counts(listed):
    prices = listed([("2026-01-05", "v/m", 8.0, ""), ("2026-01-12", "v/m", 4.0, ""), ("2026-01-19", "v/m", 8.0, "")])
    assert study(QUALITY, list_prices=prices, scores=scores(("m", 85.0, ""))).values == pytest.approx([4.0])


def test_a_score_counts_from_the_day_it_is_known_and_the_later_one_replaces_it(listed):
    prices = listed([("2026-01-05", "v/m", 8.0, ""), ("2026-01-05", "v/n", 4.0, ""), ("2026-04-05", "v/m", 7.0, "")])
    known = scores(("m", 85.0, "2026-02-10"), ("n", 70.0, ""), ("n", 81.0, "2026-03-01"))
    made = study(QUALITY, list_prices=prices, scores=known)
    assert made.dates.astype(str).tolist() == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert made.values == pytest.approx([8.0, 4.0, 4.0])


def test_a_free_model_does_not_end_the_index(listed):
    prices = listed([("2026-01-05", "v/m", 8.0, ""), ("2026-01-06", "v/gift", 0.0, "")])
    made = study(QUALITY, list_prices=prices, scores=scores(("m", 85.0, ""), ("gift", 99.0, "")))
    assert made.values == pytest.approx([8.0])


@pytest.mark.parametrize("print_", [0.008, 0.0])
def test_one_sources_slip_does_not_set_a_minimum_for_ever(listed, print_):
    rows = [("2026-01-05", "v/m", 8.0, source) for source in "abc"]
    rows += [("2026-02-05", "v/m", print_, "c"), ("2026-02-20", "v/m", 8.0, "c"), ("2026-03-05", "v/n", 9.0, "a")]
    made = study(QUALITY, list_prices=listed(rows), scores=scores(("m", 85.0, "")))
    assert made.values == pytest.approx([8.0, 8.0, 8.0])
    assert made.unscreened[-1] == pytest.approx((8.0 + 8.0 + print_) / 3)
    assert any(line.subject.endswith("c") for line in made.audit)


def test_a_threshold_that_nothing_reaches_is_told(listed):
    prices = listed([("2026-01-05", "v/m", 8.0, "")])
    with pytest.raises(InputError, match="no listed model reaches 80 on mmlu"):
        study(QUALITY, list_prices=prices, scores=scores(("m", 50.0, "")))


@pytest.mark.parametrize("screens", [True, False])
def test_all_132_published_rows_are_reproduced(reference_data, screens):
    rows = pd.read_csv(reference_data / "token_prices/epoch_price_vs_benchmark.csv")
    count = len(rows)
    prices = ListPrices(
        "USD",
        np.tile(rows.date.to_numpy("M8[D]"), 2),
        ("any",) * (2 * count),
        tuple(rows.model) * 2,
        ("uncached_input",) * count + ("output",) * count,
        np.tile(rows.price_blended_3to1_usd_per_mtok.to_numpy(float), 2),
    )
    known = pd.concat(
        [rows[["date", "model"]].assign(benchmark=name, score=rows[f"{name}_pct"]) for name in ("mmlu", "gpqa_diamond")]
    ).dropna()
    marks = Scores(
        tuple(known.model),
        tuple(known.benchmark),
        known.score.to_numpy(float),
        ("",) * len(known),
        known.date.to_numpy("M8[D]"),
    )
    published = pd.read_csv(reference_data / "token_prices/token_index_quality_constant_monthly.csv")
    compared = 0
    for name, wanted in published.groupby("quality_threshold"):
        benchmark, _, threshold = name.partition(">=")
        settings = IndexSettings(
            method="quality_constant",
            frequency="month",
            benchmark=benchmark,
            threshold=float(threshold),
            excluded_words=(),
            screens=screens,
        )
        made = study(settings, list_prices=prices, scores=marks)
        assert made.dates.astype(str).tolist() == wanted.month_end.tolist()
        assert made.values == pytest.approx(wanted.cheapest_price_blended_3to1_usd_per_mtok.to_numpy(), abs=1e-6)
        compared += len(wanted)
    assert compared == 132
