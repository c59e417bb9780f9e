"""Rows that each follow from the one before, made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable

from hedgedesk.domain.values import Floats


class Tables:
    """Row 0, and after each row the next one."""

    def __init__(self, first: Floats, following: Callable[[Floats], Floats]) -> None:
        self._rows = [first]
        self._following = following

    def upto(self, number: int) -> list[Floats]:
        """All rows made so far, number ``number`` among them."""
        while len(self._rows) <= number:
            self._rows.append(self._following(self._rows[-1]))
        return self._rows
