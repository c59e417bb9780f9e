import dataclasses
import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.run import RunSettings
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.two_factor import TwoFactor
from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.simulate import prepared

PRECISIONS = ("float32", "float64")
TWO_FACTOR = TwoFactor(
    TwoFactorParameters(kappa=1.5, sigma_chi=0.3, sigma_xi=0.15, rho=0.3, mu_xi=0.0, mu_xi_star=0.01, lambda_chi=0.1),
    np.array([0.1, np.log(9.0)]),
    from_futures=False,
)


@pytest.fixture(scope="module")
def draw_of(quoted_market, make_desk):
    desk = make_desk()
    exposure = Exposure.open(desk.forecast, desk.commitments)

    def build(model=TWO_FACTOR, **settings):
        return prepared(model, quoted_market, exposure, RunSettings(**({"block_size": 512} | settings)))

    return build


def same(one, other):
    return one.arrays.keys() == other.arrays.keys() and all(
        np.array_equal(values, other.arrays[name]) for name, values in one.arrays.items()
    )


def own_normals(draw, block):
    """The normals that a block of float64 draws for itself, laid out as somebody else would bring them."""
    dates, size = draw.grid.years.size, draw.size
    drivers = 0 if draw.law is None else draw.law.normals
    token = (draw.normals - draw.horizon) // dates - drivers
    streams = [generator(draw.seed, s, block) for s in (Stream.PRICE, Stream.DRIVERS, Stream.VOLUME)]
    by_date = [
        np.concatenate([streams[0].standard_normal((token, size)), streams[1].standard_normal((drivers, size))])
        for _ in range(dates)
    ]
    return np.concatenate([*by_date, streams[2].standard_normal((draw.horizon, size))])


def test_normals_that_are_brought_make_what_a_block_makes_of_its_own(draw_of):
    draw = draw_of(precision="float64", price_volume_correlation=0.4)
    given = draw.given(own_normals(draw, 3), generator(1, Stream.EVENTS, 3))
    assert same(given.copied(), draw(3))


def test_a_smaller_block_is_the_front_of_a_larger_one(draw_of):
    draw = draw_of(precision="float64")
    normals, events = own_normals(draw, 0), np.random.default_rng(0)
    part = draw.given(normals[:, :100], events).copied()
    whole = draw.given(normals, events)
    assert np.array_equal(part.price, whole.price[:100])
    assert np.array_equal(part.volume_factor, whole.volume_factor[:100])


def test_normals_of_another_shape_are_refused(draw_of):
    draw = draw_of()
    with pytest.raises(ValueError, match=rf"\({draw.normals}, at most 512\)"):
        draw.given(np.zeros((draw.normals - 1, 10)), np.random.default_rng(0))
    with pytest.raises(ValueError, match="at most 512"):
        draw.given(np.zeros((draw.normals, 513)), np.random.default_rng(0))


def test_single_precision_agrees_with_double_on_the_same_normals(draw_of):
    blocks = []
    random = np.random.default_rng(2)
    single, double = (draw_of(precision=p, block_size=20_000, price_volume_correlation=0.3) for p in PRECISIONS)
    normals = random.standard_normal((single.normals, 20_000)).astype(np.float32)
    for draw in (single, double):
        block = draw.given(normals, random).copied()
        blocks.append({name: values.astype(np.float64) for name, values in block.arrays.items()})
    costs = [(block["price"] * block["volume_factor"]).sum(axis=1) for block in blocks]
    # On the benchmark's workload: a path's cost 2.3e-6, CVaR95 5e-7, mean 4e-7, relative. Ours walk twice as
    # many dates, so rounding may add up to twice that.
    assert np.abs(costs[0] / costs[1] - 1).max() < 2 * 2.3e-6
    assert np.sort(costs[0])[-1_000:].mean() == pytest.approx(np.sort(costs[1])[-1_000:].mean(), rel=2 * 5e-7)
    assert costs[0].mean() == pytest.approx(costs[1].mean(), rel=2 * 4e-7)
    for name, values in blocks[0].items():
        assert np.allclose(values, blocks[1][name], rtol=1e-5, atol=0.0)


def test_views_are_overwritten_by_the_next_block_and_copies_are_not(draw_of):
    draw = draw_of()
    copy, view = draw(0), draw.in_place(0)
    assert same(copy, view)
    draw.in_place(1)
    assert not same(copy, view)
    assert same(copy, draw(0))


def test_a_pickled_draw_draws_the_same(draw_of):
    draw = draw_of(RandomWalk(9.0, 0.0, 0.4, 0.1, 0.1, 0.0, 50), margin_grid="monthly")
    assert same(pickle.loads(pickle.dumps(draw))(5), draw(5))


def test_threads_do_not_share_their_buffers(draw_of):
    draw = draw_of(block_size=4_096)
    alone = [draw(block) for block in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert all(same(*pair) for pair in zip(pool.map(draw, range(8)), alone, strict=True))


def test_two_draws_in_turn_keep_their_own_numbers(draw_of):
    one, two = draw_of(seed=1), draw_of(seed=2)
    first = one(0)
    assert not same(first, two(0))
    assert same(first, one(0))


@pytest.mark.parametrize("settings", [{}, {"price_volume_correlation": 0.5}, {"margin_grid": "weekly"}])
def test_no_block_after_the_first_allocates_more_than_its_random_bytes(draw_of, settings):
    draw = draw_of(block_size=10_000, **settings)
    draw.in_place(0)
    tracemalloc.start()
    try:
        draw.in_place(1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 128 * 1024 + 4 * 10_000


def test_a_path_of_margin_prices_ends_in_its_settlement_and_starts_at_the_curve(draw_of):
    draw = draw_of(precision="float64", margin_grid="weekly", block_size=8_192)
    block = draw(0)
    futures, settled = block.futures.astype(np.float64), block.settlement
    assert futures.shape == (8_192, draw.grid.years.size, len(draw.anchor.prints))
    for k, cut in enumerate(draw.anchor.prints):
        assert np.allclose(futures[:, cut.stop - 1 :, k], settled[:, k : k + 1], rtol=1e-6, atol=0.0)
    error = futures.std(axis=0) / np.sqrt(len(futures))
    # A futures price has today's as its mean on every date: within four standard errors, and float32's rounding.
    assert np.all(np.abs(futures.mean(axis=0) - draw.anchor.quotes) < 4 * error + 1e-6 * draw.anchor.quotes)


def test_what_a_margin_path_does_next_cannot_be_told_from_what_it_did(draw_of):
    block = draw_of(precision="float64", margin_grid="weekly", block_size=16_384)(0)
    moves = np.diff(block.futures[:, :, -1].astype(np.float64), axis=1)
    for date in (4, 20, 40):
        found = np.corrcoef(moves[:, date], moves[:, date + 1])[0, 1]
        # Independent moves have a correlation with standard error 1 / sqrt(n); fat tails of both widen it a little.
        assert abs(found) < 4 * 1.1 / np.sqrt(len(moves))


def test_margin_dates_lie_within_the_grid_as_asked(draw_of):
    monthly, weekly, daily = (draw_of(margin_grid=name) for name in ("monthly", "weekly", "daily"))
    assert len(weekly.margin_dates) == 4 * len(monthly.margin_dates)
    assert len(daily.margin_dates) == 21 * len(monthly.margin_dates)
    ends = weekly.grid.dates[list(monthly.margin_dates)]
    assert np.all((ends + np.timedelta64(1, "D")).astype("datetime64[M]") > ends.astype("datetime64[M]"))
    assert draw_of().margin_dates == ()
    assert np.all(np.diff(daily.grid.dates) >= np.timedelta64(1, "D"))


def test_a_price_that_is_not_gaussian_still_leaves_the_mean_of_use_alone(draw_of):
    class Fatter(RandomWalk):
        gaussian = False

    walk = dataclasses.asdict(RandomWalk(9.0, 0.0, 0.4, 0.1, 0.1, 0.0, 50))
    draw = draw_of(Fatter(**walk), price_volume_correlation=0.8, block_size=16_384)
    assert draw.volume.price_mean is None
    factor = draw(0).volume_factor.astype(np.float64)
    assert np.all(np.abs(factor.mean(axis=0) - 1.0) < 4 * factor.std(axis=0) / np.sqrt(len(factor)))
