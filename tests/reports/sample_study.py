"""A usage study and a landing made by hand, with every kind of thing in them."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.reconciliation import GapLine, Reconciliation
from hedgedesk.domain.study import (
    BasisLadder,
    BasisSplit,
    Concentration,
    Landing,
    PriceFormula,
    Share,
    UnitView,
    UsageStudy,
    VolumeForecast,
)
from hedgedesk.domain.usage import UsageFile

MONTHS = np.arange("2026-01", "2026-11", dtype="datetime64[M]")
AHEAD = np.arange("2026-11", "2027-11", dtype="datetime64[M]")
T = MONTHS.size


def sample_study() -> UsageStudy:
    """Two models, three exports, ten months; not reconciled."""
    mtok = np.column_stack((np.linspace(900.0, 1_400.0, T), np.linspace(300.0, 800.0, T)))
    return UsageStudy(
        files=_files(),
        months=MONTHS,
        models=("gpt-5", "claude-sonnet-4-5"),
        mtok=mtok,
        standard_mtok=mtok * 1.6,
        cost=mtok * np.array([2.1, 4.4]),
        currency="USD",
        unit="stu",
        reconciliation=sample_reconciliation(),
        forecasts=_forecasts(),
        formulas=(
            PriceFormula("gpt-5", 0.82, 0.05, 0.11, 0.04, 0.91, 0.03, 10),
            PriceFormula("claude-sonnet-4-5", 1.5, float("nan"), 0.2, float("nan"), 1.72, 0.2, 2, "2 months, 3 needed"),
        ),
        ladders=(BasisLadder("2026-10", "USD", "stu", 1.35, 0.14, 0.09, -0.21, -0.13, 1.24),),
        splits=(sample_split(),),
        concentrations=_concentrations(),
        units=(
            UnitView("stu", 27_200.0, 1.5, {}, 8_200.0),
            UnitView("output_only", 2_000.0, 20.4, {}, 20_400.0),
            UnitView("blended_3_1", None, 3.9, {}, 30_600.0),
        ),
        versions={"genai-prices": "0.2.3"},
    )


def _files() -> tuple[UsageFile, ...]:
    tokens = (4.0e9, 6.0e9, 0.0, 1.5e9)
    return (
        UsageFile("openai-usage.csv", "openai", "usage", 3_100, 0, "2026-01-01", "2026-10-31", 12, (), tokens),
        UsageFile(
            "anthropic.csv",
            "anthropic",
            "cost",
            900,
            2,
            "2026-01-01",
            "2026-10-31",
            0,
            ("note",),
            tokens,
            billed=9_120.5,
        ),
        UsageFile("other.csv", "", "", 40, 40, None, None),
    )


def sample_reconciliation() -> Reconciliation:
    """Every cause in it; the parts of each line add up to its gap."""
    lines = (
        GapLine(
            "openai",
            "gpt-5",
            "2026-10",
            1_400.0,
            2_900.0,
            3_000.0,
            -100.0,
            {"tier": -90.0, "rounding": -10.0},
            "genai-prices",
        ),
        GapLine(
            "anthropic",
            "claude-sonnet-4-5",
            "2026-10",
            800.0,
            3_600.0,
            3_500.0,
            100.0,
            {"cache": 20.0, "unexplained": 80.0},
            "desk",
        ),
        GapLine("openrouter", "", "2026-09", 10.0, 12.0, None, 12.0, {"unknown_model": 12.0}, ""),
        GapLine("azure", "gpt-5", "2026-09", 5.0, None, 9.0, None, {}, "genai-prices"),
    )
    causes = {"tier": -90.0, "rounding": -10.0, "cache": 20.0, "unexplained": 80.0, "unknown_model": 12.0}
    return Reconciliation("USD", lines, 6_512.0, 6_500.0, 12.0, causes, reconciled=False)


def sample_split() -> BasisSplit:
    """September to October; the parts add up."""
    parts = {
        "volume": 420.0,
        "mix": 35.5,
        "unit_ratio": -12.25,
        "index": -210.0,
        "list_vs_index": 8.0,
        "realised_vs_list": -41.25,
        "fx": 0.0,
    }
    return BasisSplit("2026-09", "2026-10", "USD", 6_300.0, 6_300.0 + sum(parts.values()), parts)


def _forecasts() -> tuple[VolumeForecast, ...]:
    mean = np.linspace(1_450.0, 1_900.0, AHEAD.size)
    spread = np.full(AHEAD.size, 0.12)
    made = []
    for model, method, errors in (
        ("gpt-5", "exponential smoothing", (0.08, 0.14)),
        ("claude-sonnet-4-5", "seasonal naive", (float("nan"),) * 2),
    ):
        made.append(
            VolumeForecast(model, "output", "search", AHEAD, mean, mean * 0.85, mean * 1.2, spread, method, *errors, 4)
        )
    return tuple(made)


def _concentrations() -> tuple[Concentration, ...]:
    shares = (Share("openai", 11_500.0, 24_000.0, 0.7), Share("anthropic", 5_500.0, 10_300.0, 0.3))
    many = tuple(Share(name, 100.0, 100.0, 0.1) for name in (*(f"team-{k}" for k in range(9)), ""))
    return (Concentration("seller", shares, 0.58), Concentration("team", many, 0.1))


def sample_landing() -> Landing:
    """2026: ten months paid, two ahead; with a budget."""
    months = np.arange("2026-01", "2027-01", dtype="datetime64[M]")
    none = float("nan")
    actual = np.array([*np.linspace(800_000.0, 1_100_000.0, 10), none, none])
    expected = np.array([none] * 10 + [1_150_000.0, 1_200_000.0])
    return Landing(
        year=2026,
        currency="CNY",
        months=months,
        actual=actual,
        expected=expected,
        p05=expected * 0.9,
        p95=expected * 1.15,
        budget=np.full(12, 1_000_000.0),
        paid=float(np.nansum(actual)),
        mean=float(np.nansum(actual) + np.nansum(expected)),
        low=11_600_000.0,
        high=12_200_000.0,
        year_budget=11_500_000.0,
    )
