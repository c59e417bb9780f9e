"""Prices as tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.results import ModelSummary
from hedgedesk.reports.tables import market as tables


def test_every_contract_stands_against_the_index_and_the_mean_of_its_month(run):
    table = tables.curve_table(run.fan)
    first = table.rows[0]
    assert (first["contract"].text, first["price"].text) == ("Dec 2026", "9.70")
    assert first["index"].value == pytest.approx(run.fan.curve.price_per_mtok[0] / 9.7 - 1.0)
    assert first["mean"].value == pytest.approx(run.fan.mean_per_mtok[0])


def test_a_contract_past_the_last_month_has_no_mean(run, edges):
    table = tables.curve_table(edges.of_months(run, 1).fan)
    assert [row["mean"].text == "" for row in table.rows] == [False, *[True] * 11]


def test_the_largest_moves_come_first_with_their_dates_and_both_prices(run):
    days = np.array(["2026-09-04", "2026-09-11", "2026-09-18", "2026-10-02", "2026-10-09"], dtype="datetime64[D]")
    fan = dataclasses.replace(run.fan, history_dates=days, history_per_mtok=np.array([8.0, 8.4, 8.4, 6.3, 6.93]))
    rows = tables.moves_table(fan).rows
    assert [row["change"].text for row in rows] == ["−25.0%", "+10.0%", "+5.0%"]
    assert [row["change"].tone for row in rows] == ["accent", "under", "under"]
    assert (rows[0]["until"].text, rows[0]["days"].text) == ("2 Oct 2026", "14")
    assert (rows[0]["before"].text, rows[0]["after"].text) == ("8.40", "6.30")


def test_an_index_that_never_moved_has_no_largest_move(run):
    fan = dataclasses.replace(run.fan, history_per_mtok=np.full(run.fan.history_dates.size, 8.0))
    assert tables.moves_table(fan).rows == ()


def test_every_parameter_of_both_models_says_what_it_is():
    names = ("mu", "sigma", "kappa", "sigma_chi", "sigma_xi", "rho", "mu_xi", "mu_xi_star", "lambda_chi")
    values = dict.fromkeys((*names, "measurement_sd_1", "measurement_sd_12"), 0.5)
    rows = tables.meaning_table(ModelSummary("Any", values, {"kappa": 0.1}, 1.0, 10)).rows
    assert all(row["meaning"].text for row in rows)
    assert rows[-1]["meaning"] == rows[-2]["meaning"]
    assert rows[0]["error"].text == "–"


def test_a_parameter_nobody_described_has_no_made_up_meaning():
    rows = tables.meaning_table(ModelSummary("Any", {"omega": 0.5}, {}, 1.0, 10)).rows
    assert rows[0]["meaning"].text == ""


def test_the_notes_begin_with_why_the_model_was_chosen(run):
    assert tables.model_notes(run.model) == ("Choice of the model: the default.", "prices are lognormal")
    assert tables.model_notes(dataclasses.replace(run.model, chosen_because="")) == ("prices are lognormal",)


def test_units_are_said_beside_each_table(run):
    assert tables.moves_unit(run.fan) == "STU-CN realised, CNY per M\u00a0STU"
    assert tables.quantiles_unit(run) == "CNY per M\u00a0STU, quantiles of 20,000 scenarios"
    assert tables.parameters_unit(run.model) == "Two-factor, 260 observations"


def test_quantiles_have_a_row_a_month(run):
    table = tables.quantiles_table(run.fan)
    assert len(table.rows) == 24
    assert [column.title for column in table.columns][1:4] == ["5%", "15%", "25%"]
