"""A jump of the index is told with the list prices that moved around it."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.domain.price_models import JumpRecord
from hedgedesk.prices.outlook.happened import MOST_TOLD, list_changes, with_happenings

INDEX = np.array(["2025-02-07", "2025-02-14", "2025-02-21"], dtype="datetime64[D]")
JUMP = JumpRecord(np.datetime64("2025-02-14"), -0.4)


def prices(*rows: tuple[str, str, str, str, float], modes: tuple[str, ...] = (), sources: tuple[str, ...] = ()):
    """List prices of ``(date, provider, model, meter, price)``."""
    dates, providers, models, meters, values = zip(*rows, strict=True)
    return ListPrices(
        "USD", np.array(dates, dtype="datetime64[D]"), providers, models, meters, np.array(values), modes, sources
    )


CUT = (
    ("2025-01-01", "deepseek", "chat", "output", 8.0),
    ("2025-01-01", "deepseek", "chat", "uncached_input", 2.0),
    ("2025-02-10", "deepseek", "chat", "output", 2.0),
    ("2025-02-10", "deepseek", "chat", "uncached_input", 0.5),
)


def happened(listed, jump=JUMP):
    return with_happenings((jump,), INDEX, listed)[0].happened


def test_a_cut_in_the_week_of_the_jump_is_told_in_one_sentence_for_all_meters():
    assert happened(prices(*CUT)) == (
        "2025-02-10: deepseek moved chat: output from 8 to 2 (-75%), uncached input from 2 to 0.5 (-75%) USD per Mtok",
    )


@pytest.mark.parametrize(("day", "told"), [("2025-02-04", False), ("2025-02-05", True), ("2025-02-14", True),
                                           ("2025-02-15", False)])  # fmt: skip
def test_only_the_days_from_the_print_before_with_a_little_slack_to_the_jump_count(day, told):
    listed = prices(("2025-01-01", "a", "m", "output", 4.0), (day, "a", "m", "output", 3.0))
    assert bool(happened(listed)) is told


def test_a_models_first_price_and_an_unchanged_one_are_no_change():
    listed = prices(("2025-02-10", "a", "new", "output", 4.0), ("2025-02-12", "a", "new", "output", 4.0))
    assert happened(listed) == ()
    assert list_changes(listed) == ()


def test_batch_prices_are_passed_over():
    listed = prices(*CUT, modes=("batch",) * 4)
    assert happened(listed) == ()


def test_two_sources_of_one_change_tell_it_once():
    rows = (CUT[0], CUT[2], CUT[2])
    assert len(happened(prices(*rows, sources=("", "page", "mirror")))) == 1


def test_the_largest_changes_come_first_and_the_rest_is_counted():
    before = [("2025-01-01", "a", f"m{k}", "output", 10.0) for k in range(MOST_TOLD + 2)]
    after = [("2025-02-10", "a", f"m{k}", "output", 9.0 - k) for k in range(MOST_TOLD + 2)]
    told = happened(prices(*before, *after))
    assert "m7" in told[0]
    assert told[-1] == "and 2 smaller changes"
    assert len(told) == MOST_TOLD + 1


def test_a_price_that_became_free_is_told_without_a_division_by_nought():
    listed = prices(("2025-01-01", "a", "m", "output", 0.0), ("2025-02-10", "a", "m", "output", 1.0))
    assert happened(listed) == ("2025-02-10: a moved m: output from 0 to 1 USD per Mtok",)


def test_a_jump_at_the_first_print_looks_at_its_own_day():
    listed = prices(("2025-01-01", "a", "m", "output", 4.0), ("2025-02-07", "a", "m", "output", 3.0))
    assert happened(listed, JumpRecord(INDEX[0], -0.3))


def test_without_list_prices_or_jumps_nothing_is_told():
    assert with_happenings((JUMP,), INDEX, None) == (JUMP,)
    assert with_happenings((), INDEX, prices(*CUT)) == ()
