"""A setting small enough to value an instrument by hand: two scenarios, three months, two contracts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract, MarginStep
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.units import STANDARD_UNITS, month_end
from hedgedesk.market.instruments.kind import Setting

MONTHS = np.arange("2026-12", "2027-03", dtype="datetime64[M]")
PRICES = np.array([[10.0, 8.0, 12.0], [9.0, 6.0, 5.0]])


@pytest.fixture(scope="session")
def setting():
    """USD throughout; 1,000 Mtok uncached input and 250 Mtok output open a month, in a unit of 1 and 4."""
    unit = dataclasses.replace(STANDARD_UNITS["stu"], name="own", cache_read=0.1, output=4.0)
    spec = ContractSpec("USD", 50.0, unit, margin_schedule=(MarginStep(0.10),))
    delivery = np.array(["2026-12", "2027-02"], dtype="datetime64[M]")
    contracts = tuple(FuturesContract(spec, month, month_end(month)) for month in delivery)
    exposure = Exposure(
        months=MONTHS,
        models=("a", "b"),
        meters=("uncached_input", "output"),
        forecast_mtok=np.tile([1_000.0, 250.0], (3, 1)),
        fixed_mtok=np.zeros((3, 2)),
        spread=np.full(3, 0.1),
        committed_cost=np.zeros(3),
    )
    scenarios = ScenarioSet(
        as_of=np.datetime64("2026-11-20"),
        months=MONTHS,
        unit=unit,
        contracts=contracts,
        curve=ForwardCurve(np.datetime64("2026-11-20"), "USD", delivery, np.array([9.0, 9.6])),
        cover_share=np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]),
        price_per_mtok=PRICES,
        volume_mtok=np.full((2, 3), 2_000.0),
        open_mtok=np.array([[2_000.0, 2_000.0, 2_000.0], [2_400.0, 1_500.0, 1_000.0]]),
        settlement_per_mtok=np.array([[9.5, 10.4], [8.5, 5.0]]),
    )
    return Setting(exposure, scenarios, "USD")


@pytest.fixture(scope="session")
def moved(setting):
    """The setting with parts of its scenarios, its exposure or itself replaced."""

    def replace(scenarios=None, exposure=None, **own):
        return dataclasses.replace(
            setting,
            scenarios=dataclasses.replace(setting.scenarios, **(scenarios or {})),
            exposure=dataclasses.replace(setting.exposure, **(exposure or {})),
            **own,
        )

    return replace


@pytest.fixture(scope="session")
def terms():
    """Terms as ``program.toml`` gives them: numbers are numbers, texts are words."""

    def of(kind, name="deal", **given):
        words = {key: value for key, value in given.items() if isinstance(value, str)}
        numbers = {key: float(value) for key, value in given.items() if not isinstance(value, str)}
        return InstrumentTerms(name, kind, numbers, words)

    return of


@pytest.fixture
def fault_of():
    """The one fault that a call raises, as (column, found, expected)."""
    from hedgedesk.domain.errors import InputError

    def of(call, *arguments):
        with pytest.raises(InputError) as error:
            call(*arguments)
        (fault,) = error.value.faults
        return fault.column, fault.found, fault.expected

    return of
