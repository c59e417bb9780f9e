"""What a step price assumes, in sentences for whoever reads its numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hedgedesk.prices.models.step_price.history import StepHistory
from hedgedesk.prices.models.step_price.tilt import MOST_TILT

Pair = tuple[float, float]

FEW = 5
"""Steps of one sign below which their sizes and rate are weak."""


def of_history(history: StepHistory) -> tuple[str, ...]:
    """Where the steps come from, what of them is weak, and why there is no likelihood."""
    texts = list(history.told)
    for side, sizes in (("down", history.down_sizes), ("up", history.up_sizes)):
        if sizes.size == 0:
            texts.append(
                f"No step {side} was seen, so none is drawn; {side}_rate and {side}_size can be given as a view."
            )
        elif sizes.size < FEW:
            texts.append(f"Only {sizes.size} steps {side} were seen: their rate and sizes are weak.")
    counts = history.down.log_likelihood + history.up.log_likelihood
    texts.append(
        f"There is no likelihood of prices, because the sizes are those seen and have no density; that of the counts "
        f"alone is {counts:.2f}."
    )
    return tuple(texts)


def of_model(parameters: Mapping[str, float]) -> tuple[str, ...]:
    """What is assumed of the future."""
    yearly = 0.0 + parameters["replacement_rate"] * np.expm1(
        parameters["adopted_share"] * parameters["replacement_size"]
    )
    return (
        "Steps come independently of one another, at rates that stay, with the sizes seen in the history.",
        f"Replacement models are an assumption, not an estimate: {parameters['replacement_rate']:g} a year, each at "
        f"{np.exp(parameters['replacement_size']):.0%} of the price for the same quality. An adopted share of "
        f"{parameters['adopted_share']:.0%} moves the price by {yearly:+.1%} a year; a matched index sees none of it.",
    )


def of_tilt(growth: float, rates: Pair, factors: Pair, spreads: Pair) -> str:
    """How often steps (down, up) of ``rates`` a year are drawn instead, and the yearly spread (seen, drawn)."""
    sides = zip(("down", "up"), rates, factors, strict=True)
    drawn = " and ".join(
        f"steps {side} come {rate * factor:.2g} times a year, seen {rate:.2g} times"
        for side, rate, factor in sides
        if rate
    )
    return (
        f"So that its mean grows by {growth:+.2%} a year and the price still stands still between its steps, {drawn}. "
        f"They move the price by {spreads[1]:.0%} in a typical year, those seen by {spreads[0]:.0%}."
    )


def of_trend(trend: float, *, cannot: bool) -> str:
    """What moves the price between its steps, and whether that is because steps cannot."""
    why = (
        f": steps at up to {MOST_TILT:g} times their rates, or at those of an own view, cannot do it" if cannot else ""
    )
    return f"Between the steps the price moves by {trend:+.2%} a year, so that its mean follows the curve{why}."
