"""Expected use by model, meter and team."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import Usage, UsageKey
from hedgedesk.exposure.forecast.use import daily_use, forecast_use

WEEK = np.array([1.0, 1.1, 1.2, 1.1, 1.0, 0.5, 0.4])


def usage(series, first="2026-05-04", item="tokens"):
    """Rows of {(model, meter, team): Mtok a day}, all from the same first day; None is no row."""
    rows = [
        (np.datetime64(first, "s") + np.timedelta64(day, "D"), key, mtok * 1e6)
        for key, values in series.items()
        for day, mtok in enumerate(values)
        if mtok is not None
    ]
    keys = tuple(dict.fromkeys((model, team) for _, (model, _, team), _ in rows))
    tokens = np.zeros((len(rows), 4))
    for n, (_, (_, meter, _), count) in enumerate(rows):
        tokens[n, METERS.index(meter)] = count
    unknown, zeros = np.full(len(rows), np.nan), np.zeros(len(rows))
    return Usage(
        starts=np.array([row[0] for row in rows], dtype="datetime64[s]"),
        keys=tuple(UsageKey("openai", model, team, item=item) for model, team in keys),
        key=np.array([keys.index((row[1][0], row[1][2])) for row in rows], dtype=np.int64),
        tokens=tokens,
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=unknown,
        billed=unknown,
        listed=unknown,
        priced=unknown,
    )


def weekly(weeks, level=100.0, noise=0.05, seed=1):
    random = np.random.default_rng(seed)
    return level * np.tile(WEEK, weeks) * np.exp(noise * random.standard_normal(7 * weeks))


BIG = ("a", "output", "web")


def test_the_months_begin_after_the_last_day_and_sum_their_days():
    (found,) = forecast_use(usage({BIG: weekly(17)}), 3)
    assert (found.model, found.meter, found.team) == BIG
    assert [str(month) for month in found.months] == ["2026-09", "2026-10", "2026-11"]
    days = np.array([30.0, 31.0, 30.0])
    assert found.mtok == pytest.approx(days * 100.0 * WEEK.mean(), rel=0.1)
    assert np.all(found.p10 < found.mtok)
    assert np.all(found.mtok < found.p90)
    assert found.spread.min() >= 0.10
    assert found.error <= found.naive_error


def test_every_model_meter_and_team_that_was_used_has_its_forecast():
    parts = [("a", "output", "web"), ("a", "uncached_input", "web"), ("a", "output", "search"), ("b", "output", "web")]
    found = forecast_use(usage({key: weekly(8, seed=n) for n, key in enumerate(parts)}), 1)
    assert {(f.model, f.meter, f.team) for f in found} == set(parts)


def test_a_model_that_ended_forecasts_none_and_says_so():
    gone = [*weekly(8), *[0.0] * 40]
    by_model = {f.model: f for f in forecast_use(usage({BIG: weekly(14)[:96], ("gone", "output", "web"): gone}), 2)}
    assert by_model["gone"].mtok.tolist() == [0.0, 0.0]
    assert by_model["gone"].method == "ended: no use for 40 days, so none ahead"
    assert by_model["a"].mtok.min() > 1_000.0


def test_a_young_model_keeps_its_mean_day_and_says_that_its_spread_is_assumed():
    young = [None] * 89 + [30.0] * 9
    by_model = {f.model: f for f in forecast_use(usage({BIG: weekly(14), ("new", "output", "web"): young}), 1)}
    assert by_model["new"].mtok[0] == pytest.approx(30.0 * 30)
    assert by_model["new"].method == "too short: the mean of its 9 days, with a spread of 50% assumed"
    assert by_model["new"].spread.tolist() == [0.5]


def test_small_series_are_forecast_together_and_shared_out_by_recent_use():
    small = {(f"s{n}", "output", "web"): weekly(10, level=float(n), noise=0.2, seed=n) for n in (1, 2)}
    found = {f.model: f for f in forecast_use(usage({BIG: weekly(10), **small}), 2)}
    assert found["s2"].mtok[0] / found["s1"].mtok[0] == pytest.approx(2.0, rel=0.2)
    assert found["s1"].mtok[0] == pytest.approx(30 * WEEK.mean(), rel=0.25)
    assert "of 2 small series together" in found["s1"].method
    assert "together" not in found["a"].method


def test_a_last_day_that_was_not_over_is_left_out():
    whole = weekly(10)
    days, _, mtok = daily_use(usage({BIG: whole}))
    cut, _, less = daily_use(usage({BIG: [*whole, 20.0]}))
    assert (days.size, cut.size) == (70, 70)
    assert np.array_equal(mtok, less)


def test_sellers_and_tiers_of_one_model_are_added_and_days_without_rows_are_zero():
    one = usage({BIG: [1.0, None, 3.0]})
    keys = (*one.keys, UsageKey("azure", "a", "web", tier="batch"))
    both = Usage(
        starts=np.tile(one.starts, 2),
        keys=keys,
        key=np.array([0, 0, 1, 1]),
        tokens=np.tile(one.tokens, (2, 1)),
        **{
            name: np.tile(getattr(one, name), 2)
            for name in ("cache_write_1h", "reasoning", "requests", "billed", "listed", "priced")
        },
    )
    _, found, mtok = daily_use(both)
    assert found == (BIG,)
    assert mtok[:, 0].tolist() == [2.0, 0.0, 6.0]


def test_snapshots_of_a_model_are_one_series():
    both = {(name, "output", "web"): weekly(4) for name in ("gpt-5.1-2025-11-13", "openai/gpt-5.1")}
    _, keys, mtok = daily_use(usage(both))
    assert keys == (("gpt-5.1", "output", "web"),)
    assert mtok[:, 0] == pytest.approx(2.0 * weekly(4))


def test_what_is_not_tokens_is_no_use_and_no_use_is_no_forecast():
    assert forecast_use(usage({BIG: weekly(4)}, item="web_search")) == ()


def test_shuffled_rows_give_the_same_forecast():
    rows = usage({BIG: weekly(10), ("b", "output", "web"): weekly(10, seed=2)})
    order = np.random.default_rng(1).permutation(rows.starts.size)
    shuffled = Usage(
        keys=rows.keys,
        **{
            name: getattr(rows, name)[order]
            for name in (
                "starts", "key", "tokens", "cache_write_1h", "reasoning", "requests", "billed", "listed", "priced",
            )
        },
    )  # fmt: skip
    for one, other in zip(forecast_use(rows, 2), forecast_use(shuffled, 2), strict=True):
        assert np.array_equal(one.mtok, other.mtok)
        assert np.array_equal(one.spread, other.spread)


def test_progress_rises_to_the_end():
    told = []
    forecast_use(usage({BIG: weekly(6)}), 1, tick=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("months", [0, 37])
def test_a_horizon_out_of_reach_is_refused(months):
    with pytest.raises(InputError, match="1 to 36 months"):
        forecast_use(usage({BIG: weekly(4)}), months)
