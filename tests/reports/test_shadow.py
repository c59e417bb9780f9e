"""More room in a limit is told in steps that people think in, and in money."""

from __future__ import annotations

import pytest

from hedgedesk.domain.plan import LimitUse
from hedgedesk.reports import shadow


def use(limit, unit, value=2.0, rule="credit_line"):
    return LimitUse(rule, "", limit, limit, unit, True, value)


@pytest.mark.parametrize(
    ("limit", "unit", "words", "per"),
    [
        (9.5e6, "CNY", "1 CNY m", "CNY m"),
        (420_000.0, "USD", "1 USD k", "USD k"),
        (80.0, "CNY", "1 CNY", "CNY"),
        (1_200.0, "lots", "1 lot", "lot"),
        (25_000.0, "Mtok", "1,000 Mtok", "1,000 Mtok"),
        (40.0, "M STU", "1 M STU", "M STU"),
        (0.9, "share", "1 pp", "pp"),
    ],
)
def test_a_step_is_a_lot_a_point_or_a_round_amount_that_the_limit_holds(limit, unit, words, per):
    step = shadow.step(use(limit, unit))
    assert step.words.replace("\u00a0", " ") == words
    assert step.per.replace("\u00a0", " ") == per


def test_what_a_step_saves_is_the_value_of_a_unit_times_its_size():
    assert shadow.of_a_step(use(9.5e6, "CNY", 0.25)) == 250_000.0
    assert shadow.of_a_step(use(0.9, "share", 5_000.0)) == 50.0
    assert shadow.of_a_step(use(0.9, "share", None)) == 0.0


@pytest.mark.parametrize(
    ("value", "told"), [(0.25, "250.0 USD k"), (2.5, "2.50 USD m"), (1e-6, "1.00 USD"), (1e-10, "0.0001 USD")]
)
def test_an_amount_is_cut_to_a_scale_of_its_own_and_never_reads_as_nothing(value, told):
    assert shadow.amount(use(9.5e6, "CNY", value), "USD").replace("\u00a0", " ") == told


def test_what_a_solver_leaves_in_a_price_is_no_saving():
    assert shadow.of_a_step(use(80.0, "lots", 2.2e-13)) == 0.0
    assert shadow.of_a_step(use(80.0, "lots", 0.01)) == 0.01
