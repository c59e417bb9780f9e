"""How a ratio is measured: CPU time, every candidate in turn, round after round."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Work = Callable[[], int]
"""Does some work and says how many units of it: paths, fits, normals."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as ``--json`` writes it."""

    name: str
    ratio: float | None
    """None: not measured, ``skipped`` says why."""
    target: float
    better: Literal["lower", "higher"]
    unit: str
    """What is divided by what."""
    spread: float | None = None
    """Largest less smallest ratio over the rounds."""
    skipped: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where nothing was measured."""
        if self.ratio is None:
            return None
        return self.ratio <= self.target if self.better == "lower" else self.ratio >= self.target

    def plain(self) -> dict[str, Any]:
        """JSON-ready, the fields in their order."""
        return asdict(self)


def taken(
    works: Mapping[str, Work], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, list[float]]:
    """CPU seconds per unit of each work in each round, interleaved; one more round first, to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            began = clock()
            done = work()
            if number:
                seconds[name].append((clock() - began) / done)
    return seconds


def ratios(above: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """Median and range of the rounds' ratios."""
    each = [a / b for a, b in zip(above, below, strict=True)]
    return statistics.median(each), max(each) - min(each)
