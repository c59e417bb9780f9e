import numpy as np
import pytest

from hedgedesk.prices.models.step_price.rates import Watch, monthly_cells, rate

DAY = np.timedelta64(1, "D")


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


def test_the_rate_is_events_over_exposure_and_its_error_their_root_over_it():
    # lambda = n / T with standard error sqrt(n) / T; these counts are less spread than Poisson's.
    counts, exposure = np.array([1.0, 1.0, 2.0, 1.0]), np.array([0.5, 0.5, 1.0, 0.5])
    found = rate(counts, exposure)
    assert found.per_year == pytest.approx(5 / 2.5)
    assert found.standard_error == pytest.approx(np.sqrt(5) / 2.5)
    assert found.dispersion < 1.0
    expected = 2.0 * exposure
    factorials = np.log([1.0, 1.0, 2.0, 1.0])
    assert found.log_likelihood == pytest.approx(np.sum(counts * np.log(expected) - expected - factorials))


def test_clustered_counts_widen_the_error():
    found = rate(np.array([9.0, 0, 0, 0, 0, 9.0, 0, 0]), np.full(8, 0.25))
    assert found.dispersion > 5.0
    assert found.standard_error == pytest.approx(np.sqrt(18) / 2 * np.sqrt(found.dispersion))


def test_no_event_is_a_rate_of_0_without_an_error():
    found = rate(np.zeros(3), np.ones(3))
    assert found.per_year == 0.0
    assert np.isnan(found.standard_error)


def test_months_are_cut_where_the_watch_begins_and_ends():
    watch = Watch(
        [(days("2026-01-21")[0], days("2026-03-10")[0])], days("2026-02-03", "2026-02-20"), np.array([1.0, 3.0])
    )
    counts, exposure = monthly_cells([watch])
    assert counts.tolist() == [0.0, 4.0, 0.0]
    assert exposure * 365 == pytest.approx([10, 28, 10])


def test_things_watched_together_add_their_time_and_months_without_any_are_left_out():
    first, last = days("2026-01-31")[0], days("2026-02-28")[0]
    later = (days("2026-05-11")[0], days("2026-05-31")[0])
    watch = Watch([(first, last), (first, last), later], days("2026-05-20"), np.ones(1))
    counts, exposure = monthly_cells([watch, Watch([later], days(), np.ones(0))])
    assert counts.tolist() == [0.0, 1.0, 0.0]
    assert exposure * 365 == pytest.approx([56, 20, 20])
