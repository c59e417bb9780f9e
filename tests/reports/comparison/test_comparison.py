"""Two runs side by side: every difference is B less A, and what cannot be compared is not subtracted."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports import comparison


def with_manifest(run, **parts):
    return dataclasses.replace(run, manifest=dataclasses.replace(run.manifest, **parts))


def with_causes(run, **causes):
    return with_manifest(run, causes=run.manifest.causes | causes)


def with_report(run, **parts):
    return dataclasses.replace(run, report=dataclasses.replace(run.report, **parts))


@pytest.fixture
def other(run):
    """A run on more lots: dearer in the mean, cheaper in the tail."""
    hedged = dataclasses.replace(run.report.hedged, mean=11.0e6, cvar=15.0e6, probability_over_budget=0.25)
    plan = dataclasses.replace(run.plan, lots=run.plan.lots + 10)
    return dataclasses.replace(with_report(run, hedged=hedged), plan=plan)


def rows(table):
    return {row["measure"].text: row for row in table.rows}


def test_each_measure_is_subtracted_and_its_direction_told_in_words(run, other):
    found = rows(comparison.measures_table(run, other))
    told = {name: (row["difference"].text, row["direction"].text) for name, row in found.items()}
    assert told["Mean cost"] == ("▲ +100.0\u00a0CNY\u00a0k", "worse")
    assert told["CVaR 95%"] == ("▼ −540.0\u00a0CNY\u00a0k", "better")
    assert told["Chance of breaking the budget"] == ("▼ −5\u00a0pp", "better")
    assert told["Lots traded, net"] == ("▲ +120", "more")
    assert told["Initial margin"] == ("±0", "unchanged")
    assert found["Mean cost"]["difference"].value == pytest.approx(
        found["Mean cost"]["b"].value - found["Mean cost"]["a"].value
    )


def test_every_measure_of_a_plan_is_there(run, other):
    assert set(rows(comparison.measures_table(run, other))) == {
        "Mean cost",
        "s.e. of the mean",
        "5% quantile",
        "Median",
        "95% quantile",
        "VaR 95%",
        "CVaR 95%",
        "s.e. of the CVaR",
        "Chance of breaking the budget",
        "Cover, next 12 months",
        "Lots traded, net",
        "Initial margin",
        "Transaction cost",
        "Whole lots add",
        "Gap to the proved lower bound",
    }


def test_tails_of_two_levels_are_not_compared(run):
    other = with_report(run, level=0.99)
    assert not any("VaR" in name for name in rows(comparison.measures_table(run, other)))


def test_amounts_of_two_currencies_are_shown_and_not_subtracted(run):
    other = with_report(run, currency="USD")
    row = rows(comparison.measures_table(run, other))["Mean cost"]
    assert (row["a"].text, row["b"].text) == ("10.90\u00a0CNY\u00a0m", "10.90\u00a0USD\u00a0m")
    assert (row["difference"].text, row["difference"].value, row["direction"].text) == ("–", None, "")
    assert comparison.verdict(run, other).startswith("A is in CNY and B in USD")


def test_it_says_whether_chance_plays_a_part(run):
    assert comparison.verdict(run, run).startswith("Same scenarios")
    assert comparison.verdict(run, with_manifest(run, run_id="ee", scenario_id="ff")).startswith("Different scenarios")


def test_volumes_grown_from_one_run_are_the_same_draws_unless_the_price_view_changed(run):
    def what_if(**changes):
        grown = with_causes(run, changes=changes, based_on=run.manifest.run_id)
        return with_manifest(grown, run_id="ee", scenario_id="ff")

    assert comparison.verdict(run, what_if(volume=0.1)).startswith("Same scenarios of price")
    assert comparison.verdict(run, what_if(volatility=1.2)).startswith("Different scenarios")


def test_a_run_without_a_budget_has_no_chance_to_compare(run, make_run):
    row = rows(comparison.measures_table(run, make_run(budget=None)))["Chance of breaking the budget"]
    assert (row["b"].text, row["difference"].text) == ("–", "–")


def test_trades_stand_side_by_side_by_contract_and_their_totals_are_sums(run, other):
    table = comparison.trades_table(run, other)
    first = table.rows[0]
    assert [first[key].text for key in ("contract", "lots_a", "lots_b", "difference")] == [
        "Dec 2026",
        "−20",
        "−10",
        "▲ +10",
    ]
    for key in ("lots_a", "lots_b", "difference"):
        assert table.total[key].value == pytest.approx(sum(row[key].value for row in table.rows))


def test_a_contract_that_only_one_run_knows_is_a_dash_in_the_other(run):
    plan = run.plan
    kept = {name: getattr(plan, name)[1:] for name in ARRAYS}
    shorter = dataclasses.replace(run, plan=dataclasses.replace(plan, contracts=plan.contracts[1:], **kept))
    first = comparison.trades_table(run, shorter).rows[0]
    assert [first[key].text for key in ("lots_a", "lots_b", "price_b", "difference")] == ["−20", "–", "–", "▲ +20"]


ARRAYS = (
    "lots",
    "held_lots",
    "continuous_lots",
    "price_per_mtok",
    "transaction_cost",
    "initial_margin",
)


def test_both_costs_are_drawn_on_one_axis(run):
    wide = dataclasses.replace(run.report.distribution, edges=run.report.distribution.edges * 1.2)
    one, other = comparison.distributions(run, with_report(run, distribution=wide))
    assert one.x == other.x
    assert (one.x.low, one.x.high) == pytest.approx((5.0, 26.4))
    assert (one.title, other.title) == ("A: Cost of 24 months", "B: Cost of 24 months")
