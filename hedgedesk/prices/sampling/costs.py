"""The cost of scenarios as a loss of independent normals, so that a plan can be measured sharply."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from uuid import uuid4

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.results import TailMeasure
from hedgedesk.domain.run import RunSettings
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.paths.draw import Block, Draw
from hedgedesk.prices.paths.gather import Gathered
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.paths.volume import VolumeLaw
from hedgedesk.prices.sampling.measure import Target, measured
from hedgedesk.prices.sampling.scores import ScoredVolume
from hedgedesk.prices.sampling.sobol import SobolNormals
from hedgedesk.prices.simulate import prepared

BLOCK = 4_096
"""Scenarios walked at once."""
REFERENCE = 8 * BLOCK
"""Fair draws from which the scores of a price are learnt, where it is not Gaussian and the volume follows it."""
REFERENCE_STREAM = 3_000_000

Cost = Callable[[ScenarioSet], Floats]
"""Cost (S,) of each scenario, plan included or not."""


class Sharp:
    """Measures costs of the scenarios that :func:`hedgedesk.prices.simulate.simulate` draws with the same arguments.

    Paths are in float64, because gradients are taken of them.

    Parameters
    ----------
    scenarios
        Any set drawn for the same market and exposure: everything about it but its numbers is used.
    settings
        ``sampling``, ``relative_error``, ``scenarios`` and ``seed`` say how to measure.
    paths
        Whether the costs need the futures prices along the paths that ``scenarios`` keep.
    """

    def __init__(
        self,
        model: PriceModel,
        market: MarketSnapshot,
        exposure: Exposure,
        scenarios: ScenarioSet,
        settings: RunSettings,
        *,
        paths: bool = False,
    ) -> None:
        exact = dataclasses.replace(settings, precision="float64", block_size=BLOCK)
        self._settings = settings
        draw = prepared(model, market, exposure, exact)
        self._draw, self.sampling = self._scored(draw if paths else _without_margin(draw))
        """What blocks are drawn with, and how it will be measured: plain instead of what was asked for, where a volume
        follows a price that has no scores of its own."""
        self._frame = dataclasses.replace(scenarios, margin_dates=None, futures_per_mtok=None)
        self._margin_dates = scenarios.margin_dates if paths else None
        self._exposure = exposure.after(market.as_of)

    def measure(self, cost: Cost, level: float, tick: Tick = silent) -> TailMeasure:
        """Mean and CVaR of ``cost`` at ``level``."""
        settings = self._settings
        target = Target(level, settings.scenarios, settings.relative_error, settings.seed)

        def loss(normals: Floats, events: np.random.Generator) -> Floats:
            return self._by_block(normals, events, lambda block: cost(self._as_scenarios(block)))

        def states(normals: Floats, events: np.random.Generator) -> Floats:
            return self._by_block(normals, events, _logs)

        return measured(loss, self._draw.normals, self.sampling, target, states=states, tick=tick)

    def _scored(self, draw: Draw) -> tuple[Draw, str]:
        """Give the volume a law that does not depend on which other paths are drawn."""
        asked = self._settings.sampling
        if asked == "plain" or not draw.volume.correlation or draw.volume.price_mean is not None:
            return draw, asked
        points = SobolNormals(draw.normals, generator(self._settings.seed, Stream.SAMPLING, REFERENCE_STREAM))
        events = generator(self._settings.seed, Stream.EVENTS, REFERENCE_STREAM)

        def walk(volume: VolumeLaw) -> None:
            fair = dataclasses.replace(draw, volume=volume, key=uuid4().hex)
            for number in range(REFERENCE // BLOCK):
                fair.given(points.next(BLOCK), events, number)

        scored = ScoredVolume.learnt(draw.volume, walk)
        if scored is None:
            return draw, "plain"
        return dataclasses.replace(draw, volume=scored, key=uuid4().hex), asked

    def _by_block(self, normals: Floats, events: np.random.Generator, turn: Callable[[Block], Floats]) -> Floats:
        found = []
        for start in range(0, normals.shape[1], BLOCK):
            # Where parameters are drawn too, each block is to have its own.
            number = int(events.integers(2**31))
            found.append(turn(self._draw.given(normals[:, start : start + BLOCK], events, number)))
        return np.concatenate(found, axis=-1)

    def _as_scenarios(self, block: Block) -> ScenarioSet:
        gathered = Gathered(len(block.price), self._exposure, self._frame.unit)
        gathered.take(0, block)
        return dataclasses.replace(self._frame, margin_dates=self._margin_dates, **gathered.whole())


def _without_margin(draw: Draw) -> Draw:
    """The same law on the same dates, but no futures prices are kept: a cost needs none."""
    return dataclasses.replace(draw, margin_dates=(), key=uuid4().hex)


def _logs(block: Block) -> Floats:
    """(R, n) logarithms of every month's price, volume factor and currency."""
    parts = [block.price, block.volume_factor] + ([] if block.fx is None else [block.fx])
    return np.concatenate([np.log(part.T) for part in parts])
