"""A user's view is taken whole or refused with every fault named."""

from __future__ import annotations

import math

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.prices.fitting.views import checked_view

BOUNDS = {"sigma": (0.001, 10.0), "drift": (-math.inf, math.inf), "kappa": (0.01, math.inf), "top": (-math.inf, 2.0)}


def test_a_good_view_comes_back_as_numbers_in_the_order_of_the_parameters():
    assert list(checked_view("Any", {"drift": -1, "sigma": 0.4}, BOUNDS).items()) == [("sigma", 0.4), ("drift", -1.0)]


def test_no_view_is_no_change():
    assert checked_view("Any", {}, BOUNDS) == {}


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as caught:
        checked_view("RandomWalk", {"speed": 1.0, "sigma": 0.0, "kappa": 0.0, "top": 3.0, "drift": math.nan}, BOUNDS)
    assert str(caught.value).splitlines() == [
        "view:speed: found no parameter of RandomWalk; expected one of sigma, drift, kappa, top",
        "view:sigma: found 0.0; expected a number from 0.001 to 10 for RandomWalk",
        "view:drift: found nan; expected a number for RandomWalk",
        "view:kappa: found 0.0; expected a number of at least 0.01 for RandomWalk",
        "view:top: found 3.0; expected a number of at most 2 for RandomWalk",
    ]


@pytest.mark.parametrize("value", [True, "0.4", None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputError, match="expected a number from"):
        checked_view("RandomWalk", {"sigma": value}, BOUNDS)


def test_a_model_without_parameters_says_so():
    with pytest.raises(InputError, match="this model has none that can be chosen"):
        checked_view("Bootstrap", {"sigma": 0.4}, {})
