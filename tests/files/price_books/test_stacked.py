"""Books upon one another: the desk's own prices win, others fill, and nothing outlasts its source."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from hedgedesk.domain.market import FxCurve, ListPrices
from hedgedesk.domain.rates import LongPrompt, Rates
from hedgedesk.files.price_books import default_book
from hedgedesk.files.price_books.stacked import Stacked

NAN = float("nan")
DAY = np.datetime64("2026-06-10T10:00:00")


def rates(u: float, r: float, w: float, o: float, h: float = NAN, **parts: object) -> Rates:
    return dataclasses.replace(Rates("lab", "m", u, r, w, o, h, source="low"), **parts)


@dataclass
class Known:
    """Answers with one set of rates while they hold, and with nothing else."""

    answer: Rates | None
    name: str = "known"

    def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
        found = self.answer
        if found is None or (found.valid_from is not None and at < found.valid_from):
            return None
        return None if found.valid_to is not None and at >= found.valid_to else found


def asked(*answers: Rates | None, tier: str = "standard", fx: FxCurve | None = None, at: np.datetime64 = DAY) -> Rates:
    found = Stacked([Known(answer) for answer in answers], fx).rates("lab", "m", tier, at)
    assert found is not None
    return found


def test_the_first_book_wins_and_the_next_fills_what_it_does_not_list() -> None:
    found = asked(rates(2.0, NAN, NAN, 8.0, source="own"), rates(3.0, 0.3, 3.75, 15.0, 6.0))
    assert found.bands() == ((2.0, 0.3, 3.75, 8.0, 6.0),)
    assert found.source == "own, low"


def test_prices_of_the_first_book_hold_for_long_prompts_too() -> None:
    dear = LongPrompt(200_000.0, 6.0, 0.6, 7.5, 22.5, 12.0)
    found = asked(rates(2.0, NAN, NAN, 8.0), rates(3.0, 0.3, 3.75, 15.0, 6.0, above=(dear,)))
    assert found.bands()[1] == (2.0, 0.6, 7.5, 8.0, 12.0)


def test_a_book_that_prices_the_tier_goes_before_one_that_has_only_standard() -> None:
    batch = rates(1.0, 1.0, 1.0, 4.0, 1.0, tier="batch")
    assert asked(rates(2.0, 2.0, 2.0, 8.0, 2.0), batch, tier="batch") == batch
    assert asked(rates(2.0, 2.0, 2.0, 8.0, 2.0), None, tier="batch").tier == "standard"


def test_books_in_two_currencies_do_not_fill_one_another() -> None:
    found = asked(rates(20.0, NAN, NAN, 60.0, currency="CNY"), rates(3.0, 0.3, 3.75, 15.0, 6.0))
    assert found.bands()[0] == (20.0, 20.0, 20.0, 60.0, 20.0)


def test_an_answer_holds_only_while_the_book_above_may_not_begin_to_know() -> None:
    begins = np.datetime64("2026-06-12T00:00:00")
    own, low = rates(2.0, 2.0, 2.0, 8.0, 2.0, valid_from=begins), rates(3.0, 0.3, 3.75, 15.0, 6.0)
    before = asked(own, low)
    assert before.uncached_input == 3.0
    assert before.valid_to is not None
    assert before.valid_to <= begins
    assert asked(own, low, at=begins).uncached_input == 2.0


def test_a_filled_answer_holds_no_longer_than_what_fills_it() -> None:
    ends = np.datetime64("2026-06-10T12:00:00")
    found = asked(rates(2.0, NAN, NAN, 8.0), rates(3.0, 0.3, 3.75, 15.0, 6.0, valid_to=ends))
    assert found.valid_to == ends


def test_no_book_no_price() -> None:
    assert Stacked([Known(None), Known(None)]).rates("lab", "m", "standard", DAY) is None


def test_the_rate_of_the_day_comes_with_the_price_for_as_long_as_it_is_the_newest() -> None:
    fx = FxCurve(np.array(["2026-06-01", "2026-06-10", "2026-06-11"], dtype="datetime64[D]"), np.array([7.0, 7.1, 7.2]))
    complete = rates(3.0, 0.3, 3.75, 15.0, 6.0)
    found = asked(complete, fx=fx)
    assert found.cny_per_usd == 7.1
    assert (found.valid_from, found.valid_to) == (np.datetime64("2026-06-10", "s"), np.datetime64("2026-06-11", "s"))
    early = asked(complete, fx=fx, at=np.datetime64("2026-05-01T00:00:00"))
    assert early.cny_per_usd is None
    assert early.valid_to == np.datetime64("2026-06-01", "s")


def test_the_desks_list_beats_the_libraries_from_its_date_on() -> None:
    own = ListPrices(
        "USD", np.array(["2026-06-01"], dtype="datetime64[D]"), ("openai",), ("gpt-4o",), ("output",), np.array([7.5])
    )
    book = default_book(own)
    before = book.rates("openai", "gpt-4o", "standard", np.datetime64("2026-05-31T23:59:59"))
    after = book.rates("openai", "gpt-4o", "standard", np.datetime64("2026-06-01T00:00:00"))
    assert before is not None
    assert after is not None
    assert (before.output, before.uncached_input, before.cache_read) == (10.0, 2.5, 1.25)
    assert (after.output, after.uncached_input, after.cache_read) == (7.5, 2.5, 1.25)
    assert book.name.startswith("list_prices.csv > genai-prices")


def test_without_the_optional_library_the_book_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgedesk.files.price_books.installed", lambda: False)
    book = default_book()
    assert "model-prices" not in book.name
    assert book.rates("openai", "gpt-4o", "standard", DAY) is not None
    assert book.rates("alibaba", "qwen3-max", "standard", DAY) is None
