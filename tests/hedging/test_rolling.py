import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.hedging.rolling import (
    alone,
    everything,
    judge,
    least_cvar,
    least_variance,
    nothing,
    roll,
    stationary_rows,
)

from . import energy_futures

RULES = {"none": nothing, "all": everything, "least variance": least_variance}


def changes(count, *, noise=0.5, seed=2):
    """Spot that follows 0.8 of the first futures; the second follows nothing."""
    random = np.random.default_rng(seed)
    futures = random.standard_normal((count, 2))
    return 0.8 * futures[:, 0] + noise * random.standard_normal(count), futures


def test_nothing_is_known_of_what_comes_after_an_estimate():
    spot, futures = changes(80)
    before = roll(spot, futures, RULES, window=40, hold=10)
    later = futures.copy()
    later[60:] *= -3.0
    after = roll(spot, later, RULES, window=40, hold=10)
    assert np.array_equal(before.starts, [40, 50, 60, 70])
    assert np.array_equal(before.ratios[:3], after.ratios[:3])
    assert not np.array_equal(before.ratios[3], after.ratios[3])
    assert np.array_equal(before.hedged_cost[:20], after.hedged_cost[:20])


def test_each_change_is_hedged_at_the_newest_estimate():
    spot, futures = changes(75)
    rolled = roll(spot, futures, RULES, window=40, hold=10)
    assert rolled.hedged_cost.shape == (35, 3)
    for period in range(35):
        ratio = rolled.ratios[period // 10]
        cost = spot[40 + period] - ratio @ futures[40 + period]
        assert rolled.hedged_cost[period] == pytest.approx(cost)


def test_the_rules_are_what_their_names_say():
    spot, futures = changes(60)
    assert nothing(spot, futures).tolist() == [0.0, 0.0]
    assert everything(spot, futures).tolist() == [1.0, 0.0]
    design = np.column_stack([np.ones(60), futures])
    assert least_variance(spot, futures) == pytest.approx(np.linalg.lstsq(design, spot, rcond=None)[0][1:])
    first = alone(least_variance)(spot, futures)
    assert first[0] == pytest.approx(np.cov(spot, futures[:, 0])[0, 1] / np.var(futures[:, 0], ddof=1))
    assert first[1] == 0.0


def test_the_optimisers_rule_has_the_least_tail_of_the_window():
    spot, futures = changes(100)
    ratios = least_cvar(0.9)(spot, futures)

    def tail(h):
        return np.sort(spot - futures @ h)[-10:].mean()

    random = np.random.default_rng(1)
    nearby = np.maximum(ratios + 0.1 * random.standard_normal((200, 2)), 0.0)
    assert np.all(ratios >= 0.0)
    assert all(tail(h) >= tail(ratios) - 1e-6 for h in nearby)
    assert least_cvar(0.9, 0.0)(spot, futures).max() == pytest.approx(3.0)  # the mean alone takes all it may


def test_a_hedge_without_basis_takes_everything_away():
    _, futures = changes(60)
    judged = judge(roll(futures[:, 0], futures, RULES, window=30), reference="all", draws=50)
    best = judged[2]
    assert best.variance_reduction.value == pytest.approx(1.0)
    assert best.cvar_reduction.value == pytest.approx(1.0)
    assert best.mean_ratio == pytest.approx(1.0)
    assert judged[0].variance_reduction == dataclasses.replace(judged[0].variance_reduction, value=0, low=0, high=0)
    assert judged[1].variance_against_reference.value == 0.0


def test_intervals_cover_the_truth_as_often_as_they_say():
    truth = 0.64 / (0.64 + 0.25)  # of the variance, with the futures' share known
    hits = 0
    for seed in range(60):
        spot, futures = changes(330, seed=seed)
        share = {"known": lambda s, f: np.array([0.8, 0.0])}
        found = judge(roll(spot, futures, share, window=30), reference="known", draws=200, seed=seed)[0]
        hits += found.variance_reduction.low <= truth <= found.variance_reduction.high
    # Sixty draws at 95%: fewer than 50 have a chance below 1e-3, even at the 92% that a percentile interval may keep.
    assert hits >= 50


def test_resamples_are_runs_of_the_asked_mean_length():
    rows = stationary_rows(400, 10, 200, seed=3)
    assert rows.shape == (200, 400)
    assert rows.min() >= 0
    assert rows.max() <= 399
    broken = (np.diff(rows, axis=1) % 400 != 1).mean()
    # A run ends with a chance of 1/10, and one end in 400 is followed by chance.
    assert broken == pytest.approx(0.1 * (1 - 1 / 400), abs=4 * np.sqrt(0.09 / rows.size))
    assert np.array_equal(rows, stationary_rows(400, 10, 200, seed=3))


@pytest.mark.parametrize(
    ("spot", "futures", "window", "message"),
    [
        (np.zeros(50), np.zeros(50), 30, r"\(T,\) and \(T, n\)"),
        (np.zeros(50), np.zeros((49, 1)), 30, r"\(T,\) and \(T, n\)"),
        (np.full(50, np.nan), np.zeros((50, 1)), 30, "finite"),
        (np.zeros(50), np.zeros((50, 1)), 50, "window from 24 to 49"),
        (np.zeros(50), np.zeros((50, 1)), 10, "window from 24 to 49"),
    ],
)
def test_a_history_that_cannot_be_rolled_over_is_refused(spot, futures, window, message):
    with pytest.raises(InputError, match=message):
        roll(spot, futures, RULES, window=window)


def test_the_expiry_rules_make_the_smoothest_changes_along_the_curve(reference_data):
    table = energy_futures.quotes(reference_data)
    rules = {
        "CL": energy_futures.wti_expiry,
        "BRN": energy_futures.brent_expiry,
        "HO": energy_futures.heating_oil_expiry,
    }
    for series, expiry in rules.items():

        def roughness(days, series=series, expiry=expiry):
            def moved(month):
                return expiry(month) + days

            two, three = (energy_futures.within_contract(table, series, n, moved) for n in (2, 3))
            return np.abs(two - three).mean()

        # Within one contract, neighbours move together; a roll a few days off would set two contracts against another.
        assert roughness(0) < min(roughness(-3), roughness(3))


def test_on_real_prices_several_contracts_beat_one_and_the_tail_objective_alone_does_not(reference_data):
    for spot, futures in energy_futures.hedges(reference_data).values():
        judged = {each.rule: each for each in energy_futures.study(spot, futures, hold=26)}
        one = judged["minimum CVaR, one contract"]
        optimised = judged["minimum CVaR, three contracts"]
        assert judged["none"].variance_reduction.value == 0.0
        for rule, each in judged.items():
            assert rule == "none" or each.variance_reduction.low > 0.6
            assert rule == "none" or each.cvar_reduction.low > 0.25
        # Several contracts take away more variance than the best ratio of one, beyond what chance explains.
        assert optimised.variance_against_reference.low > 0.0
        assert optimised.cvar_against_reference.value > 0.0
        # With one contract alone, the tail of two years (five weeks) earns nothing beyond chance.
        assert one.variance_against_reference.low < 0.0
        assert one.cvar_against_reference.low < 0.0
