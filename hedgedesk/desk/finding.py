"""Which stored run is meant by what somebody typed."""

from __future__ import annotations

from collections.abc import Sequence

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.workspace import RunLine

NEWEST = "latest"
"""What the newest run answers to, unless another one is called so."""
SHOWN = 5
"""Newest runs that a message lists."""


def meant(wanted: str, lines: Sequence[RunLine]) -> RunLine:
    """The run whose id or name is ``wanted``, or whose id alone begins so; ``latest`` is the first of ``lines``.

    Raises
    ------
    InputError
        None or several are meant; the message lists the first.
    """
    exact = [line for line in lines if wanted in (line.run_id, line.name)]
    found = exact or [line for line in lines if line.run_id.startswith(wanted)]
    if wanted == NEWEST and not exact:
        found = list(lines[:1])
    if len(found) != 1 or not wanted:
        raise InputError(_unknown(wanted, lines, several=len(found) > 1))
    return found[0]


def _unknown(wanted: str, lines: Sequence[RunLine], *, several: bool) -> str:
    told = f"several runs begin with {wanted!r}" if several else f"no run is called {wanted!r}"
    if not lines:
        return f"{told}: none is stored yet, so run a desk first"
    newest = (f"  {line.run_id}  {line.made_at[:16]}  {line.name or line.desk}" for line in lines[:SHOWN])
    return "\n".join([f"{told}; the newest are", *newest])
