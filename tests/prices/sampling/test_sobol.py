import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from hedgedesk.prices.sampling.sobol import BITS, SobolNormals, direction_numbers, inverse_normal


def test_the_inverse_is_that_of_the_normal_distribution_to_a_part_in_ten_million():
    words = np.arange(0, 2**BITS, 4_099, dtype=np.uint32)[None]
    exact = ndtri((words + 0.5) / 2.0**BITS)
    assert np.max(np.abs(inverse_normal(words) - exact) / (1.0 + np.abs(exact))) < 2e-7


def test_the_far_ends_of_the_unit_interval_are_opposite_normals():
    low, high = inverse_normal(np.array([[0, 2**BITS - 1]], dtype=np.uint32))[0]
    assert low == -high
    assert high == pytest.approx(-ndtri(2.0 ** -(BITS + 1)), rel=1e-6)


def test_unscrambled_runs_are_the_points_of_scipy_s_sequence():
    directions = direction_numbers(7, 6)
    made = np.zeros((7, 1), np.uint32)
    for k in range(6):
        made = np.concatenate([made, made ^ directions[:, k : k + 1]], axis=1)
    points = np.rint(qmc.Sobol(7, scramble=False, bits=BITS).random_base2(6) * 2.0**BITS).astype(np.uint32)
    assert sorted(map(tuple, made.T)) == sorted(map(tuple, points))


@pytest.mark.parametrize("dimensions", [1, 5, 40])
def test_every_coordinate_of_a_scrambled_run_falls_once_into_each_cell(dimensions):
    normals = SobolNormals(dimensions, np.random.default_rng(1)).next(256)
    cells = np.floor(ndtr(normals) * 256).astype(int)
    assert np.array_equal(np.sort(cells, axis=1), np.tile(np.arange(256), (dimensions, 1)))


def test_the_first_two_coordinates_fill_every_elementary_rectangle():
    uniform = ndtr(SobolNormals(2, np.random.default_rng(2)).next(64))
    for split in range(7):
        rows, columns = 2**split, 2 ** (6 - split)
        cells = np.floor(uniform[0] * rows).astype(int) * columns + np.floor(uniform[1] * columns).astype(int)
        assert np.array_equal(np.sort(cells), np.arange(64)), split


def test_a_run_drawn_in_parts_is_the_run_drawn_at_once():
    whole = SobolNormals(9, np.random.default_rng(3)).next(64)
    parts = SobolNormals(9, np.random.default_rng(3))
    np.testing.assert_array_equal(np.concatenate([parts.next(n) for n in (16, 16, 32)], axis=1), whole)


@pytest.mark.parametrize(("first", "then"), [(8, 3), (8, 16), (0, 0)])
def test_a_run_that_is_not_complete_is_refused(first, then):
    sequence = SobolNormals(2, np.random.default_rng(4))
    if first:
        sequence.next(first)
    with pytest.raises(ValueError, match="power of 2"):
        sequence.next(then)


def test_scrambles_are_independent_and_fair():
    # The mean over scrambles of z1 z2 (z1^2 - 1) is 0; 400 scrambles of 16 points, beyond 4.5 s.e. once in 150,000.
    means = []
    for seed in range(400):
        z = SobolNormals(2, np.random.default_rng(seed)).next(16)
        means.append(np.mean(z[0] * z[1] + z[0] ** 2 - 1.0))
    # In 16 cells the squares fall short of 1 by the spread within each cell only; single points are exactly uniform.
    assert abs(np.mean(means)) < 4.5 * np.std(means) / np.sqrt(400)
