"""Blocks gathered in order into the arrays of a scenario set, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.units import UnitWeights
from hedgedesk.prices.paths.draw import Block

IN_CACHE = 8_192
"""Numbers turned at a time: a block is stored month by month and a scenario set scenario by scenario."""


def rounds(blocks: int, *, doubling: bool) -> Iterator[range]:
    """All block numbers at once, or 1, then 1, 2, 4 ... more, so that their total doubles."""
    done = 0
    while done < blocks:
        upto = min(max(2 * done, 1), blocks) if doubling else blocks
        yield range(done, upto)
        done = upto


class Gathered:
    """The growing arrays of a scenario set.

    Parameters
    ----------
    scenarios
        Most that there will be; what is drawn beyond is cut off.
    exposure
        Turns the volume factors into volumes.
    unit
        Of the volumes.
    """

    def __init__(self, scenarios: int, exposure: Exposure, unit: UnitWeights) -> None:
        self._most, self._exposure, self._unit = scenarios, exposure, unit
        self._forecast = exposure.forecast_in(unit)
        self._arrays: dict[str, Any] = {}
        self._count = 0

    def take(self, first: int, block: Block) -> None:
        """Write a block from scenario number ``first`` on."""
        arrays = block.arrays
        factor = arrays.pop("volume_factor")
        size = min(len(factor), self._most - first)
        for name, values in arrays.items():
            self._put(name, first, values[:size])
        step = max(1, IN_CACHE // factor.shape[1])
        for start in range(0, size, step):
            part = np.array(factor[start : min(start + step, size)], dtype=np.float64, order="C")
            self._put("volume_mtok", first + start, part * self._forecast)
            self._put("open_mtok", first + start, self._exposure.open_given(part, self._unit))
        self._count = max(self._count, first + size)

    def so_far(self) -> dict[str, Any]:
        """The arrays of the scenarios drawn up to now, to be copied."""
        return self._named({name: values[: self._count] for name, values in self._arrays.items()})

    def whole(self) -> dict[str, Any]:
        """The arrays themselves, locked, so that a scenario set takes them without a copy; nothing more is taken."""
        for values in self._arrays.values():
            values.resize((self._count, *values.shape[1:]), refcheck=False)
            values.setflags(write=False)
        return self._named(self._arrays)

    def _put(self, name: str, first: int, values: Any) -> None:
        if name not in self._arrays:
            kind = np.float32 if name == "futures" else np.float64
            self._arrays[name] = np.empty((self._most, *values.shape[1:]), kind)
        self._arrays[name][first : first + len(values)] = values

    @staticmethod
    def _named(arrays: dict[str, Any]) -> dict[str, Any]:
        names = {
            "price": "price_per_mtok",
            "settlement": "settlement_per_mtok",
            "fx": "cny_per_usd",
            "futures": "futures_per_mtok",
        }
        drivers = {name[8:]: values for name, values in arrays.items() if name.startswith("drivers.")}
        named = {names.get(name, name): values for name, values in arrays.items() if not name.startswith("drivers.")}
        return named | {"drivers": drivers}
