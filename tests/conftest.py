"""Fixtures shared by all rooms: a small desk made in memory, and where the reference data may be."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

# As in the desk's jobs, and read only when numpy is first imported: on matrices this small threads only wait.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import numpy as np
import pytest

from hedgedesk.domain.book import HedgeBook
from hedgedesk.domain.exposure import Commitment, ConsumptionForecast, ForecastLine
from hedgedesk.domain.market import ContractSpec, FuturesHistory, FxCurve, MarketSnapshot, TokenIndex
from hedgedesk.domain.program import Band, HedgeProgram
from hedgedesk.domain.run import DeskInputs, RunSettings

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test touches the data folder of whoever runs it."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDGEDESK_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of real reference data beside the checkout; tests that need it skip where it is absent."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the reference data folder ../shared/data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def small_market() -> MarketSnapshot:
    """Three years of a weekly index, CNY per M STU, without futures; exposure starts 2026-11."""
    random = np.random.default_rng(3)
    dates = np.arange("2023-11-03", "2026-10-31", 7, dtype="datetime64[D]")
    price = 10.0 * np.exp(np.cumsum(random.standard_normal(dates.size) * 0.05))
    rate = 7.1 * np.exp(np.cumsum(random.standard_normal(dates.size) * 0.004))
    return MarketSnapshot(
        index=TokenIndex("Test index", "CNY", dates, price * 9.5 / price[-1]),
        contract=ContractSpec("CNY", 1_000.0, listed_months=12),
        fx=FxCurve(dates, rate * 7.1 / rate[-1]),
    )


@pytest.fixture(scope="session")
def quoted_market(small_market: MarketSnapshot) -> MarketSnapshot:
    """The same with one day of quotes for six delivery months, and terms that call it listed."""
    delivery = np.arange("2026-12", "2027-12", 2, dtype="datetime64[M]")
    quotes = FuturesHistory("CNY", small_market.index.dates[-1:], delivery, np.array([[9.4, 9.1, 9.0, 8.8, 8.5, 8.4]]))
    contract = dataclasses.replace(small_market.contract, status="listed")
    return dataclasses.replace(small_market, futures=quotes, contract=contract)


@pytest.fixture(scope="session")
def make_desk(small_market: MarketSnapshot) -> Callable[..., DeskInputs]:
    """Build the inputs of a small desk: 12 months, two meters, one commitment; keywords replace parts."""

    def build(**parts: object) -> DeskInputs:
        months = np.arange("2026-11", "2027-11", dtype="datetime64[M]")
        lines = tuple(
            ForecastLine(month, "model-a", meter, mtok, spread=0.15)
            for month in months
            for meter, mtok in (("uncached_input", 20_000.0), ("output", 8_000.0))
        )
        fixed = Commitment("deal", months[0], months[5], "model-a", "output", 2_000.0, 5.0, "USD", "take_or_pay")
        desk = DeskInputs(
            market=small_market,
            forecast=ConsumptionForecast(lines),
            commitments=(fixed,),
            program=HedgeProgram(
                currency="USD",
                budget=900_000.0,
                risk_weight=1.0,
                credit_line=90_000.0,
                position_limit=90.0,
                transaction_cost_per_mtok=0.005,
                bands=(Band(1, 12, 0.3, 0.75),),
            ),
            book=HedgeBook.empty(),
            settings=RunSettings(scenarios=2_000, seed=7, block_size=512),
        )
        return dataclasses.replace(desk, **parts)

    return build


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name packed contents by their size: an archive holds the time of its making, and a test keeps its name."""
    return f"{argname} of {len(val)} bytes" if isinstance(val, bytes) and len(val) > 24 else None
