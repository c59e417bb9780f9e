"""The ladder and the split on usage: they follow what really changed, and add up to the cent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import CurrencyMismatch, InputError
from hedgedesk.domain.market import FxCurve, TokenIndex
from hedgedesk.domain.rates import Rates
from hedgedesk.domain.units import STANDARD_UNITS
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.basis.ladder import METHODS, PARTS
from hedgedesk.exposure.basis.levels import measure

STU = STANDARD_UNITS["stu"]
JAN, FEB = np.datetime64("2026-01"), np.datetime64("2026-02")
A, B = UsageKey("openai", "a"), UsageKey("openai", "b")
GONE = float("nan")


class Book:
    """List prices (input, output) by model and month; the newest at or before a month holds."""

    name = "test"

    def __init__(self, prices: dict[tuple[str, str], tuple[float, float]]) -> None:
        self.prices = prices

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        month = str(at.astype("datetime64[M]"))
        known = sorted(m for name, m in self.prices if name == model and m <= month)
        if not known:
            return None
        into, out = self.prices[model, known[-1]]
        end = (at.astype("datetime64[M]") + 1).astype("datetime64[s]")
        return Rates(seller, model, into, 0.1 * into, into, out, 2 * into, valid_to=end)


def usage(*rows: tuple[str, UsageKey, list[float], float]) -> Usage:
    """Rows of day, key, Mtok by meter and bill in USD."""
    keys = tuple(dict.fromkeys(row[1] for row in rows))
    zeros = np.zeros(len(rows))
    return Usage(
        starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
        keys=keys,
        key=np.array([keys.index(row[1]) for row in rows], dtype=np.int64),
        tokens=np.array([row[2] for row in rows]).reshape(len(rows), 4) * 1e6,
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=zeros,
        billed=np.array([row[3] for row in rows]),
        listed=np.full(len(rows), GONE),
        priced=np.full(len(rows), GONE),
    )


def index(*prices: float, currency: str = "USD") -> TokenIndex:
    days = np.array(["2026-01-31", "2026-02-28", "2026-03-31"], dtype="datetime64[D]")[: len(prices)]
    return TokenIndex("test", currency, days, np.array(prices))


FLAT = Book({("a", "2026-01"): (3.0, 12.63), ("b", "2026-01"): (1.0, 4.21)})
"""At STU's own ratio of output to input: a unit costs 3 and 1."""


def one(
    day: str, prompt: float, output: float, paid: float, key: UsageKey = A
) -> tuple[str, UsageKey, list[float], float]:
    return (day, key, [prompt, 0.0, 0.0, output], paid)


def split_usage(use: Usage, at: TokenIndex, book: Book, first, last, unit, fx=None, *, currency=None, method="ladder"):
    return measure(use, at, book, unit, fx, currency=currency).split(first, last, method=method)


def ladder(use: Usage, at: TokenIndex, book: Book, month, unit, fx=None):
    (found,) = (each for each in measure(use, at, book, unit, fx).ladders() if each.month == str(month))
    return found


def moved(parts: dict[str, float]) -> dict[str, float]:
    return {name: part for name, part in parts.items() if abs(part) > 0.005}


def test_the_ladder_leads_from_the_index_to_the_bill():
    use = usage(one("2026-01-10", 10.0, 10.0, 100.0), one("2026-01-20", 10.0, 10.0, 30.0, B))
    found = ladder(use, index(2.5), FLAT, JAN, STU)
    units = 2 * (10.0 + 42.1)
    assert (found.month, found.currency, found.unit, found.index) == ("2026-01", "USD", "stu", 2.5)
    assert found.list_vs_index == pytest.approx(2.0 - 2.5)
    assert (found.model_mix, found.unit_ratio) == (pytest.approx(0.0), pytest.approx(0.0))
    assert found.paid == pytest.approx(130.0 / units)
    steps = (found.list_vs_index, found.model_mix, found.unit_ratio, found.realised_vs_list)
    assert found.index + sum(steps) == pytest.approx(found.paid)


def test_more_of_the_same_is_volume():
    use = usage(one("2026-01-10", 10.0, 2.0, 50.0), one("2026-02-10", 20.0, 4.0, 100.0))
    told = split_usage(use, index(2.0, 2.0), FLAT, JAN, FEB, STU)
    assert (told.first, told.last, told.before, told.after) == ("2026-01", "2026-02", 50.0, 100.0)
    assert tuple(told.parts) == PARTS
    assert moved(told.parts) == {"volume": 50.0}


def test_going_to_the_cheaper_model_is_mix():
    use = usage(
        one("2026-01-10", 10.0, 0.0, 30.0), one("2026-01-10", 10.0, 0.0, 10.0, B), one("2026-02-10", 20.0, 0.0, 20.0, B)
    )
    assert moved(split_usage(use, index(2.0, 2.0), FLAT, JAN, FEB, STU).parts) == {"mix": -20.0}


def test_a_cut_of_the_list_is_list_against_index_and_the_index_takes_its_own():
    cut = Book({("a", "2026-01"): (3.0, 12.63), ("a", "2026-02"): (1.5, 6.315)})
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), one("2026-02-10", 10.0, 0.0, 15.0))
    assert moved(split_usage(use, index(2.0, 2.0), cut, JAN, FEB, STU).parts) == {"list_vs_index": -15.0}
    assert moved(split_usage(use, index(2.0, 0.5), cut, JAN, FEB, STU).parts) == {"index": -15.0}


def test_more_output_to_the_prompt_is_unit_ratio():
    steep = Book({("a", "2026-01"): (1.0, 8.42)})
    use = usage(one("2026-01-10", 42.1, 10.0, 126.3), one("2026-02-10", 0.0, 20.0, 168.4))
    told = split_usage(use, index(2.0, 2.0), steep, JAN, FEB, STU).parts
    assert moved(told) == {"unit_ratio": 42.1}


@pytest.mark.parametrize(
    "saving",
    [
        ("2026-02-10", A, [2.0, 8.0, 0.0, 0.0], 8.4),
        ("2026-02-10", UsageKey("openai", "a", tier="batch"), [10.0, 0, 0, 0], 15.0),
    ],
    ids=["cache", "batch"],
)
def test_caching_and_batches_are_realised_against_list_and_no_volume(saving):
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), saving)
    told = split_usage(use, index(2.0, 2.0), FLAT, JAN, FEB, STU).parts
    assert moved(told) == {"realised_vs_list": pytest.approx(saving[3] - 30.0)}


def test_the_currency_has_its_own_part():
    fx = FxCurve(np.array(["2026-01-15", "2026-02-15"], dtype="datetime64[D]"), np.array([7.0, 7.5]))
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), one("2026-02-10", 10.0, 0.0, 30.0))
    told = split_usage(use, index(2.0, 2.0), FLAT, JAN, FEB, STU, fx, currency="CNY")
    assert (told.currency, told.before, told.after) == ("CNY", 210.0, 225.0)
    assert moved(told.parts) == {"fx": 15.0}


def test_an_index_in_another_currency_is_taken_in_the_bills():
    fx = FxCurve(np.array(["2026-01-15"], dtype="datetime64[D]"), np.array([7.0]))
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0))
    assert ladder(use, index(14.0, currency="CNY"), FLAT, JAN, STU, fx).index == pytest.approx(2.0)
    with pytest.raises(CurrencyMismatch):
        ladder(use, index(14.0, currency="CNY"), FLAT, JAN, STU)


def test_what_no_list_covers_is_part_of_what_was_paid():
    unknown, search = UsageKey("openai", "secret"), UsageKey("openai", "", item="web_search")
    use = usage(
        one("2026-01-10", 10.0, 0.0, 30.0),
        one("2026-01-10", 10.0, 0.0, 70.0, unknown),
        ("2026-01-11", search, [0, 0, 0, 0], 5.0),
    )
    found = ladder(use, index(2.0), FLAT, JAN, STU)
    assert found.index + found.list_vs_index + found.model_mix + found.unit_ratio == pytest.approx(3.0)
    assert found.paid == pytest.approx(105.0 / 20.0)


def test_a_model_without_output_needs_no_price_for_it():
    embedding = Book({("a", "2026-01"): (3.0, GONE)})
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0))
    assert ladder(use, index(2.0), embedding, JAN, STU).list_vs_index == pytest.approx(1.0)


def test_tokens_at_an_unknown_cost_do_not_make_the_others_cheap():
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), one("2026-01-10", 90.0, 0.0, GONE, B))
    found = ladder(use, index(2.0), FLAT, JAN, STU)
    assert (found.paid, found.model_mix) == (pytest.approx(3.0), pytest.approx(0.0))


def test_a_month_without_its_levels_is_told():
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), one("2026-03-10", 10.0, 0.0, 30.0, UsageKey("x", "secret")))
    for month, index_prices, told in (
        ("2026-02", (2.0, 2.0, 2.0), "2026-02 has no usage"),
        ("2025-12", (2.0, 2.0, 2.0), "2025-12 has no usage"),
        ("2026-03", (2.0, 2.0), "2026-03 has no index price"),
        ("2026-03", (2.0, 2.0, 2.0), "2026-03 has no model with a known list price"),
    ):
        with pytest.raises(InputError, match=told):
            split_usage(use, index(*index_prices), FLAT, JAN, np.datetime64(month), STU)


def test_months_without_all_levels_have_no_ladder():
    use = usage(one("2026-01-10", 10.0, 0.0, 30.0), one("2026-03-10", 10.0, 0.0, 30.0))
    assert [found.month for found in measure(use, index(2.0, 2.0), FLAT, STU).ladders()] == ["2026-01"]


amounts = st.floats(0.1, 1e3)


@given(st.data(), st.sampled_from(METHODS))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_on_any_usage_the_parts_add_up_to_the_cent(data, method):
    keys = (A, B, UsageKey("openai", "a", tier="batch"), UsageKey("openai", "new"), UsageKey("x", "secret"))
    rows = [
        (f"2026-{month:02d}-10", key, data.draw(st.lists(amounts, min_size=4, max_size=4)), data.draw(amounts))
        for month in (1, 2)
        for key in [*data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=5, unique=True)), A]
    ]
    prices = {(m, f"2026-{t:02d}"): (data.draw(amounts), data.draw(amounts)) for m in ("a", "b") for t in (1, 2)}
    book = Book(prices | {("new", "2026-02"): (data.draw(amounts), data.draw(amounts))})
    found = index(data.draw(amounts), data.draw(amounts))
    fx = FxCurve(np.array(["2026-01-15", "2026-02-15"], dtype="datetime64[D]"), np.array([7.0, data.draw(amounts)]))
    told = split_usage(usage(*rows), found, book, JAN, FEB, STU, fx, currency="CNY", method=method)
    assert sum(round(part * 100) for part in told.parts.values()) == round(told.after * 100) - round(told.before * 100)


def test_ladders_of_two_months_differ_as_the_split_says():
    use = usage(
        one("2026-01-10", 10.0, 2.0, 50.0),
        one("2026-01-11", 5.0, 1.0, 9.0, B),
        one("2026-02-10", 4.0, 4.0, 60.0),
        one("2026-02-11", 9.0, 1.0, 12.0, B),
    )
    cut = Book({("a", "2026-01"): (3.0, 15.0), ("a", "2026-02"): (2.0, 10.0), ("b", "2026-01"): (1.0, 5.0)})
    history = measure(use, index(2.0, 1.8), cut, STU)
    first, last = history.ladders()
    parts, units = history.split(JAN, FEB).parts, history.units[1]
    for step, part in (("index", "index"), ("list_vs_index", "list_vs_index"), ("model_mix", "mix")):
        assert parts[part] == pytest.approx(units * (getattr(last, step) - getattr(first, step)), abs=0.011)
    assert parts["unit_ratio"] == pytest.approx(units * (last.unit_ratio - first.unit_ratio), abs=0.011)
