"""The desk's own index: the inputs read, the index made, the newest kept while the files are the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgedesk.domain.price_index import IndexStudy

KEPT = 12
"""Indices kept in memory: every method and frequency, with the screens and without."""


def make_index(folder: Path, asked: dict[str, Any]) -> IndexStudy:
    """Read what the index of a folder is made of and make it.

    Raises
    ------
    InputError
        Every fault of the files that the method needs.
    """
    import dataclasses

    from hedgedesk.files.index_inputs import read_index_inputs
    from hedgedesk.index import study

    given = read_index_inputs(folder, asked)
    made = study(given.settings, list_prices=given.list_prices, scores=given.scores, usage=given.usage)
    return dataclasses.replace(made, notices=given.notices + made.notices)


def asked_for(method: str | None, frequency: str | None, screens: bool) -> dict[str, Any]:
    """What beats ``market/index.toml``."""
    asked: dict[str, Any] = {"method": method, "frequency": frequency, "screens": None if screens else False}
    return {name: value for name, value in asked.items() if value not in (None, "")}


class Indices:
    """Indices of the open desk, made once for one state of its files."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], IndexStudy] = {}

    def of(self, key: str, asked: dict[str, Any], make: Callable[[], IndexStudy]) -> IndexStudy:
        """The index of the files with this key; ``make`` makes it where it has not been made."""
        wanted = key, repr(sorted(asked.items()))
        if wanted not in self._made:
            made = make()
            while len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)), None)
            self._made[wanted] = made
        return self._made[wanted]
