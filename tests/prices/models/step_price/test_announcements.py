import numpy as np
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.prices.models.step_price.announcements import announcements

AS_OF = np.datetime64("2026-06-30")


def listed(*rows):
    """Rows of date, provider, model, meter, price and, where they are not standard and the desk's own, mode, source."""
    full = [(*row, *("standard", "")[len(row) - 5 :]) for row in rows]
    dates, providers, models, meters, prices, modes, sources = zip(*full, strict=True)
    return ListPrices(
        "USD", np.array(dates, dtype="datetime64[D]"), providers, models, meters, np.array(prices), modes, sources
    )


def both(date, provider, model, price, *more):
    """Input at the price and output at three times of it."""
    return [
        (date, provider, model, "uncached_input", price, *more),
        (date, provider, model, "output", 3.0 * price, *more),
    ]


def test_a_seller_s_families_move_it_together_on_one_day():
    found = announcements(
        listed(
            *both("2026-01-01", "alpha", "one", 4.0),
            *both("2026-01-01", "alpha", "two", 8.0),
            *both("2026-01-01", "alpha", "three", 1.0),
            *both("2026-01-01", "beta", "four", 2.0),
            *both("2026-03-02", "alpha", "one", 2.0),
            *both("2026-03-02", "alpha", "two", 4.0),
            *both("2026-04-01", "beta", "four", 5.0),
        ),
        AS_OF,
    )
    assert found.dates.astype(str).tolist() == ["2026-03-02", "2026-04-01"]
    assert found.sellers == ("alpha", "beta")
    assert found.families.tolist() == [2.0, 1.0]
    assert found.log_sizes == pytest.approx([2 / 3 * np.log(0.5), np.log(2.5)])
    assert found.sellers_now == 2


def test_the_price_of_a_family_is_three_quarters_input():
    found = announcements(
        listed(*both("2026-01-01", "alpha", "one", 4.0), ("2026-02-01", "alpha", "one", "output", 4.0)), AS_OF
    )
    assert found.log_sizes == pytest.approx([np.log((0.75 * 4 + 0.25 * 4) / (0.75 * 4 + 0.25 * 12))])


def test_snapshots_of_one_model_share_a_family():
    found = announcements(
        listed(
            *both("2026-01-01", "alpha", "one-2026-01-01", 4.0),
            *both("2026-01-01", "alpha", "one", 4.0),
            *both("2026-02-01", "alpha", "one", 2.0),
        ),
        AS_OF,
    )
    assert found.log_sizes == pytest.approx([0.5 * np.log(0.5)])
    assert len(found.families_of["alpha"]) == 1


def test_a_meter_that_is_listed_later_is_no_change():
    found = announcements(
        listed(("2026-01-01", "alpha", "one", "uncached_input", 4.0), ("2026-02-01", "alpha", "one", "output", 12.0)),
        AS_OF,
    )
    assert found.dates.size == 0


def test_other_modes_free_prices_and_what_comes_after_the_date_are_set_aside():
    found = announcements(
        listed(
            *both("2026-01-01", "alpha", "one", 4.0),
            *both("2026-02-01", "alpha", "one", 1.0, "batch", ""),
            *both("2026-03-01", "alpha", "one", 0.0),
            *both("2026-07-01", "alpha", "one", 1.0),
        ),
        AS_OF,
    )
    assert found.dates.size == 0


def test_of_several_sources_the_desk_s_own_stands():
    found = announcements(
        listed(
            *both("2026-01-01", "alpha", "one", 4.0),
            *both("2026-01-01", "alpha", "one", 4.0, "standard", "reseller"),
            *both("2026-02-01", "alpha", "one", 1.0, "standard", "reseller"),
        ),
        AS_OF,
    )
    assert found.dates.size == 0


def test_a_family_leaves_after_540_days():
    found = announcements(
        listed(*both("2024-01-01", "alpha", "old", 4.0), *both("2025-06-25", "alpha", "old", 2.0)), AS_OF
    )
    assert found.dates.size == 0
    assert found.watched("alpha")[1] == np.datetime64("2025-06-24")
    assert found.sellers_now == 0
