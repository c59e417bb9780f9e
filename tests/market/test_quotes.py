import pytest

from hedgedesk.domain.market import ContractSpec
from hedgedesk.market.production import ProductionStack
from hedgedesk.market.quotes import money_of_tick, mtok_of_gpu_hour, per_mtok, per_mtok_of_gpu_hour, points

FREIGHT = ContractSpec("CNY", 50.0, price_per_point=2.0)


def test_a_tick_of_a_tenth_of_a_point_of_50_yuan_is_5_yuan():
    assert money_of_tick(FREIGHT) == pytest.approx(5.0)


def test_points_and_prices_turn_into_one_another_on_ticks():
    assert per_mtok(FREIGHT, 450.0) == 900.0
    assert points(FREIGHT, 900.0) == pytest.approx(450.0)
    assert points(FREIGHT, 899.96) == pytest.approx(450.0)


def test_an_hour_of_an_accelerator_is_a_price_of_tokens_by_the_identity_of_their_cost():
    stack = ProductionStack(gpu_usd_per_hour=2.0)
    assert mtok_of_gpu_hour(stack) == pytest.approx(3.6)
    assert per_mtok_of_gpu_hour(stack, 2.0) == pytest.approx(stack.usd_per_mtok * stack.gpu_share)
