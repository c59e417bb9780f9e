import numpy as np
import pytest

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.prices.paths.draw import Block
from hedgedesk.prices.paths.gather import Gathered, rounds

UNIT = STANDARD_UNITS["stu"]


@pytest.fixture
def exposure(make_desk):
    desk = make_desk()
    return Exposure.open(desk.forecast, desk.commitments)


def block(size, number, months=12):
    values = np.full((size, months), float(number), np.float32) + np.arange(size, dtype=np.float32)[:, None]
    return Block(values, values, values[:, :2], None, {"power": values})


def test_rounds_cover_each_block_once_and_double_where_somebody_asks_in_between():
    assert [list(r) for r in rounds(5, doubling=False)] == [[0, 1, 2, 3, 4]]
    assert [list(r) for r in rounds(7, doubling=True)] == [[0], [1], [2, 3], [4, 5, 6]]
    assert [list(r) for r in rounds(1, doubling=True)] == [[0]]


def test_blocks_stand_in_their_places_in_float64_and_the_last_is_cut(exposure):
    gathered = Gathered(10, exposure, UNIT)
    gathered.take(0, block(6, 100))
    gathered.take(6, block(6, 200))
    found = gathered.whole()
    assert found["price_per_mtok"][:, 0].tolist() == [100, 101, 102, 103, 104, 105, 200, 201, 202, 203]
    assert found["price_per_mtok"].dtype == np.float64
    assert found["settlement_per_mtok"].shape == (10, 2)
    assert np.array_equal(found["drivers"]["power"], found["price_per_mtok"])
    assert "cny_per_usd" not in found


def test_volumes_are_the_factor_times_the_forecast_and_what_is_open_of_it(exposure):
    gathered = Gathered(2_000, exposure, UNIT)
    factor = np.random.default_rng(1).random((2_000, 12)).astype(np.float32)
    gathered.take(0, Block(factor, factor, factor[:, :0], None))
    found, exact = gathered.whole(), factor.astype(np.float64)
    assert np.array_equal(found["volume_mtok"], exact * exposure.forecast_in(UNIT))
    assert found["open_mtok"] == pytest.approx(exposure.open_given(exact, UNIT))


def test_a_set_that_stopped_early_gives_the_rest_of_its_memory_back(exposure):
    gathered = Gathered(1_000_000, exposure, UNIT)
    gathered.take(0, block(6, 1))
    assert {len(values) for values in gathered.so_far().values() if not isinstance(values, dict)} == {6}
    found = gathered.whole()
    assert found["price_per_mtok"].nbytes == 6 * 12 * 8
    assert found["price_per_mtok"].flags.owndata
    assert not found["price_per_mtok"].flags.writeable
