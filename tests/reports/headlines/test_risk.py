"""Five numbers of what could still hurt."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.headlines.risk import risk_headlines


def replaced(run, **fields):
    return dataclasses.replace(run, report=dataclasses.replace(run.report, **fields))


def test_each_number_has_its_unit_and_what_it_is_compared_with(run):
    told = risk_headlines(run)
    assert (told["var"].value, told["var"].unit, told["var"].more) == ("14.45", "CNY\u00a0m", "s.e. 20\u00a0CNY\u00a0k")
    assert (told["var"].delta, told["var"].tone) == ("▼ 2.21", "accent")
    assert (told["tail"].value, told["tail"].delta) == ("15.54", "▼ 2.38")
    assert (told["budget"].value, told["budget"].delta, told["budget"].tone) == ("2.85", "above", "under")
    assert told["budget"].more == "chance of breaking it 30%"
    assert (told["regret"].value, told["regret"].more) == ("3.10", "Price war")


def test_a_var_within_the_budget_is_better_for_us(run):
    safe = dataclasses.replace(run.report.hedged, budget_at_risk=-500_000.0)
    told = risk_headlines(replaced(run, hedged=safe))["budget"]
    assert (told.value, told.delta, told.tone) == ("0.50", "below", "accent")


def test_without_a_budget_there_is_no_budget_at_risk(make_run):
    told = risk_headlines(make_run(budget=None))["budget"]
    assert (told.value, told.note) == ("–", "no budget set")


@pytest.mark.parametrize(
    ("initial", "line", "value", "note", "state"),
    [
        (105_000.0, 420_000.0, "25%", "105.0 of 420.0\u00a0CNY\u00a0k, initial margin", "in"),
        (419_990.0, 420_000.0, ">99%", "420.0 of 420.0\u00a0CNY\u00a0k, initial margin", "in"),
        (525_000.0, 420_000.0, "125%", "525.0 of 420.0\u00a0CNY\u00a0k, initial margin", "over"),
        (0.0, 420_000.0, "0%", "0.0 of 420.0\u00a0CNY\u00a0k, initial margin", "in"),
    ],
)
def test_margin_is_told_with_its_limit(run, initial, line, value, note, state):
    margin = dataclasses.replace(run.report.margin, initial=initial, credit_line=line)
    told = risk_headlines(replaced(run, margin=margin))["margin"]
    assert (told.value, told.note, told.band[3]) == (value, note, state)


def test_without_a_credit_line_margin_stands_alone(run):
    margin = dataclasses.replace(run.report.margin, initial=105_000.0, credit_line=None)
    told = risk_headlines(replaced(run, margin=margin))["margin"]
    assert (told.value, told.unit, told.note, told.band) == ("105.0", "CNY\u00a0k", "no credit line set", None)


def test_a_hedge_that_no_stress_regrets_says_so(run):
    kind = tuple(dataclasses.replace(stress, regret=-1e6) for stress in run.report.stresses)
    told = risk_headlines(replaced(run, stresses=kind))["regret"]
    assert (told.value, told.note) == ("−1.00", "never dearer than no hedges")


def test_without_a_stress_there_is_no_regret(run):
    told = risk_headlines(replaced(run, stresses=()))["regret"]
    assert (told.value, told.note) == ("–", "no stress applies")


def test_cash_for_later_calls_is_told_beside_the_margin_only_where_its_dates_were_kept(run):
    def told(cash):
        margin = dataclasses.replace(run.report.margin, liquidity_at_risk=cash)
        return risk_headlines(replaced(run, margin=margin))["margin"].more

    assert told(1_234_000.0) == "calls beyond it at 95%: 1.23\u00a0CNY\u00a0m"
    assert told(None) == ""
