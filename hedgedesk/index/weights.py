"""How much one company may weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.values import Floats

ROUNDING = 1e-12


def capped_shares(shares: Floats, cap: float | Floats) -> Floats:
    """Weights that follow ``shares`` as far as none exceeds ``cap``, by water-filling.

    A weight above the cap is set to it, the others are scaled to what is left, until none exceeds it.
    (0.7, 0.2, 0.1) with a cap of 0.5 becomes (0.5, 1/3, 1/6).

    Parameters
    ----------
    shares
        (V,) at least 0 and not all 0; need not add to 1.
    cap
        Largest weight, a fraction above 0; (V,) one for each.

    Returns
    -------
    (V,) adding to 1.

    Raises
    ------
    InputError
        The caps of the providers with a share add to less than 1, or a share is negative.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if not np.all(shares >= 0) or shares.sum() <= 0:
        raise InputError("shares must be at least 0 and not all 0")
    caps: Floats = np.broadcast_to(np.asarray(cap, dtype=np.float64), shares.shape)
    room = float(caps[shares > 0].sum())
    if room < 1.0 - ROUNDING:
        holders = int(np.count_nonzero(shares))
        raise InputError(f"a cap of {caps.max():g} is impossible: {holders} providers could hold {room:g} at most")
    weights: Floats = shares / shares.sum()
    held = np.zeros(shares.size, dtype=bool)
    while np.any(weights > caps + ROUNDING):
        held |= weights > caps + ROUNDING
        weights[held] = caps[held]
        free = shares[~held].sum()
        if free > 0:
            weights[~held] = shares[~held] / free * (1.0 - weights[held].sum())
    return weights


@dataclass(frozen=True, slots=True)
class Capped:
    """A company whose share the cap has cut."""

    company: str
    found: float
    weight: float


class CompanyCap:
    """Keeps the companies of an index within the cap, from print to print.

    A company above the cap is taken at the share it had when it last kept the cap: volume that jumps past the cap is
    not believed up to the cap either, or whoever inflates it would still move the index. One that never kept the cap
    weighs the cap itself.

    Parameters
    ----------
    cap
        Largest weight of one company; None: no cap.
    """

    def __init__(self, cap: float | None) -> None:
        self._cap = cap
        self._kept: dict[str, float] = {}

    def weigh(self, volume: Mapping[str, float]) -> tuple[dict[str, float], tuple[Capped, ...]]:
        """Weights by company that add to 1, and which were cut; all as found where too few could keep the cap."""
        names = list(volume)
        shares: Floats = np.array([volume[name] for name in names]) / sum(volume.values())
        weights = shares if self._cap is None else self._within(names, shares, self._cap)
        cut = [
            Capped(name, float(share), float(weight))
            for name, share, weight in zip(names, shares, weights, strict=True)
            if weight < share - ROUNDING
        ]
        return dict(zip(names, weights.tolist(), strict=True)), tuple(cut)

    def _within(self, names: list[str], shares: Floats, cap: float) -> Floats:
        over = shares > cap + ROUNDING
        if not over.any():
            self._kept |= dict(zip(names, shares.tolist(), strict=True))
            return shares
        believed = np.array([min(cap, self._kept.get(name, cap)) for name in names])
        for caps in (np.where(over, believed, cap), np.full(shares.size, cap)):
            if caps[shares > 0].sum() >= 1.0 - ROUNDING:
                return capped_shares(shares, caps)
        return shares
