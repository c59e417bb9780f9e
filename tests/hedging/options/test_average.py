import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.hedging.options import asian, black76, geometric_asian, log_deviation

YEARS = np.array([0.2, 0.35, 0.5])
FORWARDS = np.array([9.0, 9.5, 10.5])


def covariance(volatility, years=YEARS):
    return volatility**2 * np.minimum(years[:, None], years)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_one_fixing_at_expiry_is_blacks_option(kind):
    one, other = asian(kind, 9.0, 10.0, [0.7], 0.6, 0.03), black76(kind, 9.0, 10.0, 0.7, 0.6, 0.03)
    assert dataclasses.astuple(one) == pytest.approx(dataclasses.astuple(other), rel=1e-12)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_a_volatility_and_its_covariance_agree(kind):
    one = asian(kind, FORWARDS, 10.0, YEARS, 0.6, 0.03, fixed=[8.0])
    other = asian(kind, FORWARDS, 10.0, YEARS, covariance(0.6), 0.03, fixed=[8.0])
    for name in ("price", "delta", "gamma", "theta"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12), name
    assert other.vega == pytest.approx(0.6 * one.vega, rel=1e-12)  # per factor, not per unit


def test_fixings_in_any_order_give_one_price():
    order = [2, 0, 1]
    mixed = asian("call", FORWARDS[order], 10.0, YEARS[order], covariance(0.6)[np.ix_(order, order)], 0.03)
    assert mixed.price == pytest.approx(asian("call", FORWARDS, 10.0, YEARS, 0.6, 0.03).price, rel=1e-14)


@pytest.mark.parametrize("kind", ["call", "put"])
def test_each_greek_is_the_slope_of_the_price(kind):
    def price(scale=1.0, volatility=0.6, passed=0.0):
        years = YEARS - passed
        return asian(kind, scale * FORWARDS, 9.5, years, volatility, 0.03, fixed=[8.0], expiry_years=0.6 - passed).price

    value = asian(kind, FORWARDS, 9.5, YEARS, 0.6, 0.03, fixed=[8.0], expiry_years=0.6)
    step, mean = 1e-5, FORWARDS.mean()
    assert value.delta == pytest.approx((price(1 + step / mean) - price(1 - step / mean)) / (2 * step), abs=1e-8)
    assert value.vega == pytest.approx(
        (price(volatility=0.6 + step) - price(volatility=0.6 - step)) / (2 * step), abs=1e-8
    )
    assert value.theta == pytest.approx((price(passed=step) - price(passed=-step)) / (2 * step), abs=1e-8)


def test_gamma_is_the_slope_of_delta():
    step, mean = 1e-5, FORWARDS.mean()
    up, down = (asian("call", (1 + move / mean) * FORWARDS, 9.5, YEARS, 0.6, 0.03).delta for move in (step, -step))
    assert asian("call", FORWARDS, 9.5, YEARS, 0.6, 0.03).gamma == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_a_call_less_a_put_is_the_discounted_mean_less_the_strike():
    terms = (FORWARDS, 10.0, YEARS, 0.6, 0.03)
    call, put = (asian(kind, *terms, fixed=[8.0, 8.5], expiry_years=0.6).price for kind in ("call", "put"))
    mean = (FORWARDS.sum() + 16.5) / 5
    assert call - put == pytest.approx(np.exp(-0.018) * (mean - 10.0), rel=1e-12)


def test_when_all_is_fixed_it_pays_what_it_pays():
    value = asian("call", 10.0, 9.0, [], 0.6, 0.05, fixed=[9.0, 10.0], expiry_years=0.1)
    assert value.price == pytest.approx(0.5 * np.exp(-0.005))
    assert (value.delta, value.gamma, value.vega) == (0.0, 0.0, 0.0)
    assert asian("put", 10.0, 9.0, [], 0.6, 0.05, fixed=[9.0, 10.0]).price == 0.0
    known = geometric_asian("call", 10.0, 8.0, [], 0.6, 0.0, fixed=[8.0, 18.0], expiry_years=0.1)
    assert known == pytest.approx(4.0)


def test_a_print_of_today_counts_as_fixed():
    today = asian("call", [9.0, 10.0], 9.0, [0.0, 0.5], 0.6, 0.03)
    assert today == asian("call", 10.0, 9.0, [0.5], 0.6, 0.03, fixed=[9.0])


def test_averaging_takes_variance_away():
    assert 0.6 * np.sqrt(0.2) < log_deviation(FORWARDS, YEARS, 0.6) < 0.6 * np.sqrt(0.5)
    assert log_deviation(10.0, [0.0], 0.6) == 0.0


@pytest.mark.parametrize("law", [10.0, covariance(10.0, YEARS + 9.0)])
def test_a_volatility_of_ten_over_ten_years_overflows_nowhere(law):
    call = asian("call", FORWARDS, 10.0, YEARS + 9.0, law, 0.0)
    assert call.price == pytest.approx(FORWARDS.mean(), rel=1e-12)  # so wide a law is worth all of the mean
    assert all(np.isfinite(value) for value in dataclasses.astuple(call))
    assert asian("put", FORWARDS, 10.0, YEARS + 9.0, law, 0.0).price == pytest.approx(10.0, rel=1e-12)


def test_the_geometric_mean_lies_below_the_arithmetic():
    assert (
        geometric_asian("call", FORWARDS, 9.0, YEARS, 0.6, 0.03) < asian("call", FORWARDS, 9.0, YEARS, 0.6, 0.03).price
    )
    one = geometric_asian("put", 9.0, 10.0, [0.7], 0.6, 0.03)
    assert one == pytest.approx(black76("put", 9.0, 10.0, 0.7, 0.6, 0.03).price, rel=1e-13)
    matrix = geometric_asian("call", FORWARDS, 9.0, YEARS, covariance(0.6), 0.03, fixed=[8.0])
    assert matrix == pytest.approx(geometric_asian("call", FORWARDS, 9.0, YEARS, 0.6, 0.03, fixed=[8.0]), rel=1e-13)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "cap"}, "kind must be call or put"),
        ({"forwards": [9.0, 9.0]}, "one for each open fixing"),
        ({"forwards": -1.0}, "every forward must be above 0"),
        ({"strike": -1.0}, "strike must be at least 0"),
        ({"fixing_years": [-0.1, 0.2, 0.5]}, "fixing_years must be at least 0"),
        ({"fixing_years": []}, "at least one fixing"),
        ({"volatility": -0.1}, "volatility must be at least 0"),
        ({"volatility": [0.1, 0.2, 0.3]}, r"finite \(3, 3\) covariance"),
        ({"volatility": [[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 1.0]]}, "negative eigenvalue"),
        ({"volatility": [[1.0, 0.5, 0.0], [0.2, 1.0, 0.0], [0.0, 0.0, 1.0]]}, "not symmetric"),
        ({"fixed": [0.0]}, "every fixed price must be above 0"),
        ({"rate": float("nan")}, "rate must be a finite number"),
        ({"expiry_years": 0.4}, "expiry_years must not come before the last fixing"),
    ],
)
def test_what_is_no_option_is_refused_by_name(change, message):
    terms = {"kind": "call", "forwards": 9.0, "strike": 9.0, "fixing_years": YEARS, "volatility": 0.6, "rate": 0.03}
    with pytest.raises(InputError, match=message):
        asian(**terms | change)
