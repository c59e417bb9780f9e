"""``market/scores.csv``: benchmark scores of models."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_index import Scores
from hedgedesk.files.scores import read_scores


@pytest.fixture
def read(tmp_path):
    def parse(text: str) -> Scores:
        path = tmp_path / "scores.csv"
        path.write_text(text, encoding="utf-8")
        return read_scores(path)

    return parse


def test_a_score_is_of_a_model_on_a_benchmark(read):
    scores = read("model,benchmark,score\nm,MMLU,82.5\n")
    assert (scores.models, scores.benchmarks, scores.providers) == (("m",), ("mmlu",), ("",))
    assert scores.score_pct.tolist() == [82.5]
    assert np.isnat(scores.known_from).all()


def test_a_provider_and_a_day_may_be_given_and_left_empty(read):
    scores = read("date,provider,model,benchmark,score\n2026-01-05,v,m,mmlu,80\n,,m,mmlu,70\n2026-02-05,,m,mmlu,75\n")
    assert scores.providers == ("v", "", "")
    assert scores.known_from.astype(str).tolist() == ["2026-01-05", "NaT", "2026-02-05"]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("m,mmlu,101,", "score", "0 to 100"),
        ("m,mmlu,-1,", "score", "0 to 100"),
        ("m,mmlu,,", "score", "0 to 100"),
        (",mmlu,80,", "model", "a text"),
        ("m,mmlu,80,soon", "date", "a date, YYYY-MM-DD"),
        ("n,mmlu,80,", "model", "each model, benchmark, provider and date once"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(read, row, column, expected):
    with pytest.raises(InputError) as refusal:
        read(f"model,benchmark,score,date\nn,mmlu,80,\n{row}\n")
    fault = refusal.value.faults[0]
    assert (fault.row, fault.column) == (3, column)
    assert expected in fault.expected
