"""Standard tokens: one bill in every unit keeps its money, and says what its weights leave unseen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import UnitError
from hedgedesk.domain.units import METERS, STANDARD_UNITS, UnitWeights
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.standard_tokens import (
    BLEND,
    as_text,
    blended_price,
    converted,
    price_per_unit,
    side_by_side,
    standard_units,
    units_of,
)

LAW = settings(max_examples=100, deadline=None, derandomize=True)
MTOK = np.array([60.0, 120.0, 20.0, 20.0])
COSTS = MTOK * np.array([3.0, 0.025, 3.0, 6.0])
"""Money by meter at 3, 0.025, 3 and 6 CNY per Mtok: 363 together."""
amounts = st.lists(st.just(0.0) | st.floats(1e-6, 1e6), min_size=4, max_size=4).map(np.array)


def test_the_published_bill_in_every_unit():
    views = {view.unit: view for view in side_by_side(MTOK, COSTS)}
    assert COSTS.sum() == pytest.approx(363.0)
    assert views["stu"].mtok == pytest.approx(188.2)
    assert views["stu"].price == pytest.approx(1.92880, abs=5e-6)
    assert views["output_only"].price == pytest.approx(18.15)
    assert views["tokens"].price == pytest.approx(363.0 / 220.0)
    assert views[BLEND].price == pytest.approx(3.75)
    assert views[BLEND].mtok is None


def test_output_only_leaves_input_and_cache_to_the_ratio_basis():
    view = next(view for view in side_by_side(MTOK, COSTS) if view.unit == "output_only")
    assert view.ratio_basis == pytest.approx(243.0)
    assert view.by_meter == pytest.approx(
        {"uncached_input": 180.0, "cache_read": 3.0, "cache_write": 60.0, "output": -243.0}
    )


def test_weights_like_the_prices_leave_nothing():
    own = UnitWeights("own", 1.0, 0.025 / 3.0, 1.0, 2.0)
    assert side_by_side(MTOK, COSTS, (own,))[0].ratio_basis == pytest.approx(0.0, abs=1e-9)


def test_a_unit_that_counts_nothing_has_no_price():
    only_input = np.array([5.0, 0.0, 0.0, 0.0])
    view = next(v for v in side_by_side(only_input, 3.0 * only_input) if v.unit == "output_only")
    assert (view.mtok, view.price) == (0.0, None)
    assert price_per_unit(10.0, 0.0) is None
    assert BLEND not in {v.unit for v in side_by_side(only_input, 3.0 * only_input)}


@given(amounts, amounts, amounts)
@LAW
def test_every_unit_keeps_the_money_of_the_bill(mtok, batched, costs):
    for view in side_by_side(mtok, costs, batched_mtok=batched):
        if view.price is not None and view.mtok is not None:
            assert view.price * view.mtok == pytest.approx(costs.sum())
            assert sum(view.by_meter.values()) == pytest.approx(0.0, abs=1e-9 * max(costs.sum(), 1.0))
            assert view.ratio_basis <= costs.sum() * (1 + 1e-9)


@given(st.floats(0.0, 1e6), st.floats(0.01, 1e3), st.floats(0.01, 1e3))
@LAW
def test_conversion_keeps_money_and_not_volume(units, price, other):
    there = converted(units, price, other)
    assert there is not None
    assert there * other == pytest.approx(units * price)
    assert converted(there, other, price) == pytest.approx(units)
    assert converted(units, price, 0.0) is None


def test_a_batch_token_counts_half():
    use = Usage(
        starts=np.array(["2026-01-01", "2026-01-01"], dtype="datetime64[s]"),
        keys=(UsageKey("openai", "a"), UsageKey("openai", "a", tier="batch")),
        key=np.array([0, 1]),
        tokens=np.stack([MTOK, MTOK]) * 1e6,
        **{name: np.zeros(2) for name in ("cache_write_1h", "reasoning", "requests", "billed", "listed", "priced")},
    )
    np.testing.assert_allclose(units_of(use, STANDARD_UNITS["stu"]), [188.2, 94.1])
    assert side_by_side(MTOK, COSTS * 1.5, batched_mtok=MTOK)[0].price == pytest.approx(363.0 / 188.2)


def test_own_weights_are_taken_meter_by_meter():
    own = UnitWeights("own", 2.0, 0.5, 1.0, 3.0)
    assert standard_units(MTOK, own) == pytest.approx(2 * 60 + 0.5 * 120 + 20 + 3 * 20)
    assert [own.of(meter) for meter in METERS] == [2.0, 0.5, 1.0, 3.0]


def test_the_blended_price_ignores_the_cache():
    assert blended_price(3.0, 6.0) == 3.75


def test_tokens_as_text_name_their_source_and_an_unknown_language_is_refused():
    assert (as_text(1_000.0).count, as_text(1_000.0).what) == (750.0, "words")
    chinese = as_text(600.0, "zh")
    assert (chinese.count, chinese.what) == (pytest.approx(1_000.0), "characters")
    assert "DeepSeek" in chinese.source
    with pytest.raises(UnitError, match="'xx'; known are en, zh"):
        as_text(1.0, "xx")
