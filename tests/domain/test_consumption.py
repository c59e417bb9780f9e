"""Growth of a forecast by team, model, meter and month."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.consumption import ConsumptionForecast, ForecastLine, Growth
from hedgedesk.domain.errors import InputError


def month(text):
    return np.datetime64(text, "M")


@pytest.fixture
def forecast():
    return ConsumptionForecast(
        tuple(
            ForecastLine(month(m), model, "output", 100.0, team)
            for m in ("2027-01", "2027-02", "2027-03")
            for model, team in (("a", "web"), ("a", "search"), ("b", "web"))
        )
    )


def volumes(forecast):
    return {(str(line.month), line.model, line.team): line.mtok for line in forecast.lines}


def test_growths_of_one_line_are_multiplied(forecast):
    grown = volumes(forecast.grown(Growth(0.10), Growth(-0.20, team="search")))
    assert grown["2027-01", "a", "web"] == pytest.approx(110.0)
    assert grown["2027-01", "a", "search"] == pytest.approx(88.0)


def test_a_growth_reaches_its_model_and_its_months_alone(forecast):
    rule = Growth(1.0, model="b", first_month=month("2027-02"), last_month=month("2027-02"))
    grown = volumes(forecast.grown(rule))
    assert grown.pop(("2027-02", "b", "web")) == 200.0
    assert set(grown.values()) == {100.0}


def test_a_name_that_no_line_has_is_told_with_those_that_are_known(forecast):
    with pytest.raises(InputError) as refused:
        forecast.grown(Growth(0.1, team="wbe", meter="input"))
    assert [str(fault) for fault in refused.value.faults] == [
        "growth:team: found wbe; expected a team of the forecast: search, web",
        "growth:meter: found input; expected a meter of the forecast: output",
    ]


@pytest.mark.parametrize("by", [-1.5, float("nan"), float("inf")])
def test_a_growth_that_is_none_is_refused(by):
    with pytest.raises(InputError, match="a growth of at least -1"):
        Growth(by)


def test_months_in_the_wrong_order_are_refused():
    with pytest.raises(InputError, match="not before first_month, 2027-03"):
        Growth(0.1, first_month=month("2027-03"), last_month=month("2027-01"))
