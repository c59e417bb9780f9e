"""From index to bill: the steps telescope, and a change of cost adds up to the cent."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.exposure.basis.ladder import (
    METHODS,
    PARTS,
    Levels,
    log_mean_parts,
    logarithmic_mean,
    reported_steps,
    split,
    steps,
    to_cents,
)

LAW = settings(max_examples=200, deadline=None, derandomize=True)
PUBLISHED = np.array([10.0, 11.0, 12.1, 10.6, 9.5])
price = st.floats(0.001, 1_000.0)
months = st.builds(
    Levels,
    index=price,
    reference=price,
    own_mix=price,
    own_ratio=price,
    paid=price,
    units=st.floats(0.01, 1e6),
    gross_units=st.just(1.0),
    fx=st.floats(0.05, 20.0),
)
months = st.builds(
    lambda month, saved: dataclasses.replace(month, gross_units=month.units / saved), months, st.floats(0.05, 1.5)
)


def test_the_steps_of_one_date_lead_from_the_index_to_what_is_paid():
    np.testing.assert_allclose(steps(PUBLISHED), [1.0, 1.1, -1.5, -1.1], atol=1e-12)
    assert steps(PUBLISHED).sum() == pytest.approx(-0.5)


def test_in_the_reporting_currency_the_rate_has_a_step_of_its_own():
    told = reported_steps(PUBLISHED, 0.138, 0.140)
    np.testing.assert_allclose(told, [0.138, 0.1518, -0.207, -0.1518, 0.019], atol=1e-12)
    assert told.sum() == pytest.approx(-0.050)
    assert told.sum() == pytest.approx(0.140 * 9.5 - 0.138 * 10.0)


def test_the_logarithmic_mean_lies_between_the_two():
    assert logarithmic_mean(12.0, 10.0) == pytest.approx(10.96963, abs=5e-6)
    assert logarithmic_mean(10.0, 12.0) == pytest.approx(10.96963, abs=5e-6)
    assert logarithmic_mean(7.0, 7.0) == 7.0


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
@LAW
def test_the_logarithmic_mean_is_above_the_geometric_and_below_the_arithmetic_mean(a, b):
    mean = logarithmic_mean(a, b)
    assert math.sqrt(a) * math.sqrt(b) * (1 - 1e-9) <= mean <= (a + b) / 2 * (1 + 1e-9)


@given(months, months, st.sampled_from(METHODS))
@LAW
def test_a_change_of_cost_adds_up_to_the_cent(before, after, method):
    parts = split(before, after, method=method)
    change = after.fx * after.cost - before.fx * before.cost
    assert tuple(parts) == PARTS
    scale = max(abs(part) for part in (*parts.values(), before.fx * before.cost, after.fx * after.cost))
    assert sum(parts.values()) == pytest.approx(change, abs=1e-9 * scale)
    whole = to_cents(parts, change)
    assert sum(round(part * 100) for part in whole.values()) == round(change * 100)


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=9), st.randoms(use_true_random=False))
@LAW
def test_rounding_moves_no_part_by_more_than_a_cent(tenths, random):
    exact = {str(n): part / 1000 for n, part in enumerate(tenths)}
    total = sum(tenths) / 1000
    whole = to_cents(exact, total)
    assert sum(round(part * 100) for part in whole.values()) == round(total * 100)
    assert all(abs(whole[name] - part) < 0.01 + 1e-6 for name, part in exact.items())


def month(**changed: float) -> Levels:
    ordinary = {"index": 10.0, "reference": 11.0, "own_mix": 12.1, "own_ratio": 10.6, "paid": 9.5}
    return Levels(**(ordinary | {"units": 100.0, "gross_units": 125.0, "fx": 0.138} | changed))


@pytest.mark.parametrize("method", METHODS)
def test_the_same_month_twice_has_no_change(method):
    assert all(part == pytest.approx(0.0) for part in split(month(), month(), method=method).values())


@pytest.mark.parametrize("method", METHODS)
def test_what_alone_changes_takes_the_whole_change(method):
    def only(**changed: float) -> set[str]:
        return {name for name, part in split(month(), month(**changed), method=method).items() if abs(part) > 1e-9}

    assert only(units=150.0, gross_units=187.5) == {"volume"}
    assert only(fx=0.140) == {"fx"}
    assert only(paid=8.0) == {"realised_vs_list"}
    assert only(units=80.0) == {"realised_vs_list"}


def test_a_saving_by_caching_is_no_loss_of_volume():
    """The same work, of which more is cached: fewer units count, at the same price of a unit."""
    parts = split(month(), month(units=80.0))
    assert parts["volume"] == 0.0
    assert parts["realised_vs_list"] == pytest.approx(-20.0 * 9.5 * 0.138)


def test_a_list_price_that_follows_the_index_is_the_indexs_alone():
    parts = split(month(), month(index=12.0, reference=13.0, own_mix=14.1, own_ratio=12.6, paid=11.5))
    assert parts["index"] == pytest.approx(2.0 * 100.0 * 0.138)
    assert [parts[name] for name in ("list_vs_index", "mix", "unit_ratio", "realised_vs_list")] == pytest.approx(
        [0.0] * 4
    )


def test_a_factor_of_nothing_falls_back_to_the_ladder():
    free = month(paid=0.0)
    assert log_mean_parts(np.array([1.0, 0.0]), np.array([1.0, 2.0])) is None
    assert split(month(), free, method="log_mean") == split(month(), free, method="ladder")


def test_an_unknown_method_is_named():
    with pytest.raises(ValueError, match="'guess'; known are ladder, log_mean"):
        split(month(), month(), method="guess")


def test_cents_go_to_the_largest_remainders():
    assert to_cents({"a": 0.004, "b": 0.004, "c": 0.002}, 0.01) == {"a": 0.01, "b": 0.0, "c": 0.0}
    assert to_cents({"a": -0.006, "b": 1.0}, 0.994) == {"a": -0.01, "b": 1.0}
