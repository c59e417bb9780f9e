"""What fitted regimes assume, in sentences for whoever reads their numbers."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.values import Floats
from hedgedesk.prices.fitting.even_steps import EvenSteps


def regime_names(sd: Floats) -> tuple[str, ...]:
    """Names of regimes in the order of their means; of two, the calmer one is calm."""
    if sd.size == 3:
        return ("price war", "calm", "shortage")
    return ("price war", "calm") if sd[1] <= sd[0] else ("calm", "shortage")


def of_history(steps: EvenSteps, first: np.datetime64) -> str:
    """What was looked at."""
    return f"Found in {steps.changes.size} changes over {steps.words()} each, {first} to {steps.dates[-1]}."


def of_model(
    names: tuple[str, ...], stay: Floats, sd_errors: Floats, drift: float | None, moves: Floats | None
) -> tuple[str, ...]:
    """What is assumed of regimes ``names`` (k,) that last by their chance to ``stay`` (k,); NaN errors were held."""
    lasting = ", ".join(f"{name} {1 / max(1 - chance, 1e-9):.1f}" for name, chance in zip(names, stay, strict=True))
    texts = [
        f"A regime lasts this many steps on average: {lasting}. Names follow the mean change only.",
        "Given the regime a change is normal and depends on nothing before it.",
    ]
    floored = [name for name, error in zip(names, sd_errors, strict=True) if np.isnan(error)]
    if floored:
        texts.append(
            f"The standard deviation of {' and '.join(floored)} is held at a tenth of that of all changes, because "
            "unchanged prices would make it 0: the likelihood depends on that floor, so do not compare it with those "
            "of other models."
        )
    if drift is not None:
        texts.append(f"The mean price grows by {drift:+.2%} a year, {_made(names, moves)}.")
    return tuple(texts)


def _made(names: tuple[str, ...], moves: Floats | None) -> str:
    """What makes the growth that was asked for."""
    if moves is None:
        return "by an even trend in all regimes, because moving their means by a standard deviation would not make it"
    told = ", ".join(f"{name} {move:+.3%}" for name, move in zip(names, moves, strict=True))
    return f"because the mean change of a step is moved where the price is wild ({told})"
