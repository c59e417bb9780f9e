"""The realised index: spend over tokens."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.index import study

REALISED = IndexSettings(method="realised", frequency="month")


def test_it_is_spend_over_tokens_in_money_per_mtok(used):
    made = study(REALISED, usage=used([("2026-01-03", "v/m", 20.0, 1.0), ("2026-01-29", "w/n", 20.0, 3.0)]))
    assert made.values == pytest.approx([2.0])
    assert (made.unit, made.currency, made.dates.astype(str).tolist()) == ("usd per mtok", "USD", ["2026-01-31"])
    assert made.constituents == ("v/m", "w/n")


def test_what_is_not_charged_is_taken_as_priced_and_what_is_neither_is_left_out_and_told(used):
    usage = used([("2026-01-03", "v/m", 10.0, 1.0), ("2026-01-04", "w/n", 10.0, 3.0), ("2026-01-05", "w/o", 5.0, 9.0)])
    nothing = np.array([np.nan, np.nan])
    usage = dataclasses.replace(
        usage,
        billed=np.array([10.0, *nothing]),
        priced=np.array([99.0, 30.0, np.nan]),
    )
    made = study(REALISED, usage=usage)
    assert made.values == pytest.approx([2.0])
    assert made.notices[0] == "5.0 Mtok of usage left out: neither charged nor priced"
    check = made.self_check[7]
    assert (check.verdict, check.evidence[:3]) == ("partial", "25%")


def test_taxes_and_searches_are_no_price_of_tokens(used):
    usage = used([("2026-01-03", "v/m", 10.0, 1.0), ("2026-01-04", "v/tax", 1.0, 50.0)])
    keys = (UsageKey("v", "m"), UsageKey("v", "", item="tax"))
    assert study(REALISED, usage=dataclasses.replace(usage, keys=keys)).values == pytest.approx([1.0])


def test_free_use_is_left_out_and_recorded_and_counts_without_the_screens(used):
    usage = used([("2026-01-03", "v/m", 10.0, 1.0), ("2026-01-04", "v/free", 10.0, 0.0)])
    made = study(REALISED, usage=usage)
    assert (made.values[0], made.unscreened[0]) == pytest.approx((1.0, 0.5))
    assert ("zero_price", "v/free") in {(line.rule, line.subject) for line in made.audit}


def test_a_unit_price_that_jumps_is_held_until_its_second_print(used):
    rows = [(f"2026-0{month}-03", "v/m", 10.0, price) for month, price in ((1, 1.0), (2, 10.0), (3, 10.0), (4, 1.5))]
    made = study(REALISED, usage=used(rows))
    assert made.values == pytest.approx([1.0, 1.0, 10.0, 10.0])
    assert [line.rule for line in made.audit if line.subject == "v/m"] == [
        "unconfirmed_move",
        "confirmed_move",
        "unconfirmed_move",
    ]


def test_a_jump_that_went_back_has_to_be_confirmed_anew(used):
    prices = (1.0, 10.0, 1.0, 10.0, 1.0)
    made = study(REALISED, usage=used([(f"2026-0{n}-03", "v/m", 10.0, price) for n, price in enumerate(prices, 1)]))
    assert made.values == pytest.approx([1.0] * 5)
    assert [line.rule for line in made.audit if line.subject == "v/m"] == ["unconfirmed_move"] * 2


def test_usage_that_was_all_free_is_refused_and_is_0_without_the_screens(used):
    usage = used([("2026-01-05", "v/m", 10.0, 0.0)])
    with pytest.raises(InputError, match="all usage was free"):
        study(REALISED, usage=usage)
    assert study(dataclasses.replace(REALISED, screens=False), usage=usage).values == pytest.approx([0.0])


def test_nothing_is_carried_before_the_first_print(used):
    made = study(REALISED, usage=used([("2026-01-05", "v/m", 10.0, 0.0), ("2026-02-05", "v/m", 10.0, 2.0)]))
    assert (made.dates.astype(str).tolist(), made.values.tolist()) == (["2026-02-28"], pytest.approx([2.0]))
    assert "no_usage" not in {line.rule for line in made.audit}


def test_a_month_without_usage_carries_the_last_print(used):
    made = study(REALISED, usage=used([("2026-01-03", "v/m", 10.0, 1.0), ("2026-03-03", "v/m", 10.0, 2.0)]))
    assert made.values == pytest.approx([1.0, 1.0, 2.0])
    assert [line.date for line in made.audit if line.rule == "no_usage"] == ["2026-02-28"]


def test_the_grain_of_the_rows_is_no_matter(used):
    whole = used([("2026-01-05", "v/m", 10.0, 2.0), ("2026-01-06", "w/n", 6.0, 3.0)])
    split = used([("2026-01-05", "v/m", 4.0, 2.0), ("2026-01-07", "v/m", 6.0, 2.0), ("2026-01-06", "w/n", 6.0, 3.0)])
    assert study(REALISED, usage=split).values == pytest.approx(study(REALISED, usage=whole).values)


def test_usage_without_money_is_refused(used):
    usage = used([("2026-01-05", "v/m", 10.0, 2.0)])
    with pytest.raises(InputError, match="both tokens and money"):
        study(REALISED, usage=dataclasses.replace(usage, billed=np.array([np.nan])))


@pytest.fixture(scope="module")
def router(reference_data) -> tuple[Usage, pd.DataFrame]:
    """Weeks of a large router, and the index published of them; weeks that end on a Monday count as of the Sunday."""
    rows = pd.read_csv(reference_data / "consumption/openrouter_weekly_top_models.csv")
    rows = rows[~rows.is_free]
    day = rows.week_end_date.to_numpy("M8[D]")
    day = np.where((day.astype(np.int64) + 3) % 7 == 0, day - 1, day)
    models = sorted(set(rows.model))
    none = np.full(len(rows), np.nan)
    zero = np.zeros(len(rows))
    cached, prompt = rows.cached_tokens.to_numpy(float), rows.prompt_tokens.to_numpy(float)
    usage = Usage(
        starts=day.astype("M8[s]"),
        keys=tuple(UsageKey(model.partition("/")[0], model.partition("/")[2]) for model in models),
        key=np.array([models.index(model) for model in rows.model]),
        tokens=np.stack([prompt - cached, cached, zero, rows.completion_tokens.to_numpy(float)], axis=1),
        cache_write_1h=zero,
        reasoning=zero,
        requests=none,
        billed=rows.estimated_spend_usd.to_numpy(float),
        listed=none,
        priced=none,
    )
    return usage, pd.read_csv(reference_data / "token_prices/token_index_realised_openrouter_weekly.csv")


def test_the_sixteen_published_weeks_are_reproduced(router):
    usage, published = router
    made = study(IndexSettings(method="realised", screens=False), usage=usage)
    assert made.values.size == 16
    assert made.values == pytest.approx(published.realised_usd_per_mtok.to_numpy(), abs=1e-6)
    assert made.values[[0, -1]] == pytest.approx([0.9535, 1.4231], abs=5e-5)


def test_in_the_week_in_which_one_company_had_56_percent_the_cap_takes_it_at_the_share_it_had_before(router):
    usage, _ = router
    made = study(IndexSettings(method="realised"), usage=usage)
    capped = [line for line in made.audit if line.rule == "company_cap"]
    assert [(str(line.date), line.subject, line.found, line.action) for line in capped] == [
        ("2025-11-23", "x-ai", "56.1% of the volume", "taken at 49.6%")
    ]
    assert (made.values[1], made.unscreened[1]) == pytest.approx((0.9691, 0.8768), abs=5e-5)
    assert made.values[0] == pytest.approx(made.unscreened[0])


def test_the_weeks_in_which_the_ranking_names_four_companies_are_carried(router):
    usage, _ = router
    made = study(IndexSettings(method="realised"), usage=usage)
    weeks = [line.date for line in made.audit if line.rule == "minimum_sample"]
    assert weeks == ["2025-12-28", "2026-01-04", "2026-01-11"]
    assert not made.failed
    assert made.values[6:9] == pytest.approx(made.values[5])
    assert made.values[9:] == pytest.approx(made.unscreened[9:])
