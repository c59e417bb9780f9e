"""Rolling origin: nothing is known from after an origin, what is known is rewarded, and nothing is chosen of noise."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.price_models import Validation
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.validation import validate

from .conftest import Refusing, Reverting, weekly


@pytest.fixture
def judged(reverting, with_models) -> Validation:
    """A market that reverts, and one model that knows it."""
    with_models(Reverting)
    return validate(reverting, models=["JumpDiffusion"])


def test_every_fit_sees_what_was_known_on_its_day_and_no_more(quoted_market, with_models):
    seen = []

    class Watching(Reverting):
        @classmethod
        def fit(cls, market):
            seen.append(market)
            return RandomWalk.fit(market)

    with_models(Watching)
    found = validate(quoted_market, models=["JumpDiffusion"])
    assert len(seen) > 24
    assert seen[-1] is quoted_market
    for market in seen[:-1]:
        assert market.as_of == market.index.dates[-1] < quoted_market.as_of
        assert market.fx.dates[-1] <= market.as_of
        assert market.futures is None
    equal = [row for row in found.rows if row.model == "JumpDiffusion"]
    assert {row.crps_ratio for row in equal} == {1.0}


def test_a_model_that_knows_better_is_seen_and_chosen(judged):
    ratios = {row.horizon_months: row.crps_ratio for row in judged.rows if row.model == "JumpDiffusion"}
    assert ratios[12] < ratios[6] < ratios[3] < ratios[1] < 1
    assert (judged.hedge_horizon_months, judged.thin) == (3, False)
    assert judged.ranking == ("JumpDiffusion", "RandomWalk")
    assert judged.choice.model == "JumpDiffusion"
    assert judged.choice.reason.startswith("validated: 3 months ahead its CRPS is")


def test_a_model_that_knows_the_law_is_covered_and_leaves_noise(judged):
    """90 forecasts one month ahead: 80% of them inside within 4 standard errors of 4.2%."""
    first = next(row for row in judged.rows if row.model == "JumpDiffusion" and row.horizon_months == 1)
    assert first.origins == 91
    assert first.coverage["0.8"] == pytest.approx(0.8, abs=0.17)
    assert first.pit_p_value > 0.001
    assert first.ljung_box_p > 0.001


def test_where_prices_walk_at_random_nobody_beats_the_random_walk(walking, with_models):
    with_models(Reverting)
    found = validate(walking, models=["JumpDiffusion"])
    assert not found.thin
    assert found.choice.model == "RandomWalk"
    assert "no model beats the random walk" in found.choice.reason


def test_thin_history_is_said_plainly_and_chooses_nobody(with_models):
    with_models(Reverting)
    found = validate(weekly(np.cumsum(np.random.default_rng(4).standard_normal(70) * 0.05)), models=["JumpDiffusion"])
    assert found.thin
    assert found.choice.model == "RandomWalk"
    assert "the history is too short to choose by: that takes 24 judged monthly forecasts 3 months ahead" in (
        found.choice.reason
    )
    assert any(notice.startswith("thin history") for notice in found.notices)


def test_a_history_without_any_origin_is_thin_too(with_models):
    with_models(Reverting)
    found = validate(weekly(np.cumsum(np.random.default_rng(4).standard_normal(15) * 0.05)), models=["JumpDiffusion"])
    assert (found.rows, found.thin, found.ranking) == ((), True, ())
    assert any(notice.startswith("no origin") for notice in found.notices)


def test_a_model_that_refuses_is_told_with_its_reason(walking, with_models):
    with_models(Refusing)
    found = validate(walking, models=["Regimes"])
    assert [(refusal.model, refusal.reason) for refusal in found.refusals] == [
        ("Regimes", "Regimes needs more than 313 prices")
    ]
    assert {row.model for row in found.rows} == {"RandomWalk"}
    assert any("Regimes could not be fitted at" in notice for notice in found.notices)


def test_models_that_fit_later_are_compared_on_the_same_origins(walking, with_models):
    class Late(RandomWalk):
        name = "Bootstrap"

        @classmethod
        def fit(cls, market, **options):
            if market.index.dates.size < 150:
                raise ModelError("Bootstrap needs 150 prices")
            return RandomWalk.fit(market)

    with_models(Late)
    found = {(row.model, row.horizon_months): row for row in validate(walking, models=["Bootstrap"]).rows}
    late, walk = found["Bootstrap", 1], found["RandomWalk", 1]
    assert late.origins < walk.origins
    assert late.crps_ratio == 1.0
    assert late.crps != walk.crps


def test_only_the_newest_origins_are_used_where_there_are_many(walking):
    found = validate(walking, models=["RandomWalk"], most_origins=30)
    assert {row.horizon_months: row.origins for row in found.rows} == {1: 30, 3: 28, 6: 25, 12: 19}


def test_the_same_market_and_seed_give_the_same_numbers(walking):
    class Sampled(RandomWalk):
        gaussian = False

    once, again = (to_plain(validate(walking, models=["RandomWalk"], seed=3)) for _ in range(2))
    assert once == again


def test_a_validation_is_written_and_read_back_whole(judged):
    written = json.dumps(to_plain(judged), allow_nan=False)
    assert to_plain(from_plain(Validation, json.loads(written))) == to_plain(judged)


def test_the_summary_shows_every_horizon_and_the_choice(judged):
    lines = judged.summary().splitlines()
    assert sum(line.endswith(("month ahead", "months ahead")) for line in lines) == 4
    assert "default model: JumpDiffusion" in lines


def test_progress_rises_to_the_end(walking):
    told = []
    validate(walking, models=["RandomWalk"], tick=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "Done")
    assert told[0] == (0.0, "Judging RandomWalk: month 1 of 67")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"models": ["Oracle"]}, "no price model is called 'Oracle'"),
        ({"draws": 3}, "at least 100 draws"),
        ({"most_origins": 0}, "at least 100 draws and 1 origin"),
    ],
)
def test_what_cannot_be_asked_is_refused(walking, options, message):
    with pytest.raises(InputError, match=message):
        validate(walking, **options)


def test_a_market_that_the_random_walk_cannot_be_fitted_to_is_refused():
    with pytest.raises(ModelError, match="all 60 prices"):
        validate(weekly(np.zeros(60)), models=["RandomWalk"])


def test_prices_in_another_currency_score_the_same(walking):
    converted = weekly(np.log(walking.index.price_per_mtok * 7.1))
    once, again = (validate(market, models=["RandomWalk"]) for market in (walking, converted))
    assert [row.crps for row in once.rows] == pytest.approx([row.crps for row in again.rows])
    assert [row.pit for row in once.rows] == [row.pit for row in again.rows]
