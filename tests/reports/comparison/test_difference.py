"""A difference says by how much, which way, and whether that is better for who has to pay."""

from __future__ import annotations

import pytest

from hedgedesk.reports.comparison import difference


@pytest.mark.parametrize(
    ("after", "before", "words", "tone"),
    [
        (9.0e6, 10.0e6, "▼ −1.00\u00a0m better", "accent"),
        (10.0e6, 9.0e6, "▲ +1.00\u00a0m worse", "under"),
        (9.0e6 + 4_200, 9.0e6, "▲ +4.20\u00a0k worse", "under"),
        (9.0e6, 9.0e6, "±0 unchanged", ""),
        (0.1 + 0.2, 0.3, "±0 unchanged", ""),
        (None, 1.0, "–", ""),
        (float("nan"), 1.0, "–", ""),
    ],
)
def test_a_dearer_cost_is_worse_and_its_change_is_cut_to_its_own_size(after, before, words, tone):
    told = difference.money(after, before)
    assert (told.words, told.tone) == (words, tone)


def test_more_lots_are_neither_better_nor_worse():
    told = difference.count(120, 100)
    assert (told.words, told.tone, told.value) == ("▲ +20 more", "", 20)
    assert difference.count(80, 100).words == "▼ −20 less"


def test_a_share_changes_in_percentage_points():
    assert difference.points(0.25, 0.30).words == "▼ −5\u00a0pp better"
    assert difference.points(0.7, 0.5, lower_is_better=False).word == "better"
