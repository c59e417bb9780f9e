"""The user's own view of a model's parameters, checked before it takes the place of the estimates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hedgedesk.domain.errors import Fault, InputError

Bounds = Mapping[str, tuple[float, float]]
"""Least and most value of each parameter that may be overridden, both allowed; infinite where there is none."""


def checked_view(model_name: str, view: Mapping[str, float], bounds: Bounds) -> dict[str, float]:
    """The view as numbers, in the order of ``bounds``, when every name and value in it can be.

    Parameters
    ----------
    model_name
        Public name of the model, for the message.
    view
        The user's own values by parameter.
    bounds
        Of every parameter that the model lets a user choose.

    Raises
    ------
    InputError
        A name is not among ``bounds``, or a value is outside its range; every fault at once.

    Example
    -------
    >>> checked_view("RandomWalk", {"sigma": 0.4}, {"sigma": (0.001, 10.0)})
    {'sigma': 0.4}
    """
    faults = [
        Fault("view", None, name, f"no parameter of {model_name}", _known(bounds))
        for name in view
        if name not in bounds
    ]
    faults += [
        Fault("view", None, name, repr(view[name]), f"{_range(*bounds[name])} for {model_name}")
        for name in bounds
        if name in view and not _inside(view[name], *bounds[name])
    ]
    if faults:
        raise InputError(faults=faults)
    return {name: float(view[name]) for name in bounds if name in view}


def _inside(value: object, low: float, high: float) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(float(value)) and low <= float(value) <= high  # type: ignore[arg-type]


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "a number"
    if math.isinf(high):
        return f"a number of at least {low:g}"
    if math.isinf(low):
        return f"a number of at most {high:g}"
    return f"a number from {low:g} to {high:g}"


def _known(bounds: Bounds) -> str:
    return f"one of {', '.join(bounds)}" if bounds else "no parameter: this model has none that can be chosen"
