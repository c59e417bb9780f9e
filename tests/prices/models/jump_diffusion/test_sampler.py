import tracemalloc

import numpy as np
import pytest

from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps
from hedgedesk.prices.models.jump_diffusion.sampler import JumpSampler, JumpSteps

OFTEN = SignedJumps(30.0, -0.1, 0.02, 20.0, 0.1, 0.02)


def sampler_of(jumps, size, precision=np.float64, shocks=0.0, kappa=2.0):
    years = np.array([0.25, 0.5])
    roots = np.full((2, 1, 1), shocks)
    steps = JumpSteps(years, years, np.array([kappa]), roots, jumps)
    return JumpSampler(steps, lambda at: 1.0 + 0.0 * at, lambda gap: 0.0, size, np.dtype(precision))


def test_the_number_of_jumps_of_a_path_is_poissons():
    # Jumps that are all 1 and do not fade count themselves.
    size = 200_000
    counting = sampler_of(SignedJumps(0.0, -1.0, 0.0, 3.0, 1.0, 0.0), size, kappa=1e-12)
    out = np.empty(size)
    counting.start(np.random.default_rng(1), size)
    counting.step(0, np.zeros((1, size)), out)
    counts = np.bincount((out - 1.0).round().astype(int), minlength=4)[:4]
    chance = np.exp(-0.75) * np.array([1.0, 0.75, 0.75**2 / 2, 0.75**3 / 6])
    assert np.all(np.abs(counts - chance * size) < 4 * np.sqrt(chance * (1 - chance) * size))


def test_a_path_without_shocks_and_jumps_is_the_fixed_one():
    none = SignedJumps(0.0, -1.0, 0.1, 0.0, 1.0, 0.1)
    still, out = sampler_of(none, 10), np.empty(10)
    still.start(np.random.default_rng(1), 10)
    still.step(0, np.ones((1, 10)), out)
    assert np.all(out == 1.0)
    still.log_futures(0.25, out)
    assert np.all(out == 1.0)
    np.testing.assert_array_equal(still.direction, [[1.0], [1.0]])


def test_a_jump_fades_in_what_futures_say_of_it():
    size = 1_000
    jumped, now, seen = sampler_of(OFTEN, size), np.empty(size), np.empty(size)
    jumped.start(np.random.default_rng(3), size)
    jumped.step(0, np.zeros((1, size)), now)
    jumped.log_futures(0.25, seen)
    # Two paths differ by what has jumped; a quarter of a year on, exp(-kappa / 4) of that is left.
    assert now.std() > 0.1
    assert seen - seen[0] == pytest.approx((now - now[0]) * np.exp(-0.5))


def test_no_step_takes_memory_that_grows_with_the_block():
    size = 400_000
    sampler = sampler_of(OFTEN, size, np.float32, shocks=0.1)
    normals, out = np.zeros((1, size), np.float32), np.empty(size, np.float32)
    sampler.start(np.random.default_rng(1), size)
    sampler.step(0, normals, out)
    tracemalloc.start()
    try:
        sampler.start(np.random.default_rng(2), size)
        sampler.step(0, normals, out)
        sampler.log_futures(0.1, out)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # One array of the block is 1,600 KiB; the jumps of one part, some arrays of 32 KiB.
    assert taken < 300 * 1024
