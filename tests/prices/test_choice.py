"""Which model runs: what is asked for beats what a validation has chosen, and that beats the rule."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_models import ModelChoice
from hedgedesk.prices.choice import choose_model, default_model

CHOICE = ModelChoice("RandomWalk", "validated: it is as good as any", "0" * 64)


def test_without_anything_said_the_rule_chooses(small_market):
    model, why = choose_model(small_market)
    assert (model.name, why) == (
        "RandomWalk",
        "the default without a futures history to identify a two-factor model",
    )


def test_a_validation_beats_the_rule_with_its_reason(small_market):
    model, why = choose_model(small_market, choice=CHOICE)
    assert (model.name, why) == ("RandomWalk", CHOICE.reason)


def test_what_is_asked_for_beats_a_validation(small_market):
    model, why = choose_model(small_market, "RandomWalk", choice=dataclasses.replace(CHOICE, model="TwoFactor"))
    assert (model.name, why) == ("RandomWalk", "asked for")


def test_an_unknown_model_is_refused_with_those_that_are_known(small_market):
    with pytest.raises(InputError, match="no price model is called 'Oracle'; known are RandomWalk"):
        choose_model(small_market, "Oracle")


def test_a_refused_two_factor_model_gives_way_to_the_random_walk(quoted_market):
    futures = quoted_market.futures
    two_days = dataclasses.replace(
        futures,
        dates=np.append(futures.dates - 7, futures.dates),
        settlement_per_mtok=np.repeat(futures.settlement_per_mtok, 2, axis=0),
    )
    model, why = default_model(dataclasses.replace(quoted_market, futures=two_days))
    assert model.name == "RandomWalk"
    assert why.startswith("TwoFactor was refused: TwoFactor needs a futures history of at least 52 dates")
