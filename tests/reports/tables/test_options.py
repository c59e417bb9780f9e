"""Premium and greeks of the options of a plan: a row a structure, with two other ways to reckon it."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.report.html import report_html
from hedgedesk.reports.report.model import report_model
from hedgedesk.reports.sheet import csv_bytes
from hedgedesk.reports.tables.options import options_table, options_unit


@pytest.fixture(scope="module")
def chosen(run, studies):
    return studies.with_options(run)


def test_a_row_tells_premium_where_it_comes_from_and_every_greek(chosen):
    cap, belt = options_table(chosen).rows
    assert (cap["name"].text, cap["premium"].text, cap["source"].text) == ("winter cap", "0.3100", "the scenarios")
    assert belt["source"].text == "a quote"
    assert [cap[key].value for key in ("delta", "gamma", "vega", "theta")] == [0.4, 0.2, 1.5, -0.9]
    assert (cap["volatility"].text, cap["theta"].text) == ("50.0%", "\N{MINUS SIGN}0.9000")


def test_formula_and_simulation_stand_beside_the_premium_and_agree(chosen):
    for row in options_table(chosen).rows:
        assert row["formula"].value == pytest.approx(row["simulated"].value, abs=5 * row["error"].value + 1e-3)
        assert row["error"].value > 0
        assert float(row["error"].text) > 0, "it is not rounded away"


def test_a_plan_without_options_has_no_row_nor_a_record_from_before_greeks(run, studies):
    assert options_table(run).rows == ()
    assert options_table(studies.with_choices(run)).rows == ()


def test_units_are_told_in_words(chosen):
    assert options_unit(chosen).endswith("all legs, bought less sold")
    helps = {column.key: column.help for column in options_table(chosen).columns}
    assert "100 points" in helps["vega"]
    assert "in a year" in helps["theta"]


def test_report_and_file_hold_them(chosen):
    page = report_html(report_model(chosen, "Acme"))
    assert "Options: premium and greeks" in page
    assert csv_bytes(options_table(chosen)).decode("utf-8-sig").startswith("Instrument,Contract,Premium,")


def test_an_unnamed_source_is_a_fault_of_the_program(chosen):
    choice = chosen.plan.choices[0]
    offer = dataclasses.replace(choice.offer, words={"premium_from": "nowhere"})
    plan = dataclasses.replace(chosen.plan, choices=(dataclasses.replace(choice, offer=offer),))
    with pytest.raises(KeyError):
        options_table(dataclasses.replace(chosen, plan=plan))
