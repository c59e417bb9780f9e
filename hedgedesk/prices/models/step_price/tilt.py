"""How often steps must come for the mean price to grow as asked, so that nothing moves the price between them."""

from __future__ import annotations

import math

MOST_TILT = 10.0
"""Largest factor, up or down, on how often a step comes; beyond, the steps drawn are not those of the history."""


def tilt(asked: float, fall: float, rise: float) -> tuple[float, float] | None:
    """Factors on the rates of the steps down and up that make ``rise * up - fall * down`` the growth ``asked``.

    Where both signs come, one becomes as many times rarer as the other more frequent: x on the rises and 1 / x on the
    falls solve a quadratic that has a root above 0 for any growth. This is the exponential tilt of the sign of a step,
    sizes kept; tilts follow one another like one.

    Parameters
    ----------
    asked
        Growth of the mean price a year that these steps have to make.
    fall, rise
        At least 0, what the steps down take from the mean price a year and those up add; 0 where there are none, or
        where theirs must stay.

    Returns
    -------
    ``(down, up)``; None where the steps cannot make the growth, or only at more than 10 times or less than a tenth of
    their rates.

    Examples
    --------
    Steps that take 30% a year and add 10% stand still on average when falls come 1.7321 times more rarely and rises
    1.7321 times more often.

    >>> down, up = tilt(0.0, 0.3, 0.1)
    >>> round(1 / down, 4), round(up, 4)
    (1.7321, 1.7321)
    """
    down, up = 1.0, 1.0
    if fall > 0 and rise > 0:
        root = math.hypot(asked, 2.0 * math.sqrt(fall * rise))
        # Of the two forms of the root, the one in which nothing cancels.
        up = (root + asked) / (2.0 * rise) if asked >= 0 else 2.0 * fall / (root - asked)
        down = 1.0 / up
    elif rise > 0:
        up = asked / rise
    elif fall > 0:
        down = -asked / fall
    elif asked != 0:
        return None
    return (down, up) if 1.0 / MOST_TILT <= min(down, up) <= max(down, up) <= MOST_TILT else None
