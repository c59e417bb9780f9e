"""From a venue's quote to currency per Mtok and back."""

from __future__ import annotations

from hedgedesk.domain.market import ContractSpec
from hedgedesk.market.production import ProductionStack

SECONDS_PER_HOUR = 3_600.0
TOKENS_PER_MTOK = 1e6


def per_mtok(spec: ContractSpec, points: float) -> float:
    """Currency per Mtok that a quote in index points stands for."""
    return points * spec.price_per_point


def points(spec: ContractSpec, price_per_mtok: float) -> float:
    """The quote nearest to a price, on the contract's ticks: at a tick of 0.1, 899.96 is quoted 900.0."""
    ticks = round(price_per_mtok / spec.price_per_point / spec.tick)
    return ticks * spec.tick


def money_of_tick(spec: ContractSpec) -> float:
    """What one tick of one lot is worth: 0.1 point of CNY 50 is CNY 5."""
    return spec.tick * spec.multiplier


def mtok_of_gpu_hour(stack: ProductionStack) -> float:
    """Mtok that an accelerator serves in an hour: 1,000 tokens a second are 3.6 Mtok."""
    return stack.tokens_per_second * SECONDS_PER_HOUR / TOKENS_PER_MTOK


def per_mtok_of_gpu_hour(stack: ProductionStack, price_per_gpu_hour: float) -> float:
    """The part of a token's cost that a price per GPU-hour stands for; power comes on top.

    A contract on GPU-hours hedges a token bill only through this identity: what sellers do not pass on stays open.
    """
    return price_per_gpu_hour / mtok_of_gpu_hour(stack)
