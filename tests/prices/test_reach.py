import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import ModelError
from hedgedesk.prices.models.bootstrap import Bootstrap
from hedgedesk.prices.models.jump_diffusion import JumpDiffusion, JumpParameters
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.models.regimes import Regimes
from hedgedesk.prices.models.step_price import StepPrice
from hedgedesk.prices.models.two_factor import TwoFactor, TwoFactorParameters
from hedgedesk.prices.reach import TRIES, redrawn_for, require_reach, within_reach

YEARS = np.arange(1, 37) / 12
WALK = RandomWalk(9.0, 0.0, 0.5, 0.3, 0.04, 0.0, 100)
JUMPING = JumpParameters(2.0, np.log(8.0), 0.35, 0.9, -0.6, 0.15, 0.6, 0.4, 0.1)
CALM = Regimes(
    9.0, 7 / 365, ("calm", "wild"), np.zeros(2), np.full(2, 0.05), np.array([[0.9, 0.2], [0.1, 0.8]]), np.full(2, 0.5)
)
BOLD = {
    "a volatility of 50": WALK.with_view({"sigma": 10.0}).with_volatility(5.0),
    "factors as wild": TwoFactor(
        TwoFactorParameters(1.5, 0.3, 0.16, 0.4, 0.05, -0.03, 0.1), np.zeros(2), np.zeros((2, 2))
    ).with_view({"sigma_xi": 10.0}),
    "jumps that spread by 15": JumpDiffusion(9.0, JUMPING).with_view({"s_down": 3.0}).with_volatility(5.0),
    "a shortage a day": StepPrice(9.0, 1.0, np.log([0.5]), 0.5, np.log([2.0])).with_view({"up_rate": 365.0}),
    "a regime that doubles every two days": CALM.with_view({"mean_calm": 2.0}),
    "changes stretched fifty times": Bootstrap(
        9.0, 0.1 * np.random.default_rng(1).standard_normal(80), 7 / 365, 4.0
    ).with_volatility(50.0),
}


@pytest.mark.parametrize("price", [1e-4, 9.0, 1e5])
@pytest.mark.parametrize("growth", [-2.302585, 0.0, 2.0])
def test_prices_of_any_unit_and_a_fall_of_ten_times_a_year_are_within_reach(price, growth):
    assert within_reach(dataclasses.replace(WALK, price_per_mtok=price, drift=growth), YEARS)


@pytest.mark.parametrize("model", BOLD.values(), ids=BOLD)
def test_views_that_leave_no_price_are_refused_with_how_far_they_went(model):
    with pytest.raises(ModelError, match=r"cannot be drawn: 3\.0 years ahead its mean price is exp\(.*milder view"):
        require_reach(model, YEARS)


def test_a_redraw_of_no_use_is_drawn_again():
    asked = []

    def use(model):
        asked.append(model.sigma)
        if len(asked) < 3:
            raise ModelError("out of reach")
        return model

    kept = redrawn_for(WALK, np.random.default_rng(1), use)
    assert kept.sigma == asked[2]
    assert len(set(asked)) == 3


def test_parameters_that_are_never_of_use_are_called_too_uncertain():
    asked = []

    def use(model):
        asked.append(model)
        raise ModelError("out of reach")

    with pytest.raises(ModelError, match="RandomWalk: its parameters are too uncertain"):
        redrawn_for(WALK, np.random.default_rng(1), use)
    assert len(asked) == TRIES
