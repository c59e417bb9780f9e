"""The five numbers: what they say, against what, and which way is worse for a buyer."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.headlines import headlines
from hedgedesk.reports.method import notes
from hedgedesk.reports.proof import proof


def test_each_number_has_its_unit_and_what_it_is_compared_with(run):
    told = headlines(run)
    assert (told["mean"].value, told["mean"].unit, told["mean"].more) == ("10.90", "CNY\u00a0m", "budget 11.60")
    assert (told["tail"].value, told["tail"].delta, told["tail"].more) == ("15.54", "▼ 2.38", "s.e. 32\u00a0CNY\u00a0k")
    assert (told["chance"].value, told["chance"].delta) == ("30%", "▼ 6\u00a0pp")
    assert told["tail"].label == "Worst 5% on average (CVaR 95%)"
    assert told["chance"].full.endswith("mean overrun 0.48\u00a0CNY\u00a0m")


@pytest.mark.parametrize(
    ("initial", "value", "unit", "note"),
    [
        (149_942.27, "58", "USD", "of 150.0\u00a0USD\u00a0k line"),
        (149_996.5, "3.50", "USD", "of 150.0\u00a0USD\u00a0k line"),
        (20_000.0, "130.0", "USD\u00a0k", "of 150.0 line"),
        (151_200.0, "−1.20", "USD\u00a0k", "of 150.0 line"),
    ],
)
def test_headroom_is_shown_in_a_unit_of_its_own_size(run, initial, value, unit, note):
    margin = dataclasses.replace(run.report.margin, initial=initial, credit_line=150_000.0)
    report = dataclasses.replace(run.report, margin=margin, currency="USD")
    told = headlines(dataclasses.replace(run, report=report))["margin"]
    assert (told.value, told.unit, told.note) == (value, unit, note)


def test_cheaper_is_better_and_dearer_is_worse(run):
    dear = dataclasses.replace(run.report.hedged, mean=12_000_000.0)
    told = headlines(dataclasses.replace(run, report=dataclasses.replace(run.report, hedged=dear)))
    assert (told["mean"].delta, told["mean"].tone) == ("▲ 1.00", "under")
    assert headlines(run)["mean"].tone == "accent"


def test_cover_is_weighed_by_forecast_and_judged_against_the_bands(run):
    months = run.report.months
    share = (months.fixed_mtok + months.hedged_mtok)[:12].sum() / months.forecast_mtok[:12].sum()
    cover = headlines(run)["cover"]
    assert cover.band[0] == pytest.approx(share)
    assert cover.band[1:3] == pytest.approx((0.46, 0.62))
    assert (cover.delta, cover.note) == ("in band", "policy 46–62%")


def test_cover_below_the_policy_says_by_how_much(run):
    bare = dataclasses.replace(run.report.months, hedged_mtok=run.report.months.hedged_mtok * 0.0)
    told = headlines(dataclasses.replace(run, report=dataclasses.replace(run.report, months=bare)))["cover"]
    assert (told.value, told.delta, told.tone) == ("20%", "▼ 26\u00a0pp below", "under")


def test_without_budget_bands_or_credit_line_nothing_is_invented(make_run):
    run = make_run(budget=None)
    margin = dataclasses.replace(run.report.margin, credit_line=None)
    months = dataclasses.replace(run.report.months, band_min=run.report.months.band_min * float("nan"))
    bare = dataclasses.replace(run, report=dataclasses.replace(run.report, margin=margin, months=months))
    told = headlines(bare)
    assert [told[k].value for k in ("chance", "margin")] == ["–", "–"]
    assert (told["mean"].more, told["cover"].note) == ("no budget set", "no band set")


def test_the_proof_shows_the_gap_and_what_rounding_added(run):
    told = dict(proof(run))
    assert told["Gap to the proved lower bound"] == "<0.001%"
    assert told["Whole lots add, CNY"] == "1,240"
    assert told["Solver"] == "CLARABEL, optimal"
    assert told["Variance taken away, real changes"] == "58.0%"


@pytest.mark.parametrize("page", ["overview", "plan"])
def test_the_method_names_formula_inputs_seed_and_run(run, page):
    text = "\n".join(line for note in notes(page, run) for line in note.lines)
    for part in (
        "CVaR",
        "7f3a9c2e51d04b86",
        "Seed 7, 20,000 scenarios",
        "consumption.csv · aaaaaaaaaaaa",
        "numpy 2.4.6",
    ):
        assert part in text
    assert "Volume spread not given" in text


def test_the_formula_counts_lots_held_from_the_price_paid_and_names_the_unit_of_a_lot(run):
    formula = next(note for note in notes("overview", run) if note.heading == "Formula")
    assert "− gain so far on lots held + trading cost" in formula.lines[0]
    assert "lot size in M\u00a0STU" in formula.lines[1]


def test_a_chance_that_moves_by_less_than_is_shown_has_no_direction(run):
    cost = dataclasses.replace(run.report.hedged, probability_over_budget=0.3001)
    open_cost = dataclasses.replace(run.report.unhedged, probability_over_budget=0.3)
    told = headlines(dataclasses.replace(run, report=dataclasses.replace(run.report, hedged=cost, unhedged=open_cost)))
    assert (told["chance"].delta, told["chance"].tone) == ("±0.0\u00a0pp", "")
