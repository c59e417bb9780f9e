"""Kupiec and Christoffersen: published values, the power that is stated, and the sizes that they really have."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.risk.backtests import christoffersen, kupiec


def hits_at(places: list[int], trials: int) -> np.ndarray:
    hits = np.zeros(trials, dtype=bool)
    hits[places] = True
    return hits


@pytest.mark.parametrize(
    ("violations", "trials", "level", "statistic"),
    [(7, 30, 0.99, 32.338), (4, 60, 0.95, 0.3191), (57, 1043, 0.95, 0.46147)],
)
def test_kupiec_gives_the_published_statistics(violations, trials, level, statistic):
    assert kupiec(violations, trials, level).statistic == pytest.approx(statistic, abs=5e-4)


def test_kupiec_agrees_with_the_reference_file(reference_data):
    known = json.loads((reference_data / "reference_values" / "var_backtests_kupiec.json").read_text(encoding="utf-8"))
    for example in known["pof_examples"]:
        found = kupiec(example["failures"], example["observations"], example["var_level"])
        assert (found.statistic, found.p_value) == pytest.approx((example["LR"], example["p_value"]), abs=5e-6)
    for region in known["nonrejection_region_p05"]:
        kept = [x for x in range(region["T"] + 1) if kupiec(x, region["T"], 0.95).p_value > 0.05]
        assert (kept[0], kept[-1]) == (region["min_failures"], region["max_failures"])


@pytest.mark.parametrize(
    ("trials", "level", "power"),
    [(24, 0.95, 0.214), (60, 0.95, 0.395), (104, 0.95, 0.470), (250, 0.95, 0.879), (250, 0.99, 0.243)],
)
def test_the_power_against_twice_the_rate_is_exact(trials, level, power):
    assert kupiec(1, trials, level).power == pytest.approx(power, abs=5e-4)


def test_with_24_trials_only_four_violations_are_rejected_so_the_true_size_is_3_percent():
    rejected = [x for x in range(25) if kupiec(x, 24, 0.95).p_value < 0.05]
    assert rejected == list(range(4, 25))
    assert kupiec(0, 24, 0.95).size == pytest.approx(0.030, abs=5e-4)


def test_no_violation_and_nothing_but_violations_are_numbers_too():
    assert kupiec(0, 24, 0.95).statistic == pytest.approx(-2 * 24 * np.log(0.95))
    assert kupiec(24, 24, 0.95).statistic == pytest.approx(-2 * 24 * np.log(0.05))


@pytest.mark.parametrize(("places", "statistic"), [([18, 19, 20, 42], 6.524), ([5, 22, 41, 55], 0.582)])
def test_christoffersen_tells_clusters_from_single_violations(places, statistic):
    found = christoffersen(hits_at(places, 60), 0.95)
    assert found.independence.statistic == pytest.approx(statistic, abs=5e-4)
    assert found.coverage.statistic == pytest.approx(0.3191, abs=5e-5)
    assert found.joint.statistic == pytest.approx(found.independence.statistic + found.coverage.statistic)


def test_the_power_of_the_joint_test_counts_every_record_there_can_be():
    rejected = 0.0
    for record in itertools.product([False, True], repeat=11):
        if christoffersen(record, 0.8).joint.p_value < 0.05:
            rejected += 0.4 ** sum(record) * 0.6 ** (11 - sum(record))
    assert christoffersen([True, False] * 5 + [False], 0.8).power == pytest.approx(rejected, rel=1e-12)


def test_the_sizes_stated_are_those_of_a_simulation():
    """20,000 records of 60 trials at the right rate: within 4 standard errors of the exact sizes."""
    records = np.random.default_rng(5).random((20_000, 60)) < 0.05
    kinds, counts = np.unique(records, axis=0, return_counts=True)
    found = [christoffersen(kind, 0.95) for kind in kinds]
    for p_values, size in (
        ([each.coverage.p_value for each in found], kupiec(3, 60, 0.95).size),
        ([each.joint.p_value for each in found], found[0].size),
    ):
        share = counts[np.array(p_values) < 0.05].sum() / counts.sum()
        assert abs(share - size) < 4 * np.sqrt(size * (1 - size) / counts.sum())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kupiec(3, 2, 0.95), "found 3 of 2"),
        (lambda: kupiec(0, 0, 0.95), "found 0 of 0"),
        (lambda: kupiec(0, 9, 1.0), "between 0 and 1"),
        (lambda: christoffersen([True], 0.95), "at least 2 trials"),
    ],
)
def test_what_is_no_record_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
