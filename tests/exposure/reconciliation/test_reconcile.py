"""Billed against priced: each cause found where it alone is at work, all of them adding up to the gap."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.domain.market import FxCurve
from hedgedesk.domain.rates import LongPrompt, PriceBook, Rates
from hedgedesk.domain.reconciliation import CAUSES, GapLine, Reconciliation
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.exposure.pricing import price
from hedgedesk.exposure.reconciliation.reconcile import reconcile

NAN = float("nan")


@dataclass(frozen=True)
class Row:
    """One row of an export; tokens are uncached, read, written and output."""

    day: str = "2026-10-05T10:00"
    model: str = "m"
    tokens: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    billed: float = NAN
    listed: float = NAN
    requests: float = 1.0
    seller: str = "lab"
    tier: str = "standard"
    item: str = "tokens"
    cache_known: bool = True


def usage(*rows: Row, currency: str = "USD") -> Usage:
    keys = [UsageKey(r.seller, r.model, tier=r.tier, item=r.item, cache_known=r.cache_known) for r in rows]
    distinct = tuple(sorted(set(keys)))
    return Usage(
        starts=np.array([r.day for r in rows], dtype="datetime64[s]"),
        keys=distinct,
        key=np.array([distinct.index(key) for key in keys], dtype=np.int64),
        tokens=np.array([r.tokens for r in rows], dtype=np.float64).reshape(len(rows), 4),
        cache_write_1h=np.zeros(len(rows)),
        reasoning=np.zeros(len(rows)),
        requests=np.array([r.requests for r in rows]),
        billed=np.array([r.billed for r in rows]),
        listed=np.array([r.listed for r in rows]),
        priced=np.full(len(rows), NAN),
        currency=currency,
    )


@dataclass
class Book:
    """Uncached input 2, cache read 0.2, output 10 for every model but ``unheard``; standard only."""

    answer: Rates = dataclasses.field(
        default_factory=lambda: Rates("lab", "m", 2.0, 0.2, 2.0, 10.0, 2.0, source="book")
    )
    peak: float = 1.0
    """Times which prices are multiplied from 12:00 to 24:00."""
    name: str = "book"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        if model == "unheard":
            return None
        if self.peak == 1.0:
            return self.answer
        day = at.astype("datetime64[D]").astype("datetime64[s]")
        noon, night = day + np.timedelta64(12, "h"), day + np.timedelta64(24, "h")
        if at < noon:
            return dataclasses.replace(self.answer, valid_from=day, valid_to=noon)
        meters = ("uncached_input", "cache_read", "cache_write", "output", "cache_write_1h")
        dear = {meter: self.peak * getattr(self.answer, meter) for meter in meters}
        return dataclasses.replace(self.answer, valid_from=noon, valid_to=night, **dear)


def compare(
    *rows: Row, book: PriceBook | None = None, currency: str = "USD", fx: float | FxCurve | None = None
) -> Reconciliation:
    asked = Book() if book is None else book
    return reconcile(price(usage(*rows), asked), currency=currency, cny_per_usd=fx, book=asked)


def only(found: Reconciliation, cause: str, amount: float, within: float = 1e-9) -> None:
    """``cause`` explains ``amount``, and nothing else explains anything."""
    assert found.causes[cause] == pytest.approx(amount, abs=within)
    assert {name for name, part in found.causes.items() if abs(part) > within} == {cause}
    adds_up(found)


def adds_up(found: Reconciliation) -> None:
    assert set(found.causes) in (set(), set(CAUSES))
    for line in found.lines:
        if line.gap is None:
            assert not line.causes
            continue
        assert sum(line.causes.values()) == pytest.approx(line.gap, rel=1e-9, abs=1e-6)
        assert line.billed is not None
        assert line.gap == pytest.approx(line.billed - (line.priced or 0.0), rel=1e-9, abs=1e-9)
    if found.gap is not None:
        assert sum(found.causes.values()) == pytest.approx(found.gap, rel=1e-9, abs=0.01)


M = 1e6
USED = Row(tokens=(5 * M, 0, 0, 9 * M))
"""Costs 100 at the book's prices."""


def test_a_bill_that_is_the_price_is_reconciled_without_a_gap() -> None:
    found = compare(dataclasses.replace(USED, billed=100.0))
    assert (found.billed, found.priced) == (pytest.approx(100.0), pytest.approx(100.0))
    assert found.gap == pytest.approx(0.0)
    assert found.reconciled
    assert found.lines == (
        GapLine(
            "lab", "m", "2026-10", pytest.approx(14.0), 100.0, pytest.approx(100.0), 0.0, found.lines[0].causes, "book"
        ),
    )


def test_a_bill_and_its_usage_meet_under_one_name_of_the_model() -> None:
    found = compare(
        dataclasses.replace(USED, model="gpt-4o-2024-08-06"),
        Row(model="GPT 4o", billed=60.0),
        Row(model="gpt-4o", billed=40.0),
    )
    assert [(line.model, line.billed, line.priced) for line in found.lines] == [("gpt-4o", 100.0, pytest.approx(100.0))]
    assert found.reconciled


def test_a_bill_without_models_meets_the_usage_of_its_month() -> None:
    found = compare(USED, dataclasses.replace(USED, model="n"), Row(model="", billed=200.0))
    assert [(line.model, line.billed) for line in found.lines] == [("", 200.0)]
    assert found.reconciled


def test_a_row_of_no_model_beside_named_ones_stays_a_line_of_its_own() -> None:
    found = compare(USED, Row(billed=100.0), Row(model="", billed=7.0))
    assert {line.model: line.billed for line in found.lines} == {"m": 100.0, "": 7.0}
    only(found, "unknown_model", 7.0)


def test_unknown_model_is_what_is_billed_without_a_price() -> None:
    only(compare(Row(model="unheard", tokens=(M, 0, 0, 0), billed=30.0)), "unknown_model", 30.0)
    only(compare(Row(billed=30.0)), "unknown_model", 30.0)


def test_an_unpriced_part_of_a_line_explains_no_more_than_its_share_of_tokens() -> None:
    early = Row(model="m", day="2026-10-01T10:00", tokens=(10 * M, 0, 0, 0))

    class Later(Book):
        def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
            return self.answer if at >= np.datetime64("2026-10-02T00:00:00") else None

    known = Row(tokens=(10 * M, 0, 0, 0))
    only(compare(early, known, Row(billed=38.0), book=Later()), "unknown_model", 18.0)
    far = compare(early, known, Row(billed=100.0), book=Later())
    assert far.causes["unknown_model"] == pytest.approx(50.0)
    assert far.causes["unexplained"] == pytest.approx(30.0, abs=0.006)


def test_non_token_is_what_is_billed_for_other_things() -> None:
    extra = [
        Row(item="web_search", billed=12.0),
        Row(item="tax", model="", billed=3.0),
        Row(item="credit", billed=-5.0),
    ]
    only(compare(dataclasses.replace(USED, billed=100.0), *extra), "non_token", 10.0)


def test_discount_is_the_bill_against_the_exports_own_list_price() -> None:
    only(compare(dataclasses.replace(USED, billed=85.0, listed=100.0)), "discount", -15.0)


def test_discount_is_one_share_of_the_price_on_every_line() -> None:
    rows = [dataclasses.replace(USED, model=name, billed=90.0 + 0.1 * i) for i, name in enumerate("abc")]
    found = compare(*rows)
    assert found.causes["discount"] == pytest.approx(-29.7, abs=1e-6)
    assert found.reconciled
    adds_up(found)


def test_a_discount_of_one_month_is_found_beside_months_without() -> None:
    before = [dataclasses.replace(USED, model=name, day="2026-09-05T10:00", billed=100.0) for name in "abc"]
    after = [dataclasses.replace(USED, model=name, billed=80.0) for name in "abc"]
    only(compare(*before, *after), "discount", -60.0)


@pytest.mark.parametrize("bills", [(90.0, 90.0), (90.0, 80.0, 70.0), (20.0, 20.0, 20.0)])
def test_two_lines_different_shares_or_an_absurd_one_are_no_discount(bills: tuple[float, ...]) -> None:
    found = compare(*(dataclasses.replace(USED, model=f"m{i}", billed=bill) for i, bill in enumerate(bills)))
    only(found, "unexplained", sum(bills) - 100.0 * len(bills), within=0.02)
    assert not found.reconciled


def test_a_uniform_markup_is_not_explained_but_told() -> None:
    found = compare(*(dataclasses.replace(USED, model=name, billed=105.5) for name in "abc"))
    only(found, "unexplained", 16.5, within=0.02)
    assert found.notices == ("lab 2026-10: billed 1.055 times its price on every line",)


@pytest.mark.parametrize(("tier", "bill"), [("batch", 50.0), ("flex", 52.0), ("priority", 200.0), ("fast", 400.0)])
def test_tier_is_what_a_book_with_standard_prices_only_gets_wrong(tier: str, bill: float) -> None:
    only(compare(dataclasses.replace(USED, tier=tier, billed=bill)), "tier", bill - 100.0)


def test_a_tier_that_the_book_prices_explains_nothing() -> None:
    batch = Book(dataclasses.replace(Book().answer, tier="batch"))
    only(compare(dataclasses.replace(USED, tier="batch", billed=60.0), book=batch), "unexplained", -40.0, within=0.006)


def test_tier_is_what_long_prompts_hidden_in_a_bucket_may_cost_more() -> None:
    dear = LongPrompt(200_000.0, 4.0, 0.4, 4.0, 15.0, 4.0)
    book = Book(dataclasses.replace(Book().answer, above=(dear,)))
    hidden = dataclasses.replace(USED, requests=NAN)
    only(compare(dataclasses.replace(hidden, billed=150.0), book=book), "tier", 50.0)
    most = compare(dataclasses.replace(hidden, billed=175.0), book=book)
    assert most.causes["tier"] == pytest.approx(4 * 5 + 15 * 9 - 100.0)
    short = dataclasses.replace(USED, requests=1_000.0, billed=150.0)
    only(compare(short, book=book), "unexplained", 50.0, within=0.006)


def test_tier_is_what_the_hours_hidden_in_a_day_may_cost() -> None:
    """Half a day at 100 and half at 200 is priced at 150."""
    day = dataclasses.replace(USED, day="2026-10-05T00:00", requests=NAN)
    book = Book(peak=2.0)
    for bill in (110.0, 190.0):
        only(compare(dataclasses.replace(day, billed=bill), book=book), "tier", bill - 150.0)
    beyond = compare(dataclasses.replace(day, billed=230.0), book=book)
    assert beyond.causes["tier"] == pytest.approx(50.0)
    assert beyond.causes["unexplained"] == pytest.approx(30.0, abs=0.006)


def test_hours_explain_nothing_where_every_request_was_priced_by_its_own() -> None:
    book = Book(peak=2.0)
    priced = price(usage(dataclasses.replace(USED, billed=120.0)), book)
    folded = dataclasses.replace(priced, starts=priced.starts.astype("datetime64[D]").astype("datetime64[s]"))
    folded = dataclasses.replace(folded, requests=np.array([40.0]))
    only(reconcile(folded, currency="USD", book=book), "unexplained", 20.0, within=0.006)


def test_cache_is_what_reads_may_save_where_the_export_does_not_tell_them() -> None:
    blind = Row(tokens=(10 * M, 0, 0, 0), cache_known=False)
    only(compare(dataclasses.replace(blind, billed=11.0)), "cache", -9.0)
    most = compare(dataclasses.replace(blind, billed=1.0))
    assert most.causes["cache"] == pytest.approx(-18.0)
    dear = compare(dataclasses.replace(blind, billed=25.0))
    only(dear, "unexplained", 5.0, within=0.006)


def test_fx_is_what_another_rate_of_the_month_may_make() -> None:
    days = np.array(["2026-09-30", "2026-10-05", "2026-10-20", "2026-11-02"], dtype="datetime64[D]")
    fx = FxCurve(days, np.array([7.1, 7.0, 7.2, 8.0]))
    yuan = Rates("lab", "m", 14.0, 1.4, 14.0, 70.0, 14.0, "CNY", cny_per_usd=7.0)
    billed = 700.0 / 7.2
    only(compare(dataclasses.replace(USED, billed=billed), book=Book(yuan), fx=fx), "fx", billed - 100.0)
    low = compare(dataclasses.replace(USED, billed=80.0), book=Book(yuan), fx=fx)
    assert low.causes["fx"] == pytest.approx(700.0 / 7.2 - 100.0)


@pytest.mark.parametrize("off", [0.004, -0.004])
def test_rounding_is_half_a_cent_a_billed_row(off: float) -> None:
    rows = [dataclasses.replace(USED, billed=100.0 + off) for _ in range(3)]
    only(compare(*rows), "rounding", 3 * off)


def test_more_than_half_a_cent_a_row_is_not_rounding() -> None:
    found = compare(dataclasses.replace(USED, billed=101.5))
    assert found.causes["rounding"] == pytest.approx(0.005)
    assert found.causes["unexplained"] == pytest.approx(1.495)


@pytest.mark.parametrize(("bill", "reconciled"), [(101.0, True), (101.1, False), (98.9, False)])
def test_one_percent_may_stay_unexplained(bill: float, reconciled: bool) -> None:
    assert compare(dataclasses.replace(USED, billed=bill)).reconciled is reconciled


def test_other_things_on_the_bill_leave_no_more_unexplained() -> None:
    found = compare(dataclasses.replace(USED, billed=105.0), Row(item="other_service", model="", billed=10_000.0))
    assert found.causes["non_token"] == pytest.approx(10_000.0)
    assert not found.reconciled


def test_a_gap_up_here_does_not_hide_a_gap_down_there() -> None:
    found = compare(dataclasses.replace(USED, billed=120.0), dataclasses.replace(USED, model="n", billed=80.0))
    assert found.gap == pytest.approx(0.0)
    assert not found.reconciled


def test_a_model_that_is_used_and_not_billed_counts_as_billed_nothing() -> None:
    found = compare(USED, Row(billed=100.0), dataclasses.replace(USED, model="n"))
    assert {line.model: line.gap for line in found.lines} == {"m": pytest.approx(0.0), "n": pytest.approx(-100.0)}
    assert not found.reconciled


def test_a_row_without_money_beside_rows_that_have_it_is_not_taken_for_free() -> None:
    found = compare(dataclasses.replace(USED, billed=100.0), dataclasses.replace(USED, model="n"))
    assert {line.model: line.gap for line in found.lines} == {"m": pytest.approx(0.0), "n": None}
    assert found.reconciled


def test_usage_without_any_bill_has_no_gap_and_is_not_reconciled() -> None:
    found = compare(USED)
    assert (found.billed, found.gap, found.causes, found.reconciled) == (None, None, {}, False)
    assert found.priced == pytest.approx(100.0)
    assert found.lines[0].causes == {}


def test_a_bill_without_any_price_is_not_reconciled() -> None:
    found = compare(Row(billed=30.0))
    assert found.priced is None
    assert not found.reconciled


def test_no_usage_is_no_line() -> None:
    found = compare()
    assert (found.lines, found.billed, found.priced) == ((), None, None)


def test_a_bill_of_other_days_than_the_usage_is_told() -> None:
    used = [dataclasses.replace(USED, day=f"2026-10-{day:02d}") for day in (1, 30)]
    paid = [Row(day=f"2026-10-{day:02d}", billed=100.0) for day in (1, 15)]
    told = "lab 2026-10: the bill covers 2026-10-01 to 2026-10-15, the usage 2026-10-01 to 2026-10-30"
    assert told in compare(*used, *paid).notices


def test_money_is_brought_into_the_currency_asked_at_the_rate_of_the_day() -> None:
    rows = [dataclasses.replace(USED, day=day, billed=110.0) for day in ("2026-10-05", "2026-10-20")]
    fixed = compare(*rows, currency="CNY", fx=7.0)
    assert fixed.gap == pytest.approx(140.0)
    fx = FxCurve(np.array(["2026-10-01", "2026-10-10"], dtype="datetime64[D]"), np.array([7.0, 8.0]))
    dated = compare(*rows, currency="CNY", fx=fx)
    assert (dated.billed, dated.gap) == (pytest.approx(1650.0), pytest.approx(150.0))
    with pytest.raises(CurrencyMismatch):
        compare(*rows, currency="CNY")


def test_it_survives_as_plain_text() -> None:
    found = compare(dataclasses.replace(USED, billed=85.0, listed=100.0), dataclasses.replace(USED, model="unheard"))
    assert from_plain(Reconciliation, to_plain(found)) == found


@st.composite
def exports(draw: st.DrawFn) -> tuple[Row, ...]:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = []
    for _ in range(draw(st.integers(1, 40))):
        tokens = random.integers(0, 3_000_000, 4) * random.integers(0, 2)
        rows.append(
            Row(
                day=str(np.datetime64("2026-08-01T00") + 24 * random.integers(0, 90) + random.choice([0, 9, 15])),
                model=str(random.choice(["a", "b", "unheard", ""])),
                tokens=tuple(tokens.astype(float)),
                billed=float(random.choice([NAN, random.normal(20.0, 30.0)])),
                listed=float(random.choice([NAN, random.uniform(0.0, 60.0)])),
                requests=float(random.choice([NAN, 1.0, 50.0])),
                seller=str(random.choice(["lab", "shop"])),
                tier=str(random.choice(["standard", "batch", "priority", "odd"])),
                item=str(random.choice(["tokens", "tokens", "tokens", "tax"])) if not tokens.any() else "tokens",
                cache_known=bool(random.integers(0, 2)),
            )
        )
    return tuple(rows)


@settings(max_examples=80, deadline=None)
@given(exports(), st.integers(0, 2**32 - 1))
def test_causes_add_up_to_the_gap_and_no_money_or_token_is_lost(rows: tuple[Row, ...], seed: int) -> None:
    dear = LongPrompt(100_000.0, 4.0, 0.4, 4.0, 15.0, 4.0)
    book = Book(dataclasses.replace(Book().answer, above=(dear,)), peak=2.0)
    found = compare(*rows, book=book)
    adds_up(found)
    told = [row.billed for row in rows if np.isfinite(row.billed)]
    assert (found.billed is None) == (not told)
    assert (found.billed or 0.0) == pytest.approx(sum(told), abs=1e-6)
    assert sum(line.mtok for line in found.lines) == pytest.approx(sum(sum(row.tokens) for row in rows) / M)
    order = np.random.default_rng(seed).permutation(len(rows))
    shuffled = compare(*(rows[place] for place in order), book=book)
    assert [(line.seller, line.model, line.month) for line in shuffled.lines] == [
        (line.seller, line.model, line.month) for line in found.lines
    ]
    for one, other in zip(found.lines, shuffled.lines, strict=True):
        assert one.causes == pytest.approx(other.causes, abs=1e-6)
