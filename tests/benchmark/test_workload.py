import numpy as np
import pytest

from hedgedesk.benchmark.in_torch import TorchWorkload
from hedgedesk.benchmark.peers import MONTHS, quantlib_generator, whole_array
from hedgedesk.benchmark.workload import KAPPA, PER_STEP, SIGMA, START, STEP, Workload

DOUBLE = np.dtype(np.float64)
PATHS = 32_768


def apart(one, other):
    """Distance of two samples' means in standard errors."""
    return abs(one.mean() - other.mean()) / np.hypot(one.std() / np.sqrt(one.size), other.std() / np.sqrt(other.size))


@pytest.fixture(scope="module")
def ours():
    walk = Workload(MONTHS, PATHS)
    outcome = walk.block(1, 0)
    return [np.array(part, dtype=np.float64) for part in (outcome.cost, outcome.gain, outcome.worst)]


def test_the_product_s_parts_and_whole_arrays_of_numpy_compute_the_same_workload(ours):
    for mine, theirs in zip(ours, whole_array(PATHS), strict=True):
        assert apart(mine, theirs) < 4.5  # once in 150,000
        assert mine.std() == pytest.approx(theirs.std(), rel=0.05)


def test_single_and_double_precision_agree_path_by_path():
    normals = np.random.default_rng(1).standard_normal((PER_STEP * MONTHS, 4_096)).astype(np.float32)
    single = Workload(MONTHS, 4_096).given(normals)
    exact = Workload(MONTHS, 4_096, DOUBLE).given(normals.astype(np.float64))
    for name in ("cost", "gain", "worst"):
        difference = getattr(single, name) - getattr(exact, name)
        assert np.abs(difference).max() < 1e-4 * getattr(exact, name).std(), name


def test_log_states_are_linear_in_the_normals():
    walk = Workload(6, 64, DOUBLE)
    one, other = np.random.default_rng(2).standard_normal((2, PER_STEP * 6, 1))
    at_0 = walk.log_states(np.zeros((PER_STEP * 6, 1)))
    together = walk.log_states(one + other) - at_0
    np.testing.assert_allclose(together, walk.log_states(one) + walk.log_states(other) - 2 * at_0, atol=1e-12)


def test_a_short_block_is_the_beginning_of_no_other_memory():
    walk = Workload(3, 128, DOUBLE)
    assert walk.block(1, 0, 100).cost.shape == (100,)
    assert np.all(np.isfinite(walk.block(1, 0, 100).cost))


def test_quantlib_walks_the_same_states():
    pytest.importorskip("QuantLib")
    made = quantlib_generator()
    ends = np.array([[path[i][MONTHS] for i in range(4)] for path in (made.next().value() for _ in range(2_000))])
    years = STEP * MONTHS
    variance = SIGMA**2 * np.where(KAPPA > 0, -np.expm1(-2 * KAPPA * years) / (2 * np.maximum(KAPPA, 1e-9)), years)
    # A variance of n normals strays by sqrt(2 / n) of itself.
    assert np.all(np.abs(ends.var(axis=0) / variance - 1) < 4.5 * np.sqrt(2 / 2_000))
    assert ends[:, 1].mean() == pytest.approx(START[1], abs=4.5 * np.sqrt(variance[1] / 2_000))


def test_torch_computes_the_same_workload(ours):
    pytest.importorskip("torch")
    for mine, theirs in zip(ours, TorchWorkload(MONTHS).block(), strict=True):
        assert apart(mine, theirs.numpy().astype(np.float64)) < 4.5
