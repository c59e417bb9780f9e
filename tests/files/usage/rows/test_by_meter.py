"""Rows of one meter each as columns."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import OTHER_SERVICE, TOKENS
from hedgedesk.files.usage.names.cloud_meters import MeterName
from hedgedesk.files.usage.rows.by_meter import meter_columns, of_tokens, other_items


def test_every_row_stands_under_its_meter_and_memos_beside_it() -> None:
    names = [
        MeterName("uncached_input", "m"),
        MeterName("cache_write", "m", kept_an_hour=True),
        MeterName("output", "m", "batch", reasoning=True),
        MeterName(None, "stored", item="storage"),
    ]
    items = np.array([TOKENS, TOKENS, TOKENS, OTHER_SERVICE], dtype=object)
    columns = meter_columns(names, np.array([1.0, 2.0, 3.0, 0.0]), items)
    assert np.stack([columns.meters[meter] for meter in METERS]).T.tolist() == [
        [1, 0, 0, 0],
        [0, 0, 2, 0],
        [0, 0, 0, 3],
        [0, 0, 0, 0],
    ]
    assert columns.cache_write_1h.tolist() == [0, 2, 0, 0]
    assert columns.reasoning.tolist() == [0, 0, 3, 0]
    assert columns.model.tolist() == ["m", "m", "m", ""]
    assert columns.tier.tolist() == ["standard", "standard", "batch", "standard"]


def test_a_direction_and_no_other_item_make_tokens() -> None:
    names = [MeterName("output", "m"), MeterName(None, "m"), MeterName("output", "m", item="training")]
    assert of_tokens(names).tolist() == [True, False, False]


def test_tax_and_credit_come_from_the_charge_and_the_rest_from_the_name() -> None:
    names = [MeterName("output", "m")] * 3 + [MeterName(None, "", item="provisioned")]
    charges = np.array(["Tax", "Refund", "Purchase", "Usage"], dtype=object)
    assert other_items(names, charges).tolist() == ["tax", "credit", "other", "provisioned"]
