import pytest

from hedgedesk.prices.models.step_price.tilt import tilt


@pytest.mark.parametrize("asked", [-0.9, -0.1, 0.0, 1e-9, 0.1, 0.6])
def test_both_signs_reach_any_growth_and_keep_the_product_of_their_rates(asked):
    down, up = tilt(asked, 0.3, 0.2)
    assert 0.2 * up - 0.3 * down == pytest.approx(asked, abs=1e-15)
    assert up * down == pytest.approx(1.0)


def test_the_growth_that_steps_make_anyway_tilts_nothing():
    assert tilt(0.2 - 0.3, 0.3, 0.2) == pytest.approx((1.0, 1.0))


def test_a_growth_that_takes_more_than_ten_times_the_rates_is_not_reached():
    # x of 10 makes 0.2 (10 - 1 / 10) = 1.98.
    assert tilt(1.9, 0.2, 0.2) is not None
    assert tilt(2.0, 0.2, 0.2) is None
    assert tilt(-2.0, 0.2, 0.2) is None


def test_steps_of_one_sign_reach_growth_of_theirs_only():
    assert tilt(0.3, 0.0, 0.2) == pytest.approx((1.0, 1.5))
    assert tilt(-0.3, 0.2, 0.0) == pytest.approx((1.5, 1.0))
    for asked, fall, rise in ((-0.3, 0.0, 0.2), (0.3, 0.2, 0.0), (0.0, 0.2, 0.0), (0.0, 0.0, 0.2)):
        assert tilt(asked, fall, rise) is None


def test_without_a_step_no_growth_is_reached():
    assert tilt(0.0, 0.0, 0.0) == (1.0, 1.0)
    assert tilt(0.1, 0.0, 0.0) is None
