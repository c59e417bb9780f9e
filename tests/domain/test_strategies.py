"""Plans side by side: shapes that fit, regret as it is meant, and a line each for the terminal."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.strategies import (
    Frontier,
    FrontierPoint,
    LayeredHistory,
    ModelPlans,
    Strategies,
    StrategyLine,
)


def plans(**changed: object) -> ModelPlans:
    fields = {
        "models": ("A", "B"),
        "plans": ("A", "B", "minimax_regret", "robust", "proposed"),
        "columns": ("2027-02",),
        "positions": np.zeros((5, 1)),
        "objective": np.array([[5.0, 9.0], [6.0, 8.0], [5.4, 8.4], [5.5, 8.3], [4.999999, 9.5]]),
        "refused": {"C": "too short"},
    }
    return ModelPlans(**(fields | changed))


def history(**changed: object) -> LayeredHistory:
    fields = {
        "currency": "CNY",
        "unit": "stu",
        "ladder": "bands",
        "months": np.array(["2026-02", "2026-04"], dtype="datetime64[M]"),
        "ways": ("nothing", "everything"),
        "paid_per_mtok": np.array([[9.0, 11.0], [12.0, 10.0]]),
        "cover": np.array([[0.0, 0.0], [1.0, 1.0]]),
    }
    return LayeredHistory(**(fields | changed))


def line(name: str, regret: float) -> StrategyLine:
    return StrategyLine(name, 1e6, 2e5, 1.4e6, 1.4e6, 1.5e6, None, 1e5, 30.0, 0.5, (regret,), keeps_rules=True)


def test_regret_is_over_the_models_own_plan_and_never_below_nothing():
    found = plans()
    assert found.regret[:, 0] == pytest.approx([0.0, 1.0, 0.4, 0.5, 0.0])
    assert found.worst_regret == pytest.approx([1.0, 1.0, 0.4, 0.5, 1.5])


@pytest.mark.parametrize("changed", [{"positions": np.zeros((5, 2))}, {"objective": np.zeros((5, 3))}])
def test_plans_need_a_row_a_plan_and_a_column_each(changed):
    with pytest.raises(ValueError, match="need a row a plan"):
        plans(**changed)


@pytest.mark.parametrize("name", ["paid_per_mtok", "cover"])
def test_a_history_needs_a_row_a_way_and_a_column_a_month(name):
    with pytest.raises(ValueError, match=name):
        history(**{name: np.zeros((2, 3))})


def test_a_history_tells_mean_deviation_and_regret_of_each_way():
    found = history()
    assert found.mean.tolist() == [10.0, 11.0]
    assert found.standard_deviation == pytest.approx([2**0.5, 2**0.5])
    assert found.regret.tolist() == [[0.0, 0.0], [3.0, -1.0]]
    assert "everything" in found.summary()
    assert "50%" in found.summary(), "dearer in one month of two"


def test_one_month_has_no_deviation():
    one = history(
        months=np.array(["2026-02"], dtype="datetime64[M]"), paid_per_mtok=np.ones((2, 1)), cover=np.zeros((2, 1))
    )
    assert np.isnan(one.standard_deviation).all()
    assert one.mean.tolist() == [1.0, 1.0]


def test_each_plan_has_a_line_on_the_terminal():
    point = FrontierPoint(None, 1e6, 2e6, 3e5, 10.0, 5e4, (10.0,))
    told = Frontier("USD", 0.95, (point,), point, point, point).summary().splitlines()
    assert "CVaR 95%" in told[0]
    assert [text.split("  ")[0] for text in told[1:]] == ["CVaR alone", "no hedge", "the book", "proposed"]
    told = Strategies("USD", 0.95, 100, ("Price war",), (line("nothing", 0.0), line("proposed", 7.0))).summary()
    assert told.count("proposed") == 2
    assert "Price war" in told
    assert "left out: C: too short" in plans().summary()
