"""The choice: who beats the random walk is taken, thin history chooses nobody, and both say why."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.price_models import Refusal, ValidationRow
from hedgedesk.validation import choice


def scored(model: str, horizon: int = 3, origins: int = 40, ratio: float = 1.0, p: float | None = None):
    statistic = None if p is None else (-2.0 if ratio < 1 else 2.0)
    return ValidationRow(
        model=model,
        horizon_months=horizon,
        origins=origins,
        crps=0.1 * ratio,
        crps_ratio=ratio,
        pinball={},
        coverage={},
        pit=(0,) * 10,
        pit_p_value=0.5,
        diebold_mariano=statistic,
        diebold_mariano_p=p,
    )


WALK = scored("RandomWalk")


def chosen(market, *rows, refusals=()):
    return choice.choose(market, (WALK, *rows), refusals, 3, thin=False)


def test_24_forecasts_choose_and_longer_horizons_take_four_of_their_own_length():
    assert [choice.needed(h) for h in (1, 3, 6, 12)] == [24, 24, 24, 48]


@pytest.mark.parametrize(("listed", "horizon"), [(1, 1), (6, 3), (12, 6), (24, 12)])
def test_the_hedge_horizon_is_half_of_the_listed_months(small_market, listed, horizon):
    market = dataclasses.replace(
        small_market, contract=dataclasses.replace(small_market.contract, listed_months=listed)
    )
    rows = [scored("RandomWalk", h, 60) for h in (1, 3, 6, 12)]
    assert choice.hedge_horizon(market, rows) == (horizon, False)


def test_a_history_too_short_for_the_horizon_chooses_at_a_shorter_one(small_market):
    rows = [scored("RandomWalk", 1, 30), scored("RandomWalk", 3, 28), scored("RandomWalk", 6, 23)]
    assert choice.hedge_horizon(small_market, rows) == (3, False)


def test_a_history_too_short_for_any_horizon_is_thin(small_market):
    assert choice.hedge_horizon(small_market, [scored("RandomWalk", 1, 23)]) == (6, True)
    assert choice.hedge_horizon(small_market, []) == (6, True)


def test_thin_history_leaves_the_rule_of_an_unvalidated_desk_and_says_so(small_market):
    made = choice.choose(small_market, [scored("RandomWalk", 6, 9)], (), 6, thin=True)
    assert made.model == "RandomWalk"
    assert made.reason == (
        "the default without a futures history to identify a two-factor model; the history is too short to choose by: "
        "that takes 24 judged monthly forecasts 6 months ahead, and there are 9"
    )


def test_the_best_of_those_that_beat_the_random_walk_is_chosen(small_market):
    made = chosen(small_market, scored("Regimes", ratio=0.9, p=0.001), scored("Bootstrap", ratio=0.8, p=0.002))
    assert made.model == "Bootstrap"
    assert "3 months ahead its CRPS is 80% of the random walk's over 40 forecasts" in made.reason
    assert "p = 0.0020 against 0.0250 for each of 2 compared" in made.reason


def test_a_better_score_without_proof_is_not_enough(small_market):
    made = chosen(small_market, scored("Regimes", ratio=0.9, p=0.2))
    assert made.model == "RandomWalk"
    assert "no model beats the random walk (nearest: Regimes, CRPS 90.0% of its, Diebold-Mariano p = 0.200)" in (
        made.reason
    )


def test_five_percent_is_shared_among_all_that_are_compared(small_market):
    assert chosen(small_market, scored("Regimes", ratio=0.9, p=0.03)).model == "Regimes"
    others = [scored("Regimes", ratio=0.9, p=0.03), scored("Bootstrap", ratio=1.1, p=0.5)]
    assert chosen(small_market, *others).model == "RandomWalk"


@pytest.mark.parametrize(
    ("row", "refusals"),
    [
        (scored("Regimes", ratio=0.5, p=0.001, origins=20), ()),
        (scored("Regimes", ratio=0.5, p=0.001), (Refusal("Regimes", "too few steps"),)),
        (scored("Regimes", ratio=1.5, p=0.001), ()),
        (scored("Regimes", ratio=1.0, p=None), ()),
        (scored("Regimes", horizon=6, ratio=0.5, p=0.001), ()),
    ],
    ids=["judged too seldom", "refused today", "worse", "equal", "better at another horizon"],
)
def test_nobody_else_is_chosen(small_market, row, refusals):
    assert chosen(small_market, row, refusals=refusals).model == "RandomWalk"


def test_models_are_ranked_against_the_random_walk_on_their_own_origins():
    rows = [WALK, scored("Regimes", ratio=1.2), dataclasses.replace(scored("Bootstrap", ratio=0.9), crps=5.0)]
    assert choice.ranking(rows, 3) == ("Bootstrap", "RandomWalk", "Regimes")
    assert choice.ranking(rows, 12) == choice.ranking(rows, 3)
    assert choice.ranking((), 3) == ()


def test_the_key_is_of_every_price_of_the_market(small_market, quoted_market):
    assert choice.market_key(small_market) == choice.market_key(dataclasses.replace(small_market))
    assert choice.market_key(small_market) != choice.market_key(quoted_market)
