"""Hedge ratios of real energy futures, recorded by covariance and by an independent linear programme."""

import json

import numpy as np
import pytest

from hedgedesk.hedging.cvar import minimise_cvar
from hedgedesk.hedging.solver.problem import tail_weights

PAIRS = {
    "brent01_hedged_with_wti01_weekly_2007_2018": ("BRN01_usd_per_bbl", 1.0, "CL01_usd_per_bbl"),
    "heatingoil01_x42_hedged_with_wti02_weekly_2007_2018": ("HO01_usd_per_gal", 42.0, "CL02_usd_per_bbl"),
}


@pytest.fixture(scope="module")
def table(reference_data):
    path = reference_data / "futures" / "energy_futures_weekly_wti_brent_heatingoil.csv"
    return np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")


@pytest.mark.parametrize("pair", PAIRS)
def test_the_least_cvar_of_a_real_hedge_is_the_recorded_one(reference_data, table, pair):
    recorded = json.loads((reference_data / "reference_values" / "hedge_ratios_computed_2007_2018.json").read_text())
    expected = recorded["results"][pair]
    bought, factor, crude = PAIRS[pair]
    spot, futures = factor * np.diff(table[bought]), np.diff(table[crude])

    def cvar(ratio):
        loss = spot - ratio * futures
        return float(tail_weights(loss, 0.95) @ loss)

    found = minimise_cvar(spot, futures[:, None], level=0.95, lower=0.0, upper=3.0)
    assert found.cvar == pytest.approx(expected["cvar95_min"], rel=1e-6)
    # A minimum is flat: within 1e-6 of it the ratio itself is sharp to about 1e-5 here, where it is a kink.
    assert found.position[0] == pytest.approx(expected["cvar95_min_h"], abs=1e-5)
    assert cvar(0.0) == pytest.approx(expected["cvar95_unhedged"], rel=1e-9)
    assert cvar(expected["min_variance_h"]) == pytest.approx(expected["cvar95_at_minvar_h"], rel=1e-9)
    assert np.std(spot, ddof=1) == pytest.approx(expected["sd_unhedged"], rel=1e-9)
    hedged = spot - expected["min_variance_h"] * futures
    assert np.std(hedged, ddof=1) == pytest.approx(expected["sd_minvar"], rel=1e-9)
