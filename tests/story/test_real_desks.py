"""The main job on real input: forecast, prices, plan, report, with every number checked against the data."""

import csv
import itertools
import math
import statistics

import numpy as np
import pytest

import hedgedesk as hd


@pytest.fixture(scope="module")
def tokens(token_desk):
    return hd.run(token_desk)


@pytest.fixture(scope="module")
def crude(crude_desk):
    return hd.run(crude_desk)


def test_sixteen_weekly_prices_are_for_the_random_walk_and_the_curve_is_called_indicative(tokens, token_desk):
    with (token_desk / "market" / "index.csv").open() as file:
        prices = [float(row["price_usd_per_mtok"]) for row in csv.DictReader(file)]
    assert tokens.model.name == "RandomWalk"
    assert tokens.model.observations == 15
    assert tokens.report.indicative
    changes = [math.log(b / a) for a, b in itertools.pairwise(prices)]
    # One week in the file has eight days, so weekly changes are not quite of one length.
    assert tokens.model.parameters["sigma"] == pytest.approx(statistics.stdev(changes) * math.sqrt(365 / 7), rel=0.03)


def test_the_token_desks_open_volume_is_its_real_traffic(tokens, reference_data):
    with (reference_data / "consumption" / "servegen_m_mid_daily.csv").open() as file:
        days = list(csv.DictReader(file))
    daily = statistics.mean(float(day["input_tokens"]) + float(day["output_tokens"]) for day in days)
    assert tokens.report.months.open_mtok[0] == pytest.approx(daily * 30.4 * 0.1 / 1e6, rel=1e-5)
    assert tokens.report.months.months.size == 24


def test_a_month_past_the_last_contract_is_told(tokens):
    assert any("past the last contract: 2028-03" in notice for notice in tokens.report.notices)


@pytest.mark.parametrize("desk", ["tokens", "crude"])
def test_the_plan_is_certified_lowers_the_tail_and_keeps_its_limits(desk, request):
    run = request.getfixturevalue(desk)
    assert run.plan.certificate.gap <= 1e-6
    assert run.plan.rounding_cost >= 0
    difference = run.report.unhedged.cvar - run.report.hedged.cvar
    # The two CVaRs come from the same scenarios; their difference is far beyond both errors together.
    assert difference > 4 * math.hypot(run.report.unhedged.cvar_standard_error, run.report.hedged.cvar_standard_error)
    assert run.report.margin.initial <= run.plan.program.credit_line
    assert any(use.binds and use.rule == "credit_line" for use in run.plan.limits)
    months = run.report.months
    hedgeable = months.hedgeable
    assert np.all(months.coverage[hedgeable] >= months.band_min[hedgeable] - 1e-9)
    assert np.all(months.coverage[hedgeable] <= months.band_max[hedgeable] + 1e-9)


def test_crude_identifies_two_factors_and_hits_its_curve(crude):
    assert crude.model.name == "TwoFactor"
    for name in ("kappa", "sigma_chi", "sigma_xi"):
        assert crude.model.parameters[name] > 4 * crude.model.standard_errors[name]
    settled = crude.scenarios.settlement_per_mtok
    error = settled.std(axis=0, ddof=1) / np.sqrt(crude.scenarios.count)
    assert np.all(np.abs(settled.mean(axis=0) - crude.scenarios.curve.price_per_mtok) <= 4 * error)
    assert crude.scenarios.curve.price_per_mtok[0] == 46.22


def test_the_crude_hedge_works_on_weeks_it_has_not_seen(crude):
    judged = crude.report.effectiveness
    assert judged.changes == 209
    assert judged.ratio == pytest.approx(1.0, abs=0.05)
    assert judged.out_of_sample > 0.9
