"""Other instruments in a table: how much, what it costs and settles, and what is left out."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.reports.tables.choices import choices_table, choices_words, trading_cost


@pytest.fixture(scope="module")
def chosen(run, studies):
    return studies.with_choices(run)


def test_a_row_tells_quantity_unit_and_money_of_an_instrument(chosen):
    cap, batch = choices_table(chosen).rows
    assert [cap[key].text for key in ("name", "contract", "quantity", "unit")] == [
        "winter cap",
        "Feb 2027",
        "12,000",
        "Mtok",
    ]
    assert (cap["premium"].value, cap["gain"].value, cap["covers"].value) == (4_800.0, 900.0, 12_000.0)
    assert cap["why"].text == "Lowers the tail of Feb 2027"
    assert (batch["quantity"].text, batch["contract"].text) == ("25.0%", "")


def test_money_is_added_up_and_quantities_of_unlike_units_are_not(chosen):
    total = choices_table(chosen).total
    assert (total["premium"].value, total["gain"].value) == (4_800.0, 51_900.0)
    assert "quantity" not in total


def test_what_may_be_traded_and_is_not_taken_is_named(chosen, run):
    assert choices_words(chosen.plan) == "Nothing is taken of: spring floor."
    program = dataclasses.replace(chosen.plan.program, instruments=("futures", "spring floor"))
    nothing = dataclasses.replace(chosen.plan, program=program, choices=())
    assert choices_words(nothing) == "The programme allows spring floor; the best plan takes nothing of it."
    assert choices_words(run.plan) == ""


def test_the_cost_of_trading_counts_futures_and_other_instruments(chosen):
    assert trading_cost(chosen.plan) == pytest.approx(chosen.plan.transaction_cost.sum() + 120.0)
