"""Independent standard normals in the precision of the paths, as fast as numpy can fill them."""

from __future__ import annotations

from typing import Any

import numpy as np

_UNIT = np.float32(2.0**-31)
"""Turns a signed 32-bit integer into a number from -1 to 1."""
_ANGLE = np.float32(np.pi * 2.0**-31)
_NEVER_0 = np.float32(2.0**-33)
"""Half the smallest radius above 0: keeps the logarithm finite, and moves no other number by more than rounding."""
_MINUS_2 = np.float32(-2.0)


class Normals:
    """Standard normals of one stream, written into arrays of at most ``size``.

    float64 takes numpy's ziggurat. float32 takes polar pairs, sqrt(-2 ln u) times cosine and sine of a uniform angle
    (Box and Muller 1958): numpy runs these on whole vector registers, where its own float32 ziggurat is scalar, so that
    a number takes a third of the time of a float64 one; inverting the distribution by a polynomial takes twice as long.
    The radius keeps 24 bits of a uniform however small it is, so that the tails are right up to 6.7.

    Parameters
    ----------
    bit_generator
        Of the stream; may be replaced by :meth:`start`.
    size
        Largest array that will be filled.
    precision
        float32 or float64.
    """

    def __init__(self, bit_generator: np.random.BitGenerator, size: int, precision: np.dtype[Any]) -> None:
        self.precision = np.dtype(precision)
        self._single = self.precision == np.float32
        self._radius, self._angle = np.empty((2, (size + 1) // 2 if self._single else 0), np.float32)
        self.start(bit_generator)

    def start(self, bit_generator: np.random.BitGenerator) -> None:
        """Draw from this stream from now on, in the same buffers."""
        self._bits = bit_generator
        self._generator = np.random.Generator(bit_generator)

    def fill(self, out: Any) -> None:
        """Write fresh normals into ``out``, (n,) or row by row into (k, n), of the stated precision."""
        for row in out if out.ndim == 2 else (out,):
            if self._single:
                self._pairs(row)
            else:
                self._generator.standard_normal(out=row)

    def _pairs(self, out: Any) -> None:
        """Cosines in the first half of ``out``, the sines that belong to them in the second."""
        half, rest = (out.size + 1) // 2, out.size // 2
        radius, angle = self._radius[:half], self._angle[:half]
        bits = self._bits.random_raw(half).view(np.int32)
        np.copyto(radius, bits[:half], casting="unsafe")
        np.multiply(radius, _UNIT, out=radius)
        np.abs(radius, out=radius)
        np.add(radius, _NEVER_0, out=radius)
        np.log(radius, out=radius)
        np.multiply(radius, _MINUS_2, out=radius)
        np.sqrt(radius, out=radius)
        np.copyto(angle, bits[half:], casting="unsafe")
        np.multiply(angle, _ANGLE, out=angle)
        first, second = out[:half], out[half:]
        np.cos(angle, out=first)
        np.multiply(first, radius, out=first)
        np.sin(angle[:rest], out=second)
        np.multiply(second, radius[:rest], out=second)
