"""Hull, Options, Futures and Other Derivatives, ch. 3, example 3.3: jet fuel hedged with heating oil.

The 15 pairs as in public reproductions of the exercise, month 9 of the futures with the sign that gives the printed
standard deviation (+0.048). The effectiveness to six digits is recomputed from the pairs.
"""

import numpy as np
import pytest

from hedgedesk.hedging.ratios import minimum_variance

FUTURES = [0.021, 0.035, -0.046, 0.001, 0.044, -0.029, -0.026, -0.029, 0.048, -0.006, -0.036, -0.011, 0.019, -0.027,
           0.029]  # fmt: skip
SPOT = [0.029, 0.020, -0.044, 0.008, 0.026, -0.019, -0.010, -0.007, 0.043, 0.011, -0.036, -0.018, 0.009, -0.032,
        0.023]  # fmt: skip


def test_the_cross_hedge_takes_0_7777_of_the_exposure_and_37_contracts():
    found = minimum_variance(np.array(SPOT), np.array(FUTURES))
    assert found.ratio == pytest.approx(0.7777, abs=5e-5)
    assert found.effectiveness == pytest.approx(0.861875, abs=1e-6)
    contracts = found.ratio * 2_000_000 / 42_000
    assert contracts == pytest.approx(37.031, abs=5e-4)
    assert round(contracts) == 37
    assert found.n == 15


def test_recorded_ratios_on_real_futures_are_met(reference_data):
    import csv
    import json

    with (reference_data / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv").open() as file:
        rows = list(csv.DictReader(file))
    recorded = json.loads((reference_data / "reference_values" / "hedge_ratios_computed_2007_2018.json").read_text())

    def changes(column, factor=1.0):
        return np.diff([factor * float(row[column]) for row in rows])

    for key, spot, futures in (
        ("brent01_hedged_with_wti01_weekly_2007_2018", changes("BRN01_usd_per_bbl"), changes("CL01_usd_per_bbl")),
        (
            "heatingoil01_x42_hedged_with_wti02_weekly_2007_2018",
            changes("HO01_usd_per_gal", 42.0),
            changes("CL02_usd_per_bbl"),
        ),
    ):
        expected, found = recorded["results"][key], minimum_variance(spot, futures)
        assert found.n == expected["n"]
        assert found.ratio == pytest.approx(expected["min_variance_h"], rel=1e-9)
        assert found.effectiveness == pytest.approx(expected["hedging_effectiveness_r2"], rel=1e-9)
