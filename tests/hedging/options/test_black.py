import math

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.hedging.options import black76

CASE = {"forward": 9.0, "strike": 10.0, "years": 0.7, "volatility": 0.6, "rate": 0.03}


@pytest.mark.parametrize("kind", ["call", "put"])
@pytest.mark.parametrize(
    ("greek", "argument", "sign"), [("delta", "forward", 1), ("vega", "volatility", 1), ("theta", "years", -1)]
)
def test_each_greek_is_the_slope_of_the_price(kind, greek, argument, sign):
    step = 1e-5
    up, down = (black76(kind, **CASE | {argument: CASE[argument] + move}).price for move in (step, -step))
    # A central difference misses by the square of its step times a third derivative of order one, and by rounding.
    assert getattr(black76(kind, **CASE), greek) == pytest.approx(sign * (up - down) / (2 * step), abs=1e-8)


def test_gamma_is_the_slope_of_delta():
    step = 1e-5
    up, down = (black76("call", **CASE | {"forward": CASE["forward"] + move}).delta for move in (step, -step))
    assert black76("call", **CASE).gamma == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_a_call_less_a_put_is_the_discounted_forward_less_the_strike():
    call, put = black76("call", **CASE), black76("put", **CASE)
    discount = math.exp(-0.03 * 0.7)
    assert call.price - put.price == pytest.approx(discount * (9.0 - 10.0), abs=1e-14)
    assert call.delta - put.delta == pytest.approx(discount, abs=1e-15)
    assert (call.gamma, call.vega) == pytest.approx((put.gamma, put.vega))


def test_at_expiry_an_option_is_worth_what_it_pays():
    paid = black76("call", 12.0, 10.0, 0.0, 0.6, 0.03)
    assert (paid.price, paid.delta, paid.gamma, paid.vega) == (2.0, 1.0, 0.0, 0.0)
    assert black76("put", 12.0, 10.0, 0.0, 0.6, 0.03).price == 0.0
    assert black76("put", 12.0, 10.0, 0.0, 0.6, 0.03).delta == 0.0


def test_without_volatility_only_discounting_is_left():
    value = black76("put", 8.0, 10.0, 0.5, 0.0, 0.04)
    assert value.price == pytest.approx(2.0 * math.exp(-0.02))
    assert value.theta == pytest.approx(0.04 * value.price)
    assert black76("call", 10.0, 10.0, 0.5, 0.0, 0.0).delta == 0.5


def test_a_strike_of_nothing_makes_a_call_a_forward():
    assert black76("call", 8.0, 0.0, 0.5, 0.6, 0.0).price == 8.0
    assert black76("put", 8.0, 0.0, 0.5, 0.6, 0.0).price == 0.0


def test_far_from_the_money_no_digit_is_lost():
    far = black76("call", 10.0, 100.0, 0.25, 0.4, 0.0)
    deviation = 0.2
    d2 = math.log(0.1) / deviation - deviation / 2
    # Mills: the tail beyond d2 is its density over |d2|, less than 1% wrong this far out; price is of that order.
    assert 0.0 < far.price < 100.0 * math.exp(-d2 * d2 / 2)
    assert far.price > 0.0


def test_every_argument_out_of_range_is_named_at_once():
    with pytest.raises(InputError) as caught:
        black76("straddle", -1.0, float("nan"), -0.5, float("inf"), float("nan"))
    for name in ("kind", "forward", "strike", "years", "volatility", "rate"):
        assert f"{name} must" in str(caught.value)
