"""Numbers as people read them."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.reports import format as fmt


def test_minus_is_a_minus_and_thousands_are_separated():
    assert fmt.number(-1234567.891, 1) == "−1,234,567.9"
    assert fmt.number(124, signed=True) == "+124"
    assert fmt.number(0.0, signed=True) == "0"


def test_what_rounds_to_zero_has_no_sign():
    assert fmt.number(-0.004, 2) == "0.00"
    assert fmt.number(0.004, 2, signed=True) == "0.00"


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_what_is_missing_is_a_dash_and_never_zero(nothing):
    texts = [fmt.number(nothing), fmt.share(nothing), fmt.chance(nothing), fmt.money(nothing, "USD")]
    assert {*texts, fmt.significant(nothing), fmt.Scale(1e6, "m", 1).text(nothing)} == {"–"}


def test_a_chance_is_never_rounded_to_certainty():
    assert [fmt.chance(p) for p in (0.0, 0.001, 0.302, 0.999, 1.0)] == ["0%", "<1%", "30%", ">99%", "100%"]


def test_months_days_and_spans():
    assert fmt.day(np.datetime64("2026-11-05")) == "5 Nov 2026"
    assert fmt.month(np.datetime64("2026-12")) == "Dec 2026"
    assert fmt.span(np.datetime64("2027-04"), np.datetime64("2027-11")) == "Apr – Nov 2027"
    assert fmt.span(np.datetime64("2026-12"), np.datetime64("2027-11")) == "Dec 2026 – Nov 2027"
    assert fmt.span(np.datetime64("2026-12"), np.datetime64("2026-12")) == "Dec 2026"


def test_points_show_a_decimal_only_below_one():
    assert fmt.points(0.19) == "19\u00a0pp"
    assert fmt.points(0.004) == "0.4\u00a0pp"


@pytest.mark.parametrize(
    ("amount", "text", "unit"),
    [
        (109_012_345.0, "109.0", "CNY\u00a0m"),
        (3_159_385.0, "3.16", "CNY\u00a0m"),
        (200_000.0, "200.0", "CNY\u00a0k"),
        (812.4, "812", "CNY"),
        (8.124, "8.12", "CNY"),
        (2.5e9, "2.50", "CNY\u00a0bn"),
    ],
)
def test_money_is_cut_to_digits_that_can_be_defended(amount, text, unit):
    scale = fmt.money_scale(None, amount, float("nan"))
    assert (scale.text(amount), scale.unit("CNY")) == (text, unit)


def test_money_below_zero_is_in_brackets_without_its_minus():
    assert fmt.bracketed("−1.25", -1.25) == "(1.25)"
    assert fmt.bracketed("1.25", 1.25) == "1.25"
    assert fmt.bracketed("0.00", -0.001) == "0.00"


def test_prices_keep_three_digits_however_small():
    assert fmt.price_decimals([9.7, 8.1]) == 2
    assert fmt.price_decimals([0.27]) == 3
    assert fmt.price_decimals([0.027]) == 4
    assert fmt.price_decimals([]) == 2


def test_time_to_go():
    assert fmt.duration(13.2) == "14\u00a0s"
    assert fmt.duration(150) == "3\u00a0min"
    assert fmt.duration(None) == ""


def test_prices_say_which_million():
    assert fmt.per_unit("CNY", "stu") == "CNY per M\u00a0STU"
    assert fmt.per_unit("USD", "tokens") == "USD per Mtok"


def test_parameters_of_any_size_keep_their_digits():
    assert fmt.significant(0.0083712) == "0.008371"
    assert fmt.significant(-0.2911) == "−0.2911"


def test_an_amount_that_only_shows_zeros_reads_as_nothing():
    assert fmt.reads_as_nothing(fmt.Scale(1e6, "m", 1).text(40_000.0))
    assert not fmt.reads_as_nothing(fmt.Scale(1e6, "m", 2).text(40_000.0))


def test_a_growth_has_its_sign():
    assert [fmt.share(v, 1, signed=True) for v in (0.081, -0.081, 0.0)] == ["+8.1%", "−8.1%", "0.0%"]


def test_an_amount_is_told_with_its_unit():
    assert fmt.money_scale(109e6).full(109e6, "CNY") == "109.0\u00a0CNY\u00a0m"
    assert fmt.money_scale(12.0).full(12.0, "USD") == "12.00\u00a0USD"
