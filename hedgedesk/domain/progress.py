"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Tick = Callable[[float, str], None]
"""Progress of long work: fraction done (0 to 1) and a short text."""


def silent(_fraction: float, _text: str) -> None:
    """A :data:`Tick` that tells nobody."""
