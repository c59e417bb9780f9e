import csv

import numpy as np

from hedgedesk.prices.models.two_factor.panel import NearbyPanel
from hedgedesk.prices.models.two_factor_jumps.estimate import NAMES, fit_nearby

MATURITIES = np.array([1, 5, 9, 13, 17]) / 12


def crude_oil(reference_data):
    """The panel of Schwartz and Smith (2000), 1990 to 1995."""
    with (reference_data / "futures" / "schwartz_smith_wti_weekly_stitched.csv").open() as lines:
        rows = list(csv.reader(lines))[1:]
    dates = np.array([row[0] for row in rows], dtype="datetime64[D]")
    prices = np.log(np.array([row[2:] for row in rows], dtype=float))
    return NearbyPanel(dates, (1, 5, 9, 13, 17), prices, np.tile(MATURITIES, (dates.size, 1)))


def test_crude_oil_of_the_gulf_war_jumped_and_the_likelihood_says_so(reference_data):
    fit = fit_nearby(crude_oil(reference_data))
    found = dict(zip(NAMES, fit.values, strict=True))
    errors = dict(zip(NAMES, np.sqrt(np.diag(fit.covariance)), strict=True))
    # The two factors alone reach 4033.8; six parameters more are worth far over six.
    assert fit.log_likelihood > 4033.8 + 30
    assert fit.inputs == {}
    # Fitted without jumps kappa is 1.501 and sigma_xi 0.163: neither is about jumps.
    assert abs(found["kappa"] - 1.501) < 2 * errors["kappa"]
    assert abs(found["sigma_xi"] - 0.163) < 2 * errors["sigma_xi"]
    seen = {jump.date: jump.log_size for jump in fit.jumps}
    assert seen[np.datetime64("1990-08-07")] > 0.1
    assert seen[np.datetime64("1991-01-22")] < -0.1
