"""Which directions of the normals move a loss most: they deserve the best coordinates of a Sobol sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.sampling.points import Loss

GRADIENT_STEP = 1e-4
ASIDE = 1.5
"""How far along the gradient, either way, the second and third directions are taken."""
PRINCIPAL = 20
"""Leading directions of the states that follow them."""
WHOLE = 256
"""Up to this many normals the rotation is complete; beyond, all but the leading directions stay plain."""
LEADING = 64

States = Callable[[Floats, np.random.Generator], Floats]
"""From normals (D, n) to what the loss is made of (R, n), on the scale on which it is linear in them: logarithms."""


@dataclass(frozen=True, eq=False)
class Rotation(ArrayHolder):
    """An orthonormal basis of the normals, or of the part of them that matters."""

    basis: Floats
    """(D, k); the first column is the unit gradient of the loss at 0, along which it rises."""
    flat: bool
    """Whether the loss does not move with the normals at all, so that there is no direction."""


def rotation(
    loss: Loss, dimensions: int, events: Callable[[], np.random.Generator], states: States | None = None
) -> Rotation:
    """Gradient first (linear transformation of Imai and Tan 2006), then principal directions of the states.

    Column 1 is the gradient at 0, columns 2 and 3 those at 1.5 standard deviations along it, then the leading right
    singular vectors of the states' Jacobian, completed by random ones.

    Parameters
    ----------
    events
        Gives the same fresh generator each time, so that differences see the normals alone.
    states
        None: no principal directions.
    """
    centre = np.zeros(dimensions)
    first = _unit(_slope(loss, centre, events))
    aside = [_unit(_slope(loss, sign * ASIDE * first, events)) for sign in (1.0, -1.0)]
    columns = [first, *aside]
    if states is not None:
        jacobian = _slopes(states, centre, events)
        columns += list(np.linalg.svd(jacobian, full_matrices=False)[2][:PRINCIPAL])
    kept = dimensions if dimensions <= WHOLE else LEADING
    filling = np.random.Generator(np.random.SFC64(dimensions)).standard_normal((dimensions, kept))
    basis, _ = np.linalg.qr(np.column_stack([*columns, filling])[:, :kept])
    if basis[:, 0] @ first < 0:
        basis[:, 0] *= -1.0
    return Rotation(basis, flat=not first.any())


def _slope(loss: Loss, at: Floats, events: Callable[[], np.random.Generator]) -> Floats:
    return np.asarray(_slopes(lambda normals, random: loss(normals, random)[None, :], at, events)[0])


def _slopes(states: States, at: Floats, events: Callable[[], np.random.Generator]) -> Floats:
    """Jacobian (R, D) by central differences, from one batch a side; both sides see the same events."""
    steps = GRADIENT_STEP * np.eye(at.size)
    up, down = (states(at[:, None] + sign * steps, events()) for sign in (1.0, -1.0))
    return np.asarray((up - down) / (2.0 * GRADIENT_STEP))


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length) if length > 0 and np.isfinite(length) else np.zeros(vector.size)
