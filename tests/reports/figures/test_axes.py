"""Ticks stand at round places and say what their step needs."""

from __future__ import annotations

import pytest

from hedgedesk.reports import format as fmt
from hedgedesk.reports.figures.axes import kept, ticks


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 187.4, ["0", "50", "100", "150"]),
        (7.53, 8.49, ["7.6", "7.8", "8.0", "8.2", "8.4"]),
        (0.0, 0.012, ["0.000", "0.002", "0.004", "0.006", "0.008", "0.010", "0.012"]),
        (0.0, 6e6, ["0", "1,000,000", "2,000,000", "3,000,000", "4,000,000", "5,000,000", "6,000,000"]),
        (-1.52, 1.04, ["−1.5", "−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    ],
)
def test_steps_are_round_and_their_words_have_no_more_decimals_than_they_need(low, high, words):
    assert [text for _, text in ticks(low, high)] == words
    assert all(low - 1e-9 <= place <= high + 1e-9 for place, _ in ticks(low, high))


def test_an_axis_of_one_place_has_one_tick():
    assert ticks(0.0, 0.0) == ((0.0, "0"),)


def test_the_words_are_the_callers():
    assert ticks(-1.0, 1.0, lambda v, d: fmt.number(v, d, signed=True))[-1][1] == "+1.0"


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [
        (2.0, 3.0, (1.0, 5.0)),
        (1.0, 5.0, (1.0, 5.0)),
        (1.5, 5.1, (1.0, 6.0)),
        (0.5, 5.0, (0.0, 5.0)),
        (-1.5, 9.5, (-2.0, 10.0)),
    ],
)
def test_an_axis_is_kept_and_where_it_must_give_it_steps_by_quarters_of_itself(low, high, axis):
    assert kept(low, high, (1.0, 5.0)) == axis
