"""Where the normals of a block come from: its own streams, or somebody who brings them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from hedgedesk.prices.paths.normals import Normals
from hedgedesk.prices.paths.streams import Stream, generator


class Source(Protocol):
    """Where the normals of a block come from."""

    def dates(self) -> Iterator[tuple[Any, Any]]:
        """The token's (g, n) and the drivers' (d, n) of each date in turn."""
        ...

    def volumes(self, out: Any) -> None:
        """Write one row a month into ``out`` (T, n)."""
        ...


class OwnStreams:
    """Normals of a block's own streams: each date's in the cache just before they are used."""

    def __init__(self, fill: Normals, seed: int, block: int, dates: int, z: Any, token: int) -> None:
        price, drivers, volume = (
            generator(seed, stream, block).bit_generator for stream in (Stream.PRICE, Stream.DRIVERS, Stream.VOLUME)
        )
        self._fill, self._dates = fill, dates
        self._price, self._drivers, self._volume = price, drivers, volume
        self._token_z, self._joint_z = z[:token], z[token:]

    def dates(self) -> Iterator[tuple[Any, Any]]:
        """Fresh ones for each date."""
        for _ in range(self._dates):
            for bits, rows in ((self._price, self._token_z), (self._drivers, self._joint_z)):
                self._fill.start(bits)
                self._fill.fill(rows)
            yield self._token_z, self._joint_z

    def volumes(self, out: Any) -> None:
        """Fresh ones for each month."""
        self._fill.start(self._volume)
        self._fill.fill(out)


class Given:
    """Normals that somebody has made, cast to the precision of the paths date by date."""

    def __init__(self, normals: Any, dates: int, z: Any, token: int) -> None:
        self._normals, self._dates, self._z, self._token = normals, dates, z, token

    def dates(self) -> Iterator[tuple[Any, Any]]:
        """Those of each date."""
        width = len(self._z)
        for date in range(self._dates):
            np.copyto(self._z, self._normals[date * width : (date + 1) * width], casting="same_kind")
            yield self._z[: self._token], self._z[self._token :]

    def volumes(self, out: Any) -> None:
        """The last rows."""
        np.copyto(out, self._normals[self._dates * len(self._z) :], casting="same_kind")
