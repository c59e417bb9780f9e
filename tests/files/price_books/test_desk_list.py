"""The desk's own list: dated, by mode, own rows before other sources."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.market import ListPrices
from hedgedesk.files.price_books.desk_list import DeskList

Row = tuple[str, str, str, str, float, str, str]


def listed(*rows: Row) -> DeskList:
    """Rows of date, provider, model, meter, price, mode and source."""
    days, providers, models, meters, prices, modes, sources = zip(*rows, strict=True)
    return DeskList(
        ListPrices(
            "USD",
            np.array(days, dtype="datetime64[D]"),
            providers,
            models,
            meters,
            np.array(prices),
            modes=modes,
            sources=sources,
        )
    )


def row(day: str, meter: str, price: float, mode: str = "standard", source: str = "", model: str = "Big-1") -> Row:
    return day, "Lab", model, meter, price, mode, source


def at(day: str) -> np.datetime64:
    return np.datetime64(day, "s")


def test_a_price_holds_from_its_midnight_until_the_next_change_of_any_meter() -> None:
    book = listed(
        row("2026-01-01", "uncached_input", 3.0), row("2026-01-01", "output", 9.0), row("2026-02-01", "output", 6.0)
    )
    january = book.rates("lab", "big-1", "standard", at("2026-01-31T23:59:59"))
    february = book.rates("lab", "big-1", "standard", at("2026-02-01"))
    assert january is not None
    assert february is not None
    assert (january.output, january.valid_from, january.valid_to) == (9.0, at("2026-01-01"), at("2026-02-01"))
    assert (february.uncached_input, february.output, february.valid_to) == (3.0, 6.0, None)


def test_before_its_first_row_a_model_is_unknown() -> None:
    book = listed(row("2026-01-01", "output", 9.0))
    assert book.rates("lab", "big-1", "standard", at("2025-12-31T23:59:59")) is None


def test_meters_that_are_not_listed_are_missing_and_cache_meters_fall_back_to_input() -> None:
    found = listed(row("2026-01-01", "uncached_input", 3.0)).rates("lab", "big-1", "standard", at("2026-01-02"))
    assert found is not None
    assert np.isnan([found.cache_read, found.cache_write, found.cache_write_1h, found.output]).all()
    assert found.bands()[0][:3] == (3.0, 3.0, 3.0)
    assert np.isnan(found.bands()[0][3])


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [row("2026-02-01", "output", 6.0), row("2026-01-01", "output", 9.0), row("2026-03-01", "output", 7.0)]
    for book in (listed(*rows), listed(*rows[::-1])):
        found = book.rates("lab", "big-1", "standard", at("2026-02-15"))
        assert found is not None
        assert found.output == 6.0


def test_a_mode_has_its_own_prices_and_others_are_sold_as_standard() -> None:
    book = listed(row("2026-01-01", "output", 9.0), row("2026-01-01", "output", 4.0, mode="batch"))
    batch, flex = (book.rates("lab", "big-1", tier, at("2026-01-02")) for tier in ("batch", "flex"))
    assert batch is not None
    assert flex is not None
    assert (batch.output, batch.tier) == (4.0, "batch")
    assert (flex.output, flex.tier) == (9.0, "standard")


@pytest.mark.parametrize("own", [True, False])
def test_the_desks_own_row_beats_other_sources_whose_median_holds_without_it(own: bool) -> None:
    rows = [row("2026-01-01", "output", price, source=name) for name, price in (("a", 8.0), ("b", 9.0), ("c", 80.0))]
    found = listed(*rows, *([row("2025-06-01", "output", 5.0)] if own else [])).rates(
        "lab", "big-1", "standard", at("2026-01-02")
    )
    assert found is not None
    assert found.output == (5.0 if own else 9.0)


def test_a_snapshot_without_a_row_of_its_own_takes_its_models() -> None:
    book = listed(row("2026-01-01", "output", 9.0), row("2026-01-01", "output", 8.0, model="big-1-2026-01-01"))
    for name, price in (("big-1-2026-05-05", 9.0), ("big-1-2026-01-01", 8.0), ("big-1", 9.0)):
        found = book.rates("lab", name, "standard", at("2026-06-01"))
        assert found is not None
        assert found.output == price
    assert book.rates("lab", "small-1", "standard", at("2026-06-01")) is None
    assert book.rates("other", "big-1", "standard", at("2026-06-01")) is None
