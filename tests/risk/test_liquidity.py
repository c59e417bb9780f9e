import dataclasses

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.market import ContractSpec, ForwardCurve, FuturesContract
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.market.margin import initial_margin_per_lot
from hedgedesk.risk import measures
from hedgedesk.risk.liquidity import liquidity_at_risk, worst_calls

FREIGHT = FuturesContract(ContractSpec("CNY", 50.0), np.datetime64("2027-02"), np.datetime64("2027-02-22"))
TODAY = np.datetime64("2026-12-01")
DATES = np.array(["2027-01-15", "2027-02-15", "2027-02-19", "2027-02-26", "2027-03-31"], dtype="datetime64[D]")
LOTS = 642.0


@pytest.fixture(scope="module")
def desk(make_desk):
    desk = make_desk()
    return dataclasses.replace(desk, settings=dataclasses.replace(desk.settings, margin_grid="weekly"))


@pytest.fixture(scope="module")
def run(desk):
    return pipeline.run(desk)


@pytest.fixture
def freight_plan(run):
    """The freight handbook's 642 lots at 900 points of CNY 50, in CNY."""
    one = np.zeros(1)
    margin = LOTS * initial_margin_per_lot((FREIGHT,), np.array([900.0]), TODAY)
    return dataclasses.replace(
        run.plan,
        program=dataclasses.replace(run.plan.program, currency="CNY"),
        contracts=(FREIGHT,),
        **dict.fromkeys(("held_lots", "continuous_lots", "transaction_cost"), one),
        lots=np.array([LOTS]),
        price_per_mtok=np.array([900.0]),
        initial_margin=margin,
        limits=(),
        reasons=(),
    )


def priced(run, *paths):
    """Scenarios of the freight contract whose futures prices on ``DATES`` are ``paths``."""
    futures = np.array(paths, dtype=np.float32)[:, :, None]
    months = np.arange("2027-01", "2027-04", dtype="datetime64[M]")
    flat = np.ones((len(paths), months.size))
    return ScenarioSet(
        as_of=TODAY,
        months=months,
        unit=run.scenarios.unit,
        contracts=(FREIGHT,),
        curve=ForwardCurve(TODAY, "CNY", np.array(["2027-02"], dtype="datetime64[M]"), np.array([900.0])),
        cover_share=np.array([[0.5, 0.5, 0.0]]),
        price_per_mtok=flat,
        volume_mtok=flat,
        open_mtok=flat,
        settlement_per_mtok=futures[:, -1, :].astype(np.float64),
        cny_per_usd=7.0 * flat,
        cny_per_usd_today=7.0,
        margin_dates=DATES,
        futures_per_mtok=futures,
    )


def test_rising_rates_alone_call_for_the_handbooks_margin(run, freight_plan):
    # The price stays: 3,466,800 at 12% become 8,667,000 at 30% on the eve of the last trading day.
    worst = worst_calls(freight_plan, priced(run, [900.0] * 5))
    assert worst == pytest.approx([8_667_000.0 - 3_466_800.0])


def test_a_fall_calls_for_its_variation_and_releases_margin(run, freight_plan):
    # 900, then 810 and 704.7 as in the handbook's locked limits, at the rates of the dates: 12%, 20%, 30%.
    calls = [
        2_889_000.0 + 642 * 50 * 810.0 * 0.12 - 3_466_800.0,
        6_269_130.0 + 642 * 50 * 704.7 * 0.20 - 3_466_800.0,
        6_269_130.0 + 642 * 50 * 704.7 * 0.30 - 3_466_800.0,
    ]
    worst = worst_calls(freight_plan, priced(run, [810.0, 704.7, 704.7, 704.7, 704.7]))
    assert worst == pytest.approx([max(calls)], rel=1e-6)


def test_no_margin_is_held_once_the_settlement_is_paid_and_a_gain_calls_for_nothing(run, freight_plan):
    later = priced(run, [900.0, 900.0, 900.0, 900.0, 5_000.0], [1_300.0, 1_500.0, 1_600.0, 1_600.0, 1_600.0])
    assert worst_calls(freight_plan, later) == pytest.approx([5_200_200.0, 0.0])


def test_short_lots_pay_when_the_price_rises(run, freight_plan):
    short = dataclasses.replace(freight_plan, lots=-freight_plan.lots)
    scenarios = priced(run, [990.0] * 5)
    expected = 642 * 50 * (90.0 + 990.0 * 0.30) - 3_466_800.0
    assert worst_calls(short, scenarios) == pytest.approx([expected])


def test_calls_are_turned_into_the_programmes_currency_at_the_rate_of_their_month(run, freight_plan):
    scenarios = priced(run, [900.0, 900.0, 900.0, 900.0, 900.0])
    rates = np.array([[7.0, 6.0, 7.0]])
    plan = dataclasses.replace(
        freight_plan,
        program=dataclasses.replace(freight_plan.program, currency="USD"),
        initial_margin=freight_plan.initial_margin / 7.0,
    )
    worst = worst_calls(plan, dataclasses.replace(scenarios, cny_per_usd=rates))
    assert worst == pytest.approx([8_667_000.0 / 6.0 - 3_466_800.0 / 7.0])


def test_the_report_tells_the_programmes_quantile_of_the_worst_calls(run):
    worst = worst_calls(run.plan, run.scenarios)
    assert run.report.margin.liquidity_at_risk == measures.var(worst, 0.95)
    assert run.as_json()["margin"]["liquidity_at_risk"] == run.report.margin.liquidity_at_risk
    assert "liquidity at risk 95%" in run.report.summary()


def test_it_agrees_with_a_walk_along_one_path_at_a_time(run):
    plan, scenarios = run.plan, run.scenarios
    size = plan.position * plan.mtok_per_lot
    for s in (0, 7, scenarios.count - 1):
        before, lost, worst = scenarios.curve.price_per_mtok, 0.0, 0.0
        for d, date in enumerate(scenarios.margin_dates):
            now = scenarios.futures_per_mtok[s, d].astype(float)
            month = int((date.astype("datetime64[M]") - scenarios.months[0]).astype(int))
            to_usd = 1.0 / scenarios.cny_per_usd[s, min(month, scenarios.months.size - 1)]
            lost -= float(size @ (now - before)) * to_usd
            alive = scenarios.delivery_months >= date.astype("datetime64[M]")
            held = np.abs(plan.position) * initial_margin_per_lot(plan.contracts, now, date) * alive
            worst = max(worst, float(held.sum()) * to_usd + lost - plan.initial_margin.sum())
            before = now
        assert worst_calls(plan, scenarios)[s] == pytest.approx(worst, rel=1e-9)


def test_a_what_if_has_the_liquidity_of_a_whole_run_and_a_run_without_dates_has_none(run, desk):
    changes = Changes(volume=0.2, credit_line=150_000.0)
    whole = pipeline.run(desk, changes=changes, based_on=run.manifest.run_id)
    again = pipeline.replan(run, run.scenarios, changes)
    assert again.report.margin.liquidity_at_risk == pytest.approx(whole.report.margin.liquidity_at_risk, rel=1e-12)
    assert again.report.margin.liquidity_at_risk != run.report.margin.liquidity_at_risk
    without = dataclasses.replace(run.scenarios, margin_dates=None, futures_per_mtok=None)
    assert liquidity_at_risk(run.plan, without) is None
