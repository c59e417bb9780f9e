"""One block of scenarios: what a worker is sent, what it sends back, and the walk in between."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import numpy as np

from hedgedesk.domain.drivers import CURRENCY
from hedgedesk.prices.drivers.law import JointLaw
from hedgedesk.prices.model import PriceModel
from hedgedesk.prices.paths.folds import Fold, FuturesPrices, MonthAverages, Present, Settlements, rows_apart
from hedgedesk.prices.paths.grid import Grid
from hedgedesk.prices.paths.joint import JointDrivers
from hedgedesk.prices.paths.normals import Normals
from hedgedesk.prices.paths.sources import Given, OwnStreams, Source
from hedgedesk.prices.paths.streams import Stream, generator
from hedgedesk.prices.paths.tokens import Anchor, AnchoredToken, RedrawnToken, Token
from hedgedesk.prices.paths.volume import VolumeLaw

_KEPT = threading.local()
"""The buffers of the draw that this thread has walked last: a worker makes them once, whatever it is given to draw."""


@dataclass(frozen=True, slots=True)
class Block:
    """The scenarios of one block, in the precision of the paths; axes as in :class:`ScenarioSet`."""

    price: Any
    """(n, T) what a token costs, the month's average."""
    volume_factor: Any
    """(n, T) use over forecast."""
    settlement: Any
    """(n, K)."""
    fx: Any | None
    """(n, T) CNY per USD, the month's average; None: no currency."""
    drivers: dict[str, Any] = field(default_factory=dict)
    """(n, T) the month's average of each other driver, by name."""
    futures: Any | None = None
    """(n, D, K) float32 futures price of each contract on the dates of margin; None: not asked for."""

    @property
    def arrays(self) -> dict[str, Any]:
        """Every array that there is, by name; a driver's is ``drivers.NAME``."""
        named = {"price": self.price, "volume_factor": self.volume_factor, "settlement": self.settlement}
        named |= {"fx": self.fx, "futures": self.futures}
        named |= {f"drivers.{name}": values for name, values in self.drivers.items()}
        return {name: values for name, values in named.items() if values is not None}

    def copied(self) -> Block:
        """The same in memory of its own."""
        drivers = {name: values.copy() for name, values in self.drivers.items()}
        one = {name: v.copy() for name, v in self.arrays.items() if not name.startswith("drivers.")}
        return dataclasses.replace(self, drivers=drivers, **one)


@dataclass(frozen=True, slots=True)
class Draw:
    """Everything a worker needs to draw one block; picklable, so that any worker draws the same numbers."""

    model: PriceModel
    """As fitted; the anchor ties it to the market."""
    anchor: Anchor
    law: JointLaw | None
    """Of the drivers beside the token; None: there are none."""
    grid: Grid
    horizon: int
    """T."""
    volume: VolumeLaw
    margin_dates: tuple[int, ...]
    """Numbers of the grid's dates on which futures prices are kept."""
    redraws: bool
    """Whether the model's parameters are drawn too."""
    seed: int
    size: int
    precision: str
    key: str = field(default_factory=lambda: uuid4().hex)
    """By which a worker knows that it has the buffers already; part of no number."""

    def __call__(self, block: int) -> Block:
        """Draw block number ``block``; always of full size, so that a larger set only extends a smaller one."""
        return self.in_place(block).copied()

    def in_place(self, block: int) -> Block:
        """The same as views of buffers that the next block of this thread overwrites: for who takes it at once."""
        return self._walk().own(block)

    def given(self, normals: Any, events: np.random.Generator, block: int = 0) -> Block:
        """Draw from normals of somebody's own, as views like :meth:`in_place`.

        Parameters
        ----------
        normals
            (:attr:`normals`, n) with n at most :attr:`size`: date by date the token's rows then the drivers', and
            after the last date one row of volume a month.
        events
            Draws whatever is not Gaussian.
        block
            Which draws of the parameters are used, where those are drawn.
        """
        return self._walk().given(normals, events, block)

    @property
    def normals(self) -> int:
        """How many independent standard normals make one scenario."""
        return self._walk().normals

    def _walk(self) -> Walk:
        if getattr(_KEPT, "key", None) != self.key:
            _KEPT.walk, _KEPT.key = Walk(self), self.key
        walk: Walk = _KEPT.walk
        return walk


class Walk:
    """The buffers of a draw, and the loop over its dates: everything a block needs is allocated here, once."""

    def __init__(self, draw: Draw) -> None:
        size, precision = draw.size, np.dtype(draw.precision)
        self._draw = draw
        self._token = _token(draw, precision)
        self._joint = None
        if draw.law is not None:
            self._joint = JointDrivers(draw.law, draw.grid.years, self._token.direction, size, precision)
        self._shocks = self._token.normals, 0 if self._joint is None else self._joint.normals
        self.normals = draw.grid.years.size * sum(self._shocks) + draw.horizon
        self._z = np.empty((sum(self._shocks), size), precision)
        self._volume = rows_apart(draw.horizon, size, precision)
        self._prices = np.empty((3, size), precision)
        self._fill = Normals(np.random.SFC64(0), size, precision)
        self._make_folds(size, precision)

    def own(self, block: int) -> Block:
        """Walk block number ``block`` on its own streams."""
        draw = self._draw
        source = OwnStreams(self._fill, draw.seed, block, draw.grid.years.size, self._z, self._shocks[0])
        self._start(
            draw.size,
            block,
            generator(draw.seed, Stream.EVENTS, block),
            generator(draw.seed, Stream.PEAK, block),
        )
        return self._walked(source, draw.size)

    def given(self, normals: Any, events: np.random.Generator, block: int) -> Block:
        """Walk on the normals given, in the order of :attr:`Draw.normals`."""
        count = normals.shape[1]
        if normals.shape[0] != self.normals or count > self._draw.size:
            raise ValueError(f"a block takes ({self.normals}, at most {self._draw.size}) normals, not {normals.shape}")
        self._start(count, block, events, events)
        return self._walked(Given(normals, self._draw.grid.years.size, self._z[:, :count], self._shocks[0]), count)

    def _make_folds(self, size: int, precision: np.dtype[Any]) -> None:
        draw, per_month = self._draw, self._draw.grid.per_month

        def averages(look: Any) -> MonthAverages:
            return MonthAverages(look, draw.horizon, per_month, size, precision)

        self._paid = averages(lambda now: now.paid)
        self._log_price = averages(lambda now: now.log_price) if draw.volume.correlation else None
        self._settled = Settlements(draw.anchor.prints, size, precision)
        self._futures = None
        if draw.margin_dates:
            self._futures = FuturesPrices(draw.margin_dates, draw.grid.years, self._settled, size, precision)
        names = () if self._joint is None else self._joint.names
        self._drivers = {name: averages(lambda now, name=name: now.joint.level(name)) for name in names}
        self._use = None
        if self._joint is not None and self._joint.links_volume:
            self._use = averages(lambda now: now.joint.volume_shock)
        found = (self._paid, self._log_price, self._settled, self._futures, self._use, *self._drivers.values())
        self._folds: list[Fold] = [fold for fold in found if fold is not None]

    def _start(self, size: int, block: int, events: np.random.Generator, peaks: np.random.Generator) -> None:
        self._token.start(events, size, block)
        if self._joint is not None:
            self._joint.start(peaks, size)
        for fold in self._folds:
            fold.start(size)

    def _walked(self, source: Source, size: int) -> Block:
        log_price, price, paid = self._prices[:, :size]
        joint = self._joint
        if joint is None or not joint.moves_paid:
            paid = price
        now = Present(0, log_price, price, paid, self._token, joint)
        for date, (token_z, joint_z) in enumerate(source.dates()):
            now.date = date
            self._move(now, token_z, joint_z)
            for fold in self._folds:
                fold.see(now)
        volume = self._volume[:, :size]
        source.volumes(volume)
        if joint is not None and self._use is not None:
            joint.link_volume(volume, self._use.rows, self._draw.grid.per_month)
        self._draw.volume.turn(volume, None if self._log_price is None else self._log_price.rows)
        return self._block(volume)

    def _move(self, now: Present, token_z: Any, joint_z: Any) -> None:
        """Move everything to the present date: first the drivers, because a sampler may overwrite its normals."""
        joint = self._joint
        if joint is not None:
            joint.step(now.date, token_z, joint_z)
        self._token.step(now.date, token_z, now.log_price)
        if joint is not None:
            joint.follow(self._token)
            joint.add_to_index(now.log_price)
        np.exp(now.log_price, out=now.price)
        if joint is not None and joint.moves_paid:
            np.copyto(now.paid, now.log_price)
            joint.add_to_paid(now.paid)
            np.exp(now.paid, out=now.paid)

    def _block(self, volume: Any) -> Block:
        levels = {name: fold.rows.T for name, fold in self._drivers.items()}
        futures = None if self._futures is None else self._futures.rows.transpose(2, 0, 1)
        return Block(
            price=self._paid.rows.T,
            volume_factor=volume.T,
            settlement=self._settled.rows.T,
            fx=levels.pop(CURRENCY, None),
            drivers=levels,
            futures=futures,
        )


def _token(draw: Draw, precision: np.dtype[Any]) -> Token:
    following = None if draw.law is None else draw.law.following
    if draw.redraws:
        return RedrawnToken(draw.model, draw.anchor, draw.size, precision, draw.seed, following)
    model, shift, _ = draw.anchor.tied(draw.model)
    return AnchoredToken(model, shift, draw.anchor, draw.size, precision, following)
