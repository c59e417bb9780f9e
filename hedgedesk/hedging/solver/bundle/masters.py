"""Who may solve the bundle's quadratic programme."""

from __future__ import annotations

from hedgedesk.hedging.solver.bundle.level import Master, direct


def master_called(name: str) -> Master:
    """The master called ``direct`` or ``cvxpy``."""
    if name == "direct":
        return direct
    from hedgedesk.hedging.solver.bundle.compiled import compiled  # cvxpy: a second to import

    return compiled
