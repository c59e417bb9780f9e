import dataclasses

import numpy as np
import pytest

from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.paths.tokens import REDRAWN_TOGETHER, Anchor, AnchoredToken, RedrawnToken

YEARS = np.arange(1, 13) / 48
PRINTS = (slice(2, 4), slice(10, 12))
QUOTES = np.array([9.0, 7.5])
MODEL = RandomWalk(8.0, 0.3, 0.5, 0.1, 0.2, 0.0, 50)
ANCHOR = Anchor(YEARS, PRINTS, QUOTES)
DOUBLE = np.dtype("float64")


def anchored(anchor, size=8):
    model, shift, _ = anchor.tied(MODEL)
    return AnchoredToken(model, shift, anchor, size, DOUBLE)


def walked(token, size, dates=YEARS.size, block=0):
    random, out = np.random.default_rng(1), np.empty((dates, size))
    token.start(np.random.default_rng(0), size, block)
    for date in range(dates):
        token.step(date, random.standard_normal((token.normals, size)), out[date])
    return out


def test_a_model_tied_to_quotes_expects_them_on_their_prints():
    model, shift, price = ANCHOR.tied(MODEL)
    expected = model.futures(YEARS) * np.exp(shift)
    assert [expected[cut].mean() for cut in PRINTS] == pytest.approx(QUOTES.tolist())
    assert price.tolist() == QUOTES.tolist()


def test_without_quotes_the_model_keeps_its_own_curve_and_takes_the_drift_asked_for():
    model, shift, price = dataclasses.replace(ANCHOR, quotes=None, drift=0.2).tied(MODEL)
    assert not shift.any()
    assert price == pytest.approx([8.0 * np.exp(0.2 * YEARS[cut]).mean() for cut in PRINTS])
    assert model.drift == 0.2


def test_another_volatility_keeps_every_mean():
    calm = dataclasses.replace(ANCHOR, volatility=0.5)
    expected = [np.exp(shift) * model.futures(YEARS) for model, shift, _ in (ANCHOR.tied(MODEL), calm.tied(MODEL))]
    assert expected[0] == pytest.approx(expected[1])
    assert calm.tied(MODEL)[0].sigma == 0.25


def test_a_premium_lifts_the_price_as_time_goes_by_and_futures_by_what_was_earned_so_far():
    plain, lifted = anchored(ANCHOR), anchored(dataclasses.replace(ANCHOR, premium=0.4))
    moved = walked(lifted, 8, dates=6) - walked(plain, 8, dates=6)
    assert moved == pytest.approx(np.broadcast_to(0.4 * YEARS[:6, None], (6, 8)))
    seen = np.empty((2, 8))
    for token, out in zip((plain, lifted), seen, strict=True):
        token.log_futures(5, 11, out)
    assert seen[1] - seen[0] == pytest.approx(np.full(8, 0.4 * YEARS[5]))


def test_a_price_due_today_trades_at_what_it_is():
    token = anchored(dataclasses.replace(ANCHOR, premium=0.4))
    paths, seen = walked(token, 8, dates=7), np.empty(8)
    token.log_futures(6, 6, seen)
    assert seen == pytest.approx(paths[6])


def redrawn(size, seed=3):
    return RedrawnToken(MODEL, ANCHOR, size, DOUBLE, seed)


def test_sixty_four_paths_share_a_draw_of_the_parameters_and_each_draw_is_tied_to_the_quotes():
    size = 3 * REDRAWN_TOGETHER
    token = redrawn(size)
    token.start(np.random.default_rng(0), size, 0)
    still, out = np.zeros((1, size)), np.empty((YEARS.size, size))
    for date in range(YEARS.size):
        token.step(date, still, out[date])
    groups = np.split(out, 3, axis=1)
    assert all(np.ptp(group, axis=1).max() == 0.0 for group in groups)
    assert len({group[-1, 0] for group in groups}) == 3
    seen = np.empty(size)
    for cut, quote in zip(PRINTS, QUOTES, strict=True):
        # On the first date the normals were 0, so a futures price is off its quote by half its variance gathered.
        total = np.zeros(size)
        token.start(np.random.default_rng(0), size, 0)
        token.step(0, still, out[0])
        for later in range(cut.start, cut.stop):
            token.log_futures(0, later, seen)
            total += np.exp(seen) / 2
        sigma = np.sqrt(-2 * np.log(total / quote) / YEARS[0])
        assert [len(set(part.round(9))) for part in np.split(sigma, 3)] == [1, 1, 1]
        # sigma is lognormal around 0.5 with a spread of 0.2 / 0.5: three draws within four spreads of it.
        assert np.all(np.abs(np.log(sigma / 0.5)) < 4 * 0.4)


def test_parameters_that_are_drawn_widen_the_fan_by_their_own_spread():
    size = 200 * REDRAWN_TOGETHER
    fixed, free = walked(anchored(ANCHOR, size), size)[-1], walked(redrawn(size), size)[-1]
    kurtosis = [np.mean((x - x.mean()) ** 4) / x.var() ** 2 for x in (fixed, free)]
    assert free.std() > fixed.std()
    # A mixture of normals has fatter tails: exp(4 x 0.4^2) times 3 for sigma lognormal with 0.4; far above 3.2.
    assert kurtosis[0] < 3.2 < kurtosis[1]


def test_blocks_draw_parameters_of_their_own_and_the_same_ones_again():
    once, again, other = (walked(redrawn(100), 100, block=block) for block in (0, 0, 1))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_a_part_block_draws_the_front_of_the_whole_one():
    whole, part = redrawn(130), redrawn(130)
    whole.start(np.random.default_rng(0), 130, 2)
    part.start(np.random.default_rng(0), 70, 2)
    ahead = np.empty(130), np.empty(70)
    for token, out in zip((whole, part), ahead, strict=True):
        token.step(0, np.zeros((1, out.size)), out)
    assert np.array_equal(ahead[0][:70], ahead[1])
