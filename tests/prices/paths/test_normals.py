import numpy as np
import pytest

from hedgedesk.prices.paths.normals import Normals


def drawn(precision, count, seed=1, size=32_768):
    normals, out = Normals(np.random.SFC64(seed), size, np.dtype(precision)), np.empty(size, precision)
    parts = []
    for _ in range(count // size):
        normals.fill(out)
        parts.append(out.astype(np.float64))
    return np.concatenate(parts)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_moments_are_those_of_a_standard_normal(precision):
    z = drawn(precision, 2**21)
    square = z * z
    # Four standard errors; of one number they are 1, sqrt(2), sqrt(15) and sqrt(96).
    for powers, expected, error in ((z, 0, 1.0), (square, 1, 2.0**0.5), (z * square, 0, 15.0**0.5)):
        assert abs(powers.mean() - expected) < 4 * error / np.sqrt(z.size)
    assert abs(np.mean(square * square) - 3) < 4 * 96.0**0.5 / np.sqrt(z.size)


def test_single_normals_have_the_whole_distribution_and_its_tails():
    from scipy.special import ndtr

    z = drawn("float32", 2**22)
    # Chi-squared of 1,000 equal cells: mean 999, standard deviation sqrt(2 x 999) = 45.
    cells = np.histogram(ndtr(z), bins=1_000, range=(0.0, 1.0))[0]
    assert abs(np.sum((cells - z.size / 1_000) ** 2) / (z.size / 1_000) - 999) < 4 * 45
    for edge in (2.0, 3.0, 4.0, 4.5):
        expected = 2 * z.size * ndtr(-edge)
        assert abs(np.sum(np.abs(z) > edge) - expected) < 4 * np.sqrt(expected)
    # Eleven are expected beyond 4.7: none would come once in 50,000 times.
    assert np.abs(z).max() > 4.7


def test_numbers_of_one_fill_and_of_neighbouring_fills_are_independent():
    normals, out = Normals(np.random.SFC64(5), 4_096, np.dtype("float32")), np.empty((2, 4_096), np.float32)
    rows = []
    for _ in range(200):
        normals.fill(out)
        rows.append(out.astype(np.float64))
    z = np.stack(rows)
    count = z[:, 0].size
    halves = z[:, 0, :2_048], z[:, 0, 2_048:]
    # A correlation of independent normals has standard error 1 / sqrt(n); so has that of their squares.
    for one, other in (halves, (z[:, 0], z[:, 1]), (z[:-1, 0], z[1:, 0]), (z[:, 0, :-1], z[:, 0, 1:])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4 / np.sqrt(one.size)
        assert abs(np.corrcoef(one.ravel() ** 2, other.ravel() ** 2)[0, 1]) < 4 / np.sqrt(one.size)
    assert count == 200 * 4_096


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_stream_gives_the_same_numbers_again_in_buffers_used_before(precision):
    normals, once, again = Normals(np.random.SFC64(1), 101, np.dtype(precision)), *np.empty((2, 3, 101), precision)
    normals.start(np.random.SFC64(8))
    normals.fill(once)
    normals.start(np.random.SFC64(8))
    normals.fill(again)
    assert np.array_equal(once, again)
    assert np.all(np.isfinite(once))
    assert np.unique(once).size == once.size


def test_rows_that_lie_apart_in_memory_are_filled_in_either_precision():
    for precision in ("float32", "float64"):
        apart, close = np.zeros((3, 80), precision)[:, :64], np.empty((3, 64), precision)
        for out in (apart, close):
            Normals(np.random.SFC64(2), 64, np.dtype(precision)).fill(out)
        assert np.array_equal(apart, close)
