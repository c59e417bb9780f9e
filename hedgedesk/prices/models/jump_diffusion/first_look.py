"""A first look at an index: regression, the jumps that stand out of it, and what to assume where there are too few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hedgedesk.domain.values import ArrayHolder, Floats
from hedgedesk.prices.models.jump_diffusion.jumps import SIDES, SignedJumps

SIGMAS = 3.0
PASSES = 20
MOST_SET_ASIDE = 0.25
"""More than this share is no longer an outlier."""
WAR = float(np.log(0.25))
SHORTAGE = float(np.log(2.0))
USUAL_SPREAD = 0.25
"""Spread of jump sizes over their mean size where too few are seen to tell."""
SOURCES = {
    "down": "the size is an input: x 0.25, the price war that DeepSeek V4-Pro's cut of 31 May 2026 started; an index "
    "of several sellers may fall less",
    "up": "the size is an input: x 2, the peak prices of DeepSeek V4 in mid-2026; an index of several sellers may rise "
    "less",
}


@dataclass(frozen=True, eq=False)
class FirstLook(ArrayHolder):
    """Which changes of a log price stand out."""

    surprise: Floats
    """(n,) what each step brought that was not expected."""
    outlier: NDArray[np.bool_]
    """(n,) beyond 3 standard deviations of the others."""

    @classmethod
    def of(cls, surprise: Floats) -> Self:
        """Set aside what lies beyond 3 standard deviations, and again until the same is set aside."""
        outlier = np.zeros(surprise.size, dtype=bool)
        for _ in range(PASSES):
            others = surprise[~outlier]
            judged = np.abs(surprise - others.mean()) > SIGMAS * others.std()
            if np.array_equal(judged, outlier) or judged.mean() > MOST_SET_ASIDE:
                break
            outlier = judged
        return cls(surprise, outlier)

    def sizes(self, side: str) -> Floats:
        """Log sizes of the outliers of one sign."""
        found = self.surprise[self.outlier]
        return np.asarray(found[found < 0] if side == "down" else found[found > 0])


@dataclass(frozen=True, eq=False)
class Regression(ArrayHolder):
    """Each log price on the one before, without the outliers."""

    kappa: float
    theta: float
    sigma: float
    look: FirstLook


def first_look(log_price: Floats, gaps: Floats) -> Regression:
    """Regress, set aside residuals beyond 3 standard deviations, and again until the same are set aside.

    kappa = -ln(phi) / gap, theta = c / (1 - phi), sigma^2 = s^2 2 kappa / (1 - phi^2), with the median gap of the
    dates; a phi outside 0 to 1 is put at its edge, because the likelihood has the last word.
    """
    before, after = log_price[:-1], log_price[1:]
    columns = np.column_stack([np.ones(before.size), before])
    look = FirstLook(np.zeros(before.size), np.zeros(before.size, dtype=bool))
    phi = 1.0
    for _ in range(PASSES):
        kept = ~look.outlier
        constant, phi = np.linalg.lstsq(columns[kept], after[kept], rcond=None)[0]
        known, look = look, FirstLook.of(after - constant - phi * before)
        if np.array_equal(known.outlier, look.outlier):
            break
    kept, step = ~look.outlier, float(np.median(gaps))
    phi = float(np.clip(phi, np.exp(-2.0), np.exp(-0.5 * step / gaps.sum())))
    kappa = -np.log(phi) / step
    theta = float(np.mean(after[kept] - phi * before[kept]) / (1 - phi))
    sigma = float(look.surprise[kept].std() * np.sqrt(2 * kappa / (1 - phi**2)))
    return Regression(kappa, theta, sigma, look)


def start_of(look: FirstLook, years: float) -> SignedJumps:
    """Rates and sizes to search from: those of the outliers, at least one a sign and beyond the noise."""
    noise = SIGMAS * float(look.surprise[~look.outlier].std())
    parts: list[float] = []
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        sizes = np.abs(look.sizes(side))
        mean = float(sizes.mean()) if sizes.size else 1.3 * noise
        parts += [max(sizes.size, 1) / years, sign * mean, USUAL_SPREAD * mean]
    return SignedJumps(*parts)


def inputs_of(look: FirstLook, years: float) -> tuple[SignedJumps, dict[str, str]]:
    """Rates and sizes to assume for a sign of which the history shows too few, with the source of each.

    The rate is Jeffreys' (n + 1/2) / years; the size is the mean of those found, or a stated event.
    """
    parts: list[float] = []
    told = {}
    for side, usual in zip(SIDES, (WAR, SHORTAGE), strict=True):
        sizes = look.sizes(side)
        mean = float(sizes.mean()) if sizes.size else usual
        parts += [(sizes.size + 0.5) / years, mean, USUAL_SPREAD * abs(mean)]
        size_told = f"the size is the mean of what was found, x {np.exp(mean):.2f}" if sizes.size else SOURCES[side]
        told[side] = (
            f"the rate is (n + 1/2) / years with n = {sizes.size} found beyond 3 standard deviations, {size_told}"
        )
    return SignedJumps(*parts), told
